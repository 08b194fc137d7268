"""From the lines of a workbook to pages of rows: what the sheet means, with the cell of everything that makes no sense.

What a reader would get wrong: a draft is whole only without errors. Rows with a fault are kept where that is possible,
so that one mistake does not bring a dozen others with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from caller_app.script.findings import Findings
from caller_app.script.row_types import read_type, said_type
from caller_app.script.script import VISIBLE, Choice, Page, Row
from caller_app.script.sheets import Line, Sheet

STYLES = ("say", "ask", "instruct", "warn")
APPEARANCES = frozenset({"minimal", "quick", "likert", "multiline", "numbers", "compact", "horizontal", "vertical"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_VALUE = re.compile(r"\S{1,64}")
_CODE = re.compile(r"[A-Z][0-9]{2}")
_YES, _NO = ("yes", "true", "true()"), ("no", "false", "false()")
_RESERVED = frozenset({"meta"})  # XLSForm keeps it for itself
_RECKONED = re.compile(r"\$\{|^[a-z][a-z:-]*\(.*\)$", re.DOTALL)  # a default that is an expression


@dataclass(slots=True)
class Draft:
    """What a workbook says, as far as it makes sense; `cells` knows where each (row or page, column) stands."""

    form_id: str = ""
    title: str = ""
    version: str = ""
    languages: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    lists: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    choice_cells: dict[tuple[str, str, str], str] = field(default_factory=dict)  # (list, value, column) -> cell
    choice_columns: frozenset[str] = frozenset()
    examples: Sheet = field(default_factory=lambda: Sheet(()))

    def cell(self, name: str, column: str) -> str:
        """Say where a column of a row or page stands, the row's name where the cell is empty."""
        return self.cells.get((name, column)) or self.cells.get((name, "name"), "survey")

    def rows(self) -> Iterator[Row]:
        """Give every row in order."""
        for page in self.pages:
            yield from page.rows


def read_draft(sheets: dict[str, Sheet], found: Findings) -> Draft:
    """Make a draft of the sheets; everything that makes no sense is noted in `found`."""
    draft = Draft()
    _settings(sheets["settings"], draft, found)
    _languages(sheets, draft, found)
    _choices(sheets["choices"], draft, found)
    draft.pages = tuple(_pages(sheets["survey"].lines, draft, found))
    if not any(page.rows for page in draft.pages) and not found.errors:
        found.error("survey", "script_empty", "the script has no rows", "write at least one page")
    _extra_columns(sheets["choices"], draft, found)
    draft.examples = sheets["examples"]
    return draft


def _settings(sheet: Sheet, draft: Draft, found: Findings) -> None:
    if not sheet.columns:
        return  # that has been said
    if len(sheet.lines) != 1:
        place = sheet.lines[1].place("form_title") if sheet.lines else "settings!A2"
        found.error(
            place, "settings_rows", "the sheet settings must hold exactly one row", "give title, id and version once"
        )
        return
    head = sheet.lines[0]
    for column in ("form_title", "form_id", "version"):
        if head.lacks(column):
            found.error(head.place(column), "settings_missing", f"{column} is missing", f"fill in {column}")
    if head.text("form_id") and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}", head.text("form_id")):
        found.error(
            head.place("form_id"), "form_id_wrong", "the form id has other signs than letters, digits, _ . and -",
            "write it like winter_vaccination",
        )  # fmt: skip
    draft.form_id, draft.title, draft.version = head.text("form_id"), head.text("form_title"), head.text("version")
    if head.text("default_language"):
        draft.languages = (head.text("default_language"),)


def _languages(sheets: dict[str, Sheet], draft: Draft, found: Findings) -> None:
    named = [one.partition("::")[2] for sheet in sheets.values() for one in sheet.columns if "::" in one]
    first = draft.languages
    if first and named and first[0] not in named:
        place = sheets["settings"].lines[0].place("default_language")
        found.error(
            place, "language_unknown", f"no column is in the language {first[0][:40]}",
            f"name one of {', '.join(dict.fromkeys(named))}",
        )  # fmt: skip
    draft.languages = tuple(dict.fromkeys([*(first if named else ()), *named]))


def translated(line: Line, column: str, languages: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Give what a column says in the first language, and in each language where there are translations."""
    words = {one: line.text(f"{column}::{one}") for one in languages if line.text(f"{column}::{one}")}
    return line.text(column) or (words.get(languages[0], "") if languages else ""), words


def _choices(sheet: Sheet, draft: Draft, found: Findings) -> None:
    lists: dict[str, list[Choice]] = {}
    known = {one for one, _ in sheet.extra}
    for line in sheet.lines:
        label, labels = translated(line, "label", draft.languages)
        listed, value = line.text("list_name"), line.text("name")
        for column, words in (("list_name", listed), ("name", value), ("label", label)):
            if not words and line.lacks(column):
                found.error(line.place(column), "missing", f"{column} is missing", f"fill in {column}")
        if not listed or not value:
            continue
        _code(line, found)
        if not _VALUE.fullmatch(listed):
            found.error(line.place("list_name"), "list_wrong", "the name of a list is one word", "join it with _")
        if not _VALUE.fullmatch(value):
            found.error(line.place("name"), "choice_name_wrong", "the name of an answer is one word", "join it with _")
        if (listed, value, "name") in draft.choice_cells:
            found.error(line.place("name"), "choice_twice", "this answer stands in its list twice", "take one out")
            continue
        for column in ("name", "label", "sets_outcome", "pathway", *line.cells):
            draft.choice_cells[listed, value, column] = line.place(column)
        lists.setdefault(listed, []).append(
            Choice(
                value=value,
                label=label,
                sets_outcome=line.text("sets_outcome"),
                pathway=line.text("pathway"),
                labels=labels,
                columns={one: line.text(one) for one in sorted(known) if line.text(one)},
            )
        )
    draft.lists = {name: tuple(listed) for name, listed in lists.items()}


def _code(line: Line, found: Findings) -> None:
    code = line.text("sets_outcome")
    if code and not _CODE.fullmatch(code):
        found.error(
            line.place("sets_outcome"),
            "outcome_wrong",
            "an outcome code is a letter and two digits",
            "write it like A01",
        )


def _pages(lines: tuple[Line, ...], draft: Draft, found: Findings) -> Iterator[Page]:
    seen: dict[str, str] = {}
    group: Line | None = None
    rows: list[Row] = []
    loose = 0
    nested = False
    for line in lines:
        kind = said_type(line)
        if kind == "begin_group":
            if group is not None:
                nested = True
                found.error(
                    line.place("type"), "group_nested", "a group inside a group: one group is one page",
                    "end the page before, or take this line out",
                )  # fmt: skip
                continue
            if rows:
                loose += 1
                yield Page(name=f"between_{loose}", rows=tuple(rows))
            group, rows = line, []
            _name(line, seen, draft, found)
            _one_of(line, "appearance", ("field-list",), found)
        elif kind == "end_group":
            if group is None:
                found.error(line.place("type"), "group_not_begun", "this group was never begun", "take this line out")
                continue
            for column in line.cells:
                if column not in ("type", "name", "label"):
                    found.error(
                        line.place(column), "group_end_extra", f"{column} means nothing at the end of a group",
                        "move it to the row that begins the group",
                    )  # fmt: skip
            yield _page(group, rows, draft)
            group, rows = None, []
        elif (row := _row(line, kind, seen, draft, found)) is not None:
            rows.append(row)
    if group is not None:
        if not nested:
            found.error(
                group.place("type"), "group_open", "this group has no end", "add a row end_group after its last row"
            )
        yield _page(group, rows, draft)
    elif rows:
        yield Page(name=f"between_{loose + 1}", rows=tuple(rows))


def _page(group: Line, rows: list[Row], draft: Draft) -> Page:
    title, titles = translated(group, "label", draft.languages)
    return Page(name=group.text("name"), title=title, relevant=group.text("relevant"), rows=tuple(rows), titles=titles)


def _name(line: Line, seen: dict[str, str], draft: Draft, found: Findings) -> str:
    name = line.text("name")
    if not name and not line.lacks("name"):
        return ""
    if not _NAME.fullmatch(name):
        found.error(
            line.place("name"), "name_wrong", "a name is letters, digits and _ and begins with a letter",
            "write it like why_not",
        )  # fmt: skip
        return ""
    if name in _RESERVED:
        found.error(line.place("name"), "name_wrong", f"{name} is kept for the program", "choose another name")
        return ""
    if name in seen:
        found.error(
            line.place("name"), "name_twice", f"the name {name} stands there twice", f"the other is {seen[name]}"
        )
        return ""
    seen[name] = line.place("name")
    for column, (_, address) in line.cells.items():
        draft.cells[name, column] = f"{line.sheet}!{address}"
    return name


def _row(line: Line, said: str, seen: dict[str, str], draft: Draft, found: Findings) -> Row | None:
    name = _name(line, seen, draft, found)
    if not said and not line.lacks("type"):
        return None
    read = read_type(line, said, draft.lists, found)
    if read is None or not name:
        return None
    kind, listed = read
    choices = draft.lists.get(listed, ())
    label, labels = translated(line, "label", draft.languages)
    hint, hints = translated(line, "hint", draft.languages)
    message, messages = translated(line, "constraint_message", draft.languages)
    if kind in VISIBLE and not label and line.lacks("label"):
        found.error(line.place("label"), "missing", "the words are missing", "write what is said or asked")
    if kind == "calculate" and line.lacks("calculation"):
        found.error(line.place("calculation"), "missing", "the calculation is missing", "write it in calculation")
    _one_of(line, "style", STYLES, found)
    _one_of(line, "required", ("yes", "no"), found, *_YES, *_NO)
    for word in line.text("appearance").split():
        _one_of(line, "appearance", tuple(sorted(APPEARANCES)), found, said=word)
    _code(line, found)
    _default(line, kind, choices, found)
    return Row(
        type=kind,
        name=name,
        label=label,
        hint=hint,
        style=line.text("style") or {"note": "say"}.get(kind, "ask" if kind in VISIBLE else ""),
        relevant=line.text("relevant"),
        constraint=line.text("constraint"),
        constraint_message=message,
        required=line.text("required").lower() in _YES,
        calculation=line.text("calculation"),
        choices=choices,
        sets_outcome=line.text("sets_outcome"),
        raises=line.text("raises"),
        cell=line.place("name"),
        pathway=line.text("pathway"),
        default=line.text("default"),
        appearance=line.text("appearance"),
        choice_filter=line.text("choice_filter"),
        labels=labels,
        hints=hints,
        messages=messages,
    )


def _one_of(line: Line, column: str, allowed: tuple[str, ...], found: Findings, *also: str, said: str = "") -> None:
    words = said or line.text(column)
    if words and words not in allowed and words.lower() not in also:
        found.error(
            line.place(column), f"{column}_unknown", f"{column} cannot be {words[:40]}",
            f"write one of {', '.join(allowed)}, or leave it empty",
        )  # fmt: skip


def _default(line: Line, kind: str, choices: tuple[Choice, ...], found: Findings) -> None:
    words = line.text("default")
    if _RECKONED.search(words):
        found.error(
            line.place("default"), "default_wrong", "a default is an answer and is not reckoned",
            "write the answer itself, or make it a row of type calculate",
        )  # fmt: skip
    elif words and not fits(kind, words, tuple(one.value for one in choices)):
        found.error(
            line.place("default"), "default_wrong", f"{words[:40]} cannot be an answer here",
            "write an answer that could be given, or leave it empty",
        )  # fmt: skip


def fits(kind: str, words: str, values: tuple[str, ...]) -> bool:
    """Tell whether words can be an answer of a kind of question."""
    if kind == "select_one":
        return words in values
    if kind == "select_multiple":
        picked = words.split()
        return bool(picked) and len(set(picked)) == len(picked) and set(picked) <= set(values)
    if kind == "integer":
        return re.fullmatch(r"[+-]?[0-9]{1,15}", words) is not None
    if kind == "decimal":
        return re.fullmatch(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})", words) is not None
    if kind == "date":
        try:
            return date.fromisoformat(words).isoformat() == words
        except ValueError:
            return False
    return kind != "note"


def _extra_columns(sheet: Sheet, draft: Draft, found: Findings) -> None:
    """A column of choices that no filter looks at is a misspelt one."""
    used = " ".join(row.choice_filter for row in draft.rows())
    for column, place in sheet.extra:
        if not re.search(rf"\b{re.escape(column)}\b", used):
            found.error(
                place, "column_unknown", f"the column {column} is not known here, and no choice_filter uses it",
                "the columns are list_name, name, label, sets_outcome, pathway",
            )  # fmt: skip
    draft.choice_columns = frozenset(one for one, _ in sheet.extra) | {"name", "label", "list_name"}
