"""Settling a review: one act, one transaction, written down with who, when and why, and told to both callers.

What a reader would get wrong: two supervisors may press at once. The second is told who did it and how, and nothing is
done twice. Locks are taken in the order judging takes them (the change, the cases, the review, the feeds), so that a
supervisor and a push cannot wait for each other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, text

from caller_app.base.clock import to_text
from caller_app.base.errors import Refused
from caller_app.central.centre import Centre
from caller_app.central.faults import Fault
from caller_app.central.rules import apply, audit, case_rows, feed, lifting, notices, places, referral_desk
from caller_app.central.rules.review_list import one
from caller_app.central.rules.review_matter import Came, possible, read_came
from caller_app.central.rules.workspace import CaseFile, Workspace, open_workspace
from caller_app.domain import settling
from caller_app.domain.changes import AttemptRecorded, AttemptSuperseded, CorrectionProposed
from caller_app.domain.effects import Effect, NoticeTo, PromiseSettled
from caller_app.domain.items import Item
from caller_app.domain.rebase_terms import CaseStanding
from caller_app.domain.reviews import QUARANTINED, class_of, reason_words, settled_reason
from caller_app.domain.staff import User
from caller_app.protocol.codec import encode

WHY_LONGEST = 300
_WITHOUT_EFFECT = frozenset({"dismiss", "incident"})


@dataclass(frozen=True, slots=True)
class Done:
    """How a case was settled: `done` is False where somebody had settled it before."""

    done: bool
    by: str
    at: str
    act: str


def settle(
    conn: Connection,
    centre: Centre,
    review_id: str,
    act: str,
    why: str,
    *,
    by: User,
    now: datetime,
    request_id: str = "",
) -> Done:
    """Settle one case by one of the acts that fit it now."""
    row = one(conn, review_id)
    if row is None:
        raise Fault(404, "not_found", "There is no such case to look at.")
    came = read_came(conn, row)
    _lock_change(conn, row["change_id"])
    space = open_workspace(conn, [row["rec_id"]] if row["rec_id"] else [], [came.author_id] if came else [])
    standing = conn.execute(
        text(
            "SELECT r.state, r.resolution, a.shown_name FROM review_case r LEFT JOIN account a ON a.user_id = "
            "CAST(r.resolution->>'by' AS int) WHERE r.review_id = CAST(:r AS uuid) FOR UPDATE OF r"
        ),
        {"r": review_id},
    ).one()
    if standing.state == "resolved":
        said = standing.resolution
        return Done(False, standing.shown_name or "", said["at"], said["act"])
    file = space.files.get(row["rec_id"]) if row["rec_id"] else None
    why = " ".join(why.split())[:WHY_LONGEST]
    _check(row, came, file, act, why)
    deed = _Deed(conn, centre, space, file, came, by, now)
    entries = deed.do(act)
    resolution = {**(standing.resolution or {}), "act": act, "by": by.user_id, "at": to_text(now), "why": why}
    conn.execute(
        text(
            "UPDATE review_case SET state = 'resolved', resolution = CAST(:said AS jsonb) "
            "WHERE review_id = CAST(:r AS uuid)"
        ),
        {"said": encode(resolution).decode(), "r": review_id},
    )
    audit.note(
        conn, at=now, what="review_settled", user_id=by.user_id, rec_id=row["rec_id"],
        detail={"review_id": review_id, "class": row["class"], "act": act, "why": why}, request_id=request_id,
    )  # fmt: skip
    entries.extend(_tell(conn, row, came, file, deed, now=now))
    feed.write(conn, entries)
    return Done(True, by.shown_name, to_text(now), act)


def _lock_change(conn: Connection, change_id: str) -> None:
    conn.execute(text("SELECT 1 FROM change_state WHERE change_id = CAST(:c AS uuid) FOR UPDATE"), {"c": change_id})


def _check(row: Mapping[str, Any], came: Came | None, file: CaseFile | None, act: str, why: str) -> None:
    recorded = came.recorded if came else None
    stopped = file is not None and file.stopped_at is not None
    acts = possible(row["class"], recorded, file.now_item() if file else None, stopped=stopped)
    chosen = next((one for one in acts if one.code == act), None)
    if chosen is None:
        raise Refused("This cannot be done here, or not any more. Look at the case again.", field="act")
    if chosen.asks_why and not why:
        raise Refused("Say why: it is kept with the case.", field="why")


@dataclass(slots=True)
class _Deed:
    """What an act does to the rows; verdict and reason are what the change carries from then on."""

    conn: Connection
    centre: Centre
    space: Workspace
    file: CaseFile | None
    came: Came | None
    by: User
    now: datetime
    verdict: str = "applied"
    reason: str = ""
    ver: int | None = None
    reviewed_anew: bool = False
    entries: list[feed.Entry] = field(default_factory=list)  # beside those of the case

    def do(self, act: str) -> list[feed.Entry]:
        """Do the act and give the feed entries of whoever has the case."""
        self.reason = settled_reason(act)
        if act == "reapply":
            return self._again()
        if act in _WITHOUT_EFFECT:
            self.verdict = "quarantined"
            return []
        change = _ITEM_ACTS.get(act)
        if change is None or self.file is None or self.came is None:
            return []
        self.file.item, effects = change(self, self.file.now_item(), self.came)
        self._write(effects)
        if self.file.changed:
            self.ver = self.file.ver + 1
        entries = case_rows.write_cases(self.conn, self.space, {}, self.now)
        told = [one for one in effects if isinstance(one, NoticeTo) and one.user_id is not None]
        words = [(one.user_id or 0, notices.said(self.now, one.text, case_id=self.file.case_id)) for one in told]
        return [*entries, *self.entries, *notices.make(self.conn, words)]

    def _again(self) -> list[feed.Entry]:
        """Judge it as if it had been allowed; what then needs a decision opens a case of its own."""
        came = self.came
        if came is None:
            raise Refused("The centre holds no content to take in.")
        undone = self._lifts(came)
        again = apply.judge_again(self.conn, self.centre, came.change_id, now=self.now, amend=partial(_allowed, came))
        if again.verdict == "quarantined" or (again.reason or "").startswith("undo_of"):
            raise Refused(f"It comes to the same again: {reason_words(again.reason or again.verdict)}.")
        self.ver = again.ver
        self.reviewed_anew = again.verdict != "applied"
        opened = lifting.open_again(self.conn, self.file, by=self.by, now=self.now) if undone and self.file else []
        return [*again.entries, *opened]

    def _lifts(self, came: Came) -> bool:
        """Take back the stop that an undo is about, before the undo is judged; tells whether there was one."""
        change = came.recorded.change if came.recorded else None
        if not isinstance(change, AttemptSuperseded) or self.file is None:
            return False
        if not lifting.stopping(self.file.now_item(), change.attempt_id):
            return False
        lifting.lift(self.conn, self.centre, self.space, self.file, change.attempt_id, by=self.by, now=self.now)
        return True

    def _write(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, PromiseSettled):
                self.conn.execute(
                    text(
                        "UPDATE promise SET state = :s, settled_at = CASE WHEN :s = 'open' THEN NULL "
                        "ELSE CAST(:now AS timestamptz) END WHERE promise_id = CAST(:id AS uuid)"
                    ),
                    {"s": effect.state, "now": self.now, "id": effect.promise_id},
                )


def _allowed(came: Came, standing: CaseStanding) -> CaseStanding:
    """Give the standing that a supervisor's word gives a change; an undo is then as good as one of one's own case."""
    allowed = replace(standing, ever_assigned=True, author_state="active", author_may_lift=True)
    undo = came.recorded is not None and isinstance(came.recorded.change, AttemptSuperseded)
    return replace(allowed, assignee_id=came.author_id, assign_gen=0) if undo else allowed


def _decides(deed: _Deed, item: Item, came: Came) -> settling.Settled:
    change = came.recorded.change if came.recorded else None
    if isinstance(change, CorrectionProposed):
        _claim_row(deed, came.change_id, "new")
        return settling.take_claim(item, came.change_id, change)
    if isinstance(change, AttemptRecorded) and deed.file is not None:
        project = deed.space.projects[deed.file.project_id]
        return settling.let_decide(item, came.change_id, change.facts, deed.centre.rules, project)
    return item, ()


def _earlier(deed: _Deed, item: Item, came: Came) -> settling.Settled:  # noqa: ARG001 - one shape for every act
    if settling.promise_of(item, came.change_id) is not None:
        return settling.earlier_promise(item, came.change_id)
    return settling.only_history(item, came.change_id)


def _rejects(deed: _Deed, item: Item, came: Came) -> settling.Settled:
    _claim_row(deed, came.change_id, "rejected")
    return settling.reject_claim(item, came.change_id)


def _refers(state: str) -> Callable[[_Deed, Item, Came], settling.Settled]:
    def work(deed: _Deed, item: Item, came: Came) -> settling.Settled:
        referral_desk.step(deed.conn, came.change_id, "held_for_review", state, by=deed.by.user_id, now=deed.now)
        deed.entries += places.say(deed.conn, deed.space.projects, now=deed.now)
        return settling.referral_to(item, came.change_id, state, deed.now)

    return work


def _claim_row(deed: _Deed, correction_id: str, state: str) -> None:
    """Let the practice hear of a claim, or not; one that has gone out already cannot be called back."""
    deed.conn.execute(
        text("UPDATE correction SET state = :s WHERE correction_id = CAST(:id AS uuid) AND exported_at IS NULL"),
        {"s": state, "id": correction_id},
    )


_ITEM_ACTS: dict[str, Callable[[_Deed, Item, Came], settling.Settled]] = {
    "take": _decides,
    "earlier": _earlier,
    "late_only": lambda _deed, item, came: settling.only_history(item, came.change_id),
    "ring_again": lambda _deed, item, _came: settling.ring_again(item),
    "reject": _rejects,
    "cancel": lambda _deed, item, came: settling.cancel_promise(item, came.change_id),
    "reopen": lambda _deed, item, came: settling.reopen_promise(item, came.change_id),
    "release": _refers("recorded"),
    "withdraw": _refers("withdrawn"),
}


def _tell(
    conn: Connection, row: Mapping[str, Any], came: Came | None, file: CaseFile | None, deed: _Deed, *, now: datetime
) -> list[feed.Entry]:
    """Give the change its last word and tell who recorded it, and who has the case now."""
    if came is None:
        return []
    verdict, reason, review_id = _last_word(conn, row, came, deed)
    title = class_of(row["class"]).title
    decided = reason_words(deed.reason).partition(": ")[2]
    told = [
        (
            came.author_id,
            notices.said(
                now, f"{title}: a supervisor has looked at it, and {decided}.", case_id=row["rec_id"],
                change_id=came.change_id, verdict=verdict, reason=reason, review_id=review_id, ver=deed.ver,
            ),
        )
    ]  # fmt: skip
    if file is not None and file.assignee is not None and file.assignee != came.author_id and deed.ver is not None:
        words = "A supervisor has decided something about one of your people; your list shows it."
        told.append((file.assignee, notices.said(now, words, case_id=row["rec_id"])))
    return notices.make(conn, told)


def _last_word(conn: Connection, row: Mapping[str, Any], came: Came, deed: _Deed) -> tuple[str, str | None, str | None]:
    """Settle the verdict the change carries; of a reused number the first content keeps the verdict it has."""
    put_aside = row["class"] in QUARANTINED or row["class"].endswith("_safety")
    verdict = deed.verdict if put_aside else "applied"
    if row["class"] == "id_reuse":
        return verdict, deed.reason, row["review_id"]
    if not deed.reviewed_anew:
        conn.execute(
            text(
                "UPDATE change_state SET verdict = :v, reason = :why, result_ver = coalesce(:ver, result_ver) "
                "WHERE change_id = CAST(:c AS uuid) AND (review_id IS NULL OR review_id = CAST(:r AS uuid))"
            ),
            {"v": verdict, "why": deed.reason, "ver": deed.ver, "c": came.change_id, "r": row["review_id"]},
        )
    carries = conn.execute(
        text("SELECT verdict, reason, review_id FROM change_state WHERE change_id = CAST(:c AS uuid)"),
        {"c": came.change_id},
    ).one()
    return carries.verdict, carries.reason, carries.review_id
