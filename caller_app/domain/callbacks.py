"""Promised times: what a caller may promise, the quick choices, and when a promise is due, late or overdue.

What a reader would get wrong: a promise lies wholly inside open hours. It is never dropped because the hours change
later; then the supervisor is told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from caller_app.base.clock import london, london_day
from caller_app.base.errors import Refused
from caller_app.domain.calling_rules import PROMISE_EARLY, PROMISE_LATE, at_wall, opening
from caller_app.domain.facts import parse_range
from caller_app.domain.items import Promise
from caller_app.domain.projects import Project

PromiseStanding = Literal["early", "due", "overdue"]
FAR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that may be promised; `label` names a quick choice, `words` say when in London wall time."""

    from_at: datetime
    to_at: datetime
    label: str = ""

    @property
    def words(self) -> str:
        begins, ends = london(self.from_at), london(self.to_at)
        return f"{begins:%A} {begins.day} {begins:%B}, {begins:%H:%M} to {ends:%H:%M}"


def fits(from_at: datetime, to_at: datetime, project: Project, holidays: Collection[date] = ()) -> bool:
    """Tell whether a promised time lies wholly inside one day's open hours."""
    span = opening(london_day(from_at), project.hours, holidays)
    return span is not None and span[0] <= from_at <= to_at <= span[1] and from_at < span[1]


def check_slot(
    from_at: datetime, to_at: datetime, now: datetime, project: Project, holidays: Collection[date] = ()
) -> None:
    """Refuse a time that may not be promised, saying which hours are open that day (domain rules 2.6)."""
    if to_at < from_at:
        raise Refused("The time ends before it begins.", field="time")
    if to_at <= now:
        raise Refused("This time has passed.", field="time")
    if from_at > now + FAR:
        raise Refused("A call can be promised for the next three months at most.", field="date")
    span = opening(london_day(from_at), project.hours, holidays)
    if span is None:
        raise Refused("Nobody rings on that day: it is a Sunday, a bank holiday or a closed day.", field="date")
    if not fits(from_at, to_at, project, holidays):
        begins, ends = london(span[0]), london(span[1])
        raise Refused(f"On that day we ring from {begins:%H:%M} to {ends:%H:%M}.", field="time")


def slot_in(code: str, facts: Mapping[str, Any], project: Project, holidays: Collection[date] = ()) -> Slot | None:
    """Give the time the facts of an outcome promise to the person: R01, R03 and A04 do; others promise nothing.

    Where only a day was agreed (R03), the promise is the day's open hours.
    """
    if code not in ("R01", "R03", "A04") or not isinstance(facts.get("date"), str):
        return None
    try:
        day = date.fromisoformat(facts["date"])
    except ValueError:
        return None
    times = parse_range(facts.get("time"))
    if times is not None:
        return Slot(at_wall(day, time.fromisoformat(times[0])), at_wall(day, time.fromisoformat(times[1])))
    span = opening(day, project.hours, holidays)
    return Slot(*span) if span else None


def quick_slots(now: datetime, project: Project, holidays: Collection[date] = ()) -> tuple[Slot, ...]:
    """Give the ready-made choices that lie in open hours: later today, tomorrow morning, in the evening."""
    slots: list[Slot] = []
    today = london_day(now)
    span = opening(today, project.hours, holidays)
    if span is not None:
        wall = london(now) + timedelta(hours=2)
        hour = wall.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1 if wall.minute else 0)
        if hour.date() == today:
            start = at_wall(today, hour.time())
            slots.extend(_inside(start, start + timedelta(hours=1), "Later today", project, holidays))
    following = _next_open_day(today, project, holidays)
    if following is not None:
        label = "Tomorrow morning" if following == today + timedelta(days=1) else f"{following:%A} morning"
        opens = opening(following, project.hours, holidays)
        if opens is not None:
            start = max(opens[0], at_wall(following, time(9)))
            slots.extend(_inside(start, at_wall(following, time(12)), label, project, holidays))
    for ahead in range(8):
        day = today + timedelta(days=ahead)
        start, end = at_wall(day, time(17)), at_wall(day, time(19))
        if start > now and fits(start, end, project, holidays):
            label = "This evening" if ahead == 0 else "Tomorrow evening" if ahead == 1 else f"{day:%A} evening"
            slots.append(Slot(start, end, label))
            break
    return tuple(slots)


def _inside(start: datetime, end: datetime, label: str, project: Project, holidays: Collection[date]) -> list[Slot]:
    return [Slot(start, end, label)] if start < end and fits(start, end, project, holidays) else []


def _next_open_day(today: date, project: Project, holidays: Collection[date]) -> date | None:
    days = (today + timedelta(days=ahead) for ahead in range(1, 15))
    return next((day for day in days if opening(day, project.hours, holidays)), None)


def overdue_at(from_at: datetime, to_at: datetime) -> datetime:
    """Give the instant after which a promised call is late: its end, at least 15 minutes after its start."""
    return max(to_at, from_at + PROMISE_LATE)


def standing_of(from_at: datetime, to_at: datetime, now: datetime) -> PromiseStanding:
    """Tell whether a promised time is still to come, due now (from 5 minutes before) or overdue."""
    if now < from_at - PROMISE_EARLY:
        return "early"
    return "due" if now <= overdue_at(from_at, to_at) else "overdue"


def may_keep(promise: Promise, user_id: int) -> bool:
    """Tell whether this caller may keep the promise: the person may have asked for the one who made it."""
    return promise.anyone or promise.made_by_id == user_id
