"""What the check of a cohort file says about one row, and the record it would store.

Every type is compact: a check of 60,000 rows keeps all of them in memory. Nothing here ever holds a value of a row
that was refused, nor the contact details of a person whose record is sensitive.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """What an import would do with a row."""

    ACCEPT = "accept"
    REPAIR = "accept_with_repair"
    REJECT = "reject"
    DUPLICATE = "duplicate"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class CanonicalPhone:
    """One number to store. `label_from` is 'text' when the words stood beside the number, else 'column'."""

    e164: str
    label: str
    label_from: str
    kind: str
    textable: bool
    dialable: bool
    column: str
    extension: str | None = None
    shared_by: int = 1

    def shared(self, holders: int) -> "CanonicalPhone":
        """The same number, held by so many people."""
        # Written out: dataclasses.replace takes ten times as long, and a file may hold a hundred thousand numbers.
        return CanonicalPhone(
            self.e164,
            self.label,
            self.label_from,
            self.kind,
            self.textable,
            self.dialable,
            self.column,
            self.extension,
            holders,
        )


@dataclass(frozen=True, slots=True)
class DroppedPhone:
    """A number that was left out: where it stood, what stood there, and the code of the reason."""

    column: str
    raw: str
    code: str


@dataclass(frozen=True, slots=True)
class CanonicalPatient:
    """The record an import stores for a row."""

    nhs_number: str
    given_name: str | None
    family_name: str | None
    dob: date
    sex: str
    phones: tuple[CanonicalPhone, ...]
    address_lines: tuple[str, ...]
    postcode: str | None
    no_fixed_abode: bool
    practice_ods: str | None
    language: str | None
    interpreter: bool
    communication_needs: tuple[str, ...]
    communication_note: str | None
    text_opt_out: bool
    sensitive: bool
    campaign: dict[str, object]

    def with_phones(self, phones: tuple[CanonicalPhone, ...]) -> "CanonicalPatient":
        """The same person with these numbers."""
        return CanonicalPatient(
            self.nhs_number,
            self.given_name,
            self.family_name,
            self.dob,
            self.sex,
            phones,
            self.address_lines,
            self.postcode,
            self.no_fixed_abode,
            self.practice_ods,
            self.language,
            self.interpreter,
            self.communication_needs,
            self.communication_note,
            self.text_opt_out,
            self.sensitive,
            self.campaign,
        )


@dataclass(frozen=True, slots=True)
class RowResult:
    """The verdict on one row of the sheet.

    `stop_nhs_number` is the only value kept of a person who may not be called; `stop_kind` says why (deceased, opt_out,
    under_age). It is also set on rows refused for another reason when they carry a marker beside a good number.
    """

    row: int
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    normalised: tuple[str, ...] = ()
    canonical: CanonicalPatient | None = None
    callable: bool = False
    needs_confirmation: tuple[str, ...] = ()
    dropped_phones: tuple[DroppedPhone, ...] = ()
    duplicate_of: int | None = None
    differs_in: tuple[str, ...] = ()
    because_of_row: int | None = None
    excluded: bool = False
    stop_nhs_number: str | None = None
    stop_kind: str | None = None
    hidden: bool = False

    def with_patient(self, patient: CanonicalPatient, warnings: tuple[str, ...]) -> "RowResult":
        """The same verdict on an accepted row, with this record and these warnings."""
        return RowResult(
            self.row,
            self.verdict,
            self.reasons,
            warnings,
            self.normalised,
            patient,
            self.callable,
            self.needs_confirmation,
            self.dropped_phones,
            self.duplicate_of,
            self.differs_in,
            self.because_of_row,
            self.excluded,
            self.stop_nhs_number,
            self.stop_kind,
            self.hidden,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the whole file; `must_report` when a person has to be told."""

    code: str
    details: dict[str, object] = field(default_factory=dict)
    must_report: bool = False
