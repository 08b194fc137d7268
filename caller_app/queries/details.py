"""The details of a patient as the card lists them, each with the corrections that fit it.

What a reader would get wrong: this is called only after identity has passed. `raw` is the text of `domain.details`,
which is what "old" means in a correction; `shown` is how people read it.
"""

from caller_app.domain.cohort.ethnicity import WORDING
from caller_app.domain.cohort.languages import language_name
from caller_app.domain.corrections import CorrectionCatalogue
from caller_app.domain.details import LABELS, current_value
from caller_app.domain.items import Item, Number
from caller_app.domain.nhs_number import show as show_nhs_number
from caller_app.domain.phones import show as show_phone
from caller_app.queries.masking import day_in_words
from caller_app.queries.rows import Detail

_ORDER = (
    "name",
    "dob",
    "nhs_number",
    "address",
    "practice",
    "language",
    "communication_needs",
    "contact_preference",
    "safe_contact",
    "sex",
    "ethnicity",
    "carer",
    "email",
    "record",
    "person",
    "other",
)
_NOT_HELD = frozenset({"carer", "email", "record", "person", "other"})
_STATES = {"untried": "", "ok": "reached before", "wrong": "wrong number", "dead": "not in service", "barred": "barred"}


def details_of(item: Item, catalogue: CorrectionCatalogue) -> tuple[Detail, ...]:
    """Give every detail: the numbers after the name, what we do not hold as a line to add to."""
    phones = [_phone(item, number, catalogue) for number in item.numbers]
    if not phones:
        phones = [_detail(item, "phone", "Telephone", "none on the record", catalogue)]
    rest = [_detail(item, name, LABELS[name], _shown(item, name), catalogue) for name in _ORDER]
    return (*rest[:3], *phones, *rest[3:])


def number_in_words(number: Number) -> str:
    """Say a number with its label and its fate: "07700 900123 (mum), no answer x2"."""
    said = show_phone(number.e164)
    if number.extension:
        said += f" ext {number.extension}"
    if number.label:
        said += f" ({number.label})"
    fate = f"no answer x{number.no_answers}" if number.no_answers else _STATES.get(number.state, "")
    more = [
        part for part in (fate, "shared" if number.shared else "", "" if number.verified else "not confirmed") if part
    ]
    return ", ".join((said, *more))


def _phone(item: Item, number: Number, catalogue: CorrectionCatalogue) -> Detail:
    return _detail(item, f"phone:{number.e164}", "Telephone", number_in_words(number), catalogue)


def _detail(item: Item, name: str, label: str, shown: str, catalogue: CorrectionCatalogue) -> Detail:
    return Detail(
        name=name,
        label=label,
        shown=shown,
        raw=None if name in _NOT_HELD else current_value(item, name),
        correction_types=tuple(kind.code for kind in catalogue.fitting(name)),
        pending=_pending(item, name),
    )


def _pending(item: Item, name: str) -> str | None:
    """Give what was proposed for the detail and is not taken over yet, or was only noted for the practice."""
    waiting = [
        line for line in item.corrections if line.field == name and line.state in ("new", "candidate", "approved")
    ]
    if not waiting:
        return None
    last = waiting[-1]
    return last.new or "to be checked by the practice"


def _shown(item: Item, name: str) -> str:
    patient = item.patient
    match name:
        case "dob":
            return day_in_words(patient.dob)
        case "nhs_number":
            return show_nhs_number(patient.nhs_number)
        case "address" if patient.no_fixed_abode:
            return "No fixed abode"
        case "sex":
            return {"unknown": "not recorded"}.get(patient.sex, patient.sex.replace("_", " "))
        case "language" if patient.language:
            return language_name(patient.language) + (", interpreter" if patient.interpreter else "")
        case "practice" if patient.practice:
            return patient.practice.name
        case "ethnicity":
            code = current_value(item, name) or ""
            return WORDING.get(code, code) or "not recorded"
        case "record" | "person" | "other":
            return ""
    return current_value(item, name) or "not recorded"
