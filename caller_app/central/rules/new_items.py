"""Compose the first item of a case from what the cohort check accepted.

Only what a rule or a script uses is here: the check has dropped the rest. A case that may not be rung as it stands is
held, or waits for a supervisor, and says why in words that tell nothing clinical.
"""

from datetime import date

from caller_app.domain.cohort.records import CanonicalPatient, CanonicalPhone, RowResult
from caller_app.domain.items import CaseStatus, Item, Number, Patient, Practice
from caller_app.domain.practices import PracticeDirectory

_MIDDLE = 3  # where no deprivation quintile is known
_CONFIRM = {"practice_ods": "the practice", "practice": "the practice"}


def item_of(
    row: RowResult,
    patient: CanonicalPatient,
    case_id: str,
    person_id: str,
    project_id: str,
    practices: PracticeDirectory,
    seed: int,
) -> Item:
    """Make the item of a new case."""
    status, why = _status(row)
    quintile = patient.campaign.get("imd_quintile")
    return Item(
        case_id=case_id,
        project_id=project_id,
        patient=Patient(
            person_id=person_id,
            nhs_number=patient.nhs_number,
            given_name=patient.given_name or "",
            family_name=patient.family_name or "",
            dob=patient.dob.isoformat(),
            sex=patient.sex,
            address_lines=patient.address_lines,
            postcode=patient.postcode,
            no_fixed_abode=patient.no_fixed_abode,
            practice=_practice(patient.practice_ods, practices),
            language=patient.language,
            interpreter=patient.interpreter,
            communication_needs=patient.communication_needs,
            communication_note=patient.communication_note,
            text_opt_out=patient.text_opt_out,
            campaign={name: _plain(value) for name, value in patient.campaign.items() if value is not None},
        ),
        status=status,
        status_why=why,
        numbers=tuple(_number(one) for one in patient.phones),
        priority=quintile if isinstance(quintile, int) else _MIDDLE,
        seed=seed,
    )


def _status(row: RowResult) -> tuple[CaseStatus, str]:
    if row.callable:
        return "ready", ""
    if row.needs_confirmation:
        what = ", ".join(dict.fromkeys(_CONFIRM.get(one, "a detail") for one in row.needs_confirmation))
        return "supervisor", f"to be confirmed first: {what}"
    return "held", "no number that may be dialled"


def _number(phone: CanonicalPhone) -> Number:
    return Number(
        e164=phone.e164,
        label=phone.label,
        kind=phone.kind,
        textable=phone.textable,
        dialable=phone.dialable,
        extension=phone.extension,
        state="untried" if phone.dialable else "barred",
        shared=phone.shared_by > 1,
    )


def _practice(ods: str | None, practices: PracticeDirectory) -> Practice | None:
    found = practices.get(ods) if ods else None
    return Practice(ods=found.code, name=found.name, phone=found.phone) if found else None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
