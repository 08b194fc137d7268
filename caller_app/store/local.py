"""The two local files of one person at one centre, opened together: units to write, snapshots to read.

What a reader would get wrong: the commit to `outbox.db` IS the recording. What follows it (deriving the shown rows in
`list.db`, telling the board) can fail without the outcome being lost or reported as lost; it is done again at the next
start, and after every page. Order of locks: outbox, then publishing, then list. Nobody holds one across a request.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.engine import Connection

from caller_app.base.clock import Clock
from caller_app.base.errors import Refused, Unavailable
from caller_app.base.failpoints import crash_here
from caller_app.base.lanes import where
from caller_app.base.notices import Board, notice
from caller_app.domain.staff import User
from caller_app.store import records, shown
from caller_app.store.ballast import Ballast
from caller_app.store.engine import CipherFile, Damaged, NoRoom
from caller_app.store.gate import Gate
from caller_app.store.lock import ProfileLock
from caller_app.store.snapshot import Snapshot
from caller_app.store.unit import Unit

if TYPE_CHECKING:
    from caller_app.domain.rulebook import Rulebook

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

LIST = "list.db"
STAND_IN = "list.none.db"  # an empty list, where this program may only send

NEEDS_NEWER = (
    "Your saved work was written by a newer version of this program. What waits is sent from here, but calls need the "
    "newer version: start that one, or ask IT to update this one."
)
NO_ROOM = (
    "There is no room left on this computer's disk, so this was NOT saved. Your entry is still on the screen: "
    "free some space and save again, or write it down."
)


class LocalStore:
    """Opened by `store.opening.open_store`; closed by whoever opened it."""

    def __init__(
        self,
        folder: Path,
        *,
        outbox: CipherFile,
        lists: CipherFile,
        me: User,
        server_id: str,
        rules: "Rulebook",
        clock: Clock,
        board: Board,
        test_mode: bool,
        lock: ProfileLock,
        push_only: bool = False,
    ) -> None:
        self.folder = folder
        self.me = me
        self.server_id = server_id
        self.rules = rules
        self.clock = clock
        self.board = board
        self.test_mode = test_mode
        self.outbox = outbox
        self.lists = lists
        self.lock = lock
        self.push_only = push_only  # a newer program's work waits here: it is sent, and nothing else happens
        self.gate = Gate()
        self.ballast = Ballast(folder)
        self.ballast.lay_down()
        self.low_on_room = False
        self.list_is_damaged = False
        self.outbox_is_damaged = False
        self.on_screen: str | None = None  # the case whose call is open on the screen
        self._publishing = threading.Lock()

    # ---- what commands and queries use ------------------------------------------------------------------------

    def write(self, command: Callable[Concatenate[Unit, P], T], /, *args: P.args, **facts: P.kwargs) -> T:
        """Run a command in one transaction; with the disk full, once more on the room set aside.

        Raises Refused where this program only sends what a newer one recorded.
        """
        if self.push_only:
            raise Refused(NEEDS_NEWER)
        try:
            result = self._write(command, *args, **facts)
        except Damaged:
            self.note_damage()
            raise
        except NoRoom:
            self._make_room()
            try:
                result = self._write(command, *args, **facts)
            except NoRoom:
                raise NoRoom(NO_ROOM) from None
            self.board.post(notice("standing", "outbox", by="centre"))
            return result
        if self.low_on_room:
            if self.ballast.lay_down():
                self.low_on_room = False
            else:
                self._fold_logs()  # so that the little room left goes to what is recorded
        return result

    def read(self, query: Callable[Concatenate[Snapshot, P], T], /, *args: P.args, **question: P.kwargs) -> T:
        """Run a query on one view of both files."""
        try:
            with self.snapshot() as view:
                return query(view, *args, **question)
        except Damaged:
            self.note_damage()
            raise

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """Hold what one command reads; what it recorded is then committed at once, and the cases shown anew."""
        with self.gate.shared(), ExitStack() as publishing:
            with self.outbox.alone() as alone:
                with self.lists.read() as lists:
                    unit = Unit(
                        now=self.clock.now(),
                        mono_ns=self.clock.monotonic_ns(),
                        me=self.me,
                        rules=self.rules,
                        test_mode=self.test_mode,
                        outbox_db=alone.connection,
                        lists=lists,
                    )
                    yield unit
                statements = unit.statements()
                if statements:
                    # From the commit until the shown rows follow, no new view may be taken.
                    publishing.enter_context(self._publishing)
                    alone.commit(statements)
            if unit.touched:
                crash_here("recorded_before_shown")
                self.show_again(unit.touched)
        kinds = ("list", "case", "outbox", "standing") if unit.has_recorded else ("list", "case")
        if unit.touched:
            self.board.post(notice(*kinds, ids=unit.touched))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Hold one consistent view of both files."""
        with self.gate.shared(), ExitStack() as views:
            with self._publishing:
                outbox_db = views.enter_context(self.outbox.read())
                lists = views.enter_context(self.lists.read())
            yield Snapshot(
                now=self.clock.now(),
                mono_ns=self.clock.monotonic_ns(),
                me=self.me,
                rules=self.rules,
                test_mode=self.test_mode,
                lists=lists,
                outbox_db=outbox_db,
            )

    # ---- what sync uses -----------------------------------------------------------------------------------------

    @contextmanager
    def changing(self) -> Iterator["Touched"]:
        """Hold a write transaction of `outbox.db`; the cases named in `case_ids` are derived again after the commit."""
        touched = Touched()
        publishing = False
        try:
            with self.outbox.write() as connection:
                touched.connection = connection
                yield touched
                # From the commit until the shown rows follow, no new view may be taken.
                self._publishing.acquire()
                publishing = True
            crash_here("settled_before_shown")
            if touched.case_ids or touched.led_to:
                self.show_again(touched.case_ids, touched.led_to)
        finally:
            if publishing:
                self._publishing.release()

    def show_again(self, case_ids: Iterable[str] | None = None, led_to: Sequence[tuple[str, int]] = ()) -> None:
        """Derive shown rows again (all that may lag where none are named); a failure here loses nothing.

        `led_to`: versions of cases that changes led to. A case that has such a version already is derived again too,
        for none comes that would do it; any other goes on being shown as it is until its version comes.
        """
        try:
            with self.lists.write() as lists, self.outbox.read() as outbox_db:
                wanted = set(shown.all_with_changes(lists, outbox_db) if case_ids is None else case_ids)
                wanted |= records.that_have(lists, led_to)
                shown.derive(lists, outbox_db, wanted, me=self.me, rules=self.rules)
        except Damaged:
            self.note_damage()
        except Unavailable:
            log.warning("shown rows lag behind; derived again at the next page or start")
        except Exception as fault:  # noqa: BLE001 - a listed boundary: what was recorded is not reported as lost
            log.error("bug while deriving shown rows: %s", where(fault))

    def note_damage(self) -> None:
        """Find out which file is damaged: the next pass reads the list again, the next start rescues the outbox."""
        from caller_app.store.health import is_sound

        if is_sound(self.outbox):
            self.list_is_damaged = True
            log.error("list.db is damaged: to be read again")
        else:
            self.outbox_is_damaged = True
            log.error("outbox.db is damaged: to be set aside and rescued at the next start")
        self.board.post(notice("standing", "outbox", by="centre"))

    def assert_free(self) -> None:
        """Assert that the calling thread holds no write lock: called before every request of sync."""
        if self.outbox.is_written_here() or self.lists.is_written_here():
            raise RuntimeError("a request was about to be made under a write lock")

    def close(self) -> None:
        """Close both files."""
        with self.gate.alone():
            self.lists.close()
            if self.push_only:
                from caller_app.store import health

                health.forget(self.folder / STAND_IN)
            self.outbox.close()
            self.lock.release()

    def _make_room(self) -> None:
        """Fold the write-ahead logs back, which frees what they take, and give up the ballast."""
        self.low_on_room = True
        given = self.ballast.give_up()
        log.warning("disk full: ballast %s", "given up" if given else "was given up before")
        self._fold_logs()

    def _fold_logs(self) -> None:
        for file in (self.lists, self.outbox):
            with suppress(Unavailable):
                file.checkpoint()

    def _write(self, command: Callable[..., T], /, *args: Any, **facts: Any) -> T:
        with self.unit() as unit:
            return command(unit, *args, **facts)

    def __repr__(self) -> str:
        return f"LocalStore(user {self.me.user_id})"


class Touched:
    """The connection of a change to the outbox, and the cases it is about."""

    connection: Connection

    def __init__(self) -> None:
        self.case_ids: set[str] = set()
        self.led_to: list[tuple[str, int]] = []  # versions of cases
