"""Where the call stands in its script, worked out from the answers the screen holds: the pages so far and what follows.

What a reader would get wrong: this is asked after every answer with the answers as they are on the screen, not as they
are on the disk, so the next page waits for no write. Masking is here, below the screen: before the check of this call
has passed, the project's script is not run at all, and the opening gets three merge values and no more. The rows of the
check itself are asked in the tick panel; the script is told their result.
"""

import functools
from collections.abc import Mapping
from typing import Any

from caller_app.base.clock import london_day
from caller_app.domain.calls import CallDraft
from caller_app.domain.script_values import script_values
from caller_app.queries.masking import View, look
from caller_app.queries.offers import practice_first
from caller_app.queries.pages import after_identity, before_identity
from caller_app.queries.rows import ScriptLine, ScriptPage, ScriptPath
from caller_app.script.derive import HELP_ROUTES
from caller_app.script.pages import closing, filled
from caller_app.script.run import Runner, Shown, Standing
from caller_app.script.script import Row, Script
from caller_app.store.snapshot import Snapshot

IN_PANEL = {"id_name": "full_name", "id_dob": "dob", "id_addr": "address", "id_phone": "phone", "id_nhs": "nhs_number"}
_TICKS = {"matches": "match", "differs": "differs", "declined": "declined"}
_NEEDED = {"3of3": "3", "2of3": "2", "3of4": "3"}


def script_path(s: Snapshot, *, case_id: str, answers: Mapping[str, Any], language: str = "") -> ScriptPath:
    """Give the pages of the open call as far as its answers lead; raises Refused where the person left the list."""
    return path_of(s, look(s, case_id), answers, language)


def path_of(s: Snapshot, view: View, answers: Mapping[str, Any], language: str = "") -> ScriptPath:
    """The same for a case that was looked at already."""
    project = view.project
    if project is None:
        return ScriptPath()
    opening = s.script(_begun(view.draft, "opening") or project.opening_script_id)
    # Somebody whose identity has just been checked answered, and is the patient: nobody has to say so twice.
    met = {"connect": "answered", "who": "patient"} if view.verified else {}
    opened = _stand(opening, {**met, **answers}, _of_the_check(view, s), view) if opening else None
    pages: list[ScriptPage] = []
    merge = after_identity(s, view) if view.verified else before_identity(s, view)
    if opened is not None:
        pages += [_page(one, merge, language) for one in opened.path]
    standings = [one for one in (opened,) if one is not None]
    script = s.script(_begun(view.draft, "project") or project.script_id) if view.verified else None
    if script is not None and (opened is None or (opened.finished and not opened.concluded.outcome)):
        given = {**merge, **script_values(view.item.patient, project, london_day(view.now))}
        said = _stand(script, answers, given, view)
        if said is not None:
            # What the practice has to look at first may decide a condition; it is never put into words.
            read = merge if practice_first(view) else {**said.values, **merge}
            pages += [_page(one, read, language) for one in said.path]
            standings.append(said)
    finished = (
        bool(standings) and all(one.finished for one in standings) and (view.verified or bool(_end(standings)[0]))
    )
    if finished and view.verified:
        pages += _closing(s, merge)
    outcome, because = _end(standings)
    return ScriptPath(
        pages=tuple(one for one in pages if one.lines),
        ahead=sum(one.ahead for one in standings) + (0 if finished else 1),
        finished=finished,
        outcome=outcome,
        outcome_label=s.rules.outcomes.get(outcome).label if outcome else "",
        because=because,
        pathways=tuple(dict.fromkeys(code for one in standings for code in one.concluded.pathways)),
        raises=tuple(HELP_ROUTES[code] for one in standings for code in one.concluded.raises if code in HELP_ROUTES),
        languages=script.languages if script is not None else (),
    )


@functools.lru_cache(maxsize=8)
def _runner(script: "_ById") -> Runner:
    return Runner(script.script)


class _ById:
    """A script that is told apart by its id: the content decides the id, so the closures are made once."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def __hash__(self) -> int:
        return hash(self.script.script_id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.script.script_id == self.script.script_id


def runner_of(script: Script) -> Runner | None:
    """Give a script ready to be asked; None for a record of an older version, which holds no trees."""
    if not script.expressions and any(page.relevant or any(row.relevant for row in page.rows) for page in script.pages):
        return None
    return _runner(_ById(script))


def _stand(script: Script, answers: Mapping[str, Any], given: Mapping[str, Any], view: View) -> Standing | None:
    runner = runner_of(script)
    return runner.stand({**answers, **_ticked(given)}, given, view.now) if runner is not None else None


def _ticked(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in IN_PANEL if name in given}


def _of_the_check(view: View, s: Snapshot) -> dict[str, str]:
    """Tell the opening how the tick panel stands: matches only where the check stands now, and never before."""
    given = {**before_identity(s, view), "id_policy_min": "3"}
    if view.verified:
        return given | dict.fromkeys(IN_PANEL, "match") | _known(s, view)
    draft = view.draft
    if draft is None or not draft.identity_failed:
        return given
    policy = view.project.identity_policy if view.project else "3of3"
    ticks = {name: _TICKS.get(draft.ticks.get(field, ""), "declined") for name, field in IN_PANEL.items()}
    # Failed is failed, whatever rule the script itself would reckon with.
    return given | ticks | {"id_policy_min": _NEEDED.get(policy, "3"), "id_dob": "differs"}


def _known(s: Snapshot, view: View) -> dict[str, str]:
    merge = after_identity(s, view)
    return {name: merge[name] for name in ("practice_name", "pt_age") if name in merge}


def _begun(draft: CallDraft | None, part: str) -> str:
    """Name the script version the call began with."""
    return draft.scripts.get(part, "") if draft is not None else ""


def _end(standings: list[Standing]) -> tuple[str, str]:
    for one in reversed(standings):
        if one.concluded.outcome:
            return one.concluded.outcome, one.concluded.because
    return "", ""


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


def _closing(s: Snapshot, merge: Mapping[str, str]) -> list[ScriptPage]:
    page = closing(s.rules.core.closing, merge)
    lines = tuple(
        ScriptLine(name=line.name, style=line.style, text=line.text, hint=line.hint, missing=line.missing)
        for line in page.lines
    )
    return [ScriptPage(page.name, page.title, lines)]
