"""The script as the caller reads it now: the opening before the identity check, introduction and project after it.

What a reader would get wrong: before the check the opening gets three merge values and no more, so that no script,
however it is written, can put the practice, the team or the project on the screen too early. The questions of the check
are asked in the tick panel, so the script's own rows for them are left out.
"""

from collections.abc import Iterable, Mapping

from caller_app.base.clock import london_day
from caller_app.domain.calling_rules import age_on
from caller_app.domain.script_values import in_words
from caller_app.queries.masking import View
from caller_app.queries.offers import practice_first
from caller_app.queries.script_rows import ScriptLine, ScriptPage
from caller_app.script.pages import ReadPage, closing, filled, readable
from caller_app.store.snapshot import Snapshot

_IN_PANEL = frozenset({"id_name", "id_dob", "id_addr", "id_phone", "id_nhs"})


def pages_of(s: Snapshot, view: View) -> tuple[ScriptPage, ...]:
    """Give the pages that may be read now."""
    if view.project is None:
        return ()
    opening = s.script(view.project.opening_script_id) if view.project.opening_script_id else None
    if not view.verified:
        return _rows(readable(opening, before_identity(s, view), "before_identity")) if opening else ()
    merge = after_identity(s, view)
    pages = list(readable(opening, merge, "after_identity")) if opening else []
    script = s.script(view.project.script_id) if view.project.script_id else None
    if script is not None:
        pages += readable(script, merge)
    if pages:
        pages.append(closing(s.rules.core.closing, merge))
    return _rows(pages)


def voicemail_wording(s: Snapshot, view: View) -> str:
    """Give the neutral message as it is to be spoken; it never names service, practice or programme."""
    if view.project is None:
        return ""
    merge = before_identity(s, view) | {"team_phone": view.project.team_phone}
    return filled(view.project.voicemail_wording, merge)[0]


def before_identity(s: Snapshot, view: View) -> dict[str, str]:
    """Give the merge values that anybody who answers may hear."""
    patient = view.item.patient
    return {
        "pt_first": patient.given_name,
        "pt_last": patient.family_name,
        "caller_first": s.me.shown_name.split(" ")[0],
    }


def after_identity(s: Snapshot, view: View) -> dict[str, str]:
    """Give every merge value there is: the person's, the project's, the team's."""
    project, patient = view.project, view.item.patient
    if project is None:
        return before_identity(s, view)
    age = age_on(patient.dob, london_day(view.now))
    known: Mapping[str, str] = {
        "pt_age": str(age) if age is not None else "",
        "practice_name": patient.practice.name if patient.practice else "",
        "practice_phone": patient.practice.phone if patient.practice else "",
        "team_name": project.team_name,
        "team_phone": project.team_phone,
        "team_hours": project.team_hours,
    }
    # A result that the practice must look at first is never put into a text that is read aloud.
    told = {} if practice_first(view) else patient.campaign
    facts = {name: in_words(value) for name, value in told.items() if value is not None}
    return {**facts, **known, **project.merge, **before_identity(s, view)}


def _rows(pages: Iterable[ReadPage]) -> tuple[ScriptPage, ...]:
    rows = []
    for page in pages:
        lines = tuple(
            ScriptLine(
                name=line.name,
                style=line.style,
                text=line.text,
                hint=line.hint,
                choices=line.choices,
                missing=line.missing,
                when=line.when,
                many=line.many,
            )
            for line in page.lines
            if line.name not in _IN_PANEL
        )
        if lines:
            rows.append(ScriptPage(page.name, page.title, lines, page.when))
    return tuple(rows)
