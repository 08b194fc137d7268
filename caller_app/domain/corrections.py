"""The correction catalogue: 22 types of claims about one detail, who may make them and what is asked of the practice.

What a reader would get wrong: a correction is a claim, old beside new. Whether our own copy follows (`applies`) is
apart from reporting it, and nothing goes to a practice before review. The check of a claim is `domain.claims`.
"""

import csv
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from caller_app.base.errors import Refused
from caller_app.domain.facts import FactField, read_fields

Urgency = Literal["same_day", "two_days", "weekly"]
Source = Literal["patient", "proxy", "third_party", "network", "post"]
# The keys 1 to 4 of a correction, in this order: evidence, label, the source it implies.
EVIDENCE: tuple[tuple[str, str, Source], ...] = (
    ("patient_confirmed", "The person confirmed it", "patient"),
    ("household_said", "Somebody in the household said it", "third_party"),
    ("dead_line", "The line is dead", "network"),
    ("post_returned", "Post came back", "post"),
)
URGENCY_WORDS = {"same_day": "same day", "two_days": "2 days", "weekly": "weekly"}
MASKED = "(held back: ask us by the secure route)"


@dataclass(frozen=True, slots=True)
class CorrectionType:
    """One type of claim."""

    code: str
    label: str
    fields: tuple[FactField, ...]
    urgency: Urgency
    asked_of_practice: str
    sources: tuple[str, ...]
    needs_verified: bool
    details: tuple[str, ...]  # names of the details on the card it fits
    applies: bool  # our own copy follows at once
    at_once: bool  # has an effect in our own system at once: a blocked number, a safe way
    evidence_needed: str
    secure_only: bool = False  # masked in reports that go by ordinary routes

    def fits(self, detail: str) -> bool:
        """Tell whether the type may be raised on this detail; "phone:+44..." is a phone."""
        return detail.partition(":")[0] in self.details


class CorrectionCatalogue:
    """All types in the order of the catalogue."""

    def __init__(self, types: Collection[CorrectionType]) -> None:
        self._by_code = {one.code: one for one in types}

    def get(self, code: str) -> CorrectionType:
        """Give the type; raises Refused for an unknown one."""
        found = self._by_code.get(code)
        if found is None:
            raise Refused("This kind of correction is not known here.", field="type")
        return found

    def find(self, code: str) -> CorrectionType | None:
        """Give the type or None: a newer workstation may know more."""
        return self._by_code.get(code)

    def all(self) -> tuple[CorrectionType, ...]:
        """Give every type."""
        return tuple(self._by_code.values())

    def fitting(self, detail: str) -> tuple[CorrectionType, ...]:
        """Give the types that fit a detail, the catch-all last."""
        return tuple(one for one in self._by_code.values() if one.fits(detail))


def read_corrections(csv_text: str, fields_text: str) -> CorrectionCatalogue:
    """Read the catalogue from its two resources."""
    tables = tomllib.loads(fields_text)
    choices = tables.pop("choices")
    rows = list(csv.DictReader(csv_text.splitlines()))
    codes = {row["type"] for row in rows}
    if codes != set(tables):
        raise ValueError(f"corrections.csv and correction_fields.toml differ in {sorted(codes ^ set(tables))}")
    return CorrectionCatalogue([_type(row, tables[row["type"]], choices) for row in rows])


def _type(row: Mapping[str, str], table: Mapping[str, Any], choices: Mapping[str, Any]) -> CorrectionType:
    said = row["urgency"]
    urgency: Urgency = "weekly"
    if said.startswith("2 working days"):
        urgency = "two_days"
    elif said == "same day" or said.startswith("at once; supervisor"):
        urgency = "same_day"
    return CorrectionType(
        code=row["type"],
        label=row["label"],
        fields=read_fields(table["fields"], choices),
        urgency=urgency,
        asked_of_practice=table["ask"],
        sources=tuple(table["sources"]),
        needs_verified=table["verified"],
        details=tuple(table["details"]),
        applies=table["applies"],
        at_once=said.startswith(("same day", "at once")),
        evidence_needed=row["evidence_needed"],
        secure_only=row["type"] == "SAFE_CONTACT",
    )


def report_texts(kind: CorrectionType, old: str | None, new: str | None) -> tuple[str, str]:
    """Give "detail on record" and "detail given to us" for the report; a safe-contact type is masked."""
    if kind.secure_only:
        return MASKED, MASKED
    return old or "", new or ""


def who_told(source: str) -> str:
    """Say who told us, in the report's words."""
    return {"patient": "patient (identity checked)", "proxy": "carer", "third_party": "other"}.get(source, "network")
