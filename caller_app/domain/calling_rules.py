"""When a person may be rung: opening hours, bands of the day, attempt limits, and the check at the moment of dialling.

What a reader would get wrong: bands and opening hours are London wall time, instants are UTC; on the two clock-change
days a band is an hour shorter or longer and that is right. All limits hold together: the latest of them decides.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from caller_app.base.clock import LONDON, london, london_day
from caller_app.domain.authorities import holding, is_child
from caller_app.domain.items import Item, Number, PastAttempt
from caller_app.domain.projects import DAYS, EARLIEST, LATEST, YOUNGEST, Hours, Project

Band = Literal["A", "B", "C", "D", "E", ""]
STOP_WARN = timedelta(minutes=240)
STOP_HOLD = timedelta(minutes=720)
BETWEEN_SITTINGS = timedelta(hours=24)
SITTING = timedelta(minutes=30)  # numbers tried within this count as one sitting
AFTER_ENGAGED = timedelta(minutes=30)
SECOND_SAME_DAY = ("C02", "R04")  # engaged, cut off: one more sitting on that day
DIALS_A_DAY = 3
PROMISE_EARLY = timedelta(minutes=5)
PROMISE_LATE = timedelta(minutes=15)
_STARTS: tuple[tuple[Band, time], ...] = (("A", time(0)), ("B", time(12)), ("C", time(14)), ("D", time(17)))
_OF_HOUR: tuple[Band, ...] = tuple(
    next(band for band, start in reversed(_STARTS) if hour >= start.hour) for hour in range(24)
)
BAND_WORDS: dict[str, str] = {
    "A": "in the morning",
    "B": "at lunch-time",
    "C": "in the afternoon",
    "D": "in the evening",
    "E": "on a Saturday",
}


class Permission(NamedTuple):
    """Whether a deed is allowed; a reason beside True is a warning to show."""

    ok: bool
    reason: str


_PERMITTED = Permission(True, "")


def opening(day: date, hours: Hours, holidays: Collection[date] = ()) -> tuple[datetime, datetime] | None:
    """Give the two instants between which the team rings on a day, or None when it is closed (domain rules 2.6)."""
    wall = _open_by_the_wall(day, hours, holidays)
    return None if wall is None else _between(day, *wall)


def _open_by_the_wall(day: date, hours: Hours, holidays: Collection[date]) -> tuple[str, str] | None:
    iso = day.isoformat()
    if day.weekday() == 6 or iso in hours.closed or (day in holidays and iso not in hours.opened):
        return None
    span = hours.days.get(DAYS[day.weekday()])
    if span is None:
        return None
    begins, ends = max(span[0], EARLIEST), min(span[1], LATEST)
    return (begins, ends) if begins < ends else None


@lru_cache(maxsize=512)
def _between(day: date, begins: str, ends: str) -> tuple[datetime, datetime]:
    return at_wall(day, time.fromisoformat(begins)), at_wall(day, time.fromisoformat(ends))


def at_wall(day: date, wall: time) -> datetime:
    """Give the instant at which London clocks show this time on this day."""
    return datetime.combine(day, wall, LONDON).astimezone(UTC)


def is_open(now: datetime, hours: Hours, holidays: Collection[date] = ()) -> bool:
    """Tell whether the team may ring at this instant."""
    span = opening(london_day(now), hours, holidays)
    return span is not None and span[0] <= now < span[1]


def band_of(moment: datetime) -> Band:
    """Give the band of the day: A morning, B lunch, C afternoon, D evening, E Saturday; Sunday has none."""
    utc = moment.astimezone(UTC)
    return _band_in_hour(utc.toordinal(), utc.hour)


@lru_cache(maxsize=4096)
def _band_in_hour(day: int, hour: int) -> Band:
    """Give the band of one hour by UTC: London's clock is always a whole number of hours beside it."""
    return _band(london(datetime.combine(date.fromordinal(day), time(hour), UTC)))


def _band(wall: datetime) -> Band:
    weekday = wall.weekday()
    if weekday >= 5:
        return "E" if weekday == 5 else ""
    return _OF_HOUR[wall.hour]


def next_allowed(
    item: Item, now: datetime, project: Project, holidays: Collection[date] = (), *, after: PastAttempt | None = None
) -> datetime:
    """Give the earliest instant at which the next sitting may begin (domain rules 2.7).

    Rules in one place: open hours, 24 hours between sittings (a second one the same day after engaged or a cut-off
    call), another band than last time, at least two weekdays and two bands by the last attempt. Where the project's
    own hours make the wish for bands impossible within three weeks, the wish yields and the hours stay.
    """
    past = counted_history(item.attempts if after is None else (*item.attempts, after))
    earliest = now
    if past:
        earliest = max(now, _after_last(past))
    last_one = project.max_attempts > 1 and len(past) >= project.max_attempts - 1
    walls = [london(one.at) for one in (past if last_one else past[-1:])]
    days = {wall.weekday() for wall in walls} if last_one else set()
    bands = [_band(wall) for wall in walls]
    last_band = bands[-1] if bands else ""
    wants_evening = last_one and not ("D" in bands or "E" in bands)
    twice_a_day = bool(past) and past[-1].outcome in SECOND_SAME_DAY
    for wishes in (2, 1, 0):
        for start, band, day in _slots(earliest, project.hours, holidays):
            if wishes and past and not (twice_a_day and second_today(past, start)):
                if twice_a_day and start < past[-1].at + BETWEEN_SITTINGS:
                    continue  # the same day's second chance has gone; the ordinary gap holds again
                if band == last_band or (last_one and len(days | {day.weekday()}) < 2):
                    continue
            if wishes == 2 and wants_evening and band not in "DE" and _working_age(item, day):
                continue
            return start
    return earliest + timedelta(days=21)


def next_band(now: datetime, project: Project, holidays: Collection[date] = ()) -> datetime:
    """Give the start of the next open slot in another band than the present one."""
    here = band_of(now)
    day = london_day(now)
    for start, band, its_day in _slots(now, project.hours, holidays):
        if band != here or its_day != day:
            return start
    return now + timedelta(days=1)


def counted_history(attempts: Iterable[PastAttempt]) -> list[PastAttempt]:
    """Give the attempts that counted, oldest first."""
    return sorted((one for one in attempts if one.counted and not one.superseded), key=lambda one: one.at)


def second_today(past: list[PastAttempt], moment: datetime) -> bool:
    """Tell whether a sitting now would be the allowed second one of its day, after engaged or a cut-off call."""
    if not past or past[-1].outcome not in SECOND_SAME_DAY or london_day(past[-1].at) != london_day(moment):
        return False
    return sum(1 for one in past if london_day(one.at) == london_day(moment)) < 2


def _after_last(past: list[PastAttempt]) -> datetime:
    last = past[-1]
    if second_today(past, last.at):
        soon = last.at + (AFTER_ENGAGED if last.outcome == "C02" else timedelta(0))
        if london_day(soon) == london_day(last.at):
            return soon
    return last.at + BETWEEN_SITTINGS


def _working_age(item: Item, day: date) -> bool:
    age = age_on(item.patient.dob, day)
    return age is not None and 18 <= age < 67


def age_on(dob: str, day: date) -> int | None:
    """Give the age in whole years on a day; None where the date cannot be read."""
    try:
        born = date.fromisoformat(dob)
    except ValueError:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _slots(earliest: datetime, hours: Hours, holidays: Collection[date]) -> Iterable[tuple[datetime, Band, date]]:
    """Give the stretches in which a sitting could begin: from when, in which band, on which day in London."""
    first = london_day(earliest)
    for ahead in range(22):
        day = first + timedelta(days=ahead)
        wall = _open_by_the_wall(day, hours, holidays)
        if wall is None:
            continue
        for begins, ends, band in _parts(day, *wall):
            start = max(begins, earliest)
            if start < ends:
                yield start, band, day


@lru_cache(maxsize=512)
def _parts(day: date, begins_at: str, ends_at: str) -> tuple[tuple[datetime, datetime, Band], ...]:
    """Cut an open day where the bands change: a part lies in one band from end to end."""
    opens, closes = _between(day, begins_at, ends_at)
    edges = [opens, *(at_wall(day, start) for _, start in _STARTS[1:] if day.weekday() < 5), closes]
    inside = sorted({edge for edge in edges if opens <= edge <= closes})
    return tuple((begins, ends, band_of(begins)) for begins, ends in pairwise(inside))


def may_dial(
    item: Item,
    now: datetime,
    list_age: timedelta | None,
    project: Project,
    *,
    number: str | None = None,
    holidays: Collection[date] = (),
    dials: Collection[datetime] = (),
) -> Permission:
    """Tell whether this person may be rung now, on this number if one is named; `dials` are earlier dials of it."""
    sitting = number is not None and same_sitting(item, number, now)
    for check in (
        _list_fresh(list_age),
        _PERMITTED if sitting else _case_open(item, now),
        _old_enough(item, now, project),
    ):
        if not check.ok:
            return check
    if not is_open(now, project.hours, holidays):
        return Permission(False, "Outside calling hours.")
    if number is not None:
        found = next((one for one in item.numbers if one.e164 == number), None)
        if found is None:
            return Permission(False, "This is not one of the person's numbers.")
        check = number_fits(found)
        if not check.ok:
            return check
        if dials_today(item, number, now, dials) >= DIALS_A_DAY:
            return Permission(False, "This number has been dialled three times today.")
    elif not any(number_fits(one).ok for one in item.numbers):
        return Permission(False, "No number is left that may be dialled.")
    return _list_fresh(list_age)


def number_fits(number: Number) -> Permission:
    """Tell whether a number may be dialled at all."""
    reasons = {
        "wrong": "This number belongs to somebody else.",
        "dead": "This number is not in service.",
        "barred": "This number may not be dialled.",
    }
    if number.state in reasons:
        return Permission(False, reasons[number.state])
    if not number.dialable:
        return Permission(False, "This number needs the supervisor before it is dialled.")
    return Permission(True, "")


def same_sitting(item: Item, number: str, now: datetime) -> bool:
    """Tell whether ringing this number now goes on with the sitting just begun on another one (domain rules 2.7)."""
    if item.status in ("supervisor", "needs_review"):
        return False
    recent = [one for one in item.attempts if not one.superseded and timedelta(0) <= now - one.at < SITTING]
    if not recent or any(one.number == number for one in recent):
        return False
    return all(one.outcome in ("C01", "C03", "C04", "C05", "P01", "P02") for one in recent)


def dials_today(item: Item, number: str, now: datetime, dials: Collection[datetime] = ()) -> int:
    """Count today's dials of a number: what was handed to the dialler or what was recorded, whichever is more."""
    handed = sum(1 for at in dials if london_day(at) == london_day(now))
    recorded = sum(1 for one in item.attempts if one.number == number and london_day(one.at) == london_day(now))
    return max(handed, recorded)


def _list_fresh(list_age: timedelta | None) -> Permission:
    if list_age is None or list_age >= STOP_HOLD:
        return Permission(
            False,
            "The list on this workstation is too old to know who has asked not to be called. "
            "Connect to the centre; dialling opens again at once.",
        )
    if list_age >= STOP_WARN:
        hours = int(list_age / timedelta(hours=1))
        return Permission(True, f"The list is {hours} hours old: somebody may have asked not to be called since.")
    return Permission(True, "")


def _case_open(item: Item, now: datetime) -> Permission:
    closed = {
        "closed": "This case is closed",
        "supervisor": "This case is with the supervisor",
        "needs_review": "Two results disagree: the supervisor decides first",
    }
    if item.status in closed:
        return Permission(False, _sentence(closed[item.status], item.status_why))
    promise = min((one for one in item.promises if one.state == "open"), key=lambda one: one.from_at, default=None)
    if promise is not None:
        if now < promise.from_at - PROMISE_EARLY:
            return Permission(False, f"We promised to ring {when(promise.from_at, now)}.")
        return Permission(True, "")
    if item.status == "held" and (item.not_before is None or now < item.not_before):
        return Permission(False, _sentence("This case is held", item.status_why))
    if item.not_before is not None and now < item.not_before:
        return Permission(False, _sentence(f"Not before {when(item.not_before, now)}", item.status_why))
    return Permission(True, "")


def _sentence(words: str, why: str) -> str:
    return f"{words}: {why}." if why else f"{words}."


def _old_enough(item: Item, now: datetime, project: Project) -> Permission:
    age = age_on(item.patient.dob, london_day(now))
    if age is not None and age < max(project.minimum_age, YOUNGEST):
        return Permission(False, "The person is too young for this project: the supervisor decides.")
    if is_child(item, now) and not holding(item, now):
        return Permission(
            False,
            "Under 16, and nobody is recorded who has parental responsibility: the supervisor decides.",
        )
    return Permission(True, "")


def when(moment: datetime, now: datetime) -> str:
    """Say an instant the short way people say it: "16:00", "tomorrow 09:30", "Tue 24 Nov 14:00"."""
    wall, today = london(moment), london_day(now)
    clock = f"{wall:%H:%M}"
    if wall.date() == today:
        return clock
    if wall.date() == today + timedelta(days=1):
        return f"tomorrow {clock}"
    return f"{wall:%a} {wall.day} {wall:%b} {clock}" + ("" if wall.year == today.year else f" {wall.year}")
