"""What the pull benchmark is made of: a real centre with cases in it, a real workstation, and the floor below both.

The floor does what any client has to do with the same documents and nothing else: decode each, take the typed columns
out, and write body, columns, their indexes and the search tables into a SQLCipher file, in one transaction a page. No
network, no centre, no checks, no hash.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import text

from caller_app.base import garbage
from caller_app.base.clock import SystemClock
from caller_app.base.notices import Board
from caller_app.base.paths import resource_text
from caller_app.central.embedded import start_embedded
from caller_app.central.migrate import migrate
from caller_app.domain.items import KIND_ITEM, PastAttempt
from caller_app.domain.rulebook import read_rulebook
from caller_app.domain.staff import User
from caller_app.protocol.messages import Put
from caller_app.store import bodies as received
from caller_app.store import schema_list, search, shown
from caller_app.store.engine import CipherFile, at_once
from caller_app.store.local import LocalStore
from caller_app.store.opening import open_store
from caller_app.store.unpacked import unpack
from caller_app.sync.api import Api
from caller_app.sync.credentials import Credentials
from caller_app.sync.engine import run_once
from tests.support.centre import KEY, PASSWORD, Rig, make_rig

ROOT = Path(__file__).resolve().parents[1]
PAGE = 2_000
BODY_BYTES = 1_500
FILE_KEY = bytes(range(32))


@contextmanager
def centre_with(folder: Path, counts: dict[str, int]) -> Iterator[tuple[Rig, str, dict[str, User]]]:
    """Run a centre in a process of its own whose callers hold so many cases of about 1.5 KB each."""
    database = start_embedded(folder)
    try:
        from caller_app.central.db import make_engine

        engine = make_engine(database.url)
        migrate(engine)
        engine.dispose()
        rig = make_rig(database.url)
        try:
            users = {name: rig.user(name) for name in counts}
            project = rig.project()
            for name, count in counts.items():
                for start in range(0, count, 5_000):
                    rig.cases(project, min(5_000, count - start), to=users[name], **history())
            with _served(database.url) as url:
                yield rig, url, users
        finally:
            rig.close()
    finally:
        database.stop()


def history() -> dict[str, Any]:
    """Give what brings an item to about 1.5 KB: two calls, as a case in the middle of its calls has."""
    now = SystemClock().now()
    attempts = tuple(
        PastAttempt(
            attempt_id=f"attempt-{number}", at=now, outcome="C01", number="+447700900123", caller="Anna Example"
        )
        for number in range(2)
    )
    return {"attempts": attempts, "communication_note": "Prefers the afternoon and a moment to find her glasses."}


@contextmanager
def _served(database_url: str) -> Iterator[str]:
    environment = {**os.environ, "CALLER_CENTRAL_STOP_LIST_KEY": KEY.hex(), "CALLER_CENTRAL_TEST_MODE": "1"}
    command = [sys.executable, "-m", "caller_app.central", "serve", "--database-url", database_url, "--port", "0"]
    service = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert service.stdout is not None
        line = service.stdout.readline()
        assert line.startswith("listening on "), f"the centre did not start: {line!r}"
        threading.Thread(target=service.stdout.read, daemon=True).start()
        yield line.split()[-1]
    finally:
        service.terminate()
        service.wait(30)


def bodies(rig: Rig, user: User) -> list[tuple[str, int, str]]:
    """Give (id, version, body) of everything a person would pull."""
    rows = rig.ask(
        "SELECT b.id::text, rv.ver, b.body FROM visibility v JOIN rec_body b ON (b.kind, b.id) = (v.kind, v.rec_id)"
        " JOIN rec_ver rv ON rv.id = v.rec_id WHERE v.user_id = :u AND NOT v.gone AND v.kind = 1 ORDER BY v.seq",
        u=user.user_id,
    )
    return [(row[0], row[1], row[2]) for row in rows]


def pull(url: str, user: User, folder: Path) -> float:
    """Give the seconds from asking for a list until it is whole and told to the screen.

    Sign-in, opening the files and registering the device come before; the receipt that follows is nobody's wait.
    """
    asked: list[float] = []
    told: list[float] = []
    board = Board()
    store = opened(folder, user, url, board)
    board.subscribe(lambda news: told.append(time.perf_counter()) if "list" in news.kinds else None)
    credentials = Credentials()

    def note() -> None:
        store.assert_free()
        asked.append(time.perf_counter())

    api = Api(url, credentials=credentials, server_id=store.server_id, before_request=note)
    try:
        credentials.take(api.sign_in(user.name, PASSWORD))
        asked.clear()
        run_once(store, api, store.clock)
        with store.lists.read() as lists:
            assert lists.exec_driver_sql("SELECT mode FROM meta").scalar_one() == "delta"
        return told[-1] - asked[1]  # the first request registers the device, the second asks for the list
    finally:
        api.close()
        store.close()


def opened(folder: Path, user: User, url: str, board: Board) -> LocalStore:
    """Open a person's files at a centre."""
    return open_store(
        folder,
        FILE_KEY,
        me=user,
        server_id=centre_id(url),
        rules=read_rulebook(resource_text),
        clock=SystemClock(),
        board=board,
        test_mode=True,
    )


@cache
def centre_id(url: str) -> str:
    """Ask a centre for its id, once."""
    api = Api(url)
    try:
        return api.hello().server_id
    finally:
        api.close()


def floor(documents: list[tuple[str, int, str]], folder: Path, me: User, *, searchable: bool = True) -> float:
    """Give the seconds the same documents cost without a network (see the module)."""
    folder.mkdir(parents=True)
    file = CipherFile(folder / "floor.db", FILE_KEY)
    try:
        with file.write() as connection:
            schema_list.metadata.create_all(connection)
            for statement in search.SEARCH_TABLES:
                connection.exec_driver_sql(statement)
        with garbage.not_looked_for():
            start = time.perf_counter()
            for at in range(0, len(documents), PAGE):
                _write(file, documents[at : at + PAGE], at + 1, me, searchable=searchable)
            return time.perf_counter() - start
    finally:
        file.close()


def _write(file: CipherFile, part: list[tuple[str, int, str]], first: int, me: User, *, searchable: bool) -> None:
    puts = [Put(k=KIND_ITEM, s=0, id=name, v=ver, b=msgspec.Raw(body.encode())) for name, ver, body in part]
    taken = unpack(puts, me)
    rows = [(number, *case.row) for number, case in enumerate(taken.cases.values(), first)]
    with file.write() as connection:
        received.store(connection, puts, taken.packed, 1)
        at_once(connection, shown.INSERT, shown.COLUMNS, rows)
        if searchable:
            found = [(row[0], case.words, case.parts) for row, case in zip(rows, taken.cases.values(), strict=True)]
            search.index(connection, found)


def mean_size(rig: Rig) -> float:
    """Give the mean length of an item's body in bytes."""
    with rig.engine.connect() as connection:
        return float(
            connection.execute(text("SELECT avg(octet_length(body)) FROM rec_body WHERE kind = 1")).scalar_one()
        )
