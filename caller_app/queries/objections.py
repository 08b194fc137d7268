"""What may be said if somebody objects: looked up at any moment of the call, and searched by typing.

What a reader would get wrong: before the check of this call has passed there is only what anybody may hear, namely how
to make sure that this call is real (domain rules 2.10). What the team and the project say opens with the check.
"""

from caller_app.queries.masking import look
from caller_app.queries.script_language import reading
from caller_app.queries.script_path import run_scripts
from caller_app.queries.script_rows import Objection
from caller_app.script.pages import filled, objections
from caller_app.store.snapshot import Snapshot

_ASKED = {
    "how_got_number": "How did you get my number?",
    "scam_check": "How do I know this call is real?",
    "privacy": "Who hears what I tell you?",
    "stop": "Do not ring me again",
}


def what_if(s: Snapshot, *, case_id: str, language: str = "") -> tuple[Objection, ...]:
    """Give every objection the call has an answer to: the project's script, the project's texts, the product's own."""
    view = look(s, case_id)
    found: list[Objection] = []
    ran = run_scripts(s, view, view.draft.answers if view.draft else {})
    if ran is not None and ran.script is not None:
        for about, line in objections(ran.script, ran.read, reading(language, ran.languages)):
            found.append(Objection(about, line.text, line.hint, line.missing))
    if view.verified and view.project is not None and ran is not None:
        for name, words in view.project.legal_texts.items():
            text, missing = filled(words, ran.merge)
            found.append(Objection(_ASKED.get(name, name.replace("_", " ").capitalize()), text, missing=missing))
    read = reading(language, ran.languages) if ran is not None else ""
    found.append(Objection("Fears a scam", s.rules.core.scam_in(read), s.rules.core.note(read)))
    return tuple(found)
