"""The details of a person that a correction may be about: their names, their labels, and the text of what we hold.

What a reader would get wrong: this text is what "old" means in a correction. It is compared later with what stands
then, so it must be made here and nowhere else.
"""

from caller_app.domain.items import Item
from caller_app.domain.text import fold

LABELS = {
    "name": "Name",
    "dob": "Date of birth",
    "sex": "Sex",
    "address": "Address",
    "phone": "Telephone",
    "practice": "Practice",
    "language": "Language and interpreter",
    "communication_needs": "Information needs",
    "contact_preference": "How to contact",
    "safe_contact": "Safe contact",
    "email": "Email",
    "ethnicity": "Ethnic category",
    "carer": "Carer",
    "record": "Had it elsewhere",
    "nhs_number": "NHS number",
    "person": "The person",
    "other": "Something else",
}


def current_value(item: Item, field: str) -> str | None:
    """Give the text of what we hold for a detail; "phone:+44..." is one number. None where we hold nothing."""
    patient = item.patient
    name, _, which = field.partition(":")
    match name:
        case "name":
            return f"{patient.given_name} {patient.family_name}".strip() or None
        case "dob":
            return patient.dob or None
        case "sex":
            return patient.sex or None
        case "address" | "postcode":
            return ", ".join((*patient.address_lines, *([patient.postcode] if patient.postcode else []))) or None
        case "phone":
            return which if any(one.e164 == which for one in item.numbers) else None
        case "practice":
            return f"{patient.practice.name} ({patient.practice.ods})" if patient.practice else None
        case "language" | "interpreter":
            spoken = patient.language or ""
            return f"{spoken}, interpreter".strip(", ") if patient.interpreter else spoken or None
        case "communication_needs" | "communication_note":
            note = [patient.communication_note] if patient.communication_note else []
            return ", ".join((*patient.communication_needs, *note)) or None
        case "contact_preference" | "text_opt_out" | "voicemail_opt_out":
            said = ["no texts"] if patient.text_opt_out else []
            said += ["no messages"] if patient.voicemail_opt_out else []
            return ", ".join(said) or None
        case "safe_contact":
            return patient.safe_contact
        case "ethnicity":
            code = patient.campaign.get("ethnic_code")
            return str(code) if code else None
        case "nhs_number":
            return patient.nhs_number
    return None


def same_value(one: str | None, other: str | None) -> bool:
    """Tell whether two texts of a detail say the same: case, accents composed and spacing do not count."""
    return fold(one or "") == fold(other or "")
