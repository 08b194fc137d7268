"""Tx B of a push: judge second (docs/sync.md, "Push"). Changes are judged as a set, in their devices' order.

Only where the set fails is each change judged under its own savepoint; one that cannot be judged is set aside for a
supervisor and the others go on. The conflict rules are `domain.rebase`, the same functions the workstation folds with;
here they only become rows. The feed is written last of all (writer rule W).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from caller_app.base.errors import Refused
from caller_app.base.failpoints import crash_here
from caller_app.base.ids import new_id
from caller_app.central import schema, sets
from caller_app.central.centre import Centre
from caller_app.central.db import is_away, may_run_again, together, writing
from caller_app.central.logs import where
from caller_app.central.rules import audit, feed, notices, places, stops, wrong_numbers
from caller_app.central.rules.arrivals import Came
from caller_app.central.rules.case_rows import write_cases
from caller_app.central.rules.effects import Gathered
from caller_app.central.rules.store import quarantine
from caller_app.central.rules.workspace import CaseFile, Waiting, Workspace, left_behind, open_workspace, read_waiting
from caller_app.domain import rebase
from caller_app.domain.changes import ReferralRequested
from caller_app.domain.effects import StopPerson
from caller_app.domain.referrals import same_underway

log = structlog.get_logger("caller_app.central")


State = dict[str, Any]  # a row of change_state


@dataclass(slots=True)
class _Outcome:
    """What a judged set leaves to do: feed entries, and each change's verdict for notices."""

    entries: list[feed.Entry] = field(default_factory=list)
    states: list[State] = field(default_factory=list)


Amend = Callable[[rebase.CaseStanding], rebase.CaseStanding]


@dataclass(frozen=True, slots=True)
class Again:
    """What judging once more came to: feed entries still to be written, verdict, reason and version."""

    entries: list[feed.Entry]
    verdict: str
    reason: str | None
    ver: int | None


def judge_now(
    centre: Centre, change_ids: Sequence[str], *, sent_by: str, again: Sequence[str] = (), only_urgent: bool = False,
    now: datetime, came: Came,
) -> list[State]:  # fmt: skip
    """Judge what a push just stored, and before it what its workstation sent earlier and still waits.

    `only_urgent`: of what waits nothing else is, for it may lie behind something that is still missing. Gives what is
    written down and committed. Where that fails altogether, nothing is, and the changes stay for the worker.
    """

    def work(conn: Connection) -> list[State]:
        return judge(
            conn, centre, change_ids, now=now, again=again, only_urgent=only_urgent, sent_by=sent_by, came=came
        )

    try:
        return writing(centre.engine, work)
    except SQLAlchemyError as fault:
        log.warning("judging_postponed", changes=len(change_ids), fault=type(fault).__name__)
        return []


def judge_waiting(centre: Centre, *, older_than: datetime, now: datetime, limit: int = 200) -> int:
    """Judge changes left without a verdict, as the background worker does; their authors learn it by a notice."""

    def work(conn: Connection) -> int:
        ids = (
            conn.execute(
                text(
                    "SELECT s.change_id FROM change_state s JOIN change c USING (change_id) "
                    "WHERE s.verdict = 'received' AND c.received_at <= :old ORDER BY c.received_at LIMIT :n"
                ),
                {"old": older_than, "n": limit},
            )
            .scalars()
            .all()
        )
        return len(judge(conn, centre, ids, now=now, late=True)) if ids else 0

    return writing(centre.engine, work)


def judge(
    conn: Connection, centre: Centre, change_ids: Sequence[str], *, now: datetime, late: bool = False,
    again: Sequence[str] = (), only_urgent: bool = False, sent_by: str | None = None,
    came: Came | None = None,
) -> list[State]:  # fmt: skip
    """Give each waiting change its verdict and effects, the feed last; gives the states as they are written down.

    What came before (`again`) is told by a notice too: another copy of the workstation may wait for its verdict.
    """
    earlier = [] if late else [*again, *left_behind(conn, [*again, *change_ids], only_urgent=only_urgent, now=now)]
    waiting = read_waiting(conn, [*earlier, *change_ids], sent_by=sent_by, skip_locked=late, came=came)
    if not waiting:
        return []
    done = _judge_set(conn, centre, waiting, now)
    if late or earlier:
        told = [
            (
                one.recorded.author_id,
                notices.said(
                    now, "", case_id=one.case_id, change_id=one.recorded.change_id, verdict=state["verdict"],
                    reason=state["reason"], review_id=state["review_id"], ver=state["result_ver"],
                ),
            )
            for one, state in zip(waiting, done.states, strict=True)
            if late or one.recorded.change_id in earlier
        ]  # fmt: skip
        done.entries.extend(notices.make(conn, told))
    feed.write(conn, done.entries)
    crash_here("judged_before_commit")
    return done.states


def _judge_set(conn: Connection, centre: Centre, waiting: list[Waiting], now: datetime) -> _Outcome:
    try:
        with conn.begin_nested():
            return _run(conn, centre, waiting, now)
    except Exception as fault:  # noqa: BLE001 - the boundary of judging: one bad change may not hold up the others
        _raise_if_passing(fault)
        if len(waiting) > 1:
            log.info("set_split", changes=len(waiting), fault=type(fault).__name__)
    whole = _Outcome()
    for one in waiting:
        try:
            with conn.begin_nested():
                part = _run(conn, centre, [one], now)
        except Exception as fault:  # noqa: BLE001 - the same boundary, for one change
            _raise_if_passing(fault)
            change_id = one.recorded.change_id
            log.error("change_not_judged", change_id=change_id, fault=type(fault).__name__, where=where(fault))
            review = quarantine(conn, change_id, one.case_id, "judging_failed", now)
            part = _Outcome(states=[_state(change_id, "quarantined", "judging_failed", review, None, now)])
        whole.entries.extend(part.entries)
        whole.states.extend(part.states)
    return whole


def judge_again(conn: Connection, centre: Centre, change_id: str, *, now: datetime, amend: Amend) -> Again:
    """Judge a change that was put aside once more, with its standing as a supervisor decided; the feed is not written.

    Raises Refused where it still cannot be judged: then nothing has changed.
    """
    conn.execute(
        text("UPDATE change_state SET verdict = 'received', reason = NULL, review_id = NULL WHERE change_id = :c"),
        {"c": change_id},
    )
    try:
        with conn.begin_nested():
            done = _run(conn, centre, read_waiting(conn, [change_id]), now, amend)
    except Refused:
        raise Refused("The centre still cannot read it. Put it away, and ask the caller to record it anew.") from None
    except Exception as fault:  # noqa: BLE001 - the boundary of judging, once more
        _raise_if_passing(fault)
        log.error("change_not_judged", change_id=change_id, fault=type(fault).__name__, where=where(fault))
        raise Refused(
            "The centre still cannot judge it. It stays stored, and the reason is in the centre's log."
        ) from None
    (state,) = done.states
    return Again(done.entries, state["verdict"], state["reason"], state["result_ver"])


def _run(
    conn: Connection, centre: Centre, waiting: list[Waiting], now: datetime, amend: Amend | None = None
) -> _Outcome:
    space = open_workspace(conn, (one.case_id for one in waiting), (one.recorded.author_id for one in waiting))
    taken = places.Places(conn, space)
    taken.lock(waiting)
    gathered = Gathered(rules=centre.rules, now=now)
    done = _Outcome()
    judged: list[tuple[Waiting, CaseFile | None, rebase.Judgement | None]] = []
    stopped: dict[str, str] = {}
    for one in waiting:
        file = space.files.get(one.case_id)
        if file is None:
            judged.append((one, None, None))
            continue
        standing = _standing(file, one, space, taken)
        if amend is not None:
            standing = amend(standing)
        verdict = rebase.judge(file.now_item(), one.recorded, standing, centre.rules, space.projects[file.project_id])
        wrong_numbers.take(space, file, verdict.item, one.recorded.change)
        judged.append((one, file, verdict))
        if verdict.verdict != "quarantined":
            gathered.gather(one, file, verdict.effects)
            taken.note(file, one, verdict.effects)
            for effect in verdict.effects:
                if isinstance(effect, StopPerson):
                    stopped.update(_reach(space, file, effect, now))
    _write_stops(conn, gathered, centre, now)
    moved: list[feed.Entry] = []
    with together(conn):  # the database writes the first while we put the next into words
        _write_states(conn, judged, done, now)
        gathered.audits.extend(_alarms(done, judged, now))
        gathered.write(conn)
        if not taken.touched:
            moved = write_cases(conn, space, stopped, now)
    if taken.touched:  # a project's places are counted and locked before its cases are
        done.entries.extend(taken.said(now))
        with together(conn):
            moved = write_cases(conn, space, stopped, now)
    done.entries.extend(moved)
    told = [(user, notices.said(now, words, case_id=case_id)) for user, case_id, words in gathered.notices]
    done.entries.extend(notices.make(conn, told))
    return done


def _alarms(
    done: _Outcome, judged: list[tuple[Waiting, CaseFile | None, rebase.Judgement | None]], now: datetime
) -> list[dict[str, Any]]:
    """Write down, and say in the log, that somebody sent a change about a person who was never theirs."""
    lines = []
    for (one, _, _), state in zip(judged, done.states, strict=True):
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
        author_state=one.author_state,  # type: ignore[arg-type]
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


def _write_stops(conn: Connection, gathered: Gathered, centre: Centre, now: datetime) -> None:
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
    stops.add(conn, centre.settings.stop_list_key, listed, now=now)


_WHY_STOPPED = {
    "contact_objection": "asked us not to be in touch",
    "campaign_opt_out": "asked not to be rung about this again",
    "deceased": "reported as died",
}


def _write_states(
    conn: Connection,
    judged: list[tuple[Waiting, CaseFile | None, rebase.Judgement | None]],
    done: _Outcome,
    now: datetime,
) -> None:
    reviews = []
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
        done.states.append(_state(change_id, result, reason or None, review_id, ver, now))
    if reviews:
        sets.insert(conn, schema.review_case, reviews, then="ON CONFLICT DO NOTHING")
    sets.update(conn, schema.change_state, done.states, ["change_id"])


def _state(
    change_id: str, verdict: str, reason: str | None, review_id: str | None, ver: int | None, now: datetime
) -> dict[str, Any]:
    return {
        "change_id": change_id,
        "verdict": verdict,
        "reason": reason,
        "review_id": review_id,
        "result_ver": ver,
        "applied_at": now,
    }


def _raise_if_passing(fault: Exception) -> None:
    """Let faults through that belong to the connection or the moment: the transaction runs again, or waits."""
    if isinstance(fault, DBAPIError) and (fault.connection_invalidated or may_run_again(fault) or is_away(fault)):
        raise fault
