"""Which pathways may be offered to a person, and why in plain words.

What a reader would get wrong: three answers, not two. Where a fact is missing the answer is unknown and says what to
ask. A result that the practice must look at first holds back every pathway; the reason shown never names the value,
because it must not be read out (domain rules 2.19, hazard: a diabetic-range result treated as prevention).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from caller_app.domain.calling_rules import age_on
from caller_app.domain.items import Item
from caller_app.domain.projects import Condition, Pathway, Project, Rule

_FLAGS = {"y": True, "yes": True, "n": False, "no": False}


@dataclass(frozen=True, slots=True)
class Offering:
    """One pathway with its answer: True, False, or None where a fact is missing."""

    pathway: Pathway
    ok: bool | None
    because: str
    held: bool = False  # waits for the practice: use E02


def offerings(item: Item, project: Project, on: date) -> tuple[Offering, ...]:
    """Give every pathway of the project with whether this person may be offered it, and because of what."""
    facts = facts_of(item, on)
    hold = next((rule.because for rule in project.hold if _holds(rule, facts, on) is True), "")
    return tuple(_offering(one, facts, on, hold) for one in project.pathways)


def held_for_practice(item: Item, project: Project, on: date) -> str:
    """Say why the practice must look first, or nothing: the caller is warned before the script begins."""
    facts = facts_of(item, on)
    return next((rule.because for rule in project.hold if _holds(rule, facts, on) is True), "")


def with_answers(item: Item, answers: Mapping[str, Any]) -> Item:
    """Fill what the record does not know with what was answered in this call; the record is never overridden."""
    known = {name: value for name, value in item.patient.campaign.items() if value not in (None, "")}
    said = {name: _FLAGS.get(value, value) if isinstance(value, str) else value for name, value in answers.items()}
    return replace(item, patient=replace(item.patient, campaign={**said, **known}))


def facts_of(item: Item, on: date) -> dict[str, Any]:
    """Give the facts rules may name: the campaign's own, age on the day, and what is known of the person."""
    facts: dict[str, Any] = dict(item.patient.campaign)
    facts["age"] = age_on(item.patient.dob, on)
    facts["sex"] = item.patient.sex if item.patient.sex != "unknown" else None
    facts["practice_ods"] = item.patient.practice.ods if item.patient.practice else None
    return facts


def _offering(pathway: Pathway, facts: Mapping[str, Any], on: date, hold: str) -> Offering:
    if pathway.until is not None and on > date.fromisoformat(pathway.until):
        return Offering(pathway, False, f"not offered after {_said(pathway.until)}")
    if hold and not pathway.ignores_hold:
        return Offering(pathway, False, hold, held=True)
    asks: list[str] = []
    for rule in pathway.exclude:
        found = _holds(rule, facts, on)
        if found is True:
            return Offering(pathway, False, rule.because)
        if found is None and rule.ask:
            asks.append(rule.ask)
    held_by: list[str] = []
    for rule in pathway.include:
        found = _holds(rule, facts, on)
        if found is False:
            return Offering(pathway, False, rule.because)
        if found is None:
            asks.append(rule.ask or rule.because)
        else:
            held_by.append(_reason(rule, facts, on))
    if asks:
        known = "; ".join(one for one in held_by if one)
        questions = " ".join(dict.fromkeys(asks))
        return Offering(pathway, None, f"{known}. Still to ask: {questions}" if known else questions)
    return Offering(pathway, True, "; ".join(one for one in held_by if one) or "open to everybody of this project")


def _holds(rule: Rule, facts: Mapping[str, Any], on: date) -> bool | None:
    """One condition that holds is enough; one that is unknown leaves the rule unknown."""
    answers = [_test(one, facts, on) for one in rule.any]
    if True in answers:
        return True
    return None if None in answers else False


def _test(one: Condition, facts: Mapping[str, Any], on: date) -> bool | None:
    value = facts.get(one.fact)
    if value is None or value == "":
        return None
    if one.equals is not None:
        fits = _as_flag(value) is one.equals if isinstance(one.equals, bool) else str(value) == one.equals
    else:
        number = _as_number(value)
        if number is None:
            return None
        floor = _floor(one, facts)
        fits = (floor is None or number >= floor) and (one.below is None or number < one.below)
    if not fits or one.within_months is None:
        return fits
    taken = _as_day(facts.get(one.dated_by or ""))
    if taken is None:
        return None
    return months_between(taken, on) <= one.within_months and taken <= on


def _floor(one: Condition, facts: Mapping[str, Any]) -> float | None:
    """An ethnic code that is unknown or not stated takes the higher threshold (domain rules 2.19)."""
    if one.at_least_low is not None and str(facts.get("ethnic_code") or "") in one.low_for:
        return one.at_least_low
    return one.at_least


def _reason(rule: Rule, facts: Mapping[str, Any], on: date) -> str:
    """Say which condition held, with the date of the fact: "HbA1c 44 on 3 March 2026"."""
    one = next(one for one in rule.any if _test(one, facts, on) is True)
    value = facts[one.fact]
    name = fact_name(one.fact)
    if isinstance(one.equals, bool):
        return name if one.equals else f"not {name}"
    taken = _as_day(facts.get(one.dated_by or ""))
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{name} {shown}" + (f" on {_said(taken.isoformat())}" if taken else "")


_NAMES = {
    "hba1c_mmol_mol": "HbA1c",
    "fpg_mmol_l": "fasting glucose",
    "bmi": "BMI",
    "gdm_history": "diabetes in a past pregnancy",
    "has_htn": "high blood pressure",
    "has_dm": "diabetes",
}


def fact_name(fact: str) -> str:
    """Say what a fact of the record is called: "high blood pressure" for `has_htn`."""
    return _NAMES.get(fact, fact.replace("_", " "))


def months_between(earlier: date, later: date) -> int:
    """Count whole months between two days, a month not completed counts not."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


def _as_number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number == number and abs(number) != float("inf") else None


def _as_flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}.get(str(value).lower())


def _as_day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _said(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"
