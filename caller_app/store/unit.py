"""One command's transaction: what it may read, and the one way in which it records.

Everything recorded in a unit is one transaction of `outbox.db`: all of it is kept, or nothing. The shown rows of the
cases it touched are derived again after the commit (store/local.py), so a command never writes `list.db`.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from caller_app.base.clock import london, to_text
from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.base.machine import boot_id
from caller_app.domain.calls import CallDraft
from caller_app.domain.changes import Change, Recorded
from caller_app.domain.items import Item
from caller_app.domain.staff import User
from caller_app.protocol.codec import decode_item
from caller_app.store import drafts, outbox, records, shown

if TYPE_CHECKING:
    from caller_app.domain.projects import Project
    from caller_app.domain.rulebook import Rulebook

GONE = "This person is no longer on your list."


class Unit:
    """A write transaction on `outbox.db` with a view of the list."""

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
        self.has_recorded = False
        self._mono_ns = mono_ns
        self._as_received: dict[str, tuple[int, Item]] = {}  # `lists` is one view: read once, the same to the end

    def item(self, case_id: str) -> Item:
        """Give the case as it is shown now, with what this unit recorded; raises Refused where it left the list."""
        found = self._received(case_id)
        if found is None:
            raise Refused(GONE)
        ver, received = found
        mine = outbox.unreflected(self.outbox, case_id, ver, self.me)
        return shown.folded(self.lists, received, mine, self.rules)

    def project(self, project_id: str) -> "Project":
        """Give the project of a case; raises Refused while it has not come down."""
        project = records.project(self.lists, project_id)
        if project is None:
            raise Refused(
                "The script and rules for this person have not arrived yet. Wait until the list is up to date."
            )
        return project

    def record(self, change: Change, *, change_id: str | None = None) -> str:
        """Append a change to the outbox and give its id; raises Refused where it is too long."""
        change_id = change_id or new_id()
        found = self._received(change.case_id)
        offset = london(self.now).utcoffset()
        outbox.append(
            self.outbox,
            change_id,
            change,
            outbox.Envelope(
                now=self.now,
                mono_ns=self._mono_ns,
                boot_id=boot_id(),
                utc_offset=int(offset.total_seconds() // 60) if offset else 0,
                base_ver=found[0] if found else None,
                assign_gen=found[1].assign_gen if found else None,
            ),
        )
        self.touched.add(change.case_id)
        self.has_recorded = True
        return change_id

    def recorded(self, change_id: str) -> Recorded | None:
        """Give one of my retained changes."""
        return outbox.by_id(self.outbox, change_id, self.me)

    def draft(self, case_id: str) -> CallDraft | None:
        """Give the open call of a case."""
        return drafts.get(self.outbox, case_id)

    def save_draft(self, draft: CallDraft) -> None:
        """Keep the open call as it now stands."""
        drafts.save(self.outbox, draft, to_text(self.now))
        self.touched.add(draft.case_id)

    def drop_draft(self, case_id: str) -> None:
        """Forget the open call of a case."""
        if drafts.drop(self.outbox, case_id):
            self.touched.add(case_id)

    def _received(self, case_id: str) -> tuple[int, Item] | None:
        held = self._as_received.get(case_id)
        if held is None:
            found = records.item_body(self.lists, case_id)
            if found is None:
                return None
            held = self._as_received[case_id] = (found[0], decode_item(found[1]))
        return held
