"""The one place that reads a clock. Everything else is handed a Clock, so that tests move time.

All instants are aware UTC; wall times of the team are Europe/London (`london`).
"""

import functools
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    LONDON: ZoneInfo  # read at its first use: the window paints sign-in before it needs a time zone


class Clock(Protocol):
    """What time it is: `now` aware UTC, `monotonic_ns` never goes back while the machine runs."""

    def now(self) -> datetime: ...

    def monotonic_ns(self) -> int: ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


class Moment:
    """A clock that stands: what both clocks said when a piece of work began."""

    def __init__(self, now: datetime, mono_ns: int) -> None:
        self._now = now
        self._mono_ns = mono_ns

    def now(self) -> datetime:
        return self._now

    def monotonic_ns(self) -> int:
        return self._mono_ns


class ShiftedClock:
    """The machine's clock moved ahead by a fixed span: a demo on a Sunday night plays on a Tuesday morning."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


def demo_clock(environment: Mapping[str, str]) -> Clock:
    """Give the clock of a demo: CALLER_APP_CLOCK_AHEAD holds whole seconds. Live programs never call this."""
    seconds = environment.get("CALLER_APP_CLOCK_AHEAD", "")
    return ShiftedClock(timedelta(seconds=int(seconds))) if seconds.isascii() and seconds.isdigit() else SystemClock()


@functools.cache
def _london_zone() -> "ZoneInfo":
    from zoneinfo import ZoneInfo

    return ZoneInfo("Europe/London")


def __getattr__(name: str) -> "ZoneInfo":
    if name == "LONDON":
        return _london_zone()
    raise AttributeError(name)


def london(moment: datetime) -> datetime:
    """Show an instant as London wall time (daylight saving included)."""
    return moment.astimezone(_london_zone())


def london_day(moment: datetime) -> date:
    """Give the calendar day in London on which an instant falls."""
    return london(moment).date()


def to_text(moment: datetime) -> str:
    """Write an instant the one way the wire and the files hold it: ISO 8601, UTC, microseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Read what `to_text` wrote; raises ValueError for a text without a zone, or beyond the calendar."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs its zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # within an hour's offset of the first or the last day there is
        raise ValueError("an instant needs to be within the calendar") from None
