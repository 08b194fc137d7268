"""The list of GP practices as the national file gives it, and how a row finds its practice in it.

The code decides. A name is looked up among open GP practices only (status A, prescribing setting 4), never to replace
a closed practice: this list names no successors.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from caller_app.domain.text import words

_GP_SETTING = "4"
_APOSTROPHE = re.compile(r"['’`]")


@dataclass(frozen=True, slots=True)
class Practice:
    """One organisation of the practice list."""

    code: str
    name: str
    address_lines: tuple[str, ...]
    postcode: str
    phone: str
    status: str
    setting: str
    open_on: date | None
    close_on: date | None

    @property
    def is_open(self) -> bool:
        """True while the list calls it active."""
        return self.status == "A"

    @property
    def is_gp(self) -> bool:
        """True for GP practices, false for the other prescribing settings in the same list."""
        return self.setting == _GP_SETTING


def name_key(name: str) -> str:
    """The form in which practice names are compared: case and punctuation do not count."""
    return words(_APOSTROPHE.sub("", name))


class PracticeDirectory:
    """Look-ups in the practice list, by code and by name."""

    def __init__(self, practices: Iterable[Practice]) -> None:
        self._by_code: dict[str, Practice] = {practice.code: practice for practice in practices}
        self._by_name: dict[str, list[str]] = {}
        for practice in self._by_code.values():
            if practice.is_open and practice.is_gp:
                self._by_name.setdefault(name_key(practice.name), []).append(practice.code)

    def __len__(self) -> int:
        return len(self._by_code)

    def all(self) -> Iterable[Practice]:
        """Every organisation of the list, open or closed."""
        return self._by_code.values()

    def get(self, code: str) -> Practice | None:
        """The organisation with this code, None when the list does not know it."""
        return self._by_code.get(code)

    def named(self, name: str) -> tuple[str, ...]:
        """The codes of the open GP practices with this name."""
        return tuple(self._by_name.get(name_key(name), ()))
