"""Putting a detail right: what was said beside what we hold, and who said it.

What a reader would get wrong: a correction is a claim, never an edit of the record. Which types need the identity check
and which evidence they take is in the correction catalogue; here it is only asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from caller_app.base.clock import london_day
from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.domain.calls import checked, speaks_for
from caller_app.domain.changes import CorrectionProposed
from caller_app.domain.claims import check_correction
from caller_app.domain.corrections import EVIDENCE
from caller_app.domain.items import Item
from caller_app.store.unit import Unit

SOURCES = ("patient", "proxy", "third_party", "network", "post")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionSaid:
    """One claim as the form gives it: type of the catalogue, its values, who said it, and on what evidence."""

    type: str
    values: Mapping[str, Any] = field(default_factory=dict)
    source: str
    evidence: str


def propose_correction(
    unit: Unit,
    *,
    case_id: str,
    type: str,  # noqa: A002
    values: Mapping[str, Any],
    source: str,
    evidence: str,
) -> str:
    """Put forward a correction of one detail during a call; gives the id of the change."""
    item = unit.item(case_id)
    draft = unit.draft(case_id)
    said = CorrectionSaid(type=type, values=values, source=source, evidence=evidence)
    return put_forward(
        unit,
        item,
        said,
        act_id=draft.call_id if draft else new_id(),
        verified=checked(draft, item, unit.now),
        spoken_for=speaks_for(draft, item, unit.now) is not None,
    )


def put_forward(
    unit: Unit, item: Item, said: CorrectionSaid, *, act_id: str, verified: bool, spoken_for: bool = False
) -> str:
    """Check one claim against the catalogue and the record, and record it.

    `spoken_for`: somebody who speaks for the person is on the line, so what "the person" says is theirs.
    """
    if said.source not in SOURCES:
        raise Refused("Say who told us.", field="source")
    if said.source == "patient" and spoken_for:
        said = replace(said, source="proxy")
    if said.evidence not in {evidence for evidence, _, _ in EVIDENCE}:
        raise Refused("Say how this is known: keys 1 to 4.", field="evidence")
    if said.evidence == "patient_confirmed" and not verified:
        raise Refused("The patient can confirm a detail only after the identity check of this call.", field="evidence")
    cleaned = check_correction(
        unit.rules.corrections.get(said.type),
        said.values,
        item,
        source=said.source,
        test_mode=unit.test_mode,
        verified=verified,
        on=london_day(unit.now),
    )
    return unit.record(
        CorrectionProposed(
            case_id=item.case_id,
            act_id=act_id,
            type=said.type,
            field=cleaned.field,
            old=cleaned.old,
            new=cleaned.new,
            values=cleaned.values,
            source=said.source,
            evidence=said.evidence,
        )
    )


def prompted(code: str, facts: Mapping[str, Any], number: str | None, *, verified: bool) -> list[CorrectionSaid]:
    """Name the corrections an outcome brings with it: the number that was wrong, the person who moved or died."""
    match code:
        case "P01":
            return [_said("PHONE_NOT_IN_SERVICE", "network", "dead_line", number_on_record=number)]
        case "P02":
            return [_said("PHONE_WRONG", "third_party", "household_said", number_on_record=number)]
        case "P03":
            return [
                _said("PHONE_WRONG", "third_party", "household_said", number_on_record=number, how_known="moved"),
                _said("ADDRESS_GONE_AWAY", "third_party", "household_said", who_said=facts.get("who")),
            ]
        case "S01":
            told = {"reported_by": facts.get("who"), "approx_date": facts.get("date")}
            return [_said("DECEASED_REPORTED", "third_party", "household_said", **told)]
        case "S02" if facts.get("practice"):
            source, evidence = ("patient", "patient_confirmed") if verified else ("third_party", "household_said")
            return [_said("GP_PRACTICE", source, evidence, practice=facts["practice"])]
    return []


def _said(type: str, source: str, evidence: str, **values: Any) -> CorrectionSaid:  # noqa: A002
    given = {name: value for name, value in values.items() if value is not None}
    return CorrectionSaid(type=type, values=given, source=source, evidence=evidence)
