"""Lines of the opening that the record decides and not its workbook: the message, and who may speak for the person.

What a reader would get wrong: the words of a message stand in the workbook too, but whether one may be left follows
from the record, and its wording is the one the project's information governance lead agreed (domain rules 2.9). That
one was left is still asked: what happened is recorded, allowed or not. Whether somebody is recorded who may speak for
the person is answered by the record too, never by the caller, and not by whom: whoever says so is checked first
(domain rules 2.11). Somebody under sixteen is not asked for; who has parental responsibility is (domain rules 2.13).
"""

from dataclasses import replace

from caller_app.domain.authorities import is_child
from caller_app.domain.calls import authority_recorded
from caller_app.queries.masking import View
from caller_app.queries.pages import before_identity, voicemail_wording
from caller_app.queries.safety import NO_MESSAGE, no_message
from caller_app.queries.script_rows import ScriptLine, ScriptPage
from caller_app.script.call import AUTHORISED, recorded_as
from caller_app.store.snapshot import Snapshot

_MESSAGE = "vm_say"
_GREETING = "Leave none where the greeting names another household or a business."
_ASK_FOR, _WHO = "ask_for", "who"
_CHILD = (
    "Under 16: speak only to somebody with parental responsibility. If the child answers, ask for them; if nobody "
    "is there, choose somebody else who knows the patient."
)
NOBODY = "Nothing is recorded that lets somebody speak for this person."
SOMEBODY = "Somebody is recorded. Whether it is them, the check says: they tell you who they are, you tick."
_DECIDED = (_MESSAGE, AUTHORISED, _ASK_FOR, _WHO)


def as_it_stands(s: Snapshot, view: View, page: ScriptPage) -> ScriptPage:
    """Give a page of the opening with what may be said and answered for this person."""
    if all(line.name not in _DECIDED for line in page.lines):
        return page
    return replace(page, lines=tuple(_line(s, view, one) for one in page.lines))


def message(s: Snapshot, view: View) -> tuple[str, str]:
    """Give the words of the message, or in their place why none may be left (domain rules 2.9)."""
    why_not = no_message(view)
    return ("", f"{NO_MESSAGE}: {why_not}.") if why_not else (voicemail_wording(s, view), "")


def _line(s: Snapshot, view: View, line: ScriptLine) -> ScriptLine:
    if line.name == AUTHORISED:
        recorded = authority_recorded(view.draft, view.item, view.now)
        only = tuple(choice for choice in line.choices if choice[0] == recorded_as(recorded))
        return replace(line, choices=only, hint=SOMEBODY if recorded else NOBODY)
    if line.name in (_ASK_FOR, _WHO):
        return _for_a_child(s, view, line) if is_child(view.item, view.now) else line
    if line.name != _MESSAGE:
        return line
    words, warn = message(s, view)
    if warn:
        return replace(line, style="warn", text=warn, hint="", missing=())
    hint = f"{_GREETING} {line.hint}".strip()
    return replace(line, text=words or line.text, hint=hint, missing=() if words else line.missing)


def _for_a_child(s: Snapshot, view: View, line: ScriptLine) -> ScriptLine:
    """Ask for whoever has parental responsibility, and take nobody for the person."""
    if line.name == _WHO:
        others = tuple(choice for choice in line.choices if choice[0] != "patient")
        return replace(line, choices=others, hint=_CHILD)
    name = f"{view.item.patient.given_name} {view.item.patient.family_name}".strip()
    asked = f"May I speak to a parent or guardian of {name}"
    words = line.text.replace(f"May I speak to {name}", asked)
    if asked not in words:  # a translation asks for the child
        words = f"Hello, my name is {before_identity(s, view)['caller_first']}. {asked}, please?"
    return replace(line, text=words)
