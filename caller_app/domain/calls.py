"""A call in progress: every tick and answer as it is given, so that a crash resumes it where it was.

The draft lives in `outbox.db` beside the outbox. Identity lasts for this call only (domain rules 2.10): it is a fact of
the draft, and the query layer reads it from here and from nowhere else. Ask `identity_stands`, never `identity_passed`:
a draft found again the next morning, or a number dialled anew, has nobody checked on the line. Of a call ask `checked`:
where somebody speaks for the person the check holds only as long as their recorded authority (domain rules 2.11).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from caller_app.base.clock import london
from caller_app.domain.authorities import authority_of, holding, is_child
from caller_app.domain.calling_rules import SITTING, Permission, is_open, may_dial, number_fits
from caller_app.domain.changes import IdentityTick
from caller_app.domain.concerns import watch_words
from caller_app.domain.items import Authority, Item, Number, PastAttempt
from caller_app.domain.nhs_number import check_digit_fits
from caller_app.domain.projects import Project

NOTE_LENGTH = 300  # domain rules 2.20
IDENTITY_LASTS = timedelta(hours=2)  # no call is longer; a draft older than this was left behind by a crash
UNDO = timedelta(seconds=10)
NOT_REACHED = frozenset({"C01", "C02", "C04", "C05", "P01", "P02", "P03"})  # another number may be tried at once

_DIGITS = re.compile(r"(?<!\w)\+?(?:[0-9][\s().\-]*){9,14}(?!\w)")


@dataclass(frozen=True, slots=True)
class Dial:
    """One number handed to the dialler in this call."""

    number: str  # E.164
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDraft:
    """What is known of the open call on one case; replaced whole at every step."""

    call_id: str  # also the act id of everything recorded in this call
    case_id: str
    opened_at: datetime
    number: str | None = None  # E.164 last handed to the dialler
    dialled_at: datetime | None = None
    dials: tuple[Dial, ...] = ()
    incoming: bool = False  # they rang us
    panel_revealed_at: datetime | None = None
    danger_revealed_at: datetime | None = None
    ticks: dict[str, IdentityTick] = field(default_factory=dict)
    identity_passed: bool = False
    identity_failed: bool = False
    identity_at: datetime | None = None
    speaker: Literal["patient", "proxy"] = "patient"  # whom the check is about, from the moment the panel is shown
    authority_id: str = ""  # under which the one who was checked speaks for the person
    page: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)  # opening | project -> the version the call began with
    language: str = ""  # the script is read in; empty for its first
    concern_id: str | None = None
    parked: bool = False

    @property
    def is_connected(self) -> bool:
        """Tell whether there is a telephone call to speak of: something was dialled, or they rang."""
        return self.incoming or self.dialled_at is not None


def identity_stands(draft: CallDraft | None, now: datetime) -> bool:
    """Tell whether the person on the line is known to be the patient, in this call and now (domain rules 2.10)."""
    if draft is None or draft.parked or not draft.identity_passed or draft.identity_at is None:
        return False
    return abs(now - draft.identity_at) < IDENTITY_LASTS


def speaker_of(answers: Mapping[str, Any]) -> Literal["patient", "proxy"]:
    """Say whom the answers of the opening put on the line."""
    return "proxy" if answers.get("who") == "proxy" else "patient"


def checked(draft: CallDraft | None, item: Item, now: datetime) -> bool:
    """Tell whether whoever is on the line may be spoken to about the person: the patient, or under an authority."""
    if draft is None or not identity_stands(draft, now):
        return False
    return speaks_for(draft, item, now) is not None if needs_authority(draft, item, now) else True


def needs_authority(draft: CallDraft | None, item: Item, now: datetime) -> bool:
    """Tell whether only a recorded authority opens this call: somebody speaks for them, or they are under sixteen."""
    return (draft is not None and draft.speaker == "proxy") or is_child(item, now)


def speaks_for(draft: CallDraft | None, item: Item, now: datetime) -> Authority | None:
    """Give the authority under which whoever was checked in this call speaks for the person, while it holds."""
    if draft is None or draft.speaker != "proxy" or not identity_stands(draft, now):
        return None
    return authority_of(item, draft.authority_id, now)


def authority_recorded(draft: CallDraft | None, item: Item, now: datetime) -> bool:
    """Tell whether the script may go on with somebody who speaks for the person; once checked, only as the one."""
    if identity_stands(draft, now):
        return speaks_for(draft, item, now) is not None
    return bool(holding(item, now))


def panel_is_open(draft: CallDraft | None, now: datetime) -> bool:
    """Tell whether the check panel may show what is expected: revealed, not yet decided, not left behind by a crash."""
    if draft is None or draft.parked or draft.panel_revealed_at is None:
        return False
    if draft.identity_passed or draft.identity_failed:
        return False
    return abs(now - draft.panel_revealed_at) < IDENTITY_LASTS


def without_identity(draft: CallDraft) -> CallDraft:
    """Give the draft as it is when another telephone call begins: nobody is checked, no panel open."""
    return replace(
        draft,
        panel_revealed_at=None,
        ticks={},
        identity_passed=False,
        identity_failed=False,
        identity_at=None,
        speaker="patient",
        authority_id="",
        page=0 if draft.identity_passed else draft.page,  # the pages for after the check are closed again
    )


def tried_in_sitting(item: Item, draft: CallDraft | None, now: datetime, user_id: int) -> frozenset[str]:
    """Name the numbers this caller tried in the sitting that is still going on (domain rules 2.7)."""
    tried = {one.number for one in _sitting(item, now, user_id) if one.number is not None}
    return frozenset(tried | {dial.number for dial in (draft.dials if draft else ()) if abs(now - dial.at) < SITTING})


def numbers_in_order(item: Item, promised: str | None = None) -> list[Number]:
    """Give the numbers that may be dialled, the best first: the promised one, then those that failed least."""
    fitting = [(place, one) for place, one in enumerate(item.numbers) if number_fits(one).ok]
    fitting.sort(key=lambda each: (each[1].e164 != promised, each[1].no_answers, each[0]))
    return [one for _, one in fitting]


def may_dial_now(
    item: Item,
    draft: CallDraft | None,
    now: datetime,
    list_age: timedelta | None,
    project: Project,
    *,
    number: str | None,
    user_id: int,
    holidays: Collection[date] = (),
    taken_away: str | None = None,
    by_the_centre: datetime | None = None,
) -> Permission:
    """Tell whether this number may be dialled in this call, with what the sitting and a concern change about the rules.

    Calling hours hold by this computer's clock and by the centre's: nobody is rung at night for the sake of a wrong
    clock. A sitting tries several numbers though the next sitting must wait. Where somebody is worried about the
    person and the line drops, the number is dialled again though the case is locked by then (domain rules 2.15).
    """
    dialled = [dial.at for dial in (draft.dials if draft else ()) if dial.number == number]
    if draft is not None and draft.concern_id is not None and (dialled or draft.incoming):
        found = next((one for one in item.numbers if one.e164 == number), None)
        return number_fits(found) if found else Permission(False, "This is not one of the person's numbers.")
    if taken_away:
        return Permission(False, f"Do not dial: {taken_away}. Finish and save.")
    sitting = _sitting(item, now, user_id)
    another = sitting and number is not None and number not in {one.number for one in sitting}
    if another and all(one.outcome in NOT_REACHED for one in sitting):
        ended_by_it = item.status == "closed" and sitting[-1].led_to == "closed"
        if item.status == "ready" or ended_by_it:
            item = replace(item, status="ready", not_before=None)
    permission = may_dial(item, now, list_age, project, number=number, holidays=holidays, dials=dialled)
    if permission.ok and by_the_centre is not None and not is_open(by_the_centre, project.hours, holidays):
        words = f"Outside calling hours: by the centre's clock it is {london(by_the_centre):%H:%M}, this one is wrong."
        return Permission(False, words)
    return permission


def _sitting(item: Item, now: datetime, user_id: int) -> list[PastAttempt]:
    return [
        one
        for one in item.attempts
        if not one.superseded and one.caller_id == user_id and timedelta(0) <= now - one.at < SITTING
    ]


@dataclass(frozen=True, slots=True)
class NoteCheck:
    """What was noticed in a note: sentences to show beside it, and whether to offer the risk button."""

    hints: tuple[str, ...]
    offer_concern: bool


def look_over_note(words: str) -> NoteCheck:
    """Look for what does not belong in a note, and for words that call for F12 (domain rules 2.20)."""
    hints = []
    runs = ["".join(letter for letter in run if letter.isdigit()) for run in _DIGITS.findall(words)]
    if any(len(digits) == 10 and digits[0] != "0" and check_digit_fits(digits) for digits in runs):
        hints.append("The note seems to hold an NHS number. Please take it out.")
    if any(len(digits) != 10 or digits[0] == "0" or not check_digit_fits(digits) for digits in runs):
        hints.append("The note seems to hold a telephone number. A new number belongs in a correction, key E.")
    worried = watch_words(words)
    if worried:
        hints.append("If you are worried about this person, press F12.")
    return NoteCheck(tuple(hints), worried)
