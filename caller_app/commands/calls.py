"""A call from opening the card to leaving it: what is looked at, dialled and ticked, each kept as it happens.

What a reader would get wrong: nothing here says how the call went (`commands.attempts` does). Opening, dialling and
every reveal are audited as changes of their own; ticks and answers live in the draft until an outcome is recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.domain.authorities import holding, is_child
from caller_app.domain.calls import (
    CallDraft,
    Dial,
    checked,
    identity_stands,
    may_dial_now,
    panel_is_open,
    speaker_of,
    without_identity,
)
from caller_app.domain.changes import Accessed, IdentityTick
from caller_app.domain.identity import TICKS, assess, proxy_field, proxy_of
from caller_app.domain.items import Item
from caller_app.protocol.codec import encode
from caller_app.store.listing import caught_up_at, taken_away
from caller_app.store.unit import Unit

ANSWERS_BYTES = 32 * 1024  # well inside what one change may hold
LANGUAGE_LENGTH = 60
NOT_OPEN = "Open this person's card first."


@dataclass(frozen=True, slots=True)
class IdentityStanding:
    """Where the identity check stands after a tick, and what to say or do next; never which field failed."""

    passed: bool
    failed: bool
    sentence: str


def open_call(unit: Unit, *, case_id: str) -> str:
    """Open the card of a person, or take up again a call that was parked or broken off; gives the call's id."""
    item = unit.item(case_id)
    draft = unit.draft(case_id)
    if draft is None:
        draft = CallDraft(call_id=new_id(), case_id=case_id, opened_at=unit.now, scripts=_scripts_now(unit, item))
        unit.save_draft(draft)
    elif draft.parked:
        draft = replace(draft, parked=False)
        unit.save_draft(draft)
    unit.record(Accessed(case_id=case_id, act_id=draft.call_id, what="view"))
    return draft.call_id


def take_incoming(unit: Unit, *, case_id: str) -> str:
    """Take a call of somebody who rang us, on the same record; whoever was checked before, nobody is now."""
    item = unit.item(case_id)
    before = unit.draft(case_id)
    fresh = CallDraft(call_id=new_id(), case_id=case_id, opened_at=unit.now, scripts=_scripts_now(unit, item))
    draft = replace(without_identity(before) if before else fresh, incoming=True, parked=False)
    unit.save_draft(draft)
    unit.record(Accessed(case_id=case_id, act_id=draft.call_id, what="incoming"))
    return draft.call_id


def _scripts_now(unit: Unit, item: Item) -> dict[str, str]:
    """Name the versions this call begins with, and ends with whatever is published meanwhile."""
    try:
        project = unit.project(item.project_id)
    except Refused:  # not here yet: nothing can be dialled or read either
        return {}
    return {"opening": project.opening_script_id, "project": project.script_id}


def record_dial(unit: Unit, *, case_id: str, number: str) -> str:
    """Hand a number to the dialler and give it back; refused while the rules hold this person or number back."""
    item = unit.item(case_id)
    draft = _draft(unit, case_id)
    as_of = caught_up_at(unit.lists)
    permission = may_dial_now(
        item,
        draft,
        unit.now,
        unit.now - as_of if as_of else None,
        unit.project(item.project_id),
        number=number,
        user_id=unit.me.user_id,
        holidays=unit.rules.holidays,
        taken_away=taken_away(unit.lists, case_id),
        by_the_centre=unit.by_the_centre,
    )
    if not permission.ok:
        raise Refused(permission.reason, field="number")
    # Whoever picks up now has not been checked, even if somebody was a minute ago.
    draft = without_identity(draft)
    unit.save_draft(
        replace(draft, number=number, dialled_at=unit.now, dials=(*draft.dials, Dial(number, unit.now)), parked=False)
    )
    unit.record(Accessed(case_id=case_id, act_id=draft.call_id, what="dial", detail=number))
    return number


def reveal_check_panel(unit: Unit, *, case_id: str) -> None:
    """Show in the tick panel what the patient is expected to state; audited, and hidden again once it is decided."""
    item = unit.item(case_id)
    draft = _draft(unit, case_id)
    if checked(draft, item, unit.now):
        return
    speaker = speaker_of(draft.answers)
    if speaker == "patient" and is_child(item, unit.now):
        raise Refused("They are under 16: only somebody with parental responsibility is asked, and only if recorded.")
    if speaker == "proxy" and not holding(item, unit.now):
        raise Refused(
            "Nothing is recorded that lets somebody speak for this person. End politely and say nothing more."
        )
    again = draft.panel_revealed_at is not None
    unit.save_draft(replace(without_identity(draft), panel_revealed_at=unit.now, speaker=speaker))
    said = [*(["who speaks for them"] if speaker == "proxy" else []), *(["again"] if again else [])]
    unit.record(Accessed(case_id=case_id, act_id=draft.call_id, what="check_panel", detail=", ".join(said)))


def tick_identity(unit: Unit, *, case_id: str, ticks: Mapping[str, IdentityTick]) -> IdentityStanding:
    """Keep what the caller ticked while the patient stated their details, and say where the check stands."""
    draft = _draft(unit, case_id)
    item = unit.item(case_id)
    project = unit.project(item.project_id)
    proxies = None
    if draft.speaker == "proxy":
        proxies = tuple(proxy_field(one.authority_id) for one in holding(item, unit.now))
    for name, tick in ticks.items():
        if name not in (*project.identity_fields, *(proxies or ())) or tick not in TICKS:
            raise Refused("This is not one of the details to check.", field=str(name)[:40])
    if identity_stands(draft, unit.now):
        raise Refused("The check has passed already. Dialling anew starts it again.")
    if draft.identity_failed:
        raise Refused("The check was not met. Open the panel again if you mis-ticked; otherwise end the call politely.")
    if not panel_is_open(draft, unit.now):
        raise Refused("Open the check panel first: what the patient states has to be compared with the record.")
    kept = {**draft.ticks, **ticks}
    standing = assess(
        project.identity_policy, kept, project.identity_fields, partial_dob=project.partial_dob, proxies=proxies
    )
    unit.save_draft(
        replace(
            draft,
            ticks=kept,
            identity_passed=standing.passed,
            identity_failed=standing.failed,
            identity_at=unit.now if standing.passed or standing.failed else None,
            authority_id=proxy_of(kept) if standing.passed and proxies is not None else "",
        )
    )
    return IdentityStanding(standing.passed, standing.failed, standing.sentence)


def save_page(unit: Unit, *, case_id: str, page: int, answers: Mapping[str, Any], language: str | None = None) -> bool:
    """Keep the page of the script, its language and every answer as it is given; None takes an answer back.

    Gives whether the check is taken back: by these answers somebody else is on the line than the one it was about.
    """
    draft = _draft(unit, case_id)
    if page < 0:
        raise Refused("There is no such page.", field="page")
    kept = {name: value for name, value in {**draft.answers, **answers}.items() if value is not None}
    if len(encode(kept)) > ANSWERS_BYTES:
        raise Refused("This is too much text for one call. Shorten the last answer.", field="answers")
    if language is not None and len(language) > LANGUAGE_LENGTH:
        raise Refused("This is not a language of the script.", field="language")
    spoken = draft.language if language is None else language
    begun = draft.panel_revealed_at is not None or draft.identity_at is not None
    another = begun and speaker_of(kept) != draft.speaker
    if another:
        draft = without_identity(draft)
    unit.save_draft(replace(draft, page=page, answers=kept, language=spoken))
    return another


def park_call(unit: Unit, *, case_id: str) -> None:
    """Leave a record half done: it goes to the top of the list, at the same step; identity is asked anew."""
    unit.save_draft(replace(without_identity(_draft(unit, case_id)), parked=True, danger_revealed_at=None))


def leave_call(unit: Unit, *, case_id: str) -> None:
    """Close a card on which nothing happened; refused once something was dialled, since that call needs its outcome."""
    draft = unit.draft(case_id)
    if draft is None:
        return
    if draft.dialled_at is not None:
        raise Refused("A number was dialled. Record how the call went, or park it.")
    if draft.incoming and draft.panel_revealed_at is not None:
        raise Refused("You spoke to somebody. Record how the call went, or park it.")
    unit.drop_draft(case_id)


def _draft(unit: Unit, case_id: str) -> CallDraft:
    draft = unit.draft(case_id)
    if draft is None or draft.parked:
        raise Refused(NOT_OPEN)
    return draft
