"""One command's work: what it may read, and the one way in which it records.

Everything recorded in a unit is one transaction of `outbox.db`: all of it is kept, or nothing. What a reader would get
wrong: the unit only collects. Rules are judged first, under the file's write lock; then everything is written in one
short transaction (store/local.py). The unit reads its own records back as if they were there. The shown rows of the
cases it touched are derived again after the commit, so a command never writes `list.db`.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from caller_app.base.clock import Moment, london, to_text
from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.base.machine import boot_id
from caller_app.domain.calls import CallDraft
from caller_app.domain.changes import Accessed, Change, Recorded
from caller_app.domain.items import Item
from caller_app.domain.staff import User
from caller_app.store import drafts, lease, outbox, records, shown

if TYPE_CHECKING:
    from caller_app.domain.projects import Project
    from caller_app.domain.rulebook import Rulebook
    from caller_app.script.script import Script

_ACCESSED = Accessed.kind
GONE = "This person is no longer on your list."


class Unit:
    """What one command reads and records, with a view of the list."""

    def __init__(
        self,
        *,
        now: datetime,
        mono_ns: int,
        me: User,
        rules: "Rulebook",
        test_mode: bool,
        outbox_db: Connection,
        lists: Connection,
    ) -> None:
        self.now = now
        self.me = me
        self.rules = rules
        self.test_mode = test_mode
        self.lists = lists
        self.outbox = outbox_db
        self.touched: set[str] = set()
        self._rows: list[tuple[Any, ...]] = []
        self._drafts: dict[str, CallDraft | None] = {}
        self._mono_ns = mono_ns
        self._as_received: dict[str, tuple[int, Item]] = {}  # `lists` is one view: read once, the same to the end

    @property
    def by_the_centre(self) -> datetime:
        """Give the time by the centre's clock, which calling hours go by too."""
        return lease.by_the_centre(self.outbox, Moment(self.now, self._mono_ns))

    def item(self, case_id: str) -> Item:
        """Give the case as it is shown now, with what this unit recorded.

        Raises Refused where it left the list, or came in a version that cannot be read.
        """
        try:
            found = self._received(case_id)
        except shown.UNREADABLE:
            raise Refused(shown.CANNOT_BE_READ) from None
        if found is None:
            raise Refused(GONE)
        ver, received = found
        mine = outbox.unreflected(self.outbox, case_id, ver, self.me)
        mine += [one for one in self._recorded_here() if one.change.case_id == case_id and one.change.kind != _ACCESSED]
        return shown.folded(self.lists, received, mine, self.rules)

    def project(self, project_id: str) -> "Project":
        """Give the project of a case; raises Refused while it has not come down."""
        project = records.project(self.lists, project_id)
        if project is None:
            raise Refused(
                "The script and rules for this person have not arrived yet. Wait until the list is up to date."
            )
        return project

    def script(self, script_id: str) -> "Script | None":
        """Give a script that has come down."""
        return records.script(self.lists, script_id)

    def record(self, change: Change, *, change_id: str | None = None) -> str:
        """Append a change to the outbox and give its id; raises Refused where it is too long."""
        change_id = change_id or new_id()
        try:
            found = self._received(change.case_id)
        except shown.UNREADABLE:  # what was done is recorded all the same
            found = None
        offset = london(self.now).utcoffset()
        envelope = outbox.Envelope(
            now=self.now,
            mono_ns=self._mono_ns,
            boot_id=boot_id(),
            utc_offset=int(offset.total_seconds() // 60) if offset else 0,
            base_ver=found[0] if found else None,
            assign_gen=found[1].assign_gen if found else None,
        )
        self._rows.append(outbox.row_of(change_id, change, envelope))
        self.touched.add(change.case_id)
        return change_id

    def recorded(self, change_id: str) -> Recorded | None:
        """Give one of my retained changes."""
        here = (one for one in self._recorded_here() if one.change_id == change_id)
        return next(here, None) or outbox.by_id(self.outbox, change_id, self.me)

    def draft(self, case_id: str) -> CallDraft | None:
        """Give the open call of a case."""
        return self._drafts[case_id] if case_id in self._drafts else drafts.get(self.outbox, case_id)

    def save_draft(self, draft: CallDraft) -> None:
        """Keep the open call as it now stands."""
        self._drafts[draft.case_id] = draft
        self.touched.add(draft.case_id)

    def drop_draft(self, case_id: str) -> None:
        """Forget the open call of a case."""
        if self.draft(case_id) is not None:
            self._drafts[case_id] = None
            self.touched.add(case_id)

    @property
    def has_recorded(self) -> bool:
        """Tell whether a change was recorded."""
        return bool(self._rows)

    def statements(self) -> list[drafts.Statement]:
        """Give what is to be written, in the order in which it was recorded."""
        at = to_text(self.now)
        return [(outbox.INSERT, row) for row in self._rows] + [
            drafts.dropping(case_id) if draft is None else drafts.saving(draft, at)
            for case_id, draft in self._drafts.items()
        ]

    def _recorded_here(self) -> list[Recorded]:
        return [outbox.recorded_of(row, self.me) for row in self._rows]

    def _received(self, case_id: str) -> tuple[int, Item] | None:
        held = self._as_received.get(case_id)
        if held is None:
            found = records.item_body(self.lists, case_id)
            if found is None:
                return None
            held = self._as_received[case_id] = (found[0], records.read_item(case_id, found[1]))
        return held
