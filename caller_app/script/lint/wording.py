"""The words of a script: merge fields without a source, words that disclose before identity, pages too long.

What a reader would get wrong: a page is before identity when it stands before or on the page whose row is `id_ok`; a
script without that row is a project's, and every word of it comes after the check.
"""

import re
from collections.abc import Iterator, Mapping

from caller_app.script.draft import Draft
from caller_app.script.findings import Findings
from caller_app.script.lint.surroundings import Surroundings
from caller_app.script.script import Choice, Page, Row

_MERGE = re.compile(r"\$\{([^}]*)\}")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
GATE = "id_ok"


def check(draft: Draft, around: Surroundings, found: Findings) -> None:
    """Note what is wrong with the words, with their cells."""
    order = {row.name: nr for nr, row in enumerate(draft.rows())}
    # A hidden row with a default always has something to read out.
    kinds = {row.name: "given" if row.type == "hidden" and row.default else row.type for row in draft.rows()}
    for page in draft.pages:
        if found.enough:
            return
        for row in page.rows:
            for column, words in _texts(row):
                _fields(draft, row, column, words, order, kinds, around, found)
        _headed(draft, page, found)
        _length(draft, page, around, found)
    for listed, choices in draft.lists.items():
        for one in choices:
            for column, words in _answer_texts(one):
                if "${" in words:
                    _unfilled(_choice_cell(draft, listed, one, column), "an answer", found)
    names = {id(choices): name for name, choices in draft.lists.items()}
    for page in _before_identity(draft):
        for row in page.rows:
            for column, words in _texts(row):
                if not (column.startswith("hint") and row.style != "say"):  # that is for the caller's eyes
                    _discloses(draft.cell(row.name, column), words, around, found)
            for one in row.choices:
                for column, words in _answer_texts(one):
                    _discloses(_choice_cell(draft, names[id(row.choices)], one, column), words, around, found)


def _texts(row: Row) -> Iterator[tuple[str, str]]:
    yield "label", row.label
    yield "hint", row.hint
    yield "constraint_message", row.constraint_message
    for column, by_language in (("label", row.labels), ("hint", row.hints), ("constraint_message", row.messages)):
        for language, words in by_language.items():
            yield f"{column}::{language}", words


def _answer_texts(one: Choice) -> Iterator[tuple[str, str]]:
    yield "label", one.label
    for language, words in one.labels.items():
        yield f"label::{language}", words


def _choice_cell(draft: Draft, listed: str, one: Choice, column: str) -> str:
    cells = draft.choice_cells
    return cells.get((listed, one.value, column)) or cells[listed, one.value, "label"]


def _headed(draft: Draft, page: Page, found: Findings) -> None:
    for language, words in (("", page.title), *page.titles.items()):
        if "${" in words:
            column = f"label::{language}" if language else "label"
            _unfilled(draft.cell(page.name, column), "the heading of a page", found)


def _unfilled(cell: str, where: str, found: Findings) -> None:
    found.error(
        cell, "merge_unfilled", f"a merge field is not filled in {where}", "say it in a note or a question before"
    )


def _fields(
    draft: Draft,
    row: Row,
    column: str,
    words: str,
    order: Mapping[str, int],
    kinds: dict[str, str],
    around: Surroundings,
    found: Findings,
) -> None:
    cell = draft.cell(row.name, column)
    if "${" in _MERGE.sub("", words):
        found.error(cell, "merge_broken", "a merge field is never closed", "write it as ${name}")
    for name in _MERGE.findall(words):
        if name != name.strip():
            found.error(
                cell, "merge_broken", f"${{{name[:40]}}} has spaces inside and would not be filled",
                f"write ${{{name.strip()[:40]}}}",
            )  # fmt: skip
        elif name not in kinds:
            found.error(
                cell, "reference_unknown", f"${{{name[:40]}}} is not a name of this script",
                "add a row of type hidden for it, or correct the name",
            )  # fmt: skip
        elif kinds[name] == "hidden" and around.fields is not None and name not in around.fields:
            found.error(
                cell, "merge_unknown", f"nothing supplies ${{{name}}}: not the record, the cohort or the project",
                "use a field the cohort brings, or add it to the project's merge values",
            )  # fmt: skip
        elif kinds[name] == "note":
            found.error(cell, "reference_note", f"${{{name}}} is a note and has no answer", "name a question")
        elif order[name] > order[row.name] or (name == row.name and not column.startswith("constraint_message")):
            found.error(
                cell, "reference_later", f"${{{name}}} is asked later than it is read out here", "move the question up"
            )
        elif kinds[name] in ("select_one", "select_multiple"):
            found.warning(
                cell, "merge_code", f"${{{name}}} reads out the name of the answer, not its words",
                f"read out a calculate of jr:choice-name(${{{name}}}, '${{{name}}}')",
            )  # fmt: skip


def _length(draft: Draft, page: Page, around: Surroundings, found: Findings) -> None:
    always = [row for row in page.rows if row.visible and row.style in ("say", "ask") and not row.relevant]
    count = sum(len(row.label.split()) for row in always)
    if count > around.page_words:
        found.warning(
            draft.cell(page.name, "label") if page.title else draft.cell(page.rows[0].name, "label"), "page_long",
            f"this page has {count} words to read aloud", f"keep it under {around.page_words}: make two pages of it",
        )  # fmt: skip
    for row in page.rows:
        if row.style in ("say", "ask"):
            longest = max((len(one.split()) for one in _SENTENCE.split(row.label)), default=0)
            if longest > around.sentence_words:
                found.warning(
                    draft.cell(row.name, "label"), "sentence_long", f"a sentence of {longest} words is hard to hear",
                    f"make it shorter than {around.sentence_words} words",
                )  # fmt: skip


def _before_identity(draft: Draft) -> tuple[Page, ...]:
    gate = next((nr for nr, page in enumerate(draft.pages) if any(row.name == GATE for row in page.rows)), None)
    return () if gate is None else draft.pages[: gate + 1]


def _discloses(cell: str, words: str, around: Surroundings, found: Findings) -> None:
    lower = words.lower()
    for word in around.disclosing:
        if re.search(rf"\b{re.escape(word)}", lower):
            found.error(
                cell, "discloses", f"{word!r} tells whoever listens what the call is about",
                "say it after identity has been checked",
            )  # fmt: skip
