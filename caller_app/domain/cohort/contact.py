"""The telephone numbers and the address of one row.

A bad number never refuses the row: it is left out and reported. Order and kind do not come from the column; only the
label does, when no words stand beside the number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from caller_app.domain import phones, postcodes
from caller_app.domain.cohort.cells import Cell, Mark
from caller_app.domain.cohort.plan import PhoneColumn
from caller_app.domain.cohort.records import CanonicalPhone, DroppedPhone
from caller_app.domain.practices import Practice
from caller_app.domain.text import is_filler, tidy

_BLOCKED_REASONS = {"PHONE_PREMIUM_BLOCKED": "PHONE_PREMIUM_BLOCKED", "PHONE_FOREIGN": "PHONE_FOREIGN_HELD"}
_LONGEST_RAW = 60


@dataclass(slots=True)
class Notes:
    """What is found on a row while it is read: repairs (`reasons`), `warnings`, and silent clean-up (`normalised`)."""

    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    normalised: list[str] = field(default_factory=list)
    confirm: list[str] = field(default_factory=list)

    def repair(self, code: str) -> None:
        """Note a repair once."""
        if code not in self.reasons:
            self.reasons.append(code)

    def warn(self, code: str) -> None:
        """Note a warning once."""
        if code not in self.warnings:
            self.warnings.append(code)

    def clean(self, code: str) -> None:
        """Note a silent clean-up once."""
        if code not in self.normalised:
            self.normalised.append(code)


@dataclass(slots=True)
class PhonesRead:
    """The numbers kept and the numbers left out."""

    kept: tuple[CanonicalPhone, ...]
    dropped: tuple[DroppedPhone, ...]


def read_phones(
    cells: Mapping[int, Cell],
    columns: Iterable[PhoneColumn],
    *,
    test_mode: bool,
    text_opt_out: bool,
    practice: Practice | None,
    notes: Notes,
) -> PhonesRead:
    """Read every telephone cell of a row."""
    kept: dict[str, CanonicalPhone] = {}
    dropped: list[DroppedPhone] = []
    something = False
    own = practice_number(practice)
    for column in columns:
        cell = cells.get(column.index)
        if cell is None:
            continue
        if isinstance(cell, Mark):
            notes.repair(cell.code)
            something = True
            continue
        if isinstance(cell, (bool, date)):
            notes.repair("PHONE_INVALID_DROPPED")
            something = True
            continue
        for raw in _numbers_of(cell, notes, test_mode):
            something = True
            _take(raw, column, kept, dropped, own, test_mode, text_opt_out, notes)
    if not kept:
        notes.warn("NO_USABLE_PHONE" if something else "NO_PHONE")
    return PhonesRead(tuple(kept.values()), tuple(dropped))


def practice_number(practice: Practice | None) -> str | None:
    """The practice's own number as E.164: a common filler in telephone cells."""
    if practice is None or not practice.phone:
        return None
    digits = "".join(character for character in practice.phone if character.isdigit())
    return "+44" + digits[1:] if digits.startswith("0") else None


def _numbers_of(cell: str | float, notes: Notes, test_mode: bool) -> list[str | int | float]:
    if not isinstance(cell, str) or (cell.replace(" ", "").isdigit() and len(cell) > 8):
        return [cell]
    if not cell.strip() or phones.is_empty(cell):
        return []
    parts: list[str] = phones.split(cell)
    if len(parts) > 1:
        if "/" in cell and _is_one_number(parts, test_mode):
            return [" ".join(parts)]
        notes.repair("PHONE_SPLIT")
    return [*parts]


def _is_one_number(parts: list[str], test_mode: bool) -> bool:
    """True for '01632/960123': no part is a number, the whole is."""
    if any(isinstance(phones.parse(part, test_mode=test_mode), phones.Phone) for part in parts):
        return False
    return isinstance(phones.parse(" ".join(parts), test_mode=test_mode), phones.Phone)


def _take(
    raw: str | float,
    column: PhoneColumn,
    kept: dict[str, CanonicalPhone],
    dropped: list[DroppedPhone],
    own: str | None,
    test_mode: bool,
    text_opt_out: bool,
    notes: Notes,
) -> None:
    phone = phones.parse(raw, test_mode=test_mode)
    if isinstance(phone, phones.PhoneRefusal) or phone.e164 == own:
        code = phone.code if isinstance(phone, phones.PhoneRefusal) else "PHONE_PRACTICE_OWN_DROPPED"
        notes.repair(code)
        dropped.append(DroppedPhone(column.letter, tidy(str(raw))[:_LONGEST_RAW], code))
        return
    if phone.zero_restored:
        notes.repair("PHONE_ZERO_RESTORED")
    if phone.label is not None:
        notes.repair("PHONE_LABEL_TAKEN")
    if phone.extension is not None:
        notes.clean("PHONE_EXTENSION")
    if phone.blocked == "PHONE_DO_NOT_RING":
        notes.warn("PHONE_DO_NOT_RING")
    elif phone.blocked is not None:
        notes.repair(_BLOCKED_REASONS[phone.blocked])
    before = kept.get(phone.e164)
    if before is not None:
        notes.repair("PHONE_REPEATED_IN_ROW")
        if before.dialable and not phone.dialable:
            # "Do not ring" beside one copy of a number counts for the number.
            kept[phone.e164] = _canonical(phone, column, text_opt_out)
        return
    kept[phone.e164] = _canonical(phone, column, text_opt_out)


def _canonical(phone: phones.Phone, column: PhoneColumn, text_opt_out: bool) -> CanonicalPhone:
    return CanonicalPhone(
        phone.e164,
        phone.label or column.label,
        "column" if phone.label is None else "text",
        phone.kind.value,
        phone.textable and not text_opt_out,
        phone.dialable,
        column.letter,
        phone.extension,
    )


def read_address(cells: Mapping[int, Cell], columns: Iterable[int], notes: Notes) -> tuple[str, ...]:
    """The filled address lines in order; a whole address in one cell stays one line."""
    lines: list[str] = []
    for index in columns:
        cell = cells.get(index)
        if cell is None:
            continue
        if isinstance(cell, Mark):
            notes.repair(cell.code)
        elif isinstance(cell, (date, bool)):
            notes.repair("ADDRESS_UNREADABLE")  # a spreadsheet took "5-6" for a day
        else:
            line = tidy(cell if isinstance(cell, str) else f"{cell:g}" if abs(cell) < 1e6 else str(cell))
            if not is_filler(line):
                lines.append(line)
    return tuple(lines)


def read_postcode(cell: Cell | None, notes: Notes) -> str | None:
    """The postcode, or None when the cell is empty or fails the pattern."""
    if cell is None:
        return None
    if isinstance(cell, Mark):
        notes.repair(cell.code)
        return None
    postcode = postcodes.check(cell if isinstance(cell, str) else str(cell))
    if postcode is None:
        if not phones.is_empty(str(cell)):
            notes.repair("POSTCODE_INVALID")
    elif postcode != cell:
        notes.clean("POSTCODE_FORMAT")
    return postcode


def warn_about_address(lines: tuple[str, ...], postcode: str | None, notes: Notes, *, postcode_given: bool) -> None:
    """Say what is missing from an address; the ZZ99 codes say it themselves; so does one left out."""
    if postcode == postcodes.NO_FIXED_ABODE:
        notes.warn("NO_FIXED_ABODE")
        return
    if postcode is not None and postcodes.is_pseudo(postcode):
        notes.warn("ADDRESS_NOT_KNOWN")
        return
    if not lines:
        notes.warn("ADDRESS_MISSING")
    if postcode is None and not postcode_given:
        notes.warn("POSTCODE_MISSING")
