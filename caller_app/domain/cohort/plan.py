"""Which column of a sheet holds what, and the settings under which its rows are judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from caller_app.domain.dates import DateOrder
from caller_app.domain.practices import PracticeDirectory

_LABELS: Final = {"phone_mobile": "mobile", "phone_home": "home", "phone_work": "work", "phone_other": "phone"}


@dataclass(frozen=True, slots=True)
class PhoneColumn:
    """A telephone column: its place in the sheet and the label its numbers get."""

    index: int
    letter: str
    field: str

    @property
    def label(self) -> str:
        """The label of a number from this column when no words stand beside it."""
        return _LABELS[self.field]


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """Zero-based column numbers by field; telephones and address lines are lists in sheet order."""

    single: Mapping[str, int]
    phones: tuple[PhoneColumn, ...]
    address: tuple[int, ...]

    def indexes(self) -> frozenset[int]:
        """Every column that is read."""
        return frozenset((*self.single.values(), *(phone.index for phone in self.phones), *self.address))


@dataclass(frozen=True, slots=True)
class Settings:
    """Under which assumptions rows are judged."""

    campaign: str
    practices: PracticeDirectory
    as_of: date
    test_mode: bool
    order: DateOrder = DateOrder.DAY_FIRST
    date1904: bool = False
