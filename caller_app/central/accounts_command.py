"""Commands about people and their machines: create-user, unlock, reset-password, drain-user, revoke-device.

A generated password is printed once and kept nowhere; a given one comes by standard input, never on the command line,
where every process of the machine could read it.
"""

import argparse
import sys

from caller_app.base.errors import Refused
from caller_app.central.database_options import Commands, add_database_options, opened
from caller_app.domain.staff import MAY


def add(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("create-user", help="make an account")
    parser.add_argument("name", help="the name to sign in with")
    parser.add_argument("--shown-name", required=True, help="the name colleagues see")
    parser.add_argument("--role", required=True, choices=sorted(MAY))
    _password_option(parser)
    _finish(parser, create_user)
    parser = commands.add_parser("unlock", help="lift the lock after wrong passwords")
    parser.add_argument("name")
    _finish(parser, unlock)
    parser = commands.add_parser("reset-password", help="give an account a new password and end its sessions")
    parser.add_argument("name")
    _password_option(parser)
    _finish(parser, reset_password)
    parser = commands.add_parser(
        "drain-user", help="switch an account off; for 30 days it may still hand in what it recorded"
    )
    parser.add_argument("name")
    _finish(parser, drain_user)
    parser = commands.add_parser("revoke-device", help="take a lost workstation out of use")
    parser.add_argument("device_id")
    _finish(parser, revoke_device)


def create_user(options: argparse.Namespace) -> int:
    """Make an account."""
    from caller_app.central.db import writing
    from caller_app.central.rules import accounts

    with opened(options) as centre:
        password, made = _password(options)
        user = writing(
            centre.engine,
            lambda conn: accounts.create_user(
                conn, name=options.name, shown_name=options.shown_name, role=options.role, password=password,
                now=centre.now(),
            ),
        )  # fmt: skip
    print(f"Account {user.name} ({user.role}) made, number {user.user_id}.")
    _show(password, made=made)
    return 0


def unlock(options: argparse.Namespace) -> int:
    """Lift a lock."""
    from caller_app.central.db import writing
    from caller_app.central.rules import accounts

    with opened(options) as centre:
        writing(centre.engine, lambda conn: accounts.unlock(conn, name=options.name, now=centre.now()))
    print("Unlocked.")
    return 0


def reset_password(options: argparse.Namespace) -> int:
    """Set a new password."""
    from caller_app.central.db import writing
    from caller_app.central.rules import accounts

    with opened(options) as centre:
        password, made = _password(options)
        writing(
            centre.engine,
            lambda conn: accounts.reset_password(conn, name=options.name, password=password, now=centre.now()),
        )
    print("The password is set, and every session of the account has ended.")
    _show(password, made=made)
    return 0


def drain_user(options: argparse.Namespace) -> int:
    """Switch an account off, leaving it the right to hand in unsent work."""
    from caller_app.central.db import writing
    from caller_app.central.rules import accounts

    with opened(options) as centre:
        writing(centre.engine, lambda conn: accounts.drain(conn, name=options.name, now=centre.now()))
    print("Switched off. Unsent work is taken for 30 days, lists are not served. Now move its cases.")
    return 0


def revoke_device(options: argparse.Namespace) -> int:
    """Take a device out of use."""
    from caller_app.central.db import writing
    from caller_app.central.rules import devices

    with opened(options) as centre:
        writing(centre.engine, lambda conn: devices.revoke(conn, options.device_id, now=centre.now()))
    print("Out of use: it gets no list any more, and what it still sends is kept apart for a supervisor.")
    return 0


def _password_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def _finish(parser: argparse.ArgumentParser, run: object) -> None:
    add_database_options(parser)
    parser.set_defaults(run=run)


def _password(options: argparse.Namespace) -> tuple[str, bool]:
    from caller_app.central.rules.accounts import new_password

    if not options.password_stdin:
        return new_password(), True
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise Refused("There was no password on standard input.")
    return given, False


def _show(password: str, *, made: bool) -> None:
    if made:
        print(f"Password (shown this once): {password}")
