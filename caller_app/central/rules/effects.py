"""Turn what a judgement says into rows: attempts, promises, corrections, referrals, concerns, notes, stops.

Every row is keyed by the change that made it and inserted with ON CONFLICT DO NOTHING: doing it twice is harmless.
Rows are gathered for a whole set of changes and written with one statement per table.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import singledispatchmethod
from typing import Any

from sqlalchemy import Connection, Table, text

from caller_app.base.ids import new_id
from caller_app.central import schema, sets
from caller_app.central.rules import audit
from caller_app.central.rules.workspace import CaseFile, Waiting
from caller_app.domain import effects as e
from caller_app.domain.changes import (
    AttemptRecorded,
    AttemptSuperseded,
    Change,
    NoteAdded,
    ReferralRequested,
    ReferralTakenBack,
)
from caller_app.domain.rulebook import Rulebook
from caller_app.protocol.codec import plain


@dataclass(slots=True)
class Gathered:
    """Rows of one set of changes, not written yet."""

    rules: Rulebook
    now: datetime
    rows: dict[Table, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    updates: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    audits: list[dict[str, Any]] = field(default_factory=list)
    stops: list[tuple[CaseFile, e.StopPerson]] = field(default_factory=list)
    notices: list[tuple[int, str, str]] = field(default_factory=list)  # user, case, words

    def gather(self, waiting: Waiting, file: CaseFile, effects: tuple[e.Effect, ...]) -> None:
        """Take in one judged change with its effects."""
        self._of_change(waiting, file)
        for effect in effects:
            self._add(effect, waiting, file)

    def write(self, conn: Connection) -> None:
        """Write everything but stops, notices and the feed."""
        for table, rows in self.rows.items():
            sets.insert(conn, table, rows, then="ON CONFLICT DO NOTHING")
        for statement, values in self.updates:
            conn.execute(text(statement), values)
        audit.note_all(conn, self.audits)

    def _of_change(self, waiting: Waiting, file: CaseFile) -> None:
        recorded = waiting.recorded
        change = recorded.change
        if isinstance(change, AttemptRecorded):
            self._attempt(change, waiting, file)
        if isinstance(change, AttemptRecorded) and change.note:
            self._note(recorded.change_id, change.note, waiting, file)
        if isinstance(change, NoteAdded):
            self._note(recorded.change_id, change.words, waiting, file)
        if change.kind != "accessed":
            self._audit(waiting, change.kind, {"change_id": recorded.change_id, **_code(change)})

    def _attempt(self, change: AttemptRecorded, waiting: Waiting, file: CaseFile) -> None:
        recorded = waiting.recorded
        shown = next((one for one in file.now_item().attempts if one.attempt_id == recorded.change_id), None)
        known = self.rules.outcomes.find(change.outcome)
        self.rows[schema.attempt].append(
            {
                "attempt_id": recorded.change_id,
                "case_id": file.case_id,
                "user_id": recorded.author_id,
                "device_id": waiting.device_id,
                "act_id": change.act_id[:64],
                "outcome": change.outcome,
                "number": change.number,
                "at": recorded.occurred_at,
                "received_at": waiting.received_at,
                "counted": bool(shown and shown.counted),
                "late": bool(shown and shown.late),
                "contact_level": known.contact_level if known else "unknown",
                "facts": plain(change.facts),
                "answers": plain(change.answers),
                "identity": plain(change.identity) if change.identity else None,
                "script": change.script,
            }
        )

    def _note(self, note_id: str, words: str, waiting: Waiting, file: CaseFile) -> None:
        self.rows[schema.note].append(
            {
                "note_id": note_id,
                "case_id": file.case_id,
                "user_id": waiting.recorded.author_id,
                "at": waiting.recorded.occurred_at,
                "words": words,
                "restricted": file.stopped_at is not None,
            }
        )

    def _audit(self, waiting: Waiting, what: str, detail: Mapping[str, Any]) -> None:
        self.audits.append(
            audit.line(
                waiting.recorded.occurred_at,
                what,
                waiting.recorded.author_id,
                waiting.device_id,
                waiting.case_id,
                detail,
            )
        )

    @singledispatchmethod
    def _add(self, effect: object, waiting: Waiting, file: CaseFile) -> None:  # noqa: ARG002
        raise TypeError(f"no rows known for {type(effect).__name__}")

    @_add.register
    def _(self, effect: e.StopPerson, waiting: Waiting, file: CaseFile) -> None:  # noqa: ARG002
        self.stops.append((file, effect))

    @_add.register
    def _(self, effect: e.CloseCase, waiting: Waiting, file: CaseFile) -> None:  # noqa: ARG002
        if effect.outcome == "C06":  # set by the system: it has no change of its own
            self._audit(waiting, "attempts_used_up", {"change_id": waiting.recorded.change_id})

    @_add.register
    def _(self, effect: e.AttemptWithdrawn, waiting: Waiting, file: CaseFile) -> None:  # noqa: ARG002
        self.updates.append(
            (
                "UPDATE attempt SET superseded_by = :by, counted = false WHERE attempt_id = CAST(:id AS uuid)",
                {"by": waiting.recorded.change_id, "id": effect.attempt_id},
            )
        )

    @_add.register
    def _(self, effect: e.CorrectionOpened, waiting: Waiting, file: CaseFile) -> None:
        self.rows[schema.correction].append(
            {
                "correction_id": effect.correction_id,
                "case_id": file.case_id,
                "practice_ods": file.practice_ods,
                "type": effect.type,
                "field": effect.field,
                "old": effect.old,
                "new": effect.new,
                "values": plain(effect.values),
                "source": effect.source,
                "evidence": effect.evidence,
                "urgency": effect.urgency,
                "told_at": waiting.recorded.occurred_at,
                "told_to": waiting.recorded.author_id,
                "state": effect.state,
            }
        )

    @_add.register
    def _(self, effect: e.CorrectionWithdrawn, waiting: Waiting, file: CaseFile) -> None:  # noqa: ARG002
        self.updates.append(
            (
                "UPDATE correction SET state = 'withdrawn' WHERE correction_id = CAST(:id AS uuid) AND exported_at IS NULL",  # noqa: E501
                {"id": effect.correction_id},
            )
        )

    @_add.register
    def _(self, effect: e.PromiseMade, waiting: Waiting, file: CaseFile) -> None:
        self.rows[schema.promise].append(
            {
                "promise_id": effect.promise_id,
                "case_id": file.case_id,
                "made_by": waiting.recorded.author_id,
                "from_at": effect.from_at,
                "to_at": effect.to_at,
                "anyone": effect.anyone,
                "state": effect.state,
            }
        )

    @_add.register
    def _(self, effect: e.PromiseSettled, waiting: Waiting, file: CaseFile) -> None:  # noqa: ARG002
        self.updates.append(
            (
                "UPDATE promise SET state = :state, settled_at = :now WHERE promise_id = CAST(:id AS uuid)",
                {"state": effect.state, "now": self.now, "id": effect.promise_id},
            )
        )

    @_add.register
    def _(self, effect: e.ReferralOpened, waiting: Waiting, file: CaseFile) -> None:
        change = waiting.recorded.change
        facts = plain(change) if isinstance(change, ReferralRequested) else {}
        self.rows[schema.referral].append(
            {
                "referral_id": effect.referral_id,
                "case_id": file.case_id,
                "pathway": effect.pathway,
                "route": effect.route,
                "consent": facts.get("consent"),
                "facts": {**facts, **({"why_held": effect.why_held} if effect.why_held else {})},
                "at": waiting.recorded.occurred_at,
                "by_user": waiting.recorded.author_id,
                "state": "held_for_review" if effect.held else "recorded",
                "since": waiting.recorded.occurred_at,
            }
        )

    @_add.register
    def _(self, effect: e.ReferralWithdrawn, waiting: Waiting, file: CaseFile) -> None:  # noqa: ARG002
        self.updates.append(
            (
                _TAKEN_BACK,
                {
                    "id": effect.referral_id,
                    "state": effect.state,
                    "at": waiting.recorded.occurred_at,
                    "by": waiting.recorded.author_id,
                    "change": waiting.recorded.change_id,
                    "why": _why(waiting.recorded.change),
                },
            )
        )

    @_add.register
    def _(self, effect: e.ConcernOpened, waiting: Waiting, file: CaseFile) -> None:
        self.rows[schema.concern].append(
            {
                "concern_id": effect.concern_id,
                "case_id": file.case_id,
                "route": effect.route,
                "words": effect.words,
                "told": list(effect.told),
                "noticed_at": effect.noticed_at,
                "raised_at": waiting.recorded.occurred_at,
                "raised_by": waiting.recorded.author_id,
            }
        )

    @_add.register
    def _(self, effect: e.ConcernAppended, waiting: Waiting, file: CaseFile) -> None:  # noqa: ARG002
        self.rows[schema.concern_addition].append(
            {
                "change_id": waiting.recorded.change_id,
                "concern_id": effect.concern_id,
                "words": effect.words,
                "told": list(effect.told),
                "at": waiting.recorded.occurred_at,
                "by_user": waiting.recorded.author_id,
            }
        )

    @_add.register
    def _(self, effect: e.ReviewOn, waiting: Waiting, file: CaseFile) -> None:
        self.rows[schema.review_case].append(
            {
                "review_id": new_id(),
                "change_id": waiting.recorded.change_id,
                "rec_id": file.case_id,
                "class": "review_date",
                "opened_at": self.now,
                "state": "scheduled",
                "resolution": {"on": effect.on, "why": effect.why},
            }
        )

    @_add.register
    def _(self, effect: e.Audited, waiting: Waiting, file: CaseFile) -> None:  # noqa: ARG002
        self._audit(waiting, effect.what, {"change_id": waiting.recorded.change_id})

    @_add.register
    def _(self, effect: e.NoticeTo, waiting: Waiting, file: CaseFile) -> None:  # noqa: ARG002
        if effect.user_id is not None:
            self.notices.append((effect.user_id, file.case_id, effect.text))


# In one statement, so that the step says what the state was before.
_TAKEN_BACK = (
    "WITH step AS (INSERT INTO referral_step(referral_id, at, by_user, from_state, to_state, why, change_id) "
    "SELECT referral_id, :at, :by, state, :state, :why, CAST(:change AS uuid) FROM referral "
    "WHERE referral_id = CAST(:id AS uuid)) "
    "UPDATE referral SET state = :state, since = :at WHERE referral_id = CAST(:id AS uuid)"
)


def _why(change: Change) -> str:
    """Say why a referral was withdrawn: by itself, or with the call it belongs to."""
    if isinstance(change, ReferralTakenBack):
        return change.reason
    return change.reason if isinstance(change, AttemptSuperseded) else ""


def _code(change: Change) -> dict[str, str]:
    return {"outcome": change.outcome} if isinstance(change, AttemptRecorded) else {}
