"""One query's view: both files as they stood at one moment, read without waiting for any writer."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from caller_app.base.clock import Moment, from_text
from caller_app.domain.calls import CallDraft
from caller_app.domain.changes import Recorded
from caller_app.domain.items import KIND_ITEM, Item
from caller_app.domain.staff import User
from caller_app.store import bodies, drafts, lease, outbox, records

if TYPE_CHECKING:
    from caller_app.domain.projects import Project
    from caller_app.domain.rulebook import Rulebook
    from caller_app.script.script import Script

WHY = {
    "reassigned": "passed to a colleague",
    "opted_out": "this person asked not to be called again",
    "closed": "the case was closed",
    "withdrawn": "the list was withdrawn",
    "left_team": "you are no longer in the team of this project",
    "superseded": "the record was replaced",
    "retention": "the time for keeping it is over",
    "unreadable": "something about this person has changed that this program cannot read",
}


class Snapshot:
    """A consistent view of `list.db` (`lists`) and `outbox.db` (`outbox`)."""

    def __init__(
        self,
        *,
        now: datetime,
        mono_ns: int,
        me: User,
        rules: "Rulebook",
        test_mode: bool,
        lists: Connection,
        outbox_db: Connection,
    ) -> None:
        self.now = now
        self.me = me
        self.rules = rules
        self.test_mode = test_mode
        self.lists = lists
        self.outbox = outbox_db
        self._mono_ns = mono_ns

    @property
    def by_the_centre(self) -> datetime:
        """Give the time by the centre's clock, which calling hours go by too."""
        return lease.by_the_centre(self.outbox, Moment(self.now, self._mono_ns))

    @property
    def list_as_of(self) -> datetime | None:
        """Give the moment at which the list was last known to be whole and current."""
        at = self.lists.exec_driver_sql("SELECT caught_up_at FROM meta").scalar()
        return from_text(at) if at else None

    def item(self, case_id: str) -> Item | None:
        """Give a case as it is shown."""
        row = self.lists.exec_driver_sql(
            "SELECT s.body, r.body FROM shown s JOIN record r ON r.kind = 1 AND r.id = s.case_id WHERE s.case_id = ?",
            (case_id,),
        ).first()
        if row is None:
            return None
        mine, received = row
        return records.read_item(case_id, bodies.unpack(received) if mine is None else mine)

    def has_record(self, case_id: str) -> bool:
        """Tell whether a record of a case lies here, whether it can be read or not."""
        found = self.lists.exec_driver_sql("SELECT 1 FROM record WHERE kind = ? AND id = ?", (KIND_ITEM, case_id))
        return found.first() is not None

    def project(self, project_id: str) -> "Project | None":
        """Give a project that was sent down."""
        return records.project(self.lists, project_id)

    def script(self, script_id: str) -> "Script | None":
        """Give a script that was sent down."""
        return records.script(self.lists, script_id)

    def draft(self, case_id: str) -> CallDraft | None:
        """Give the open call of a case."""
        return drafts.get(self.outbox, case_id)

    def drafts(self) -> list[CallDraft]:
        """Give every open call, oldest first."""
        return drafts.all_of(self.outbox)

    def my_changes(self, case_id: str) -> list[Recorded]:
        """Give my retained changes on a case, in the order they were made."""
        return outbox.on_case(self.outbox, case_id, self.me)

    def taken_away(self, case_id: str) -> str | None:
        """Say in words that and why a case left the list while its call is open; None where it has not."""
        row = self.lists.exec_driver_sql("SELECT why, since FROM held WHERE case_id = ?", (case_id,)).first()
        if row is None:
            return None
        return WHY.get(row.why, "no longer on your list")
