"""The result of a check as JSON, row by row: written piece by piece, since 60,000 rows are a hundred megabytes."""

from collections.abc import Iterator

import msgspec

from caller_app.domain.cohort.records import CanonicalPatient, CanonicalPhone, RowResult, Verdict
from caller_app.excel.cohort import CohortCheck


def _encode(value: object) -> str:
    """JSON text; days as ISO dates."""
    return msgspec.json.encode(value).decode()


def phone_json(phone: CanonicalPhone) -> dict[str, object]:
    """One stored number."""
    shown: dict[str, object] = {
        "e164": phone.e164,
        "label": phone.label,
        "label_from": phone.label_from,
        "kind": phone.kind,
        "textable": phone.textable,
        "dialable": phone.dialable,
        "column": phone.column,
    }
    if phone.extension is not None:
        shown["extension"] = phone.extension
    if phone.shared_by > 1:
        shown["shared_by"] = phone.shared_by
    return shown


def patient_json(patient: CanonicalPatient) -> dict[str, object]:
    """One stored record."""
    return {
        "nhs_number": patient.nhs_number,
        "given_name": patient.given_name,
        "family_name": patient.family_name,
        "dob": patient.dob,
        "sex": patient.sex,
        "phones": [phone_json(phone) for phone in patient.phones],
        "address_lines": patient.address_lines,
        "postcode": patient.postcode,
        "no_fixed_abode": patient.no_fixed_abode,
        "practice_ods": patient.practice_ods,
        "language": patient.language,
        "interpreter": patient.interpreter,
        "communication_needs": patient.communication_needs,
        "communication_note": patient.communication_note,
        "text_opt_out": patient.text_opt_out,
        "sensitive": patient.sensitive,
        "campaign": patient.campaign,
    }


def row_json(result: RowResult) -> dict[str, object]:
    """One row of the report."""
    shown: dict[str, object] = {"row": result.row, "verdict": result.verdict.value, "reasons": list(result.reasons)}
    if result.verdict is Verdict.SKIP:
        return shown
    if result.canonical is not None:
        shown["warnings"] = list(result.warnings)
        shown["normalised"] = list(result.normalised)
        shown["canonical"] = patient_json(result.canonical)
    elif result.excluded:
        shown["canonical"] = {"nhs_number": result.stop_nhs_number}
    shown["callable"] = result.callable
    if result.verdict is Verdict.REJECT:
        shown["excluded"] = result.excluded
    if result.needs_confirmation:
        shown["needs_confirmation"] = list(result.needs_confirmation)
    if result.dropped_phones:
        shown["dropped_phones"] = [
            {"column": dropped.column, "raw": dropped.raw, "code": dropped.code} for dropped in result.dropped_phones
        ]
    if result.duplicate_of is not None:
        shown["duplicate_of"] = result.duplicate_of
        if result.differs_in:
            shown["differs_in"] = list(result.differs_in)
    if result.because_of_row is not None:
        shown["because_of_row"] = result.because_of_row
    if result.hidden:
        shown["hidden"] = True
    return shown


def check_json(check: CohortCheck) -> Iterator[str]:
    """The whole report in pieces of JSON text, one row of the sheet on each line."""
    head = {
        "file": check.file_name,
        "sha256": check.sha256,
        "campaign": check.campaign,
        "as_of": check.as_of,
        "test_mode": check.test_mode,
        "sheet": check.sheet,
        "header_rows": list(check.header_rows),
        "columns": [
            {"column": column.column, "header": column.header, "above": column.above, "field": column.field}
            for column in check.columns
        ],
        "questions": [],
        "findings": [
            {"code": finding.code, **finding.details, **({"must_report": True} if finding.must_report else {})}
            for finding in check.findings
        ],
        "counts": {
            "verdicts": check.counts.verdicts,
            "reasons": check.counts.reasons,
            "warnings": check.counts.warnings,
            "callable": check.counts.callable,
        },
    }
    yield _encode(head)[:-1] + ', "rows": ['
    separator = "\n"
    for result in check.rows:
        yield separator + _encode(row_json(result))
        separator = ",\n"
    yield "\n]}\n"
