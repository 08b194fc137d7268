"""What the rows of a file say about each other: stops, one person on several rows, shared numbers.

A stop or an S-flag on any row counts on all rows of the same NHS number, even where that row was refused for another
reason. The first good row stays; nothing is merged from later ones.
"""

from dataclasses import replace

from caller_app.domain.cohort.records import CanonicalPatient, CanonicalPhone, DroppedPhone, RowResult, Verdict
from caller_app.domain.cohort.row import Judged
from caller_app.domain.text import fold

_COMPARED = (
    "given_name",
    "family_name",
    "dob",
    "sex",
    "address_lines",
    "postcode",
    "phones",
    "practice_ods",
    "language",
    "interpreter",
)
_CONTACT_CODES = ("PHONE_", "POSTCODE_", "PRACTICE_", "ADDRESS_", "NO_PHONE", "NO_USABLE", "NO_FIXED")
# More consecutive rows than this with one number at different postcodes: somebody filled the column down.
FILLED_DOWN_ROWS = 10


class Crossing:
    """Collects judged rows in sheet order and settles what one row means for another."""

    def __init__(self) -> None:
        self._rows: list[RowResult] = []
        self._stops: dict[str, tuple[str, int]] = {}
        self._sensitive: set[str] = set()
        self._unclear: dict[str, tuple[str, ...]] = {}
        self._duplicates: set[str] = set()
        self._seen: set[str] = set()

    def add(self, judged: Judged) -> None:
        """Take the next row."""
        number = judged.nhs_number
        if number is not None:
            if judged.stop is not None:
                before = self._stops.get(number)
                if before is None or (judged.stop == "deceased" and before[0] != "deceased"):
                    self._stops[number] = (judged.stop, judged.result.row)
            if judged.sensitive:
                self._sensitive.add(number)
            if judged.unclear:
                self._unclear[number] = (*self._unclear.get(number, ()), *judged.unclear)
            if judged.result.canonical is not None:
                (self._duplicates if number in self._seen else self._seen).add(number)
        self._rows.append(judged.result)

    def skip(self, result: RowResult) -> None:
        """Take a row that is not about a person."""
        self._rows.append(result)

    def settle(self) -> list[RowResult]:
        """The final verdicts, in sheet order; the collected rows are given up."""
        rows, self._rows = self._rows, []
        self._seen.clear()
        self._stop_elsewhere(rows)
        self._one_person_many_rows(rows)
        self._withhold(rows)
        self._hold_unclear(rows)
        _drop_filled_down(rows)
        _share_phones(rows)
        _warn_of_same_person(rows)
        return rows

    def _stop_elsewhere(self, rows: list[RowResult]) -> None:
        if not self._stops:
            return
        for index, result in enumerate(rows):
            if result.canonical is None:
                continue
            stop = self._stops.get(result.canonical.nhs_number)
            if stop is not None:
                rows[index] = RowResult(
                    result.row,
                    Verdict.REJECT,
                    (f"{stop[0].upper()}_ELSEWHERE",),
                    because_of_row=stop[1],
                    excluded=True,
                    stop_nhs_number=result.canonical.nhs_number,
                    stop_kind=stop[0],
                    hidden=result.hidden,
                )

    def _one_person_many_rows(self, rows: list[RowResult]) -> None:
        holders: dict[str, int] = {}
        for index, result in enumerate(rows):
            patient = result.canonical
            if patient is None or patient.nhs_number not in self._duplicates:
                continue
            holder_index = holders.setdefault(patient.nhs_number, index)
            if holder_index == index:
                continue
            holder = rows[holder_index]
            if holder.canonical is None:
                raise AssertionError("a holder was accepted")
            if _same_person(holder.canonical, patient):
                rows[index] = RowResult(
                    result.row,
                    Verdict.DUPLICATE,
                    ("DUPLICATE_NHS_NUMBER",),
                    duplicate_of=holder.row,
                    differs_in=_differences(holder.canonical, patient),
                    hidden=result.hidden,
                )
            else:
                rows[index] = RowResult(result.row, Verdict.REJECT, ("NHS_NUMBER_CONFLICT",), hidden=result.hidden)
                rows[holder_index] = _warned(holder, "NHS_NUMBER_SHARED")

    def _withhold(self, rows: list[RowResult]) -> None:
        """An S-flag on another row: the row that stays loses its contact details as well."""
        if not self._sensitive:
            return
        for index, result in enumerate(rows):
            patient = result.canonical
            if patient is not None and not patient.sensitive and patient.nhs_number in self._sensitive:
                rows[index] = _withheld(result, patient)

    def _hold_unclear(self, rows: list[RowResult]) -> None:
        """A stop that could not be read on another row of the person: someone has to look before a call."""
        if not self._unclear:
            return
        for index, result in enumerate(rows):
            if result.canonical is None:
                continue
            doubts = self._unclear.get(result.canonical.nhs_number, ())
            missing = tuple(name for name in dict.fromkeys(doubts) if name not in result.needs_confirmation)
            if missing:
                rows[index] = replace(
                    result,
                    verdict=Verdict.REPAIR,
                    reasons=result.reasons if "FLAG_UNCLEAR" in result.reasons else (*result.reasons, "FLAG_UNCLEAR"),
                    callable=False,
                    needs_confirmation=(*result.needs_confirmation, *missing),
                )


def _withheld(result: RowResult, patient: CanonicalPatient) -> RowResult:
    def unrelated(codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(code for code in codes if not code.startswith(_CONTACT_CODES))

    return replace(
        result,
        verdict=Verdict.REPAIR,
        reasons=(*unrelated(result.reasons), "SENSITIVE_WITHHELD"),
        warnings=unrelated(result.warnings),
        canonical=replace(
            patient,
            phones=(),
            address_lines=(),
            postcode=None,
            no_fixed_abode=False,
            practice_ods=None,
            sensitive=True,
        ),
        callable=False,
        needs_confirmation=tuple(name for name in result.needs_confirmation if name != "practice_ods"),
        dropped_phones=(),
    )


def _same_person(first: CanonicalPatient, second: CanonicalPatient) -> bool:
    if first.dob == second.dob:
        return True
    return bool(first.family_name and second.family_name and fold(first.family_name) == fold(second.family_name))


def _comparable(value: object) -> object:
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, tuple):
        if value and isinstance(value[0], CanonicalPhone):
            return frozenset(phone.e164 for phone in value)
        return tuple(fold(str(item)) for item in value)
    return value


def _differences(first: CanonicalPatient, second: CanonicalPatient) -> tuple[str, ...]:
    return tuple(
        name
        for name in _COMPARED
        if (_comparable(getattr(first, name)) or None) != (_comparable(getattr(second, name)) or None)
    )


def _warned(result: RowResult, code: str) -> RowResult:
    return result if code in result.warnings else replace(result, warnings=(*result.warnings, code))


def _drop_filled_down(rows: list[RowResult]) -> None:
    """Leave out a number that stands on many rows in a row at different addresses (domain rules 2.2, 5)."""
    runs: dict[str, list[int]] = {}
    for index, result in enumerate(rows):
        patient = result.canonical
        if patient is None:
            continue  # a refused row neither holds a number nor breaks a run
        going_on: dict[str, list[int]] = {}
        for phone in patient.phones:
            run = runs.pop(phone.e164, None)
            if run is None:
                going_on[phone.e164] = [index]
            else:
                run.append(index)
                going_on[phone.e164] = run
        for e164, run in runs.items():
            _end_run(rows, e164, run)
        runs = going_on
    for e164, run in runs.items():
        _end_run(rows, e164, run)


def _end_run(rows: list[RowResult], e164: str, run: list[int]) -> None:
    if len(run) <= FILLED_DOWN_ROWS:
        return
    places = {patient.postcode for index in run if (patient := rows[index].canonical) is not None}
    if len(places) == 1:
        return  # one care home, one switchboard
    for index in run:
        result = rows[index]
        patient = result.canonical
        if patient is None:
            continue
        kept = tuple(phone for phone in patient.phones if phone.e164 != e164)
        left_out = tuple(
            DroppedPhone(phone.column, phone.e164, "PHONE_PLACEHOLDER_DROPPED")
            for phone in patient.phones
            if phone.e164 == e164
        )
        reachable = any(phone.dialable for phone in kept)
        code = "PHONE_PLACEHOLDER_DROPPED"
        rows[index] = replace(
            result,
            verdict=Verdict.REPAIR,
            reasons=result.reasons if code in result.reasons else (*result.reasons, code),
            warnings=result.warnings if reachable else _warned(result, "NO_USABLE_PHONE").warnings,
            canonical=replace(patient, phones=kept),
            callable=result.callable and reachable,
            dropped_phones=(*result.dropped_phones, *left_out),
        )


def _with(warnings: tuple[str, ...], code: str, known: dict[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...]:
    """The warnings with one more; equal ones are one object."""
    added = known.get(warnings)
    if added is None:
        added = known[warnings] = (*warnings, code)
    return added


def _share_phones(rows: list[RowResult]) -> None:
    """Mark the numbers that may be dialled and are held by several people."""
    holders: dict[str, int] = {}
    for result in rows:
        if result.canonical is not None:
            for phone in result.canonical.phones:
                if phone.dialable:
                    holders[phone.e164] = holders.get(phone.e164, 0) + 1
    shared = {e164: count for e164, count in holders.items() if count > 1}
    holders.clear()
    if not shared:
        return
    codes: dict[tuple[str, ...], tuple[str, ...]] = {}
    for index, result in enumerate(rows):
        patient = result.canonical
        if patient is None:
            continue
        marked = [
            phone.shared(shared[phone.e164]) if phone.dialable and phone.e164 in shared else phone
            for phone in patient.phones
        ]
        if marked == [*patient.phones]:
            continue
        warnings = _with(result.warnings, "PHONE_SHARED", codes)
        rows[index] = result.with_patient(patient.with_phones(tuple(marked)), warnings)


def _warn_of_same_person(rows: list[RowResult]) -> None:
    """Same name, birth date and postcode under another number: names are compared only where the rest is equal."""
    places: dict[tuple[int, str], int | list[int]] = {}
    for index, result in enumerate(rows):
        patient = result.canonical
        if patient is None or patient.postcode is None:
            continue
        place = (patient.dob.toordinal(), patient.postcode)
        before = places.setdefault(place, index)
        if isinstance(before, list):
            before.append(index)
        elif before != index:
            places[place] = [before, index]
    for indexes in places.values():
        if isinstance(indexes, int):
            continue
        names = [_full_name(rows[index]) for index in indexes]
        for index, name in zip(indexes, names, strict=True):
            if names.count(name) > 1:
                rows[index] = _warned(rows[index], "POSSIBLE_DUPLICATE_PERSON")


def _full_name(result: RowResult) -> tuple[str, str]:
    patient = result.canonical
    return ("", "") if patient is None else (fold(patient.given_name or ""), fold(patient.family_name or ""))
