"""Judge one set of changes and write what comes of it: verdicts, effects, cases; the feed is the caller's, last of all.

The conflict rules are `domain.rebase`; here they only become rows. What a reader would get wrong: changes of a set meet
items that earlier ones of the same set moved on, and a case is written once, as it stands after the last of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, text

from caller_app.base.ids import new_id
from caller_app.central import schema, sets
from caller_app.central.centre import Centre
from caller_app.central.db import together
from caller_app.central.rules import audit, feed, notices, places, stops, wrong_numbers
from caller_app.central.rules.case_rows import write_cases
from caller_app.central.rules.effects import Gathered
from caller_app.central.rules.workspace import CaseFile, Waiting, Workspace, open_workspace
from caller_app.domain import rebase
from caller_app.domain.changes import ReferralRequested
from caller_app.domain.effects import StopPerson
from caller_app.domain.referrals import same_underway

log = structlog.get_logger("caller_app.central")

State = dict[str, Any]  # a row of change_state
Amend = Callable[[rebase.CaseStanding], rebase.CaseStanding]
Judged = tuple[Waiting, CaseFile | None, rebase.Judgement | None]


@dataclass(slots=True)
class Outcome:
    """What a judged set leaves to do: feed entries, and each change's verdict for notices."""

    entries: list[feed.Entry] = field(default_factory=list)
    states: list[State] = field(default_factory=list)


@dataclass(slots=True)
class _Set:
    conn: Connection
    centre: Centre
    space: Workspace
    taken: places.Places
    gathered: Gathered
    now: datetime
    amend: Amend | None
    done: Outcome = field(default_factory=Outcome)
    stopped: dict[str, str] = field(default_factory=dict)  # case id -> kind


def judge_set(
    conn: Connection, centre: Centre, waiting: list[Waiting], now: datetime, amend: Amend | None = None
) -> Outcome:
    """Judge changes in their order and write their verdicts, effects and cases; the feed is left to do."""
    space = open_workspace(conn, (one.case_id for one in waiting), (one.recorded.author_id for one in waiting))
    this = _Set(conn, centre, space, places.Places(conn, space), Gathered(rules=centre.rules, now=now), now, amend)
    this.taken.lock(waiting)
    judged = [_judge(this, one) for one in waiting]
    _write_stops(conn, this.gathered, centre.settings.stop_list_key, now)
    with together(conn):  # the database writes the first while we put the next into words
        this.done.states = _write_states(conn, judged, now)
        this.gathered.audits.extend(_alarms(judged, this.done.states, now))
        this.gathered.write(conn)
        if not this.taken.touched:
            this.done.entries = write_cases(conn, space, this.stopped, now)
    if this.taken.touched:  # a project's places are counted and locked before its cases are
        this.done.entries = this.taken.said(now)
        with together(conn):
            this.done.entries.extend(write_cases(conn, space, this.stopped, now))
    told = [(user, notices.said(now, words, case_id=case_id)) for user, case_id, words in this.gathered.notices]
    this.done.entries.extend(notices.make(conn, told))
    return this.done


def _judge(this: _Set, one: Waiting) -> Judged:
    space, file = this.space, this.space.files.get(one.case_id)
    if file is None:
        return one, None, None
    standing = _standing(file, one, space, this.taken)
    if this.amend is not None:
        standing = this.amend(standing)
    verdict = rebase.judge(file.now_item(), one.recorded, standing, this.centre.rules, space.projects[file.project_id])
    wrong_numbers.take(space, file, verdict.item, one.recorded.change)
    if verdict.verdict != "quarantined":
        this.gathered.gather(one, file, verdict.effects)
        this.taken.note(file, one, verdict.effects)
        for effect in verdict.effects:
            if isinstance(effect, StopPerson):
                this.stopped.update(_reach(space, file, effect, this.now))
    return one, file, verdict


def _alarms(judged: Sequence[Judged], states: Sequence[State], now: datetime) -> list[dict[str, Any]]:
    """Write down, and say in the log, that somebody sent a change about a person who was never theirs."""
    lines = []
    for (one, _, _), state in zip(judged, states, strict=True):
        if state["reason"] == "never_in_scope":
            author, device = one.recorded.author_id, one.device_id
            log.warning("never_in_scope", user_id=author, device_id=device, change_id=one.recorded.change_id)
            lines.append(
                audit.line(
                    now, "alarm_never_in_scope", author, device, one.case_id, {"change_id": one.recorded.change_id}
                )
            )
    return lines


def _standing(file: CaseFile, one: Waiting, space: Workspace, taken: places.Places) -> rebase.CaseStanding:
    return rebase.CaseStanding(
        assignee_id=file.assignee,
        assign_gen=file.assign_gen,
        ever_assigned=one.recorded.author_id in file.ever,
        reassigned_at=file.reassigned_at,
        taker_has_called=file.taker_called,
        stopped_at=file.stopped_at,
        author_state=one.author_state,
        referred_elsewhere=_referred_elsewhere(space, file, one),
        pathway_full=taken.full(file, one),
    )


def _referred_elsewhere(space: Workspace, file: CaseFile, one: Waiting) -> bool:
    """Tell whether another case of the person has the pathway of this referral underway."""
    change = one.recorded.change
    if not isinstance(change, ReferralRequested):
        return False
    others = (each.now_item().referrals for each in space.same_person(file) if each is not file)
    at = one.recorded.occurred_at
    return any(same_underway(lines, change.pathway, change.route, at) is not None for lines in others)


def _reach(space: Workspace, origin: CaseFile, effect: StopPerson, now: datetime) -> dict[str, str]:
    """Close, in the workspace, every case a stop reaches, so that what is judged next meets it; case id -> kind."""
    reached: dict[str, str] = {}
    for file in space.same_person(origin):
        if effect.kind not in stops.EVERYWHERE and file.campaign != origin.campaign:
            continue
        reached[file.case_id] = effect.kind
        if file is not origin:  # the stop's own act may go on, such as a correction made in the same call
            file.stopped_at = file.stopped_at or now
        item = file.now_item()
        if item.status != "closed":
            file.item = replace(item, status="closed", status_why=_WHY_STOPPED[effect.kind], not_before=None)
    return reached


def _write_stops(conn: Connection, gathered: Gathered, key: bytes, now: datetime) -> None:
    listed = []
    for origin, effect in gathered.stops:
        listed.append(stops.Stop(origin.nhs_number, effect.kind, origin.campaign, f"change:{effect.change_id}"))
        if effect.kind in stops.EVERYWHERE:
            conn.execute(
                text(
                    "UPDATE person SET stopped_at = coalesce(stopped_at, :now), stop_kind = coalesce(stop_kind, :kind) "
                    "WHERE person_id = CAST(:p AS uuid)"
                ),
                {"now": now, "kind": effect.kind, "p": origin.person_id},
            )
    stops.add(conn, key, listed, now=now)


_WHY_STOPPED = {
    "contact_objection": "asked us not to be in touch",
    "campaign_opt_out": "asked not to be rung about this again",
    "deceased": "reported as died",
}


def _write_states(conn: Connection, judged: Sequence[Judged], now: datetime) -> list[State]:
    states, reviews = [], []
    for one, file, verdict in judged:
        change_id = one.recorded.change_id
        result, reason, review_class = "quarantined", "never_in_scope", "never_in_scope"
        if verdict is not None:
            result, reason = verdict.verdict, verdict.reason or ""
            review_class = verdict.review_class or reason or result
        review_id = None
        if result != "applied":
            review_id = new_id()
            reviews.append(
                {"review_id": review_id, "change_id": change_id, "rec_id": one.case_id, "class": review_class,
                 "opened_at": now}
            )  # fmt: skip
        ver = file.ver + (1 if file.changed else 0) if file is not None else None
        states.append(state_of(change_id, result, reason or None, review_id, ver, now))
    if reviews:
        sets.insert(conn, schema.review_case, reviews, then="ON CONFLICT DO NOTHING")
    sets.update(conn, schema.change_state, states, ["change_id"])
    return states


def state_of(
    change_id: str, verdict: str, reason: str | None, review_id: str | None, ver: int | None, now: datetime
) -> dict[str, Any]:
    """Give a row of change_state."""
    return {
        "change_id": change_id,
        "verdict": verdict,
        "reason": reason,
        "review_id": review_id,
        "result_ver": ver,
        "applied_at": now,
    }
