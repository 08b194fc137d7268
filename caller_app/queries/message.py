"""The message on an answering machine: the project's own words, or why none may be left (domain rules 2.9).

What a reader would get wrong: the words stand in the opening's workbook too, but a message is allowed or not by the
person's record, and worded as the project's information governance lead agreed. So its line is filled in here. That a
message was left is still asked: what happened is recorded, allowed or not.
"""

from dataclasses import replace

from caller_app.queries.masking import View
from caller_app.queries.pages import voicemail_wording
from caller_app.queries.rows import ScriptLine, ScriptPage
from caller_app.queries.safety import NO_MESSAGE, why_no_message
from caller_app.store.snapshot import Snapshot

_MESSAGE = "vm_say"
_HINT = "Leave none where the greeting names another household or a business."


def with_message(s: Snapshot, view: View, page: ScriptPage) -> ScriptPage:
    """Give the page with the line of the message as it may be spoken to this person."""
    if all(line.name != _MESSAGE for line in page.lines):
        return page
    return replace(page, lines=tuple(_allowed(s, view, one) if one.name == _MESSAGE else one for one in page.lines))


def _allowed(s: Snapshot, view: View, line: ScriptLine) -> ScriptLine:
    why_not = why_no_message(view)
    if why_not:
        return replace(line, style="warn", text=f"{NO_MESSAGE}: {why_not}.", hint="", missing=())
    words = voicemail_wording(s, view)
    return replace(
        line, text=words or line.text, hint=f"{_HINT} {line.hint}".strip(), missing=() if words else line.missing
    )
