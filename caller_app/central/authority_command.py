"""Commands about who may speak for a person: authority add, end and list.

What is said of people comes from a file or by standard input, never on the command line, where every process of the
machine could read it. `--by` names the supervisor who decided; it is kept and audited.
"""

import argparse
import sys
from pathlib import Path

from caller_app.central.database_options import Commands, add_database_options, opened
from caller_app.central.text_files import text_of

_LARGEST = 20_000


def add(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("authority", help="record, end or list who may speak for a person")
    deeds = parser.add_subparsers(required=True, metavar="DEED")
    one = deeds.add_parser("add", help="record one, from its file")
    one.add_argument("file", type=Path, help="the authority file (.toml)")
    _finish(one, add_one)
    one = deeds.add_parser("end", help="end one from now on")
    one.add_argument("authority_id")
    one.add_argument("--why", required=True, help="why it ends; no name of anybody")
    _finish(one, end_one)
    one = deeds.add_parser("list", help="list those of a person, whose NHS number is read from standard input")
    _finish(one, list_all)


def add_one(options: argparse.Namespace) -> int:
    """Record one."""
    from caller_app.central.db import writing
    from caller_app.central.rules import accounts, authorities
    from caller_app.domain.authority_file import read_authority

    said = read_authority(text_of(options.file, "authority file", largest=_LARGEST))
    with opened(options) as centre:
        authority_id = writing(
            centre.engine,
            lambda conn: authorities.add(
                conn, centre, said, by=accounts.user_named(conn, options.by), now=centre.now()
            ),
        )
    print(f"Recorded: {authority_id}. It goes to whoever has a case of this person.")
    return 0


def end_one(options: argparse.Namespace) -> int:
    """End one."""
    from caller_app.central.db import writing
    from caller_app.central.rules import accounts, authorities

    with opened(options) as centre:
        done = writing(
            centre.engine,
            lambda conn: authorities.end(
                conn, options.authority_id, why=options.why, by=accounts.user_named(conn, options.by),
                now=centre.now(),
            ),
        )  # fmt: skip
    print("Ended. Nobody is let on under it any more." if done else "It had ended already.")
    return 0


def list_all(options: argparse.Namespace) -> int:
    """List those of a person."""
    from caller_app.base.clock import london
    from caller_app.central.db import writing
    from caller_app.central.rules import accounts, authorities
    from caller_app.domain.authorities import kind_words, said_of

    number = sys.stdin.readline().strip()
    with opened(options) as centre:
        found = writing(
            centre.engine,
            lambda conn: authorities.listed(
                conn, centre, number, by=accounts.user_named(conn, options.by), now=centre.now()
            ),
        )
    for one in found:
        held = one.authority
        until = f" until {held.until_on}" if held.until_on else ""
        agree = "may agree" if held.may_agree else "may not agree"
        print(f"{held.authority_id}  {kind_words(held.kind)}: {said_of(held)}, from {held.from_on}{until}, {agree}")
        print(f"    seen: {one.seen}; recorded by {one.recorded_by}, {london(one.recorded_at):%Y-%m-%d}")
        if held.ended_at is not None:
            print(f"    ended {london(held.ended_at):%Y-%m-%d %H:%M}: {one.ended_why}")
    if not found:
        print("Nothing is recorded for this person.")
    return 0


def _finish(parser: argparse.ArgumentParser, run: object) -> None:
    parser.add_argument("--by", required=True, metavar="NAME", help="sign-in name of the supervisor who decided")
    add_database_options(parser)
    parser.set_defaults(run=run)
