"""The work of `caller-sync`, apart from its words: it needs the workstation's libraries, and its command line does not.

Nothing here says what a person said or was told: ids, kinds, states and counts only.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from caller_app.base.clock import Clock, SystemClock
from caller_app.base.errors import Refused
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


def run(command: str, say: Callable[[str], None], *, password_stdin: bool = False) -> bool:
    """Run one command for the person last signed in; tells whether everything is sent. Raises what went wrong."""
    paths, clock = user_paths(), SystemClock()
    remembered = read_centre(paths)
    if remembered is None or remembered.last is None:
        raise Refused("Nobody has signed in on this computer yet. Open the program once.")
    secrets = open_secrets(paths)
    if command == "outbox":
        return _with_store(paths, remembered.last, secrets, clock, lambda store, _: _show_outbox(store, say))
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    return _once(paths, remembered, remembered.last, secrets, clock, password, say)


def _once(
    paths: Paths,
    centre: CentreFile,
    last: LastSignIn,
    secrets: Secrets,
    clock: Clock,
    password: str | None,
    say: Callable[[str], None],
) -> bool:
    profile = profile_of(paths, last.server_id, last.user_id)
    session = f"{profile.name}/session"
    refresh = secrets.get(session)
    credentials = Credentials(Tokens(access="", refresh=refresh) if refresh else None)

    def keep(token: str | None) -> None:
        if token is None:
            secrets.drop(session)
        else:
            secrets.set(session, token)

    def work(store: LocalStore, _profile: Profile) -> bool:
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
        say(f"sent {outcome.pushed}, fetched {outcome.pulled}, removed {outcome.removed}, unsent {outcome.unsent}")
        return not outcome.unsent

    credentials.keep_with(keep)
    return _with_store(paths, last, secrets, clock, work)


def _show_outbox(store: LocalStore, say: Callable[[str], None]) -> bool:
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
        say(f"{dseq}\t{change_id}\t{kind}\t{state}\t{verdict or '-'}\t{tries}\t{recorded_at}")
    return not unsent


def _with_store(
    paths: Paths, last: LastSignIn, secrets: Secrets, clock: Clock, work: Callable[[LocalStore, Profile], bool]
) -> bool:
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
