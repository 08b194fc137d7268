"""Opening a profile: the lock, the precious file (rescued where it is damaged), the list (made anew where not right).

What a reader would get wrong: nothing found here deletes unsent work. A damaged outbox is set aside whole and what can
be read goes into a new file; a damaged or older list is simply read again from the centre.
"""

import logging
import secrets as random_bytes
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caller_app.base.clock import Clock, to_text
from caller_app.base.errors import Refused, Unavailable
from caller_app.base.failpoints import arm
from caller_app.base.notices import Board, notice
from caller_app.domain.staff import User
from caller_app.store import bodies, health, lease, migrate, mirror, sending, versions
from caller_app.store.engine import CipherFile, Damaged
from caller_app.store.local import LIST, STAND_IN, LocalStore
from caller_app.store.lock import ProfileLock

if TYPE_CHECKING:
    from caller_app.domain.rulebook import Rulebook

log = logging.getLogger(__name__)

RESCUED = (
    "The file of your saved work was damaged. It was set aside untouched, and {count} recorded changes could be read "
    "from it and will be sent again. Tell your supervisor: what could not be read is only in the set-aside file."
)
EMPTY = (
    "The file of your saved work was missing or empty, so a new one was begun. What was sent before is safe at the "
    "centre. Tell your supervisor: calls that had not been sent yet may be lost."
)
_STRANGE_OWNER = "These files belong to another person or another centre. Nothing was opened; ask IT."


def open_store(
    folder: Path,
    key: bytes,
    *,
    me: User,
    server_id: str,
    rules: "Rulebook",
    clock: Clock,
    board: Board,
    test_mode: bool = False,
) -> LocalStore:
    """Open (or make) the two files of one person at one centre; raises Refused where another process has them."""
    if test_mode:
        arm()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = ProfileLock(folder)
    lock.take()
    opened: list[CipherFile] = []
    try:
        was_emptied = (folder / "list.db").exists() and not _holds_anything(folder / "outbox.db")
        outbox, rescued = _open_outbox(folder / "outbox.db", key, me=me, server_id=server_id, clock=clock)
        opened.append(outbox)
        unknown = versions.unknown_kinds(outbox)
        push_only = versions.is_newer(outbox) or versions.wait_for_a_verdict(outbox, unknown)
        health.forget(folder / STAND_IN)
        lists = stand_in(folder) if push_only else _open_whole_list(folder / LIST, outbox, unknown)
        opened.append(lists)
        store = LocalStore(
            folder,
            outbox=outbox,
            lists=lists,
            me=me,
            server_id=server_id,
            rules=rules,
            clock=clock,
            board=board,
            test_mode=test_mode,
            lock=lock,
            push_only=push_only,
        )
        sending.nothing_is_under_way(store)
        if push_only:
            log.warning("push only: %d changes go as bytes", versions.mark_what_goes_as_bytes(store))
        if rescued is not None:
            sending.set_alarm(store, RESCUED.format(count=rescued))
        elif was_emptied:  # it is made before the list, so somebody or something took it away
            log.error("the outbox was missing or empty beside a list: a new one was begun")
            sending.set_alarm(store, EMPTY)
        if rescued is not None or was_emptied:
            board.post(notice("standing", "outbox", by="centre"))
        lease.note_time(store)
        lease.end_if_due(store)
        store.show_again()
    except BaseException:
        for file in opened:
            file.close()
        lock.release()
        raise
    return store


def _open_outbox(path: Path, key: bytes, *, me: User, server_id: str, clock: Clock) -> tuple[CipherFile, int | None]:
    rescued: int | None = None
    try:
        file = health.check_or_make(path, key)
    except Damaged:
        _refuse_newer(path, key)
        aside = health.set_aside(path, to_text(clock.now())[:10])
        file = health.check_or_make(path, key)
        _own(file, me, server_id)
        rescued, _drafts = health.rescue(aside, key, file)
    try:
        _own(file, me, server_id)
    except BaseException:
        file.close()
        raise
    return file, rescued


def _refuse_newer(path: Path, key: bytes) -> None:
    file = CipherFile(path, key)
    try:
        versions.refuse_damaged(file)
    except Unavailable:
        return  # not even its number can be read
    finally:
        file.close()


def _holds_anything(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _own(file: CipherFile, me: User, server_id: str) -> None:
    with file.write() as connection:
        row = connection.exec_driver_sql("SELECT user_id, server_id FROM identity").first()
        if row is None:
            connection.exec_driver_sql(
                "INSERT INTO identity(one, user_id, server_id) VALUES (1, ?, ?)", (me.user_id, server_id)
            )
        elif (row.user_id, row.server_id) != (me.user_id, server_id):
            raise Refused(_STRANGE_OWNER)


def open_list(path: Path, outbox: CipherFile) -> CipherFile:
    """Open the projection, or make an empty one where there is none that this program can read."""
    key = _list_key(outbox)
    if path.exists():
        file = CipherFile(path, key)
        if _readable(file):
            return file
        file.close()
        health.forget(path)
    file = CipherFile(path, key)
    try:
        migrate.make_list(file)
        mirror.get_ready(file)
    except BaseException:
        file.close()
        raise
    return file


def _open_whole_list(path: Path, outbox: CipherFile, unknown: Sequence[versions.Kind]) -> CipherFile:
    """Open the list; made anew where a change of a newer program, judged meanwhile, is not in it yet."""
    file = open_list(path, outbox)
    if versions.list_lacks(file, outbox, unknown):
        file.close()
        health.forget(path)
        file = open_list(path, outbox)
    return file


def stand_in(folder: Path) -> CipherFile:
    """Make an empty list that nobody keeps, where the real one is not this program's to read."""
    path = folder / STAND_IN
    health.forget(path)
    file = CipherFile(path, random_bytes.token_bytes(32))
    try:
        migrate.make_list(file)
    except BaseException:
        file.close()
        raise
    return file


def rebuild_list(store: LocalStore, *, with_new_key: bool = False) -> None:
    """Throw the projection away; the next pass reads it from zero. With a new key the old one is gone for good."""

    def swap() -> None:
        store.lists.close()
        health.forget(store.lists.path)
        if with_new_key:
            health.forget(store.folder / LIST)  # another file where this program only sends
            with store.outbox.write() as connection:
                connection.exec_driver_sql("UPDATE identity SET list_key = NULL, lease_until = NULL")
            store.outbox.checkpoint()
        store.lists = stand_in(store.folder) if store.push_only else open_list(store.folder / LIST, store.outbox)

    _alone(store, swap)
    store.list_is_damaged = False
    store.board.post(notice("list", "case", "standing", "project", by="centre"))


def _alone(store: LocalStore, work: Callable[[], None]) -> None:
    with store.gate.alone():
        work()


def _readable(file: CipherFile) -> bool:
    try:
        if migrate.version_of(file) != bodies.layout():
            return False
        with file.read() as connection:
            connection.exec_driver_sql("SELECT cursor FROM meta").scalar_one()
        return not health.is_small(file.path) or health.is_sound(file)
    except (Damaged, Unavailable):
        return False


def _list_key(outbox: CipherFile) -> bytes:
    with outbox.write() as connection:
        held = connection.exec_driver_sql("SELECT list_key FROM identity").scalar()
        if isinstance(held, bytes) and len(held) == 32:
            return held
        fresh = random_bytes.token_bytes(32)
        connection.exec_driver_sql("UPDATE identity SET list_key = ?", (fresh,))
    return fresh
