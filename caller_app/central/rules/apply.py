"""Tx B of a push: judge second (docs/sync.md, "Push"). Changes are judged as a set, in their devices' order.

Only where the set fails is the transaction given back and run once more with each change under its own savepoint; one
that cannot be judged is set aside for a supervisor and the others go on. What is judged how is `judge_set`. The feed is
written last of all (writer rule W).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from caller_app.base.errors import Refused
from caller_app.base.failpoints import crash_here
from caller_app.central.centre import Centre
from caller_app.central.db import by_keys, is_away, may_run_again, writing
from caller_app.central.logs import where
from caller_app.central.rules import feed, notices
from caller_app.central.rules.arrivals import Came
from caller_app.central.rules.judge_set import Amend, Outcome, State, judge_set, state_of
from caller_app.central.rules.store import quarantine
from caller_app.central.rules.workspace import Waiting, left_behind, read_waiting

log = structlog.get_logger("caller_app.central")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Again:
    """What judging once more came to: feed entries still to be written, verdict, reason and version."""

    entries: list[feed.Entry]
    verdict: str
    reason: str | None
    ver: int | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What is written down and committed: the states of the changes, and the new heads of the lists they are on."""

    states: Sequence[State] = ()
    heads: Mapping[int, int] = field(default_factory=dict)


def judge_now(
    centre: Centre, change_ids: Sequence[str], *, sent_by: str, again: Sequence[str] = (), only_urgent: bool = False,
    now: datetime, came: Came,
) -> Judged:  # fmt: skip
    """Judge what a push just stored, and before it what its workstation sent earlier and still waits.

    `only_urgent`: of what waits nothing else is, for it may lie behind something that is still missing. Where judging
    fails altogether, nothing is written down, and the changes stay for the worker.
    """

    def work(conn: Connection, alone: bool) -> Judged:
        return judge(
            conn, centre, change_ids, now=now, again=again, only_urgent=only_urgent, sent_by=sent_by, came=came,
            alone=alone,
        )  # fmt: skip

    try:
        return _together_or_alone(centre, work)
    except SQLAlchemyError as fault:
        log.warning("judging_postponed", changes=len(change_ids), fault=type(fault).__name__)
        return Judged()


def judge_waiting(centre: Centre, *, older_than: datetime, now: datetime, limit: int = 200) -> int:
    """Judge changes left without a verdict, as the background worker does; their authors learn it by a notice."""

    def work(conn: Connection, alone: bool) -> int:
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
        return len(judge(conn, centre, ids, now=now, late=True, alone=alone).states) if ids else 0

    return _together_or_alone(centre, work)


class _SetFails(Exception):
    """Something of a set cannot be judged: nothing of this transaction is kept."""


def _together_or_alone(centre: Centre, work: Callable[[Connection, bool], T]) -> T:
    """Run judging on the whole set; where that fails once more, each change under a savepoint of its own."""
    try:
        return writing(centre.engine, lambda conn: work(conn, False))
    except _SetFails:
        return writing(centre.engine, lambda conn: work(conn, True))


def judge(
    conn: Connection, centre: Centre, change_ids: Sequence[str], *, now: datetime, late: bool = False,
    again: Sequence[str] = (), only_urgent: bool = False, sent_by: str | None = None,
    came: Came | None = None, alone: bool = False,
) -> Judged:  # fmt: skip
    """Give each waiting change its verdict and effects, the feed last.

    What came before (`again`) is told by a notice too: another copy of the workstation may wait for its verdict.
    """
    by_keys(conn)
    earlier = [] if late else [*again, *left_behind(conn, [*again, *change_ids], only_urgent=only_urgent, now=now)]
    waiting = read_waiting(conn, [*earlier, *change_ids], sent_by=sent_by, skip_locked=late, came=came)
    if not waiting:
        return Judged()
    done = _each_alone(conn, centre, waiting, now) if alone else _all_at_once(conn, centre, waiting, now)
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
    heads = feed.write(conn, done.entries)
    crash_here("judged_before_commit")
    return Judged(done.states, heads)


def _all_at_once(conn: Connection, centre: Centre, waiting: list[Waiting], now: datetime) -> Outcome:
    try:
        return judge_set(conn, centre, waiting, now)
    except Exception as fault:  # the boundary of judging: one bad change may not hold up the others
        _raise_if_passing(fault)
        log.info("set_split", changes=len(waiting), fault=type(fault).__name__)
        raise _SetFails from fault


def _each_alone(conn: Connection, centre: Centre, waiting: list[Waiting], now: datetime) -> Outcome:
    whole = Outcome()
    for one in waiting:
        try:
            with conn.begin_nested():
                part = judge_set(conn, centre, [one], now)
        except Exception as fault:  # noqa: BLE001 - the same boundary, for one change
            _raise_if_passing(fault)
            change_id = one.recorded.change_id
            log.error("change_not_judged", change_id=change_id, fault=type(fault).__name__, where=where(fault))
            review = quarantine(conn, change_id, one.case_id, "judging_failed", now)
            part = Outcome(states=[state_of(change_id, "quarantined", "judging_failed", review, None, now)])
        whole.entries.extend(part.entries)
        whole.states.extend(part.states)
    return whole


def judge_again(conn: Connection, centre: Centre, change_id: str, *, now: datetime, amend: Amend) -> Again:
    """Judge a change that was put aside once more, with its standing as a supervisor decided; the feed is not written.

    Raises Refused where it still cannot be judged: then nothing has changed.
    """
    by_keys(conn)
    conn.execute(
        text("UPDATE change_state SET verdict = 'received', reason = NULL, review_id = NULL WHERE change_id = :c"),
        {"c": change_id},
    )
    try:
        with conn.begin_nested():
            done = judge_set(conn, centre, read_waiting(conn, [change_id]), now, amend)
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


def _raise_if_passing(fault: Exception) -> None:
    """Let faults through that belong to the connection or the moment: the transaction runs again, or waits."""
    if isinstance(fault, DBAPIError) and (fault.connection_invalidated or may_run_again(fault) or is_away(fault)):
        raise fault
