"""Someone rang me: who it may be, when they were rung, what was left, and what to say.

What a reader would get wrong: the person on the line is not checked yet. A row never holds the project, the reason for
the call or anything of the record beyond name and number; and with a shared number it may be somebody else altogether.
"""

from caller_app.base.clock import london
from caller_app.domain.calling_rules import band_of
from caller_app.domain.items import Item, PastAttempt
from caller_app.queries.rows import LookupRow
from caller_app.store import listing
from caller_app.store.listing import Moment
from caller_app.store.search import matching, national_digits
from caller_app.store.snapshot import Snapshot

_FOUND = 30
_SHORTEST = 2

SAY = (
    "Thank you for ringing back. May I ask for your name? "
    "Then check who it is, before you say anything about why we rang."
)
SAY_SHARED = (
    "Other people use this number too. Ask who is speaking and never say anybody else's name. "
    "Then check who it is, before you say anything about why we rang."
)
SAY_STOPPED = (
    "Thank them for ringing, say that nothing is outstanding, and end the call. Tell the supervisor if in doubt."
)
SAY_DIED = (
    "Somebody told us that this person has died. Say that you are sorry, offer nothing, and ask only whether there is "
    "something we should know. Tell the supervisor, whoever is on the line."
)
_DIED = "S01"
_LEFT = {
    _DIED: "reported as died: tell the supervisor",
    "C03": "a neutral message was left",
    "C04": "voicemail, no message left",
    "C01": "no answer, nothing left",
    "C02": "engaged, nothing left",
    "T01": "spoke to somebody else, nothing said",
    "T02": "spoke to somebody else, nothing said",
}


def who_rang(s: Snapshot, *, fragment: str) -> tuple[LookupRow, ...]:
    """Find people by any fragment of a name or number, those rung last first; closed cases too."""
    if len(fragment.strip()) < _SHORTEST:
        return ()
    nrs = matching(s.lists, fragment, _FOUND)
    rows = listing.rows_of(s.lists, Moment.at(s.now, band_of(s.now)), nrs or ())
    rows.sort(key=lambda row: (row.last_at is None, -row.last_at.timestamp() if row.last_at else 0.0))
    items = [s.item(row.case_id) for row in rows]
    digits = "".join(letter for letter in fragment if letter.isascii() and letter.isdigit())
    return tuple(_row(item, digits) for item in items if item is not None)


def _row(item: Item, digits: str) -> LookupRow:
    last = max((past for past in item.attempts if not past.superseded), key=lambda past: past.at, default=None)
    number = _number(item, digits, last)
    shared = any(one.shared for one in item.numbers if one.e164 == number)
    died = any(past.outcome == _DIED and not past.superseded for past in item.attempts)
    say = SAY_DIED if died else SAY_STOPPED if item.status == "closed" else SAY_SHARED if shared else SAY
    return LookupRow(
        case_id=item.case_id,
        shown_name=f"{item.patient.given_name} {item.patient.family_name}".strip(),
        number=number,
        last_at=last.at if last else None,
        last_caller=last.caller if last else "",
        what_was_left=_LEFT[_DIED] if died else _left(item, last),
        what_to_say=say,
    )


def _number(item: Item, digits: str, last: PastAttempt | None) -> str | None:
    fitting = [one.e164 for one in item.numbers if len(digits) >= 3 and digits in national_digits(one.e164)]
    if fitting:
        return fitting[0]
    if last is not None and last.number is not None:
        return last.number
    return item.numbers[0].e164 if item.numbers else None


def _left(item: Item, last: PastAttempt | None) -> str:
    if last is None:
        return "not rung by us yet"
    left = _LEFT.get(last.outcome, "spoken to" if last.outcome[0] in "RADES" else "nothing left")
    promise = min((one for one in item.promises if one.state == "open"), key=lambda one: one.from_at, default=None)
    if promise is None:
        return left
    begins = london(promise.from_at)
    return f"{left}; {promise.made_by} promised to ring {begins:%A} {begins.day} {begins:%B} at {begins:%H:%M}"
