"""The facts that rules of pathways may name: what each is called, its kind, its unit, and what it can sensibly be.

What a reader would get wrong: a unit is never guessed. HbA1c is held in mmol/mol; a threshold or an answer in per cent
is converted by 10.929 x (per cent - 2.15) and rounded to whole mmol/mol, exactly as results of a cohort are, so that
somebody at 6.0 % meets a threshold of 6.0 %. What was converted is said wherever it is shown.
"""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

from caller_app.domain.cohort.measures import from_percent

Kind = Literal["number", "flag", "code", "date"]
_FLAGS = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: `dated_by` names the fact that holds its date; `also` are units it may be given in beside its own."""

    name: str
    label: str
    kind: Kind
    unit: str = ""
    least: float = 0.0
    most: float = 0.0
    also: tuple[str, ...] = ()
    dated_by: str = ""
    choices: tuple[str, ...] = ()


_ETHNIC = tuple("ABCDEFGHJKLMNPRSZ")
_EVERYBODY = (
    Fact("age", "age", "number", "years", 0, 130),
    Fact("sex", "sex", "code", choices=("female", "male", "other", "unknown")),
    Fact("practice_ods", "practice code", "code"),
    Fact("imd_quintile", "deprivation fifth", "number", "", 1, 5),
    Fact("ethnic_code", "ethnic category", "code", choices=_ETHNIC),
    Fact("risk_score", "risk score", "number", "", 0, 1),
)
_CAMPAIGNS: dict[str, tuple[Fact, ...]] = {
    "talking_therapies": (
        Fact("fit_note_date", "date of the fit note", "date"),
        Fact("ltc_count", "long-term conditions", "number", "", 0, 50),
        Fact("smi_register", "on the register of severe mental illness", "flag"),
        Fact("carer_flag", "a carer", "flag"),
    ),
    "winter_vaccination": (
        Fact("flu_given_date", "date of the flu vaccine", "date"),
        Fact("covid_given_date", "date of the COVID-19 vaccine", "date"),
        Fact("flu_risk_group", "in a risk group for flu", "flag"),
        Fact("care_home", "living in a care home", "flag"),
        Fact("housebound", "housebound", "flag"),
        Fact("pregnant", "pregnant", "flag"),
        Fact("carer_flag", "a carer", "flag"),
    ),
    "diabetes_prevention": (
        Fact("hba1c_mmol_mol", "HbA1c", "number", "mmol/mol", 20, 200, ("%",), "hba1c_date"),
        Fact("hba1c_date", "date of the blood result", "date"),
        Fact("fpg_mmol_l", "fasting glucose", "number", "mmol/l", 1, 50, (), "hba1c_date"),
        Fact("bmi", "BMI", "number", "kg/m2", 10, 90),
        Fact("gdm_history", "diabetes in a past pregnancy", "flag"),
        Fact("has_htn", "high blood pressure", "flag"),
        Fact("has_dm", "diabetes", "flag"),
    ),
}
_LABELS = {one.name: one for facts in (_EVERYBODY, *_CAMPAIGNS.values()) for one in facts}


def facts_for(campaign: str) -> dict[str, Fact]:
    """Give the facts a cohort of this campaign can hold, by name."""
    return {one.name: one for one in (*_EVERYBODY, *_CAMPAIGNS.get(campaign, ()))}


def fact_of(name: str) -> Fact:
    """Give what is known of a fact; one that only answers of a script fill is a plain flag of that name."""
    return _LABELS.get(name) or Fact(name, name.replace("_", " "), "flag")


def nearest(name: str, known: list[str]) -> str:
    """Say which known name a misspelt one may have meant: " Did you mean bmi?", or nothing."""
    found = get_close_matches(name, known, n=1, cutoff=0.6)
    return f". Did you mean {found[0]}?" if found else ""


def to_own_unit(fact: Fact, value: float, unit: str) -> float:
    """Give a value in the unit the fact is held in."""
    if unit in ("", fact.unit):
        return value
    if fact.name == "hba1c_mmol_mol" and unit == "%":
        return float(from_percent(value))
    raise ValueError(f"{fact.name} is not given in {unit}")


def conversion_words(fact: Fact, value: float, unit: str) -> str:
    """Say what became of a value given in another unit; nothing where it was in the fact's own."""
    if unit in ("", fact.unit):
        return ""
    own = to_own_unit(fact, value, unit)
    return f"{fact.label} {value:g} {unit} is taken as {own:g} {fact.unit} (10.929 x ({value:g} - 2.15), rounded)"


def value_words(fact: Fact, value: Any) -> str:
    """Say a fact with its value and unit: "HbA1c 44 mmol/mol (6.2 %)", "pregnant", "not pregnant"."""
    if fact.kind == "flag":
        flag = as_flag(value)
        return fact.label if flag else f"not {fact.label}" if flag is False else f"{fact.label} {value}"
    number = as_number(value) if fact.kind == "number" else None
    if number is None:
        return f"{fact.label} {value}"
    said = f"{fact.label} {number:g}"
    if fact.unit == "years":
        return said
    if fact.name == "hba1c_mmol_mol":
        return f"{said} {fact.unit} ({number / 10.929 + 2.15:.1f} %)"
    return f"{said} {fact.unit}".rstrip()


def as_number(value: Any) -> float | None:
    """Read a number, None where it is none."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number == number and abs(number) != float("inf") else None


def as_flag(value: Any) -> bool | None:
    """Read a yes or no, None where it is neither."""
    if isinstance(value, bool):
        return value
    return _FLAGS.get(str(value).strip().lower())


def as_day(value: Any) -> date | None:
    """Read a day, None where it is none."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def day_words(day: date) -> str:
    """Say a day: "3 March 2026"."""
    return f"{day.day} {day:%B %Y}"
