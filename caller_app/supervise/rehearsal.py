"""Rehearsing a script beside the supervisor: checking a workbook from the disk, its table of examples, walking it.

What a reader would get wrong: none of this asks the centre, and none of it decides. It runs on the files lane with the
same checks the centre makes again when a version is added and when it is published. No patient is in it: who is walked
are the sample patients of the workbook, or values the supervisor types.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caller_app.script.compile import Checked
    from caller_app.script.examples import Ending, Example
    from caller_app.script.findings import Finding
    from caller_app.script.run import Runner, Shown, Standing
    from caller_app.script.script import Row

_HEADINGS = ("Where", "How grave", "What is wrong", "What to do", "Code")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A workbook that was read: what is wrong with it, where its examples end, and what walks it (None: it cannot)."""

    file_name: str
    body: bytes = field(repr=False)
    checked: "Checked" = field(repr=False)
    endings: tuple["Ending", ...] = ()
    runner: "Runner | None" = field(default=None, repr=False)
    pathways: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def findings(self) -> tuple["Finding", ...]:
        """Give what is wrong, in the order of the sheets."""
        return self.checked.findings

    @property
    def examples(self) -> tuple["Example", ...]:
        """Give the sample patients of the workbook."""
        return self.checked.examples

    @property
    def may_be_added(self) -> bool:
        """Tell whether nothing keeps it from being added to the versions of the project."""
        return self.checked.script is not None

    @property
    def languages(self) -> tuple[str, ...]:
        """Give the languages it is written in; none where nothing is translated."""
        return self.runner.script.languages if self.runner is not None else ()

    def given(self) -> tuple["Row", ...]:
        """Give the rows whose values a call brings."""
        rows = self.runner.script.rows() if self.runner is not None else ()
        return tuple(row for row in rows if row.type == "hidden")


@dataclass(frozen=True, slots=True)
class WalkLine:
    """One line of a page as it is walked; `leads` says what showing or answering it sets."""

    name: str
    kind: str
    style: str
    text: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    gaps: tuple[str, ...] = ()
    required: bool = False
    fault: str = ""
    raises: str = ""
    leads: str = ""


@dataclass(frozen=True, slots=True)
class WalkPage:
    """One page on the path."""

    name: str
    title: str
    lines: tuple[WalkLine, ...]
    done: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walked:
    """Where a walk stands: the pages so far, about how many follow, and what it concludes, all in words."""

    pages: tuple[WalkPage, ...]
    ahead: int
    finished: bool
    outcome: str = ""
    outcome_label: str = ""
    because: str = ""
    pathways: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    said: tuple[tuple[int, str, str], ...] = ()  # page, question, answer
    taken: Mapping[str, Any] = field(default_factory=dict)


def rehearse_file(*, path: Path, pathways: Mapping[str, str], fields: Sequence[str]) -> Rehearsal:
    """Read and check a workbook from the disk; raises Refused where it is none."""
    from caller_app.script.uploaded import read_file

    return rehearse_bytes(file_name=path.name, body=read_file(path), pathways=pathways, fields=fields)


def rehearse_bytes(*, file_name: str, body: bytes, pathways: Mapping[str, str], fields: Sequence[str]) -> Rehearsal:
    """Check a workbook against a project and walk its example patients."""
    from caller_app.script.examples import ending
    from caller_app.script.lint.product import surroundings
    from caller_app.script.run import Runner
    from caller_app.script.uploaded import check_bytes

    checked = check_bytes(body, surroundings(frozenset(pathways), frozenset(fields)))
    if checked.walkable is None:
        return Rehearsal(file_name, body, checked, pathways=pathways)
    runner = Runner(checked.walkable)
    endings = tuple(ending(runner, one) for one in checked.examples)
    return Rehearsal(file_name, body, checked, endings, runner, pathways)


def walk(
    *, rehearsal: Rehearsal, answers: Mapping[str, Any], given: Mapping[str, str], language: str, now: datetime
) -> Walked:
    """Say where a walk stands; the same rules as in a call."""
    from caller_app.script.lint.product import outcome_labels

    runner = rehearsal.runner
    if runner is None:
        return Walked((), 0, finished=False)
    standing = runner.stand(answers, given, now)
    end = standing.concluded
    labels = outcome_labels()
    because = runner.script.row(end.because) if end.because else None
    pages = tuple(_page(rehearsal, runner, one, standing, language, now) for one in standing.path)
    return Walked(
        pages=pages,
        ahead=standing.ahead,
        finished=standing.finished,
        outcome=end.outcome,
        outcome_label=labels.get(end.outcome, "not in the catalogue") if end.outcome else "",
        because=(because.label or because.name) if because is not None else "",
        pathways=tuple(f"{rehearsal.pathways.get(code, 'not one of the project')} ({code})" for code in end.pathways),
        raises=tuple(HELP_WORDS.get(code, code) for code in end.raises),
        warned=tuple(line.text for page in pages for line in page.lines if line.style == "warn"),
        said=_said(standing, language),
        taken={row.name: standing.values[row.name] for one in standing.path for row in one.rows if row.type != "note"},
    )


HELP_WORDS = {
    "IMMEDIATE_RISK": "Immediate danger",
    "CLINICAL_RISK": "Thoughts of suicide or very distressed",
    "SAFEGUARDING": "Safeguarding",
}


def save_findings(*, path: Path, rehearsal: Rehearsal) -> Path:
    """Write the findings into a workbook, or a text file where the name does not end in .xlsx; gives its path."""
    from caller_app.base.errors import Unavailable
    from caller_app.excel.script_findings import write_findings

    checked = rehearsal.checked
    facts = [
        ("File", rehearsal.file_name),
        ("Script", checked.form_id),
        ("Version", checked.version),
        ("Errors", str(len(checked.errors))),
        ("Warnings", str(len(checked.findings) - len(checked.errors))),
        ("Left out", str(checked.left_out)),
    ]
    rows = [(one.cell, one.severity, one.what, one.remedy, one.code) for one in checked.findings]
    try:
        write_findings(path, facts=facts, headings=_HEADINGS, rows=rows)
    except OSError:
        raise Unavailable("The file cannot be written there. Choose another folder, or close it in Excel.") from None
    return path


def save_workbook(*, path: Path, body: bytes) -> Path:
    """Write a version's workbook to the disk, whole or not at all; gives its path."""
    from caller_app.base.errors import Unavailable

    unfinished = path.with_name(path.name + ".part")
    try:
        try:
            unfinished.write_bytes(body)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError:
        raise Unavailable("The file cannot be written there. Choose another folder, or close it in Excel.") from None
    return path


def _page(
    rehearsal: Rehearsal, runner: "Runner", shown: "Shown", standing: "Standing", language: str, now: datetime
) -> WalkPage:
    faults = {one.row: one.why for one in shown.faults}
    return WalkPage(
        name=shown.page.name,
        title=shown.page.titles.get(language) or shown.page.title or "Before you begin",
        lines=tuple(
            _line(rehearsal, runner, row, standing, language, faults.get(row.name, ""), now) for row in shown.rows
        ),
        done=shown.done,
        missing=shown.missing,
    )


def _line(
    rehearsal: Rehearsal,
    runner: "Runner",
    row: "Row",
    standing: "Standing",
    language: str,
    fault: str,
    now: datetime,
) -> WalkLine:
    from caller_app.script.pages import filled

    text, gaps = filled(row.labels.get(language) or row.label, standing.values)
    hint, hint_gaps = filled(row.hints.get(language) or row.hint, standing.values)
    offered = runner.choices(row, standing, now) if row.choices else ()
    return WalkLine(
        name=row.name,
        kind=row.type,
        style=row.style,
        text=text,
        hint=hint,
        choices=tuple(
            (one.value, one.labels.get(language) or one.label) for one in row.choices if one.value in offered
        ),
        gaps=tuple(dict.fromkeys((*gaps, *hint_gaps))),
        required=row.required,
        fault=row.messages.get(language) or fault if fault else "",
        raises=row.raises,
        leads=_leads(rehearsal, row, standing.values.get(row.name, "").split()),
    )


def _leads(rehearsal: Rehearsal, row: "Row", picked: Sequence[str]) -> str:
    """Say in words what a line on the path sets as it stands."""
    from caller_app.script.lint.product import outcome_labels

    labels = outcome_labels()
    chosen = [one for one in row.choices if one.value in picked]
    codes = [code for code in (row.sets_outcome, *(one.sets_outcome for one in chosen)) if code]
    pathways = [code for code in (row.pathway, *(one.pathway for one in chosen)) if code]
    said = [f"sets {code} {labels.get(code, '')}".strip() for code in dict.fromkeys(codes)]
    said += [f"leads to {rehearsal.pathways.get(code, code)}" for code in dict.fromkeys(pathways)]
    if row.raises:
        said.append(f"opens help: {HELP_WORDS.get(row.raises, row.raises)}")
    return "; ".join(said)


def _said(standing: "Standing", language: str) -> tuple[tuple[int, str, str], ...]:
    said = []
    for at, shown in enumerate(standing.path):
        for row in shown.rows:
            value = standing.values.get(row.name, "") if row.type != "note" else ""
            if value:
                words = {one.value: one.labels.get(language) or one.label for one in row.choices}
                answer = ", ".join(words.get(one, one) for one in value.split()) if row.choices else value
                said.append((at, row.labels.get(language) or row.label, answer))
    return tuple(said)
