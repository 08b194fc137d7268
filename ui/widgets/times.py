"""Instants as people in London read them."""

from datetime import datetime

from caller_app.base.clock import from_text, london, london_day


def moment_words(moment: datetime | None, now: datetime, *, none: str = "never") -> str:
    """Say when: "10:32", "yesterday 16:05", "Mon 16:05", "12 Mar 16:05", with the year when it is another one."""
    if moment is None:
        return none
    wall = london(moment)
    days = (london_day(now) - london_day(moment)).days
    clock = f"{wall:%H:%M}"
    if days == 0:
        return clock
    if days == 1:
        return f"yesterday {clock}"
    if days == -1:
        return f"tomorrow {clock}"
    year = "" if wall.year == london(now).year else f" {wall.year}"
    return f"{wall.day} {wall:%b}{year} {clock}"


def text_words(text: str | None, now: datetime, *, none: str = "never") -> str:
    """Say when for an instant in its text form."""
    return moment_words(from_text(text) if text else None, now, none=none)


def exact_words(moment: datetime | None) -> str:
    """Say an instant to the second, for "as of"."""
    return "" if moment is None else f"{london(moment):%H:%M:%S}"
