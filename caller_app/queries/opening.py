"""Lines of the opening that the record decides and not its workbook: the message, and who may speak for the person.

What a reader would get wrong: the words of a message stand in the workbook too, but whether one may be left follows
from the record, and its wording is the one the project's information governance lead agreed (domain rules 2.9). That
one was left is still asked: what happened is recorded, allowed or not. Nobody is let on as a proxy on the caller's
word: as long as no authority is recorded anywhere, the only answer is that none is (domain rules 2.11).
"""

from dataclasses import replace

from caller_app.queries.masking import View
from caller_app.queries.pages import voicemail_wording
from caller_app.queries.rows import ScriptLine, ScriptPage
from caller_app.queries.safety import NO_MESSAGE, why_no_message
from caller_app.script.call import UNRECORDED
from caller_app.store.snapshot import Snapshot

_MESSAGE = "vm_say"
_GREETING = "Leave none where the greeting names another household or a business."
NOBODY = "Nothing is recorded that lets somebody speak for this person."


def as_it_stands(s: Snapshot, view: View, page: ScriptPage) -> ScriptPage:
    """Give a page of the opening with what may be said and answered for this person."""
    if all(line.name != _MESSAGE and line.name not in UNRECORDED for line in page.lines):
        return page
    return replace(page, lines=tuple(_line(s, view, one) for one in page.lines))


def message(s: Snapshot, view: View) -> tuple[str, str]:
    """Give the words of the message, or in their place why none may be left (domain rules 2.9)."""
    why_not = why_no_message(view)
    return ("", f"{NO_MESSAGE}: {why_not}.") if why_not else (voicemail_wording(s, view), "")


def _line(s: Snapshot, view: View, line: ScriptLine) -> ScriptLine:
    if line.name in UNRECORDED:
        only = tuple(choice for choice in line.choices if choice[0] == UNRECORDED[line.name])
        return replace(line, choices=only, hint=NOBODY)
    if line.name != _MESSAGE:
        return line
    words, warn = message(s, view)
    if warn:
        return replace(line, style="warn", text=warn, hint="", missing=())
    hint = f"{_GREETING} {line.hint}".strip()
    return replace(line, text=words or line.text, hint=hint, missing=() if words else line.missing)
