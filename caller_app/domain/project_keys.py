"""Reading a TOML file key by key, so that a fault is said with the key's whole name and an unknown key is refused.

What a reader would get wrong: a misspelt key is a fault, not an extra. A project that silently kept its default
would ring people at the wrong hours.
"""

import re
import tomllib
from datetime import date, datetime
from typing import Any, NoReturn

from caller_app.base.errors import Refused

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_NEEDED = "\0"


class Table:
    """One table of the file; every key asked for is ticked off, `finish` refuses the rest."""

    def __init__(self, values: dict[str, Any], path: str = "", what: str = "The project file") -> None:
        self._values = values
        self._path = path
        self._what = what
        self._seen: set[str] = set()

    def _key(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def fault(self, key: str, what: str) -> NoReturn:
        """Refuse the key with these words."""
        raise Refused(f"{self._what}: {self._key(key)} {what}.", field=self._key(key))

    def _take(self, key: str) -> Any:
        self._seen.add(key)
        return self._values.get(key)

    def expect(self, fact: bool, key: str, what: str) -> None:
        """Refuse the key with these words where the fact does not hold."""
        if not fact:
            self.fault(key, what)

    def text(self, key: str, default: str = _NEEDED, *, limit: int = 2_000) -> str:
        """Give a text; without a default it must be there and not blank."""
        value = self._take(key)
        if value is None:
            if default == _NEEDED:
                self.fault(key, "is missing")
            return default
        if not isinstance(value, str):
            self.fault(key, "must be a text in quotes")
        if not value.strip() and default == _NEEDED:
            self.fault(key, "is empty")
        if len(value) > limit:
            self.fault(key, f"is longer than {limit} characters")
        return value.strip()

    def choice(self, key: str, among: tuple[str, ...], default: str = _NEEDED) -> str:
        """Give one of the allowed words."""
        value = self.text(key, default)
        if value not in among:
            self.fault(key, f"must be one of {', '.join(among)}")
        return value

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """Give a whole number between bounds."""
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(key, f"must be a whole number from {least} to {most}")
        return value

    def number(self, key: str) -> float | None:
        """Give a number or None."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(key, "must be a number")
        return float(value)

    def flag(self, key: str, default: bool) -> bool:
        """Give true or false."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(key, "must be true or false")
        return value

    def word_or_flag(self, key: str) -> bool | str | None:
        """Give a text, true, false or None."""
        value = self._take(key)
        if value is not None and not isinstance(value, bool | str):
            self.fault(key, "must be a text, true or false")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Give a list of texts; without a default it must be there."""
        value = self._take(key)
        if value is None:
            if default is None:
                self.fault(key, "is missing")
            return default
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fault(key, "must be a list of texts")
        return tuple(value)

    def words(self) -> dict[str, str]:
        """Give a whole table of texts."""
        for key, value in self._values.items():
            if not isinstance(value, str):
                self.fault(key, "must be a text in quotes")
        return dict(self._values)

    def times(self, key: str) -> tuple[str, str] | None:
        """Give a span ["09:00", "19:00"]; an empty list or no key means closed."""
        value = self._take(key)
        if value is None or value == []:
            return None
        if not isinstance(value, list) or len(value) != 2 or not all(isinstance(one, str) for one in value):
            self.fault(key, 'must be two times, ["09:00", "19:00"]')
        if not all(_TIME.fullmatch(one) for one in value):
            self.fault(key, 'must hold times like "09:00"')
        return value[0], value[1]

    def day(self, key: str) -> str | None:
        """Give a date as ISO text, or None."""
        value = self._take(key)
        return None if value is None else self._iso(key, value)

    def dates(self, key: str) -> tuple[str, ...]:
        """Give a list of dates as ISO texts."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault(key, "must be a list of dates")
        return tuple(self._iso(key, one) for one in value)

    def _iso(self, key: str, value: Any) -> str:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        try:
            return date.fromisoformat(value).isoformat()
        except (TypeError, ValueError):
            self.fault(key, "must be a date like 2026-03-31")

    def table(self, key: str) -> "Table":
        """Give a table; one that is not there is empty."""
        value = self._take(key)
        if value is not None and not isinstance(value, dict):
            self.fault(key, "must be a table")
        return Table(value or {}, self._key(key), self._what)

    def tables(self, key: str) -> list["Table"]:
        """Give a list of tables."""
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fault(key, "must be a list of tables")
        return [Table(one, f"{self._key(key)}[{place}]", self._what) for place, one in enumerate(value, 1)]

    def names(self) -> list[str]:
        """Give every key there is, for a table whose keys are names."""
        return list(self._values)

    def finish(self) -> None:
        """Refuse keys nobody asked for."""
        for key in self._values:
            if key not in self._seen:
                self.fault(key, "is not a key that is known here")


def read_toml(text: str, what: str = "The project file") -> Table:
    """Read a whole file; a fault of the notation is said with its line."""
    try:
        return Table(tomllib.loads(text), what=what)
    except tomllib.TOMLDecodeError as fault:
        raise Refused(f"{what} is not valid TOML: {fault}.", field="toml") from None
