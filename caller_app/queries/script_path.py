"""Where the call stands in its script, worked out from the answers the screen holds: the pages so far and what follows.

What a reader would get wrong: this is asked after every answer with the answers as they are on the screen, not as they
are on the disk, so the next page waits for no write. Masking is here, below the screen: before the check of this call
has passed, the project's script is not run at all, and the opening gets three merge values and no more. The rows of the
check itself are asked in the tick panel; the script is told their result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from caller_app.base.clock import london_day
from caller_app.domain.calls import authority_recorded
from caller_app.domain.script_values import script_values
from caller_app.queries.masking import View, day_in_words, look
from caller_app.queries.offers import practice_first
from caller_app.queries.opening import as_it_stands
from caller_app.queries.pages import after_identity, before_identity, pages_of
from caller_app.queries.script_language import languages_of, noted, reading, spoken, told
from caller_app.queries.script_rows import SaidLine, ScriptLine, ScriptPage, ScriptPath
from caller_app.script.call import (
    AUTHORISED,
    IN_PANEL,
    MET,
    CallStanding,
    of_the_check,
    offered,
    recorded_as,
    runs,
    stand_call,
)
from caller_app.script.derive import HELP_ROUTES
from caller_app.script.pages import closing, filled
from caller_app.script.run import Shown, Standing, as_words
from caller_app.script.script import Row, Script
from caller_app.store.snapshot import Snapshot

_SHORT = 90


@dataclass(frozen=True, slots=True)
class Ran:
    """The scripts of a call, run: with what is read aloud and in which language."""

    opening: Script | None
    script: Script | None
    call: CallStanding
    merge: Mapping[str, str]
    read: Mapping[str, str]  # what the project's own pages may say: the merge values and what was worked out
    languages: tuple[str, ...]

    def parts(self) -> Iterable[tuple[Script, Standing, Mapping[str, str]]]:
        """Give every script that ran, where it stands, and what its pages may say."""
        if self.opening is not None and self.call.opened is not None:
            yield self.opening, self.call.opened, self.merge
        if self.script is not None and self.call.main is not None:
            yield self.script, self.call.main, self.read


def script_path(s: Snapshot, *, case_id: str, answers: Mapping[str, Any], language: str = "") -> ScriptPath:
    """Give the pages of the open call as far as its answers lead; raises Refused where the person left the list."""
    return path_of(s, look(s, case_id), answers, language)


def path_of(s: Snapshot, view: View, answers: Mapping[str, Any], language: str = "") -> ScriptPath:
    """The same for a case that was looked at already."""
    ran = run_scripts(s, view, answers)
    if ran is None:
        # A record of an older version of the program holds no trees: its pages are read one after the other.
        return ScriptPath(pages=pages_of(s, view), ahead=0 if view.verified else 1)
    call = ran.call
    chosen, language = language, reading(language, ran.languages)
    pages: list[ScriptPage] = []
    said: list[SaidLine] = []
    taken: dict[str, Any] = {}
    left: set[str] = set()
    for script, standing, merge in ran.parts():
        offers = _Offers(script, standing, view)
        for shown in standing.path:
            page = _page(shown, merge, language, offers, opening=script is ran.opening)
            if script is ran.opening:
                rows = {row.name: row for row in shown.rows}
                page = as_it_stands(s, view, replace(page, lines=noted(page.lines, rows, s.rules.core, language)))
            if not page.lines:
                continue
            defaults = {row.name: row.default for row in shown.rows if row.default and row.name not in answers}
            taken |= defaults
            left |= defaults.keys()
            if script is ran.opening and answers.get("who") == "proxy":
                recorded = recorded_as(authority_recorded(view.draft, view.item, view.now))
                taken |= {row.name: recorded for row in shown.rows if row.name == AUTHORISED}
            if view.verified and script is ran.opening:
                taken |= {row.name: MET[row.name] for row in shown.rows if row.name in MET and row.name not in answers}
            said += _said(len(pages), shown.rows, page, {**defaults, **answers})
            pages.append(page)
    if call.finished and view.verified:
        pages.append(_closing(s, ran.merge, language))
    return ScriptPath(
        pages=tuple(pages),
        ahead=_ahead(ran, verified=view.verified),
        finished=call.finished,
        outcome=call.outcome,
        outcome_label=s.rules.outcomes.get(call.outcome).label if call.outcome else "",
        because=call.because,
        reason=_reason(ran, {**answers, **taken}, language),
        said=tuple(said),
        taken=taken,
        defaults=frozenset(left),
        pathways=tuple(dict.fromkeys(code for one in call.parts for code in one.concluded.pathways)),
        raises=tuple(HELP_ROUTES[code] for one in call.parts for code in one.concluded.raises if code in HELP_ROUTES),
        languages=ran.languages,
        language=chosen,
    )


def run_scripts(s: Snapshot, view: View, answers: Mapping[str, Any]) -> Ran | None:
    """Run the scripts the call began with; None where there is nothing that can be run."""
    project, draft = view.project, view.draft
    if project is None:
        return None
    begun = draft.scripts if draft is not None else {}
    merge = after_identity(s, view) if view.verified else before_identity(s, view)
    given = merge | (script_values(view.item.patient, project, london_day(view.now)) if view.verified else {})
    opening = _script(s, begun.get("opening"), project.opening_script_id)
    following = _script(s, begun.get("project"), project.script_id)
    script = following if view.verified else None  # before the check it is only looked at for its languages
    if any(not runs(one) for one in (opening, script) if one is not None):
        return None
    failed = draft is not None and draft.identity_failed
    check = of_the_check(verified=view.verified, failed=failed)
    call = stand_call(
        opening, script, answers, check=check, given=given, verified=view.verified, now=view.now,
        authorised=authority_recorded(draft, view.item, view.now),
    )  # fmt: skip
    # What the practice has to look at first may decide a condition; it is never put into words.
    may_say = {} if call.main is None or practice_first(view) else call.main.values
    languages = languages_of(following if project.script_id else opening)
    return Ran(opening, script, call, merge, {**may_say, **merge}, languages)


def _script(s: Snapshot, begun: str | None, now: str) -> Script | None:
    """The version the call began with, as long as it is on this workstation."""
    found = s.script(begun) if begun else None
    return found if found is not None or not now else s.script(now)


def _ahead(ran: Ran, *, verified: bool) -> int:
    """Count about how many pages follow: those of the scripts, and the close."""
    call = ran.call
    if call.finished:
        return 0
    ahead = sum(one.ahead for one in call.parts)
    if not verified and ran.opening is not None and call.opened is not None and call.opened.path:
        # Its later pages depend on what is answered: an opening goes on as a rule.
        names = [page.name for page in ran.opening.pages]
        ahead = max(ahead, len(names) - 1 - names.index(call.opened.path[-1].page.name))
    return ahead + 1


class _Offers:
    """Which answers a question offers now."""

    def __init__(self, script: Script, standing: Standing, view: View) -> None:
        self._script, self._standing, self._now = script, standing, view.now

    def of(self, row: Row, language: str) -> tuple[tuple[str, str], ...]:
        some = offered(self._script, row, self._standing, self._now) if row.choice_filter else None
        return tuple(
            (one.value, spoken(one.labels, one.label, language))
            for one in row.choices
            if some is None or one.value in some
        )


def _page(shown: Shown, merge: Mapping[str, str], language: str, offers: _Offers, *, opening: bool) -> ScriptPage:
    faults = {one.row: one.why for one in shown.faults}
    asked_in_panel = [name for name in shown.missing if name in IN_PANEL]
    return ScriptPage(
        name=shown.page.name,
        title=spoken(shown.page.titles, shown.page.title, language) or "Before you begin",
        lines=tuple(
            told(_line(row, merge, language, faults.get(row.name, ""), offers), row, language, opening=opening)
            for row in shown.rows
            # How the check ended is said once it has ended.
            if row.name not in IN_PANEL and not (asked_in_panel and row.sets_outcome)
        ),
        done=shown.done,
        missing=tuple(name for name in shown.missing if name not in IN_PANEL),
        identity=bool(asked_in_panel),
    )


def _line(row: Row, merge: Mapping[str, str], language: str, fault: str, offers: _Offers) -> ScriptLine:
    text, gaps = filled(spoken(row.labels, row.label, language), merge)
    hint, hint_gaps = filled(spoken(row.hints, row.hint, language), merge)
    if fault and fault == row.constraint_message:
        fault = spoken(row.messages, fault, language)
    return ScriptLine(
        name=row.name,
        style=row.style,
        text=text,
        hint=hint,
        choices=offers.of(row, language),
        missing=tuple(dict.fromkeys((*gaps, *hint_gaps))),
        many=row.type == "select_multiple",
        kind=row.type,
        required=row.required,
        fault=fault,
        raises=HELP_ROUTES.get(row.raises, ""),
    )


def _said(at: int, rows: Iterable[Row], page: ScriptPage, answers: Mapping[str, Any]) -> list[SaidLine]:
    kinds = {row.name: row for row in rows if row.type != "note"}
    said = []
    for line in page.lines:
        value = as_words(answers.get(line.name)) if line.name in kinds else ""
        if value:
            said.append(SaidLine(at, line.name, _short(line.text), _in_words(line, value)))
    return said


def _in_words(line: ScriptLine, value: str) -> str:
    if line.choices:
        return ", ".join(label for one, label in line.choices if one in value.split()) or value
    return day_in_words(value) if line.kind == "date" else value


def _short(words: str) -> str:
    return words if len(words) <= _SHORT else f"{words[: _SHORT - 1].rstrip()}…"


def _reason(ran: Ran, answers: Mapping[str, Any], language: str) -> str:
    """Say in words why the call ends as it does: the question and its answer, else the page that says so."""
    because = ran.call.because
    for script, standing, merge in ran.parts():
        row = script.row(because)
        if row is None or not because:
            continue
        picked = as_words(answers.get(because)).split() if row.choices else []
        if picked:
            said = ", ".join(spoken(one.labels, one.label, language) for one in row.choices if one.value in picked)
            asked = _short(filled(spoken(row.labels, row.label, language), merge)[0])
            return f"“{asked}” {said}"
        page = next((one.page for one in standing.path if because in {row.name for row in one.rows}), None)
        title = spoken(page.titles, page.title, language) if page else ""
        return f"the page “{title or 'Before you begin'}” says so" if page else ""
    return ""


def _closing(s: Snapshot, merge: Mapping[str, str], language: str) -> ScriptPage:
    page = closing(s.rules.core.closing_in(language), merge)
    lines = tuple(
        ScriptLine(name=line.name, style=line.style, text=line.text, hint=line.hint, missing=line.missing)
        for line in page.lines
    )
    return ScriptPage(page.name, page.title, lines)
