"""The outcome catalogue: 34 codes, what each implies and what each must be told.

What a reader would get wrong: the catalogue is data (resources/outcomes.csv and outcome_fields.toml). Code here only
turns its words into typed attributes; what an outcome does to a case is in `domain.consequences`.
"""

import csv
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from caller_app.base.errors import Refused
from caller_app.domain.facts import FactField, check_values, read_fields
from caller_app.domain.projects import Project

__all__ = ["FactField", "Outcome", "OutcomeCatalogue", "check_facts", "fill_facts", "read_outcomes"]

Counts = Literal["yes", "no", "barred_only"]
StopKind = Literal["campaign_opt_out", "contact_objection", "deceased"]
STOPS: dict[str, StopKind] = {
    "D02": "campaign_opt_out",
    "D03": "contact_objection",
    "S01": "deceased",
}  # monotone: safety wins
SAFETY = frozenset({*STOPS, "E01"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result code of an attempt."""

    code: str
    group: str
    label: str
    definition: str
    disposition: str  # RETRY, CALLBACK, HOLD, FINAL, NEXT NUMBER then FINAL, ... as the catalogue says
    counts_as_attempt: Counts
    contact_level: str  # none | other person | third party | person unverified | patient | verified | ...
    fields: tuple[FactField, ...]
    next_step: str
    prompts: tuple[str, ...]  # correction types and flags to offer
    final: bool  # closes the case by itself
    on_pad: bool  # False: set by the system only
    needs_verified: bool  # only after identity has passed in this call
    stop: StopKind | None = None  # campaign_opt_out | contact_objection | deceased

    @property
    def needs_answer(self) -> bool:
        """Tell whether somebody must have answered: such a code is not possible before the call connects."""
        return self.contact_level != "none"

    @property
    def needs_number(self) -> bool:
        """Tell whether the code asks which number was rung."""
        return any(one.name == "number_used" for one in self.fields)


class OutcomeCatalogue:
    """All codes in the order of the catalogue."""

    def __init__(self, outcomes: Collection[Outcome]) -> None:
        self._by_code = {one.code: one for one in outcomes}

    def get(self, code: str) -> Outcome:
        """Give the outcome with this code; raises Refused for an unknown one."""
        found = self._by_code.get(code)
        if found is None:
            raise Refused("This result is not known here.", field="outcome")
        return found

    def find(self, code: str) -> Outcome | None:
        """Give the outcome with this code, or None: for codes a newer centre may know."""
        return self._by_code.get(code)

    def all(self) -> tuple[Outcome, ...]:
        """Give every code."""
        return tuple(self._by_code.values())

    def on_pad(self) -> tuple[Outcome, ...]:
        """Give the codes a caller may choose."""
        return tuple(one for one in self._by_code.values() if one.on_pad)


def read_outcomes(csv_text: str, fields_text: str) -> OutcomeCatalogue:
    """Read the catalogue from its two resources."""
    fields = tomllib.loads(fields_text)
    choices = fields.pop("choices")
    rows = list(csv.DictReader(csv_text.splitlines()))
    codes = {row["code"] for row in rows}
    if codes != set(fields):
        raise ValueError(f"outcomes.csv and outcome_fields.toml differ in {sorted(codes ^ set(fields))}")
    return OutcomeCatalogue([_outcome(row, read_fields(fields[row["code"]], choices)) for row in rows])


def _outcome(row: Mapping[str, str], fields: tuple[FactField, ...]) -> Outcome:
    said = row["counts_as_attempt"]
    counts: Counts = "yes" if said.startswith("yes") else "no"
    if said.startswith("line fault"):
        counts = "barred_only"
    code = row["code"]
    return Outcome(
        code=code,
        group=row["group"],
        label=row["label"],
        definition=row["definition"],
        disposition=row["disposition"],
        counts_as_attempt=counts,
        contact_level=row["contact_level"],
        fields=fields,
        next_step=row["next_step_default"],
        prompts=tuple(re.findall(r"\b[A-Z]+_[A-Z_]+\b|\b[A-Z]{4,}\b", row["corrections_or_flags"])),
        final=row["disposition"] == "FINAL",
        on_pad=row["required_data"] != "(system)",
        needs_verified=row["contact_level"] == "verified",
        stop=STOPS.get(code),
    )


def fill_facts(outcome: Outcome, facts: Mapping[str, Any], project: Project, today: date) -> dict[str, Any]:
    """Give the facts with what the chosen pathway already says: consent wording, shared fields, task, due date."""
    filled = dict(facts)
    pathway = project.pathway(str(facts.get("pathway", "")))
    if pathway is None:
        return filled
    version = f" [{pathway.code}/{pathway.consent_version}]"
    known = {
        "pathway.consent": (pathway.consent_wording or "No data leaves us.") + version,
        "pathway.shared_fields": ", ".join(pathway.shared_fields),
        "pathway.task": pathway.task or pathway.title,
        "pathway.due_date": (today + timedelta(days=pathway.due_days)).isoformat(),
    }
    for one in outcome.fields:
        if one.filled_from and not filled.get(one.name):
            filled[one.name] = known[one.filled_from]
    return filled


def check_facts(
    outcome: Outcome,
    facts: Mapping[str, Any],
    *,
    number: str | None = None,
    numbers: Collection[str] | None = None,
    project: Project | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """Give the facts cleaned; raises Refused whose `field` is the missing one. `number` is the number that was rung."""
    if not outcome.on_pad:
        raise Refused(f"{outcome.label} is set by the system and cannot be chosen.", field="outcome")
    given = dict(facts)
    if outcome.needs_number and number is not None:
        given.setdefault("number_used", number)
    if project is not None and today is not None:
        given = fill_facts(outcome, given, project, today)
    pathways = None
    if project is not None:
        pathways = {one.code for one in project.pathways if outcome.code in one.outcomes}
    cleaned = check_values(outcome.fields, given, numbers=numbers, pathways=pathways, today=today)
    if outcome.code in ("A01", "A03") and cleaned.get("consent") != "yes":
        raise Refused(
            "Without agreement nothing about the person may be sent. Choose a pathway they follow themselves.",
            field="consent",
        )
    if outcome.code == "A07" and cleaned.get("consent") != "yes":
        _refuse_unshared(cleaned, project)
    if outcome.code == "R02" and not _some_check_failed(cleaned):
        raise Refused("At least one check must have failed or been left out.", field="check_full_name")
    if cleaned.get("time") and not cleaned.get("date"):
        raise Refused("A time needs its day.", field="date")
    return cleaned


def _refuse_unshared(cleaned: Mapping[str, Any], project: Project | None) -> None:
    pathway = project.pathway(cleaned["pathway"]) if project is not None else None
    if pathway is not None and pathway.route in ("supported_referral", "practice_task"):
        raise Refused("Without agreement this pathway cannot be taken: nothing may be sent.", field="consent")


def _some_check_failed(cleaned: Mapping[str, Any]) -> bool:
    return any(name.startswith("check_") and value != "matches" for name, value in cleaned.items())
