"""What the answers of a script already say of the facts a result asks for, so that nobody answers twice.

What a reader would get wrong: only answers on the path are handed in, and only what they say beyond doubt is filled
in. Agreement is never filled in for anybody: the script's answer is shown beside the question (domain rules 2.16). The
names of the questions are those of the packs; an answer that a form does not know is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from caller_app.domain.outcomes import FactField, Outcome
from caller_app.domain.projects import Project

CONSENT: Final = "consent_share"  # the question of the packs whether details may be passed on

_DECLINES: Final = {
    "work": "work_caring",
    "wait": "waiting",
    "not_needed": "no_need",
    "side_effects": "health",
    "group": "other",
    "record": "trust",
    "needles": "other",
}
_EXCLUDED: Final = {
    "ed_now": "eating_disorder",
    "frail": "frailty",
    "secondary": "secondary_care",
    "open_tt": "already",
    "smi": "secondary_care",
    "eating": "eating_disorder",
    "substance": "other",
}


def facts_said(
    outcome: Outcome, values: Mapping[str, str], pathways: Sequence[str], project: Project, *, point: str
) -> dict[str, Any]:
    """Give the facts of an outcome that the script has answered; `point` is how far the call got."""
    found: dict[str, Any] = {}
    made = _MADE.get(outcome.code, {})
    for field in outcome.fields:
        if field.kind == "pathway":
            value: Any = _pathway(outcome, pathways, project)
        elif outcome.code == "R04" and field.name == "point":
            value = point
        else:
            value = made[field.name](values) if field.name in made else None
        value = _fitting(field, value)
        if value:
            found[field.name] = value
    return found


def _fitting(field: FactField, value: Any) -> Any:
    if not field.choices:
        return value
    known = {one for one, _ in field.choices}
    if isinstance(value, list):
        return [one for one in value if one in known]
    return value if value in known else None


def _pathway(outcome: Outcome, pathways: Sequence[str], project: Project) -> str | None:
    fitting = [
        code for code in pathways if (found := project.pathway(code)) is not None and outcome.code in found.outcomes
    ]
    return fitting[0] if len(fitting) == 1 else None  # of several the caller says which


def _decline(values: Mapping[str, str]) -> str | None:
    said = values.get("why_not") or values.get("barrier") or ""
    return _DECLINES.get(said, said) or None


def _excluded(values: Mapping[str, str]) -> str | None:
    named = [
        one for one in (values.get("excl") or values.get("notfor") or "").split() if one not in ("none", "ed_past")
    ]
    reasons = list(dict.fromkeys(_EXCLUDED.get(one, one) for one in named))
    return reasons[0] if len(reasons) == 1 else None


def _already(values: Mapping[str, str]) -> str | None:
    if values.get("plan") == "booked":
        return "booked"
    return "vaccinated" if set((values.get("had") or "").split()) & {"flu", "covid"} else None


def _scope(values: Mapping[str, str]) -> str | None:
    if values.get("no_more") == "y":
        return "season"
    return "campaign" if values.get("decline_kind") == "not_about_this" else None


def _sent(values: Mapping[str, str]) -> str | None:
    return values.get("follow")


_MADE: Final[dict[str, dict[str, Callable[[Mapping[str, str]], Any]]]] = {
    "C03": {"greeting": lambda values: values.get("vm_greeting")},
    "A02": {"channel": _sent},
    "A04": {"channel": _sent},
    "A05": {"what": _already, "where": lambda values: values.get("had_where"), "date": lambda v: v.get("had_date")},
    "A06": {"reason": _excluded},
    "D01": {"reason": _decline},
    "D02": {"reason": _decline, "scope": _scope},
    "R03": {"need_codes": lambda values: (values.get("needs") or "").split()},
}
