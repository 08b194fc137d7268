"""`caller-sync once | outbox`: the workstation's sync without a window, for support and for tests. No Qt.

`once` runs one pass for the person last signed in, with the sign-in kept from last time or a password given on
standard input. `outbox` prints what waits, by id and kind, never what it says. Exit codes: 0 done and nothing unsent,
1 something is unsent or the centre cannot be reached, 2 wrong use, 3 a password is needed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from caller_app.base.clock import Clock, SystemClock
from caller_app.base.errors import Refused, SignInNeeded, Unavailable
from caller_app.base.notices import Board
from caller_app.base.paths import Paths, resource_text, user_paths
from caller_app.base.secrets import Secrets, open_secrets
from caller_app.domain.staff import User
from caller_app.store.local import LocalStore
from caller_app.store.opening import open_store
from caller_app.store.profile import CentreFile, LastSignIn, Profile, key_of, profile_of, read_centre
from caller_app.store.snapshot import Snapshot
from caller_app.sync.api import Api
from caller_app.sync.credentials import Credentials, Tokens
from caller_app.sync.engine import run_once

DONE, UNSENT, USAGE, PASSWORD = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="caller-sync", description="Send and fetch without a window.")
    commands = parser.add_subparsers(dest="command", required=True)
    once = commands.add_parser("once", help="run one pass: send what waits, fetch what is new")
    once.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    commands.add_parser("outbox", help="list what waits, by id and kind")
    given = parser.parse_args(arguments)
    paths, clock = user_paths(), SystemClock()
    try:
        remembered = read_centre(paths)
        if remembered is None or remembered.last is None:
            raise Refused("Nobody has signed in on this computer yet. Open the program once.")
        secrets = open_secrets(paths)
        if given.command == "outbox":
            return _with_store(paths, remembered.last, secrets, clock, _print_outbox)
        password = sys.stdin.readline().rstrip("\n") if given.password_stdin else None
        return _once(paths, remembered, remembered.last, secrets, clock, password)
    except SignInNeeded as fault:
        print(fault.sentence, file=sys.stderr)
        return PASSWORD
    except Unavailable as fault:
        print(fault.sentence, file=sys.stderr)
        return UNSENT
    except Refused as fault:
        print(fault.sentence, file=sys.stderr)
        return USAGE


def _once(
    paths: Paths, centre: CentreFile, last: LastSignIn, secrets: Secrets, clock: Clock, password: str | None
) -> int:
    profile = profile_of(paths, last.server_id, last.user_id)
    session = f"{profile.name}/session"
    refresh = secrets.get(session)
    credentials = Credentials(Tokens(access="", refresh=refresh) if refresh else None)

    def keep(token: str | None) -> None:
        if token is None:
            secrets.drop(session)
        else:
            secrets.set(session, token)

    def work(store: LocalStore, _profile: Profile) -> int:
        api = Api(
            centre.url,
            ca_file=Path(centre.ca_file) if centre.ca_file else None,
            credentials=credentials,
            server_id=last.server_id,
            before_request=store.assert_free,
        )
        try:
            if password is not None:
                signed = api.sign_in(last.name, password)
                if signed.user_id != last.user_id:
                    raise Refused("This is another person's sign-in.")
                credentials.take(signed)
            outcome = run_once(store, api, clock)
        finally:
            api.close()
        print(f"sent {outcome.pushed}, fetched {outcome.pulled}, removed {outcome.removed}, unsent {outcome.unsent}")
        return UNSENT if outcome.unsent else DONE

    credentials.keep_with(keep)
    return _with_store(paths, last, secrets, clock, work)


def _print_outbox(store: LocalStore, _profile: Profile) -> int:
    def rows(view: Snapshot) -> list[tuple[int, str, str, str, str | None, int, str]]:
        return [
            tuple(row)
            for row in view.outbox.exec_driver_sql(
                "SELECT dseq, change_id, kind, state, verdict, tries, recorded_at FROM outbox ORDER BY dseq"
            )
        ]

    unsent = 0
    for dseq, change_id, kind, state, verdict, tries, recorded_at in store.read(rows):
        unsent += state in ("PENDING", "SENT", "SUSPECT")
        print(f"{dseq}\t{change_id}\t{kind}\t{state}\t{verdict or '-'}\t{tries}\t{recorded_at}")
    return UNSENT if unsent else DONE


def _with_store(
    paths: Paths, last: LastSignIn, secrets: Secrets, clock: Clock, work: Callable[[LocalStore, Profile], int]
) -> int:
    from caller_app.domain.rulebook import read_rulebook

    profile = profile_of(paths, last.server_id, last.user_id)
    store = open_store(
        profile.folder,
        key_of(profile, secrets),
        me=User(user_id=last.user_id, name=last.name, shown_name=last.shown_name, role=last.role),  # type: ignore[arg-type]
        server_id=last.server_id,
        rules=read_rulebook(resource_text),
        clock=clock,
        board=Board(),
        test_mode=last.test_mode,
    )
    try:
        return work(store, profile)
    finally:
        store.close()


if __name__ == "__main__":
    raise SystemExit(main())
