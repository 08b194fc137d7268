"""The words of a script: merge fields without a source, words that disclose before identity, pages too long.

What a reader would get wrong: a page is before identity when it stands before or on the page whose row is `id_ok`; a
script without that row is a project's, and every word of it comes after the check.
"""

import re
from collections.abc import Iterator, Mapping

from caller_app.script.draft import Draft
from caller_app.script.findings import Findings
from caller_app.script.lint.surroundings import Surroundings
from caller_app.script.script import Page, Row

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
        _length(draft, page, around, found)
    for page in _before_identity(draft):
        for row in page.rows:
            for column, words in _texts(row):
                _discloses(draft, row, column, words, around, found)


def _texts(row: Row) -> Iterator[tuple[str, str]]:
    yield "label", row.label
    yield "hint", row.hint
    yield "constraint_message", row.constraint_message
    for column, by_language in (("label", row.labels), ("hint", row.hints), ("constraint_message", row.messages)):
        for language, words in by_language.items():
            yield f"{column}::{language}", words


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
    for said in _MERGE.findall(words):
        name = said.strip()
        if name not in kinds:
            found.error(
                cell, "reference_unknown", f"${{{name[:40]}}} is not a name of this script",
                "add a row of type hidden for it, or correct the name",
            )  # fmt: skip
        elif kinds[name] == "hidden" and around.fields is not None and name not in around.fields:
            found.error(
                cell, "merge_unknown", f"nothing supplies ${{{name}}}: not the record, the cohort or the project",
                "use a field the cohort brings, or add it to the project's merge values",
            )  # fmt: skip
        elif order[name] > order[row.name]:
            found.error(
                cell, "reference_later", f"${{{name}}} is asked later than it is read out here", "move the question up"
            )


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


def _discloses(draft: Draft, row: Row, column: str, words: str, around: Surroundings, found: Findings) -> None:
    if column.startswith("hint") and row.style != "say":
        return  # for the caller's eyes
    lower = words.lower()
    for word in around.disclosing:
        if re.search(rf"\b{re.escape(word)}", lower):
            found.error(
                draft.cell(row.name, column), "discloses", f"{word!r} tells whoever listens what the call is about",
                "say it after identity has been checked",
            )  # fmt: skip
