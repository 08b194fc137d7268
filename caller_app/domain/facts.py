"""The pieces of data a form asks for, and the check of what was given: shared by outcomes and corrections.

What a reader would get wrong: values are plain JSON. A date is ISO text, a time range "14:00-16:00" in London wall
time, a multi a list of values, a number used E.164. A fact that is not asked for is refused, so nothing unforeseen
(a spoken date of birth, say) can hide in a record.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from caller_app.base.errors import Refused

Kind = Literal[
    "text", "choice", "multi", "date", "datetime", "time_range", "number", "bool", "number_used", "pathway", "concern"
]
KINDS: tuple[Kind, ...] = (
    "text", "choice", "multi", "date", "datetime", "time_range", "number", "bool", "number_used", "pathway", "concern",
)  # fmt: skip
_RANGE = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])-((?:[01][0-9]|2[0-3]):[0-5][0-9])")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class FactField:
    """One piece of data: how a form shows it and what a value must be."""

    name: str
    label: str
    kind: Kind
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    max_length: int = 0  # of a text; 0: 200
    default: str = ""
    required_when: str = ""  # "field=value"
    day: Literal["", "future", "past"] = ""
    day_unless: str = ""  # "field=value": then `day` does not apply
    filled_from: str = ""  # "pathway.consent": not asked, taken from the chosen pathway
    min_length: int = 0
    one_line: bool = False  # a long text that never has a second line, such as an email address


def read_fields(table: Mapping[str, Any], choices: Mapping[str, Any]) -> tuple[FactField, ...]:
    """Build the fields of one code from its table in the resources."""
    fields = []
    for name, said in table.items():
        one = dict(said)
        named = one.pop("choices", None)
        if one["kind"] not in KINDS:
            raise ValueError(f"the field {name} has the unknown kind {one['kind']}")
        listed = tuple((value, label) for value, label in choices[named]) if named else ()
        fields.append(FactField(name=name, choices=listed, **one))
    return tuple(fields)


def check_values(
    fields: Collection[FactField],
    given: Mapping[str, Any],
    *,
    numbers: Collection[str] | None = None,
    pathways: Collection[str] | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """Give the values cleaned, defaults filled in; raises Refused with the field's label in the sentence."""
    known = {one.name for one in fields}
    for name in given:
        if name not in known:
            raise Refused("This result does not ask for one of the values it was given.", field=str(name)[:40])
    cleaned: dict[str, Any] = {}
    for one in fields:
        value = given.get(one.name)
        if isinstance(value, str):
            value = value.strip()
        if value is None or value == "" or value == []:
            value = one.default or None
        if value is None:
            if one.required or holds(one.required_when, given):
                raise Refused(f"Please fill in: {one.label}", field=one.name)
            continue
        cleaned[one.name] = _check(one, value, given, numbers, pathways, today)
    return cleaned


def holds(condition: str, given: Mapping[str, Any]) -> bool:
    """Tell whether "field=value" holds among the values; an empty condition never does."""
    name, _, wanted = condition.partition("=")
    value = given.get(name) if name else None
    return wanted in value if isinstance(value, list | tuple) else value is not None and str(value) == wanted


def _check(
    one: FactField,
    value: Any,
    given: Mapping[str, Any],
    numbers: Collection[str] | None,
    pathways: Collection[str] | None,
    today: date | None,
) -> Any:
    def refuse(what: str) -> Refused:
        return Refused(f"{one.label}: {what}", field=one.name)

    match one.kind:
        case "choice":
            if value not in {choice for choice, _ in one.choices}:
                raise refuse("choose one of the answers.")
        case "multi":
            allowed = {choice for choice, _ in one.choices}
            if not isinstance(value, list | tuple) or not all(isinstance(v, str) and v in allowed for v in value):
                raise refuse("choose from the answers.")
            return list(dict.fromkeys(value))
        case "date":
            day = _day(value)
            if day is None:
                raise refuse("give a real date.")
            if today is not None and not holds(one.day_unless, given):
                if one.day == "future" and day < today:
                    raise refuse("this day has passed.")
                if one.day == "past" and day > today:
                    raise refuse("this day is still to come.")
        case "datetime":
            if _instant(value) is None:
                raise refuse("give a day and a time.")
        case "time_range":
            span = parse_range(value)
            if span is None:
                raise refuse("give two times, the earlier one first.")
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise refuse("give a number.")
        case "bool":
            if not isinstance(value, bool):
                raise refuse("answer yes or no.")
        case "number_used":
            if not isinstance(value, str) or not _E164.fullmatch(value):
                raise refuse("choose the number.")
            if numbers is not None and value not in numbers:
                raise refuse("this is not one of the person's numbers.")
        case "pathway":
            if not isinstance(value, str) or (pathways is not None and value not in pathways):
                raise refuse("choose one of this project's pathways.")
        case "text" | "concern":
            limit = one.max_length or 200
            if not isinstance(value, str):
                raise refuse("write some words.")
            if len(value) > limit:
                raise refuse(f"write at most {limit} characters.")
            if len(value) < one.min_length:
                raise refuse(f"write at least {one.min_length} characters.")
    return value


def parse_range(value: Any) -> tuple[str, str] | None:
    """Read "14:00-16:00" as two wall times; None where it is not one or runs backwards."""
    match = _RANGE.fullmatch(value) if isinstance(value, str) else None
    return (match[1], match[2]) if match and match[1] < match[2] else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _instant(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
