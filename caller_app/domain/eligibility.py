"""Which pathways may be offered to a person, in order of need, and why in plain words with the date of each fact.

What a reader would get wrong: three answers, not two. Where a fact is missing the answer is unknown and says what to
ask. A result that the practice must look at first holds back every pathway; no reason shown then names any result,
because it must not be read out (domain rules 2.19, hazard: a diabetic-range result treated as prevention).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from caller_app.domain.calling_rules import age_on
from caller_app.domain.items import Item
from caller_app.domain.pathway_rules import AnswerFact, Condition, Rule
from caller_app.domain.pathways import Pathway
from caller_app.domain.projects import Project
from caller_app.domain.rule_facts import as_day, as_flag, as_number, day_words, fact_of, to_own_unit, value_words

_NO_ANSWERS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Offering:
    """One pathway with its answer: True, False, or None where a fact is missing."""

    pathway: Pathway
    ok: bool | None
    because: str
    held: bool = False  # waits for the practice: use E02
    ended: bool = False  # past its last day
    full: bool = False  # no place at the moment
    need: int = 0  # the more, the higher among those that may be offered
    needed: str = ""  # why it matters for this person


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person on a day; `said` are the facts that only this call's answers told."""

    values: Mapping[str, Any]
    on: date
    said: frozenset[str] = field(default_factory=frozenset)


def offerings(item: Item, project: Project, on: date, answers: Mapping[str, Any] = _NO_ANSWERS) -> tuple[Offering, ...]:
    """Give every pathway of the project with whether this person may be offered it, and because of what."""
    known = known_of(item, project, on, answers)
    hold = _hold(project, known)
    return tuple(_offering(one, project, known, hold) for one in project.pathways)


def ranked(found: tuple[Offering, ...]) -> tuple[Offering, ...]:
    """Put what may be offered first, what has to be asked about next; within each what is needed most, first."""
    order = {True: 0, None: 1, False: 2}
    return tuple(sorted(found, key=lambda one: (order[one.ok], -one.need)))


def held_for_practice(item: Item, project: Project, on: date, answers: Mapping[str, Any] = _NO_ANSWERS) -> str:
    """Say why the practice must look first, or nothing: the caller is warned before the script begins."""
    return _hold(project, known_of(item, project, on, answers))


def full_words(project: Project, pathway: Pathway, on: date) -> str:
    """Say that a pathway takes nobody at the moment, and until when; nothing where it has places."""
    until = project.full.get(pathway.code)
    if until is None:
        return ""
    if not until:
        return "full: all its places are taken"
    opens = date.fromisoformat(until)
    return f"full until {day_words(opens)}" if on < opens else ""


def known_of(item: Item, project: Project, on: date, answers: Mapping[str, Any] = _NO_ANSWERS) -> Known:
    """Give what is known of a person: the record first; what it does not know, from the answers of this call."""
    values: dict[str, Any] = {name: value for name, value in item.patient.campaign.items() if not _blank(value)}
    values["age"] = age_on(item.patient.dob, on)
    values["sex"] = item.patient.sex if item.patient.sex != "unknown" else None
    values["practice_ods"] = item.patient.practice.ods if item.patient.practice else None
    said = {one.fact: value for one in project.answers if not _blank(value := _answered(one, answers))}
    said |= {name: value for name, value in answers.items() if name not in said and not _blank(value)}
    new = {name: value for name, value in said.items() if _blank(values.get(name))}
    return Known({**values, **new}, on, frozenset(new))


def _answered(one: AnswerFact, answers: Mapping[str, Any]) -> Any:
    """Give a fact as the script's answers say it, in the fact's own unit; None while it was not asked."""
    if one.weight_kg:
        weight, height = as_number(answers.get(one.weight_kg)), as_number(answers.get(one.height_cm))
        return round(weight / (height / 100) ** 2, 1) if weight and height and height > 0 else None
    given = answers.get(one.question)
    if _blank(given):
        return None
    if one.choice:
        return one.choice in (given if isinstance(given, list | tuple) else str(given).split())
    number = as_number(given)
    return to_own_unit(fact_of(one.fact), number, one.unit) if one.unit and number is not None else given


def _hold(project: Project, known: Known) -> str:
    return next((rule.because for rule in project.hold if _holds(rule, known) is True), "")


def _offering(pathway: Pathway, project: Project, known: Known, hold: str) -> Offering:
    if pathway.until is not None and known.on > date.fromisoformat(pathway.until):
        return Offering(pathway, False, f"not offered after {_day(pathway.until)}", ended=True)
    if hold and not pathway.ignores_hold:
        return Offering(pathway, False, hold, held=True)
    quiet = bool(hold)
    asks: list[str] = []
    for rule in pathway.exclude:
        found = _holds(rule, known)
        if found is True:
            return Offering(pathway, False, _because(rule, known, quiet=quiet))
        if found is None and rule.ask:
            asks.append(rule.ask)
    held_by: list[str] = []
    for rule in pathway.include:
        found = _holds(rule, known)
        if found is False:
            return Offering(pathway, False, _because(rule, known, quiet=quiet))
        if found is None:
            asks.append(rule.ask or rule.because)
        elif not quiet:
            held_by.append(_reason(rule, known))
    full = full_words(project, pathway, known.on)
    if full:
        return Offering(pathway, False, full, full=True)
    need, needed = _needs(pathway, known)
    why = "; ".join(one for one in held_by if one)
    if asks:
        questions = " ".join(dict.fromkeys(asks))
        return Offering(pathway, None, f"{why}. Still to ask: {questions}" if why else questions,
                        need=need, needed=needed)  # fmt: skip
    return Offering(pathway, True, why or "open to everybody of this project", need=need, needed=needed)


def _needs(pathway: Pathway, known: Known) -> tuple[int, str]:
    holding = [rule for rule in pathway.needs if _holds(rule, known) is True]
    return sum(rule.weight for rule in holding), "; ".join(rule.because for rule in holding)


def _holds(rule: Rule, known: Known) -> bool | None:
    """One condition that holds is enough; one that is unknown leaves the rule unknown."""
    answers = [_test(one, known) for one in rule.any]
    if True in answers:
        return True
    return None if None in answers else False


def _test(one: Condition, known: Known) -> bool | None:
    value = known.values.get(one.fact)
    if _blank(value):
        return None
    if isinstance(one.equals, bool):
        flag = as_flag(value)
        if flag is None:
            return None
        fits = flag is one.equals
    elif one.equals is not None:
        fits = one.equals in value if isinstance(value, list | tuple) else str(value) == one.equals
    else:
        number = as_number(value)
        if number is None:
            return None
        floor = _floor(one, known)
        fits = (floor is None or number >= floor) and (one.below is None or number < one.below)
    if not fits or one.within_months is None:
        return fits
    taken = as_day(known.values.get(one.dated_by or ""))
    # What was said in the call has the date that was said with it, never that of another result on record.
    if taken is None or (one.fact in known.said and one.dated_by not in known.said):
        return None
    return months_between(taken, known.on) <= one.within_months and taken <= known.on


def _floor(one: Condition, known: Known) -> float | None:
    """An ethnic code that is unknown or not stated takes the higher threshold (domain rules 2.19)."""
    if one.at_least_low is not None and str(known.values.get("ethnic_code") or "") in one.low_for:
        return one.at_least_low
    return one.at_least


def _reason(rule: Rule, known: Known) -> str:
    """Say which condition held, with the date of the fact: "HbA1c 44 mmol/mol (6.2 %) on 3 March 2026"."""
    return _said(next(one for one in rule.any if _test(one, known) is True), known)


def _because(rule: Rule, known: Known, *, quiet: bool) -> str:
    """Say why not, with what is known of the facts the rule names; nothing of them while a result is held."""
    facts = [] if quiet else [_said(one, known) for one in rule.any if not _blank(known.values.get(one.fact))]
    told = "; ".join(dict.fromkeys(facts))
    return f"{rule.because} ({told})" if told and told.lower() not in rule.because.lower() else rule.because


def _said(one: Condition, known: Known) -> str:
    fact = fact_of(one.fact)
    words = value_words(fact, known.values[one.fact])
    if one.fact in known.said:
        return f"{words}, as said in this call"
    taken = as_day(known.values.get(one.dated_by or fact.dated_by))
    return f"{words} on {day_words(taken)}" if taken else words


def months_between(earlier: date, later: date) -> int:
    """Count whole months between two days, a month not completed counts not."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


def whom_words(pathway: Pathway) -> tuple[str, ...]:
    """Say whom a pathway fits, rule by rule: "age 18 or more and below 81", "not: pregnant"."""
    fits = [" or ".join(_range(one) for one in rule.any) for rule in pathway.include]
    return (*fits, *("not: " + " or ".join(_range(one) for one in rule.any) for rule in pathway.exclude))


def _range(one: Condition) -> str:
    fact = fact_of(one.fact)
    if isinstance(one.equals, bool):
        return fact.label if one.equals else f"not {fact.label}"
    if one.equals is not None:
        return f"{fact.label} {one.equals}"
    unit = "" if fact.unit in ("", "years") else f" {fact.unit}"
    parts = [f"{one.at_least:g} or more"] if one.at_least is not None else []
    parts += [f"below {one.below:g}"] if one.below is not None else []
    low = f" ({one.at_least_low:g} for some ethnic groups)" if one.at_least_low is not None else ""
    months = f", not older than {one.within_months} months" if one.within_months else ""
    return f"{fact.label} {' and '.join(parts)}{unit}{low}{months}"


def _blank(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == ()


def _day(iso: str) -> str:
    return day_words(date.fromisoformat(iso))
