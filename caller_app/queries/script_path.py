"""Where the call stands in its script, worked out from the answers the screen holds: the pages so far and what follows.

What a reader would get wrong: this is asked after every answer with the answers as they are on the screen, not as they
are on the disk, so the next page waits for no write. Masking is here, below the screen: before the check of this call
has passed, the project's script is not run at all, and the opening gets three merge values and no more. The rows of the
check itself are asked in the tick panel; the script is told their result.
"""

from collections.abc import Mapping
from typing import Any

from caller_app.base.clock import london_day
from caller_app.domain.script_values import script_values
from caller_app.queries.masking import View, look
from caller_app.queries.offers import practice_first
from caller_app.queries.pages import after_identity, before_identity
from caller_app.queries.rows import ScriptLine, ScriptPage, ScriptPath
from caller_app.script.call import IN_PANEL, of_the_check, stand_call
from caller_app.script.derive import HELP_ROUTES
from caller_app.script.pages import closing, filled
from caller_app.script.run import Shown
from caller_app.script.script import Row
from caller_app.store.snapshot import Snapshot


def script_path(s: Snapshot, *, case_id: str, answers: Mapping[str, Any], language: str = "") -> ScriptPath:
    """Give the pages of the open call as far as its answers lead; raises Refused where the person left the list."""
    return path_of(s, look(s, case_id), answers, language)


def path_of(s: Snapshot, view: View, answers: Mapping[str, Any], language: str = "") -> ScriptPath:
    """The same for a case that was looked at already."""
    project, draft = view.project, view.draft
    if project is None:
        return ScriptPath()
    begun = draft.scripts if draft is not None else {}
    merge = after_identity(s, view) if view.verified else before_identity(s, view)
    given = merge | (script_values(view.item.patient, project, london_day(view.now)) if view.verified else {})
    opening = s.script(begun.get("opening") or project.opening_script_id)
    script = s.script(begun.get("project") or project.script_id) if view.verified else None
    failed = draft is not None and draft.identity_failed
    check = of_the_check(verified=view.verified, failed=failed)
    call = stand_call(opening, script, answers, check=check, given=given, verified=view.verified, now=view.now)
    pages = [_page(one, merge, language) for one in call.opened.path] if call.opened is not None else []
    if call.main is not None:
        # What the practice has to look at first may decide a condition; it is never put into words.
        read = merge if practice_first(view) else {**call.main.values, **merge}
        pages += [_page(one, read, language) for one in call.main.path]
    if call.finished and view.verified:
        pages.append(_closing(s, merge))
    return ScriptPath(
        pages=tuple(one for one in pages if one.lines),
        ahead=sum(one.ahead for one in call.parts) + (0 if call.finished else 1),
        finished=call.finished,
        outcome=call.outcome,
        outcome_label=s.rules.outcomes.get(call.outcome).label if call.outcome else "",
        because=call.because,
        pathways=tuple(dict.fromkeys(code for one in call.parts for code in one.concluded.pathways)),
        raises=tuple(HELP_ROUTES[code] for one in call.parts for code in one.concluded.raises if code in HELP_ROUTES),
        languages=script.languages if script is not None else (),
    )


def _page(shown: Shown, merge: Mapping[str, str], language: str) -> ScriptPage:
    faults = {one.row: one.why for one in shown.faults}
    asked_in_panel = [name for name in shown.missing if name in IN_PANEL]
    return ScriptPage(
        name=shown.page.name,
        title=shown.page.titles.get(language) or shown.page.title or "Before you begin",
        lines=tuple(
            _line(row, merge, language, faults.get(row.name, "")) for row in shown.rows if row.name not in IN_PANEL
        ),
        done=shown.done,
        missing=tuple(name for name in shown.missing if name not in IN_PANEL),
        identity=bool(asked_in_panel),
    )


def _line(row: Row, merge: Mapping[str, str], language: str, fault: str) -> ScriptLine:
    text, gaps = filled(row.labels.get(language) or row.label, merge)
    hint, hint_gaps = filled(row.hints.get(language) or row.hint, merge)
    return ScriptLine(
        name=row.name,
        style=row.style,
        text=text,
        hint=hint,
        choices=tuple((one.value, one.labels.get(language) or one.label) for one in row.choices),
        missing=tuple(dict.fromkeys((*gaps, *hint_gaps))),
        many=row.type == "select_multiple",
        kind=row.type,
        required=row.required,
        fault=row.messages.get(language) or fault if fault else "",
    )


def _closing(s: Snapshot, merge: Mapping[str, str]) -> ScriptPage:
    page = closing(s.rules.core.closing, merge)
    lines = tuple(
        ScriptLine(name=line.name, style=line.style, text=line.text, hint=line.hint, missing=line.missing)
        for line in page.lines
    )
    return ScriptPage(page.name, page.title, lines)
