"""Checking a correction before it is recorded: what was said, beside what we hold, in the form it will be compared in.

What a reader would get wrong: a claim is refused for its form or its source, never because it looks unlikely. Whether
it is true is for the practice to find out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from caller_app.base.clock import london_day
from caller_app.base.errors import Refused
from caller_app.domain import nhs_number, ods, phones, postcodes
from caller_app.domain.calling_rules import age_on
from caller_app.domain.cohort.languages import language_code
from caller_app.domain.corrections import CorrectionType
from caller_app.domain.details import current_value, same_value
from caller_app.domain.facts import check_values
from caller_app.domain.items import Item
from caller_app.domain.text import tidy

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’\-])*", re.UNICODE)
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_LOOKS_LIKE_CODE = re.compile(r"[A-Za-z]\d{3,6}")
_SPOKE = frozenset("RAD")  # first letters of the codes in which the person themselves was spoken to


@dataclass(frozen=True, slots=True)
class Claim:
    """A checked claim: the detail it is about, what we hold, what was said, and its values cleaned."""

    field: str
    old: str | None
    new: str | None
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    kind: CorrectionType
    values: dict[str, Any]
    item: Item
    test_mode: bool
    on: date


def check_correction(
    kind: CorrectionType,
    values: Mapping[str, Any],
    item: Item,
    *,
    source: str,
    test_mode: bool,
    verified: bool,
    on: date,
) -> Claim:
    """Give the claim cleaned; raises Refused whose `field` is the value, or the source, that is wrong."""
    if source not in kind.sources:
        raise Refused(f"{kind.label}: this cannot come from that source.", field="source")
    if (kind.needs_verified or source == "patient") and not verified and kind.code != "PHONE_WRONG":
        raise Refused("This needs the identity check of this call first.", field="source")
    numbers = {one.e164 for one in item.numbers}
    cleaned = check_values(kind.fields, values, numbers=numbers, today=on)
    claim = _CHECKS[kind.code](_Asked(kind, cleaned, item, test_mode, on))
    if claim.new is not None and kind.code not in ("OTHER", "PHONE_SHARED") and same_value(claim.old, claim.new):
        raise Refused("This is what we hold already.", field=kind.fields[0].name)
    return claim


def _claim(asked: _Asked, field: str, new: str | None, **more: Any) -> Claim:
    return Claim(field, current_value(asked.item, field), new, {**asked.values, **more})


def _known_number(asked: _Asked) -> Claim:
    number = str(asked.values["number_on_record"])
    return _claim(asked, f"phone:{number}", None)


def _shared_number(asked: _Asked) -> Claim:
    number = str(asked.values["number"])
    return _claim(asked, f"phone:{number}", f"shared: {_label(asked, 'whose')}")


def _new_number(asked: _Asked) -> Claim:
    parsed = phones.parse(asked.values["new_number"], test_mode=asked.test_mode)
    if isinstance(parsed, phones.PhoneRefusal):
        raise Refused(parsed.sentence, field="new_number")
    if not parsed.dialable or parsed.blocked:
        raise Refused("This number may not be dialled: ask for a UK mobile or landline.", field="new_number")
    if any(one.e164 == parsed.e164 for one in asked.item.numbers):
        raise Refused("We hold this number already.", field="new_number")
    practice = asked.item.patient.practice
    if practice is not None and practice.phone:
        own = phones.parse(practice.phone, test_mode=asked.test_mode)
        if isinstance(own, phones.Phone) and own.e164 == parsed.e164:
            raise Refused("This is the practice's own number.", field="new_number")
    more = {"e164": parsed.e164, "kind": str(parsed.kind), "extension": parsed.extension}
    if asked.values.get("ok_to_text") and not parsed.textable:
        raise Refused("This number cannot take texts.", field="ok_to_text")
    return Claim("phone", None, parsed.e164, {**asked.values, **more})


def _address(asked: _Asked) -> Claim:
    lines = {name: tidy(str(asked.values[name])) for name in asked.values if re.fullmatch(r"line[1-5]", name)}
    postcode = postcodes.check(str(asked.values["postcode"]))
    if postcode is None or postcodes.is_pseudo(postcode):
        raise Refused("This is not a full postcode.", field="postcode")
    kept = [lines[name] for name in sorted(lines) if lines[name]]
    new = ", ".join((*kept, postcode))
    if asked.values.get("kind") == "temporary":
        new = f"temporary: {new}"
    return _claim(asked, "address", new, **lines, postcode=postcode)


def _gone_away(asked: _Asked) -> Claim:
    return _claim(asked, "address", "gone away")


def _name(asked: _Asked) -> Claim:
    given = {
        name: tidy(str(asked.values[name]))
        for name in ("title", "given", "family", "preferred")
        if name in asked.values
    }
    for name, said in given.items():
        if name != "title" and not _NAME.fullmatch(said):
            raise Refused("A name holds letters, spaces, hyphens and apostrophes.", field=name)
    if not given:
        raise Refused("Say which part of the name is different.", field="given")
    if asked.values["reason"] == "preferred":
        return _claim(asked, "name", f"prefers {given['preferred']}", **given)
    if not {"given", "family"} & set(given):
        raise Refused("Say which part of the name is different.", field="given")
    patient = asked.item.patient
    new = f"{given.get('given') or patient.given_name} {given.get('family') or patient.family_name}"
    return _claim(asked, "name", new, **given)


def _dob(asked: _Asked) -> Claim:
    stated = str(asked.values["dob_stated"])
    age = age_on(stated, asked.on)
    if age is None or not 0 <= age <= 120:
        raise Refused("Nobody living was born on that day.", field="dob_stated")
    return _claim(asked, "dob", stated)


def _sex(asked: _Asked) -> Claim:
    return _claim(asked, "sex", asked.values.get("stated") or "recorded wrongly")


def _practice(asked: _Asked) -> Claim:
    said = tidy(str(asked.values["practice"]))
    code = ods.check(said)
    if code is None and _LOOKS_LIKE_CODE.fullmatch(said):
        raise Refused("A practice code is a letter and five digits; a name will do as well.", field="practice")
    return _claim(asked, "practice", code or said, practice=code or said)


def _deceased(asked: _Asked) -> Claim:
    day = asked.values.get("approx_date")
    spoken = [london_day(one.at) for one in asked.item.attempts if one.outcome[0] in _SPOKE and not one.superseded]
    if day and spoken and date.fromisoformat(day) < max(spoken):
        raise Refused("We spoke to the person after that day. Leave the date out.", field="approx_date")
    return _claim(asked, "person", f"reported as died, about {day}" if day else "reported as died")


def _language(asked: _Asked) -> Claim:
    code = language_code(str(asked.values["language"]))
    if code is None:
        raise Refused(
            "Give the language by its name or its two letters; q4 is British Sign Language.", field="language"
        )
    interpreter = asked.values.get("interpreter", asked.item.patient.interpreter)
    return _claim(asked, "language", f"{code}, interpreter" if interpreter else code, language=code)


def _need(asked: _Asked) -> Claim:
    said = [_label(asked, "code")] if asked.values["code"] != "other" else []
    said += [asked.values["detail"]] if asked.values.get("detail") else []
    return _claim(asked, "communication_needs", ", ".join(said))


def _adjustment(asked: _Asked) -> Claim:
    return _claim(asked, "communication_needs", f"adjustment: {asked.values['adjustment']}")


def _preference(asked: _Asked) -> Claim:
    values, said = asked.values, []
    if values.get("method"):
        said.append(_label(asked, "method"))
    if values.get("time"):
        said.append(f"between {str(values['time']).replace('-', ' and ')}")
    if values.get("days"):
        said.append("on " + ", ".join(values["days"]))
    said += ["no messages"] if values.get("no_voicemail") else []
    said += ["no texts"] if values.get("no_text") else []
    if not said:
        raise Refused("Say how or when the person wishes to be contacted.", field="method")
    if values.get("method") == "text" and (values.get("no_text") or asked.item.patient.text_opt_out):
        raise Refused("The person has asked for no texts: texts cannot be the best way.", field="method")
    return _claim(asked, "contact_preference", "; ".join(said))


def _safe_contact(asked: _Asked) -> Claim:
    unsafe = _label(asked, "unsafe").lower()
    return _claim(asked, "safe_contact", f"not safe: {unsafe}; safe: {asked.values['safe_way']}")


def _email(asked: _Asked) -> Claim:
    local, at, domain = str(asked.values["email"]).rpartition("@")
    address = f"{local}{at}{domain.lower()}"
    if not _EMAIL.fullmatch(address) or ".." in address:
        raise Refused("This is not an email address.", field="email")
    if address.lower() != str(asked.values["again"]).lower():
        raise Refused("The two entries differ.", field="again")
    return _claim(asked, "email", address, email=address, again=address)


def _ethnicity(asked: _Asked) -> Claim:
    return _claim(asked, "ethnicity", str(asked.values["code"]))


def _carer(asked: _Asked) -> Claim:
    who = asked.values.get("who")
    return _claim(asked, "carer", _label(asked, "which") + (f": {who}" if who else ""))


def _record(asked: _Asked) -> Claim:
    said = [_label(asked, "what"), str(asked.values.get("date") or ""), _label(asked, "where")]
    return _claim(asked, "record", ", ".join(part for part in said if part))


def _nhs_number(asked: _Asked) -> Claim:
    stated = asked.values.get("stated")
    if not stated:
        return _claim(asked, "nhs_number", "two records seem mixed")
    checked = nhs_number.check(stated, test_mode=asked.test_mode)
    if isinstance(checked, nhs_number.NhsNumberRefusal):
        raise Refused(checked.sentence, field="stated")
    return _claim(asked, "nhs_number", checked.digits, stated=checked.digits)


def _other(asked: _Asked) -> Claim:
    said = asked.values
    return Claim("other", said.get("old"), said.get("new") or said["note"], dict(said))


def _label(asked: _Asked, name: str) -> str:
    labels = {one.name: dict(one.choices) for one in asked.kind.fields}[name]
    value = asked.values.get(name)
    values = value if isinstance(value, list) else [value] if value else []
    return ", ".join(labels.get(one, str(one)) for one in values)


_CHECKS: dict[str, Callable[[_Asked], Claim]] = {
    "PHONE_WRONG": _known_number,
    "PHONE_NOT_IN_SERVICE": _known_number,
    "PHONE_ADDED": _new_number,
    "PHONE_SHARED": _shared_number,
    "ADDRESS_CHANGED": _address,
    "ADDRESS_GONE_AWAY": _gone_away,
    "NAME_CHANGED": _name,
    "DOB_WRONG": _dob,
    "SEX_GENDER": _sex,
    "GP_PRACTICE": _practice,
    "DECEASED_REPORTED": _deceased,
    "LANGUAGE": _language,
    "COMMUNICATION_NEED": _need,
    "REASONABLE_ADJUSTMENT": _adjustment,
    "CONTACT_PREFERENCE": _preference,
    "SAFE_CONTACT": _safe_contact,
    "EMAIL": _email,
    "ETHNICITY": _ethnicity,
    "CARER": _carer,
    "RECORD_UPDATE": _record,
    "NHS_NUMBER": _nhs_number,
    "OTHER": _other,
}
