"""The answers of many calls as a flat table: one column a question, and a dictionary that says what each column holds.

What a reader would get wrong: calls were made with several versions of a script. A question is one column whatever the
version, as long as it keeps its name; a question with several answers is one column with all that were picked, and one
more for each answer that could be (1 picked, 0 not, blank: nothing was answered). Words people said may name somebody:
they are left out unless they were asked for.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from caller_app.script.draft import fits
from caller_app.script.led_by import could_lead
from caller_app.script.run import as_words
from caller_app.script.script import Choice, Page, Row, Script

Cell = str | int | float | date | None
GIVEN: Final = "given/"  # before the name of a value of the record, which no question may have
WITHHELD: Final = "(words left out)"
_NOT_ASKED: Final = frozenset({"note", "calculate", "hidden"})
_UNIT: Final = re.compile(r"\(([^()]{1,16})\)[\s:?.]*$")
_CODE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,20}")
HEADINGS: Final = (
    "column", "question", "answer", "label", "type", "unit", "choices", "shown_if", "must_be_answered", "constraint",
    "script_versions",
)  # fmt: skip


@dataclass(slots=True)
class Question:
    """One question by its name, with every version of it: (script, page, row)."""

    name: str
    versions: list[tuple[Script, Page, Row]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Give the type where all versions agree on it, else text."""
        kinds = {row.type for _, _, row in self.versions}
        return kinds.pop() if len(kinds) == 1 else "text"

    @property
    def choices(self) -> dict[str, str]:
        """Give every answer any version offered, with its label."""
        return {one.value: one.label for _, _, row in self.versions for one in row.choices}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a question's answer as given, or (`value`) whether one of its answers was picked."""

    heading: str
    question: Question
    value: str = ""


def columns_of(scripts: Iterable[Script]) -> tuple[Column, ...]:
    """Give the columns of every question any of the scripts asks, in the order they come in."""
    questions: dict[str, Question] = {}
    for script in scripts:
        for page in script.pages:
            for row in page.rows:
                if row.type not in _NOT_ASKED:
                    questions.setdefault(row.name, Question(row.name)).versions.append((script, page, row))
    columns: list[Column] = []
    for question in questions.values():
        columns.append(Column(question.name, question))
        if question.kind == "select_multiple":
            columns += [Column(f"{question.name}/{value}", question, value) for value in question.choices]
    return tuple(columns)


def given_columns(scripts: Iterable[Script]) -> tuple[Column, ...]:
    """Give a column for each value of the record that can lead a call through any of the scripts."""
    questions: dict[str, Question] = {}
    for script in scripts:
        pages = {row.name: page for page in script.pages for row in page.rows}
        for row in could_lead(script):
            found = questions.setdefault(row.name, Question(f"{GIVEN}{row.name}"))
            found.versions.append((script, pages[row.name], row))
    return tuple(Column(one.name, one) for one in questions.values())


def cells_of(columns: Sequence[Column], answers: Mapping[str, Any], *, with_words: bool) -> list[Cell]:
    """Give the cells of one call under the columns."""
    return [_cell(one, as_words(answers.get(one.question.name)), with_words=with_words) for one in columns]


def left_over(columns: Sequence[Column], answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the answers no column is for: they were given to a script that is not among these."""
    known = {one.question.name for one in columns}
    return tuple(sorted(name for name, value in answers.items() if name not in known and as_words(value)))


def dictionary(columns: Sequence[Column]) -> list[list[str]]:
    """Say of every column what it holds: one line for each wording its question ever had."""
    lines: list[list[str]] = []
    for column in columns:
        said: dict[tuple[str, ...], list[str]] = {}
        for script, page, row in column.question.versions:
            said.setdefault(_described(column, page, row), []).append(script.cited)
        lines += [[column.heading, *words, ", ".join(dict.fromkeys(versions))] for words, versions in said.items()]
    return lines


def _cell(column: Column, words: str, *, with_words: bool) -> Cell:
    if not words:
        return None
    if column.value:
        return int(column.value in words.split())
    kind = column.question.kind
    if column.heading.startswith(GIVEN):
        return _given(words, with_words=with_words)
    if kind == "text" and not with_words:
        picked = column.question.choices
        return words if picked and set(words.split()) <= set(picked) else WITHHELD
    if kind in ("integer", "decimal", "date") and fits(kind, words, ()):
        if kind == "date":
            return date.fromisoformat(words)
        return int(words) if kind == "integer" else float(words)
    if kind not in ("text", "select_one", "select_multiple") and not with_words:
        return WITHHELD  # not an answer of its kind: a caller typed something else, which never stood
    return words


def _given(words: str, *, with_words: bool) -> Cell:
    """A value of the record as what it is; anything longer than a code may name somebody."""
    if fits("decimal", words, ()):
        number = float(words)
        return int(number) if number.is_integer() else number
    if fits("date", words, ()):
        return date.fromisoformat(words)
    return words if with_words or _CODE.fullmatch(words) else WITHHELD


def _described(column: Column, page: Page, row: Row) -> tuple[str, ...]:
    label = row.label or ("value of the record that led the call" if row.type == "hidden" else "")
    if column.value:
        label = next((one.label for one in row.choices if one.value == column.value), "")
    unit = _UNIT.search(row.label) or _UNIT.search(row.hint)
    return (
        row.name,
        column.value,
        label,
        "0 or 1" if column.value else row.type,
        unit[1] if unit and row.type in ("integer", "decimal") else "",
        "1 = picked; 0 = not picked" if column.value else "; ".join(map(_choice, row.choices)),
        " and ".join(f"({one})" for one in (page.relevant, row.relevant) if one),
        "yes" if row.required else "",
        "" if column.value else row.constraint,
    )


def _choice(choice: Choice) -> str:
    return f"{choice.value} = {choice.label}"
