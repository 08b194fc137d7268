"""What a campaign's script asks of the record: its hidden rows, worked out from cohort fields on the day of the call.

What a reader would get wrong: unknown stays blank, so that a condition on it does not hold either way. Values are the
text a script compares ("y", "44", "27.5"). What may be read aloud is decided elsewhere (queries.pages). Rules: the
campaign packs (diabetes prevention: result in date, threshold by ethnic category; winter vaccination: due this season).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from caller_app.domain.calling_rules import age_on
from caller_app.domain.interpreters import NO_FAMILY_IN
from caller_app.domain.items import Patient
from caller_app.domain.projects import Project

# Categories for which a body mass index of 27.5 counts as 30 does for others [L]; the 2001 census letters.
LOWER_BMI: Final = frozenset("DEFGHJKLMNPRS")
_COVID_AGE: Final = 75


def script_values(patient: Patient, project: Project, on: date) -> dict[str, str]:
    """Give the values of hidden rows for one person on one day; merge values of the project set limits, not facts."""
    facts = patient.campaign
    match project.campaign:
        case "diabetes_prevention":
            made = _prevention(facts, project, on)
        case "winter_vaccination":
            made = _vaccination(facts, patient, project, on)
        case "talking_therapies":
            made = {
                "use_screen": project.merge.get("use_screen", "n"),
                "tt_min_age": project.merge.get("tt_min_age", str(project.minimum_age)),
            }
        case _:
            made = {}
    return made | {"talk_sensitive": "y" if project.campaign in NO_FAMILY_IN else "n"}


def told(patient: Patient, project: Project, on: date) -> dict[str, str]:
    """Give what any script may ask for: the campaign's facts, the age on the day, the project's merge values."""
    age = age_on(patient.dob, on)
    facts = {name: in_words(value) for name, value in patient.campaign.items() if value is not None}
    return facts | {"pt_age": str(age) if age is not None else ""} | dict(project.merge)


def in_words(value: Any) -> str:
    """Give a fact of a cohort as a script reads it: yes or no, whole numbers without a point."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _prevention(facts: Mapping[str, Any], project: Project, on: date) -> dict[str, str]:
    dated = _day(facts.get("hba1c_date"))
    ethnic = facts.get("ethnic_code")
    return {
        "hba1c": _number(facts.get("hba1c_mmol_mol")),
        "fpg": _number(facts.get("fpg_mmol_l")),
        "result_months": str(months_between(dated, on)) if dated and dated <= on else "",
        "gdm_history": _yes_no(facts.get("gdm_history")),
        "bmi": _number(facts.get("bmi")),
        "bmi_threshold": "27.5" if isinstance(ethnic, str) and ethnic in LOWER_BMI else "30",
        "has_dm": _yes_no(facts.get("diabetes_register")),
        "has_htn": _yes_no(facts.get("has_htn")),
        "max_months": project.merge.get("max_months", "12"),
    }


def _vaccination(facts: Mapping[str, Any], patient: Patient, project: Project, on: date) -> dict[str, str]:
    start = _day(project.merge.get("season_start")) or date(on.year if on.month >= 8 else on.year - 1, 9, 1)
    end = date(start.year + 1, 3, 31)
    age, age_then = age_on(patient.dob, on), age_on(patient.dob, end)
    flu = [
        None if age_then is None else age_then >= 65,
        facts.get("flu_risk_group") if age is not None and 18 <= age < 65 else False,
        facts.get("pregnant"),
        facts.get("carer_flag"),
        facts.get("care_home"),
    ]
    limit = int(project.merge.get("covid_age", _COVID_AGE)) if project.merge.get("covid_age", "75").isdigit() else 75
    covid = [None if age_then is None else age_then >= limit, facts.get("care_home"), facts.get("immunosuppressed")]
    covid_start = _day(project.merge.get("covid_start")) or start
    return {
        "flu_due": _due(flu, facts.get("flu_given_date"), start),
        "covid_due": _due(covid, facts.get("covid_given_date"), covid_start),
        "housebound": _yes_no(facts.get("housebound")),
    }


def _due(reasons: list[Any], given: Any, start: date) -> str:
    day = _day(given)
    if day is not None and day >= start:
        return "n"
    return "y" if any(one is True for one in reasons) else "n"


def months_between(earlier: date, later: date) -> int:
    """Count the whole months from one day to another."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return in_words(value)


def _yes_no(value: Any) -> str:
    return {True: "y", False: "n"}.get(value, "") if isinstance(value, bool) else ""


def _day(value: Any) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
