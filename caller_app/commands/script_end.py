"""What the answers of a call mean for its result: where they lead, what contradicts them, which scripts they are of.

What a reader would get wrong: the scripts are run again here, from the draft on the disk: what a screen showed decides
nothing. The version cited is the one the call began with, as long as it can still be read on this workstation.
"""

from collections.abc import Mapping
from typing import Any

from caller_app.base.clock import london_day
from caller_app.base.errors import Refused
from caller_app.domain.calls import CallDraft, authority_recorded
from caller_app.domain.derived import contradiction, refusal
from caller_app.domain.items import Item
from caller_app.domain.outcomes import Outcome
from caller_app.domain.projects import Project
from caller_app.domain.script_facts import CONSENT
from caller_app.domain.script_values import script_values, told
from caller_app.script.call import CallStanding, of_the_check, stand_call
from caller_app.script.led_by import led_by
from caller_app.script.script import Script
from caller_app.store.unit import Unit


def stand(unit: Unit, item: Item, project: Project, draft: CallDraft | None, *, verified: bool) -> CallStanding | None:
    """Say where the answers of this call lead; None where nothing was answered."""
    if draft is None or not (draft.answers or draft.identity_failed):
        return None
    today = london_day(unit.now)
    return stand_call(
        _script(unit, draft, "opening", project.opening_script_id),
        _script(unit, draft, "project", project.script_id),
        draft.answers,
        check=of_the_check(verified=verified, failed=draft.identity_failed),
        given=told(item.patient, project, today) | script_values(item.patient, project, today),
        verified=verified,
        now=unit.now,
        authorised=authority_recorded(draft, item, unit.now),
    )


def refuse_contradiction(
    unit: Unit, project: Project, draft: CallDraft | None, call: CallStanding | None, chosen: Outcome
) -> None:
    """Refuse an outcome that the answers of this call contradict, and name the answer that decides."""
    if call is None or not contradiction(call.outcome, chosen.code, finished=call.finished):
        return
    scripts = [_script(unit, draft, "project", project.script_id)]
    scripts.append(_script(unit, draft, "opening", project.opening_script_id))
    row = next((found for one in scripts if one is not None and (found := one.row(call.because))), None)
    asked = f"“{row.label[:80]}”" if row is not None and row.choices else ""
    label = unit.rules.outcomes.get(call.outcome).label
    raise Refused(refusal(label, chosen.label, asked), field="outcome")


def refuse_unagreed(call: CallStanding | None, facts: Mapping[str, Any]) -> None:
    """Refuse an agreement to which the person said no in the script (domain rules 2.16)."""
    if call is None or facts.get("consent") != "yes":
        return
    if any(part.values.get(CONSENT) == "n" for part in call.parts):
        raise Refused(
            "In the script they did not agree that their details are passed on, so nothing may be sent. "
            "If they agreed after all, change that answer; else choose there what they do themselves.",
            field="consent",
        )


def given_to(unit: Unit, project: Project, draft: CallDraft | None, call: CallStanding | None) -> dict[str, str]:
    """Give the values of the record that led the path through the project's script, for the attempt to keep."""
    script = _script(unit, draft, "project", project.script_id)
    return led_by(script, call.main) if script is not None and call is not None and call.main is not None else {}


def cited(unit: Unit, draft: CallDraft | None, which: str, now: str) -> str | None:
    """Name the version the answers were given to: the one the call began with, if it could still be read."""
    begun = draft.scripts.get(which) if draft is not None else None
    if begun and (begun == now or unit.script(begun) is not None):
        return begun
    return now or begun or None


def _script(unit: Unit, draft: CallDraft | None, which: str, now: str) -> Script | None:
    script_id = cited(unit, draft, which, now)
    return unit.script(script_id) if script_id else None
