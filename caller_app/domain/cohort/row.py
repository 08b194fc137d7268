"""Judges one row of a cohort file by itself; what other rows say about the person comes later (`crossing`).

Order of judgement: faults that refuse, exclusions, repairs. Of a refused row nothing is kept but codes, and the NHS
number when the row stops the person everywhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import Final

from caller_app.domain import nhs_number, ods
from caller_app.domain.cohort.cells import Cell, Mark
from caller_app.domain.cohort.contact import (
    Notes,
    PhonesRead,
    read_address,
    read_phones,
    read_postcode,
    warn_about_address,
)
from caller_app.domain.cohort.extras import ExtrasReader
from caller_app.domain.cohort.fields import MAXIMUM_AGE, MINIMUM_AGE
from caller_app.domain.cohort.flags import (
    Answer,
    read_deceased,
    read_interpreter,
    read_opt_out,
    read_sensitive,
    read_sex,
    read_text_consent,
)
from caller_app.domain.cohort.names import read_name
from caller_app.domain.cohort.needs import LanguageRead, read_language, read_needs
from caller_app.domain.cohort.plan import ColumnPlan, Settings
from caller_app.domain.cohort.records import CanonicalPatient, RowResult, Verdict
from caller_app.domain.dates import DateFault, age_on, read_date
from caller_app.domain.postcodes import NO_FIXED_ABODE
from caller_app.domain.practices import Practice, name_key
from caller_app.domain.text import is_filler, plain

_ANSWERS: Final[dict[str, Callable[[Cell | None], Answer]]] = {
    "deceased": read_deceased,
    "opt_out": read_opt_out,
    "sensitive": read_sensitive,
    "text_consent": read_text_consent,
    "interpreter": read_interpreter,
}
_REMEMBERED: Final = 5_000


@dataclass(slots=True)
class Judged:
    """The verdict on a row by itself, and what it says about the person on every other row."""

    result: RowResult
    nhs_number: str | None = None
    stop: str | None = None
    sensitive: bool = False
    unclear: tuple[str, ...] = ()


class RowJudge:
    """Judges rows of one sheet under one set of settings."""

    def __init__(self, plan: ColumnPlan, settings: Settings) -> None:
        self._plan = plan
        self._single = dict(plan.single)
        self._settings = settings
        self._extras = ExtrasReader(plan.single, settings)
        # What has been found out once about a wording: these columns hold few of them.
        self._languages: dict[str, LanguageRead] = {}
        self._answers: dict[tuple[str, str], Answer] = {}
        self._same_names: dict[tuple[str, str], bool] = {}
        self._shared: dict[tuple[str, ...], tuple[str, ...]] = {}

    def _cell(self, cells: Mapping[int, Cell], field: str) -> Cell | None:
        index = self._single.get(field)
        return None if index is None else cells.get(index)

    def _codes(self, codes: list[str]) -> tuple[str, ...]:
        """One tuple for all rows with the same codes: 60,000 rows share a few dozen."""
        key = tuple(codes)
        return self._shared.setdefault(key, key)

    def judge(self, row: int, cells: Mapping[int, Cell], *, hidden: bool = False) -> Judged:
        """Judge one row that is about a person."""
        notes = Notes()
        faults: list[str] = []
        number = self._nhs_number(cells, faults, notes)
        given, family, marked_dead = self._names(cells, faults, notes)
        dob = self._dob(cells, faults, notes)
        deceased = Answer.YES if marked_dead else self._stop(cells, "deceased", notes)
        opted_out = self._stop(cells, "opt_out", notes)
        # A flag nobody can read may be the S-flag: contact details are withheld until someone has looked.
        sensitive = self._stop(cells, "sensitive", notes) in (Answer.YES, Answer.UNCLEAR)
        unclear = tuple(notes.confirm)
        practice = None if sensitive else self._practice(cells, faults, notes)
        stop = "deceased" if deceased is Answer.YES else "opt_out" if opted_out is Answer.YES else None
        if faults or number is None or dob is None:
            refused = RowResult(
                row,
                Verdict.REJECT,
                self._codes(faults),
                stop_nhs_number=number if stop else None,
                stop_kind=stop if number else None,
                hidden=hidden,
            )
            return Judged(refused, number, stop, sensitive, unclear)
        exclusion = stop or ("under_age" if age_on(dob, self._settings.as_of) < MINIMUM_AGE else None)
        if exclusion is not None:
            excluded = RowResult(
                row,
                Verdict.REJECT,
                self._codes([exclusion.upper()]),
                excluded=True,
                stop_nhs_number=number,
                stop_kind=exclusion,
                hidden=hidden,
            )
            return Judged(excluded, number, stop, sensitive)
        accepted = self._accept(row, cells, number, given, family, dob, sensitive, practice, notes, hidden)
        return Judged(accepted, number, None, sensitive, unclear)

    def _accept(
        self,
        row: int,
        cells: Mapping[int, Cell],
        number: str,
        given: str | None,
        family: str | None,
        dob: date,
        sensitive: bool,
        practice: Practice | None,
        notes: Notes,
        hidden: bool,
    ) -> RowResult:
        text_opt_out = self._text_opt_out(cells, notes)
        language, interpreter, needs, note = self._needs(cells, notes)
        extras = self._extras.read(cells, notes)
        no_lines: tuple[str, ...] = ()
        if sensitive:
            # Contact details of a sensitive record are not even read.
            notes.repair("SENSITIVE_WITHHELD")
            contact, lines, postcode = PhonesRead((), ()), no_lines, None
        else:
            lines = read_address(cells, self._plan.address, notes)
            cell = self._cell(cells, "postcode")
            postcode = read_postcode(cell, notes)
            unread = isinstance(cell, Mark) or "POSTCODE_INVALID" in notes.reasons
            warn_about_address(lines, postcode, notes, postcode_given=unread)
            contact = read_phones(
                cells,
                self._plan.phones,
                test_mode=self._settings.test_mode,
                text_opt_out=text_opt_out,
                practice=practice,
                notes=notes,
            )
        if given is None or family is None:
            notes.warn("NAME_SINGLE")
        patient = CanonicalPatient(
            nhs_number=number,
            given_name=given,
            family_name=family,
            dob=dob,
            sex=read_sex(self._cell(cells, "sex")),
            phones=contact.kept,
            address_lines=lines,
            postcode=postcode,
            no_fixed_abode=postcode == NO_FIXED_ABODE,
            practice_ods=None if practice is None else practice.code,
            language=language,
            interpreter=interpreter,
            communication_needs=needs,
            communication_note=note,
            text_opt_out=text_opt_out,
            sensitive=sensitive,
            campaign=extras,
        )
        return RowResult(
            row,
            Verdict.REPAIR if notes.reasons else Verdict.ACCEPT,
            self._codes(notes.reasons),
            self._codes(notes.warnings),
            self._codes(notes.normalised),
            patient,
            callable=not sensitive and not notes.confirm and any(phone.dialable for phone in contact.kept),
            needs_confirmation=self._codes(notes.confirm),
            dropped_phones=contact.dropped,
            hidden=hidden,
        )

    def _nhs_number(self, cells: Mapping[int, Cell], faults: list[str], notes: Notes) -> str | None:
        cell = self._cell(cells, "nhs_number")
        if isinstance(cell, Mark):
            faults.append(cell.code)
            return None
        checked = nhs_number.check(cell, test_mode=self._settings.test_mode)
        if isinstance(checked, nhs_number.NhsNumberRefusal):
            faults.append(checked.code)
            return None
        if checked.cleaned is not None:
            notes.clean(checked.cleaned)
        if checked.warning is not None:
            notes.warn(checked.warning)
        return checked.digits

    def _names(self, cells: Mapping[int, Cell], faults: list[str], notes: Notes) -> tuple[str | None, str | None, bool]:
        given = read_name(self._cell(cells, "given_name"))
        family = read_name(self._cell(cells, "family_name"))
        fault = given.fault or family.fault
        if fault is not None:
            faults.append(fault)
        elif given.text is None and family.text is None:
            faults.append("NAME_MISSING")
        if given.cleaned or family.cleaned:
            notes.clean("NAME_CLEANED")
        return given.text, family.text, given.deceased or family.deceased

    def _dob(self, cells: Mapping[int, Cell], faults: list[str], notes: Notes) -> date | None:
        cell = self._cell(cells, "dob")
        if isinstance(cell, Mark):
            faults.append(cell.code)
            return None
        settings = self._settings
        read = read_date(cell, as_of=settings.as_of, order=settings.order, date1904=settings.date1904)
        if read.value is None:
            faults.append(f"DOB_{read.fault or DateFault.UNREADABLE}")
            return None
        if read.value > settings.as_of:
            faults.append("DOB_FUTURE")
        elif age_on(read.value, settings.as_of) > MAXIMUM_AGE:
            faults.append("DOB_OVER_120")
        if read.two_digit_year:
            notes.repair("DOB_TWO_DIGIT_YEAR")
        if read.serial:
            notes.repair("DOB_SERIAL")
        if read.from_text:
            notes.clean("DATE_FROM_TEXT")
        return read.value

    def _stop(self, cells: Mapping[int, Cell], field: str, notes: Notes) -> Answer:
        cell = self._cell(cells, field)
        if cell is None:
            return Answer.EMPTY
        answer = self._answer(field, cell)
        if answer is Answer.UNCLEAR:
            # Nobody is called on the strength of a stop that cannot be read.
            notes.repair(cell.code if isinstance(cell, Mark) else "FLAG_UNCLEAR")
            notes.confirm.append(field)
        return answer

    def _answer(self, field: str, cell: Cell) -> Answer:
        """What a yes/no cell says; the few wordings of such a column are read once."""
        if not isinstance(cell, str):
            return _ANSWERS[field](cell)
        answer = self._answers.get((field, cell))
        if answer is None:
            answer = _ANSWERS[field](cell)
            if len(self._answers) < _REMEMBERED:
                self._answers[field, cell] = answer
        return answer

    def _practice(self, cells: Mapping[int, Cell], faults: list[str], notes: Notes) -> Practice | None:
        directory = self._settings.practices
        code = self._text(cells, "practice_ods", notes)
        name = self._text(cells, "practice_name", notes)
        if code is None and name is not None and ods.check(name) is not None:
            code, name = name, None  # a column headed "Practice" that holds codes
        practice = None if code is None else directory.get(ods.normalise(code))
        if practice is not None:
            if code != practice.code or code != self._cell(cells, "practice_ods"):
                notes.clean("PRACTICE_CODE_FORMAT")
            if not practice.is_open:
                faults.append("PRACTICE_CLOSED")
            elif not practice.is_gp:
                faults.append("PRACTICE_NOT_GP")
            elif name is not None and name != practice.name and not self._is_same_name(name, practice.name):
                notes.warn("PRACTICE_NAME_DIFFERS")
            return practice
        hits = () if name is None else directory.named(name)
        if len(hits) == 1:
            notes.repair("PRACTICE_FROM_NAME")
            notes.confirm.append("practice_ods")
            return directory.get(hits[0])
        if hits:
            faults.append("PRACTICE_NAME_AMBIGUOUS")
        else:
            faults.append("PRACTICE_MISSING" if code is None and name is None else "PRACTICE_UNKNOWN")
        return None

    def _is_same_name(self, written: str, listed: str) -> bool:
        same = self._same_names.get((written, listed))
        if same is None:
            same = self._same_names[written, listed] = name_key(written) == name_key(listed)
        return same

    def _text(self, cells: Mapping[int, Cell], field: str, notes: Notes) -> str | None:
        cell = self._cell(cells, field)
        if cell is None:
            return None
        if isinstance(cell, Mark):
            notes.repair(cell.code)
            return None
        text = plain(cell) if isinstance(cell, str) else str(cell)
        return None if is_filler(text) else text

    def _text_opt_out(self, cells: Mapping[int, Cell], notes: Notes) -> bool:
        cell = self._cell(cells, "text_consent")
        if cell is None:
            return False
        answer = self._answer("text_consent", cell)
        if answer is Answer.UNCLEAR:
            notes.repair(cell.code if isinstance(cell, Mark) else "FLAG_UNCLEAR")
        return answer in (Answer.NO, Answer.UNCLEAR)

    def _needs(self, cells: Mapping[int, Cell], notes: Notes) -> tuple[str | None, bool, tuple[str, ...], str | None]:
        language: str | None = None
        interpreter = False
        if (text := self._text(cells, "language", notes)) is not None:
            read = self._languages.get(text) or self._languages.setdefault(text, read_language(text))
            language, interpreter = None if read.code is None else intern(read.code), read.interpreter
            if read.fault is not None:
                notes.repair(read.fault)
        cell = self._cell(cells, "interpreter")
        answer = Answer.EMPTY if cell is None else self._answer("interpreter", cell)
        if answer is Answer.UNCLEAR:
            notes.repair(cell.code if isinstance(cell, Mark) else "FLAG_UNCLEAR")
        cell = self._cell(cells, "communication_needs")
        if isinstance(cell, Mark):
            notes.repair(cell.code)
            cell = None
        needs, note = ((), None) if cell is None else read_needs(str(cell))
        return language, interpreter or answer is Answer.YES, needs, note
