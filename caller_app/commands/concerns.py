"""I am worried about this person: recorded at once, sent before everything else, never edited (domain rules 2.15).

What a reader would get wrong: nothing may stand in its way. It needs no open call, no identity check and no words, and
it is recorded even where the person left the list a moment ago.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.domain.calls import CallDraft
from caller_app.domain.changes import Accessed, ConcernAdded, ConcernRaised, ConcernRoute
from caller_app.store.unit import Unit

WORDS_LENGTH = 8_000
TOLD_LENGTH = 200


def raise_concern(unit: Unit, *, case_id: str, route: ConcernRoute, words: str = "", told: Sequence[str] = ()) -> str:
    """Record that I am worried about this person and who was told; gives the concern's id, which E01 cites."""
    if route not in get_args(ConcernRoute):
        raise Refused("Choose immediate danger, very distressed, or safeguarding.", field="route")
    draft = unit.draft(case_id)
    concern_id = unit.record(
        ConcernRaised(
            case_id=case_id,
            act_id=draft.call_id if draft else new_id(),
            route=route,
            words=_words(words),
            told=_told(told),
            noticed_at=unit.now,
        )
    )
    if draft is not None:
        unit.save_draft(replace(draft, concern_id=concern_id))
    return concern_id


def add_to_concern(unit: Unit, *, case_id: str, concern_id: str, words: str = "", told: Sequence[str] = ()) -> str:
    """Add words, or somebody who was told, to a concern; what was recorded before stays as it is."""
    if not words.strip() and not any(one.strip() for one in told):
        raise Refused("Say what is to be added.", field="words")
    before = unit.recorded(concern_id)
    if before is None:
        marks = {mark.concern_id for mark in unit.item(case_id).concerns}
        if concern_id not in marks:
            raise Refused("This concern does not belong to this person.", field="concern")
    elif before.change.kind != ConcernRaised.kind or before.change.case_id != case_id:
        raise Refused("This concern does not belong to this person.", field="concern")
    draft = unit.draft(case_id)
    return unit.record(
        ConcernAdded(
            case_id=case_id,
            act_id=draft.call_id if draft else new_id(),
            concern_id=concern_id,
            words=_words(words),
            told=_told(told),
        )
    )


def reveal_danger_details(unit: Unit, *, case_id: str) -> None:
    """Show address and number to read to the 999 operator, until the call ends; audited, before identity too."""
    unit.item(case_id)
    draft = unit.draft(case_id) or CallDraft(call_id=new_id(), case_id=case_id, opened_at=unit.now)
    unit.save_draft(replace(draft, danger_revealed_at=unit.now))
    unit.record(Accessed(case_id=case_id, act_id=draft.call_id, what="danger_details"))


def _words(words: str) -> str:
    words = words.strip()
    if len(words) > WORDS_LENGTH:
        raise Refused("This is too much text for one record. Save the first part, then add the rest.", field="words")
    return words


def _told(told: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(one.strip() for one in told if one.strip())
    if len(kept) > 20 or any(len(one) > TOLD_LENGTH for one in kept):
        raise Refused("Name the people who were told in a few words each.", field="told")
    return kept
