"""A clock that stands until it is told to move."""

from datetime import UTC, datetime, timedelta


class StoppedClock:
    """Wall and monotonic time under the test's hand; `set_back` moves the wall clock alone."""

    def __init__(self, at: datetime = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)) -> None:
        self._now = at
        self._mono = 1_000_000_000

    def now(self) -> datetime:
        return self._now

    def monotonic_ns(self) -> int:
        return self._mono

    def pass_by(self, **how_long: float) -> None:
        """Let time pass on both clocks."""
        step = timedelta(**how_long)
        self._now += step
        self._mono += int(step.total_seconds() * 1_000_000_000)

    def turn_wall(self, **how_far: float) -> None:
        """Turn the wall clock alone, as a person or a wrong time server does."""
        self._now += timedelta(**how_far)
