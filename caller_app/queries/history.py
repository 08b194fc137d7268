"""My day and history: my own calls, with where each of them stands. Private; there is no league table.

What a reader would get wrong: a call of somebody who left the list is still mine and still shown, but without the name:
this workstation no longer holds it.
"""

from datetime import datetime

from caller_app.domain.calling_rules import band_of
from caller_app.domain.phones import show
from caller_app.queries.outbox import state_of
from caller_app.queries.rows import CallLine
from caller_app.store import journal, listing
from caller_app.store.listing import Moment
from caller_app.store.search import fold_name, national_digits
from caller_app.store.snapshot import Snapshot

GONE_NAME = "No longer on your list"
_RETAINED = 5_000
_RUNG = 500


def my_calls(s: Snapshot, *, search: str = "", limit: int = 200, offset: int = 0) -> tuple[CallLine, ...]:
    """Give my calls, the newest first; a search looks at names, numbers, codes and results."""
    lines = sorted(_lines(s), key=lambda line: line.at, reverse=True)
    if search.strip():
        lines = [line for line in lines if _fits(line, search)]
    return tuple(lines[offset : offset + limit])


def _lines(s: Snapshot) -> list[CallLine]:
    retained = journal.calls(s.outbox, limit=_RETAINED)
    taken_back = journal.taken_back(s.outbox)
    moment = Moment.at(s.now, band_of(s.now))
    names = {
        row.case_id: row.shown_name
        for row in listing.rows_of_cases(s.lists, moment, list({change.case_id for _, change in retained}))
    }
    lines = {
        entry.change_id: _line(
            s,
            attempt_id=entry.change_id,
            case_id=change.case_id,
            shown_name=names.get(change.case_id),
            at=entry.recorded_at,
            outcome=change.outcome,
            number=change.number,
            state="taken back" if entry.change_id in taken_back else state_of(entry),
        )
        for entry, change in retained
    }
    for case_id in listing.rung_cases(s.lists, _RUNG):
        item = s.item(case_id)
        for past in item.attempts if item else ():
            if past.caller_id != s.me.user_id or past.attempt_id in lines or item is None:
                continue
            lines[past.attempt_id] = _line(
                s,
                attempt_id=past.attempt_id,
                case_id=case_id,
                shown_name=f"{item.patient.given_name} {item.patient.family_name}".strip(),
                at=past.at,
                outcome=past.outcome,
                number=past.number,
                state="taken back" if past.superseded else "accepted",
            )
    return list(lines.values())


def _line(
    s: Snapshot,
    *,
    attempt_id: str,
    case_id: str,
    shown_name: str | None,
    at: datetime,
    outcome: str,
    number: str | None,
    state: str,
) -> CallLine:
    known = s.rules.outcomes.find(outcome)
    return CallLine(
        attempt_id=attempt_id,
        case_id=case_id,
        shown_name=shown_name or GONE_NAME,
        at=at,
        outcome=outcome,
        outcome_label=known.label if known else outcome,
        number=number,
        state=state,
        still_on_list=shown_name is not None,
    )


def _fits(line: CallLine, typed: str) -> bool:
    folded = fold_name(typed)
    digits = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    if len(digits) >= 3 and not any(letter.isalpha() for letter in folded):
        return line.number is not None and digits in national_digits(line.number) + " " + line.number
    text = fold_name(f"{line.shown_name} {line.outcome} {line.outcome_label} {line.state}")
    if line.number is not None:
        text += " " + fold_name(show(line.number))
    return bool(folded) and all(word in text for word in folded.split())
