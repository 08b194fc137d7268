"""A script as pages to read aloud: merge fields filled, gaps shown, conditions in quiet words.

What a reader would get wrong: a merge field without a value is a gap to be seen, never the word None. Which pages may
be shown before identity has passed is decided here by the script's own conditions, so that no screen has to know.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from caller_app.domain.rule_facts import fact_of
from caller_app.script.script import Page, Row, Script

Part = Literal["all", "before_identity", "after_identity"]
GAP = "[{}]"
_MERGE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ANSWERED = re.compile(r"\$\{(\w+)\}\s*=\s*'([^']*)'")
_TOKEN = re.compile(
    r"""\s*(?:(?P<selected>selected\(\s*\$\{(?P<many>\w+)\}\s*,\s*'(?P<one>[^']*)'\s*\))
        |(?P<test>\$\{(?P<name>\w+)\}\s*(?P<sign>!=|>=|<=|=|<|>)\s*(?:'(?P<word>[^']*)'|(?P<number>-?[0-9.]+)))
        |(?P<join>and|or)\b|(?P<not>not)\s*(?=\()|(?P<bracket>[()])|(?P<true>true\(\)))""",
    re.VERBOSE,
)
_SIGNS = {"=": "is", "!=": "is not", ">=": "is at least", "<=": "is at most", "<": "is below", ">": "is above"}
_WORDS = {"y": "yes", "n": "no"}
_REASONS = frozenset({"why_not", "barrier"})  # questions whose answers the objection texts belong to


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line; `when` says in words for whom it is, `missing` names the merge fields without a value."""

    name: str
    style: str
    text: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    when: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page to read."""

    name: str
    title: str
    lines: tuple[ReadLine, ...]
    when: str = ""


def readable(script: Script, merge: Mapping[str, str], part: Part = "all") -> tuple[ReadPage, ...]:
    """Give the pages of a script that hold something to read, with merge fields filled in."""
    pages = []
    for page in _of_part(script, part):
        lines = tuple(_line(script, row, merge) for row in page.rows if row.visible)
        if lines:
            title = page.title or "Before you begin"
            pages.append(ReadPage(page.name, title, lines, words_of(script, page.relevant)))
    return tuple(pages)


def objections(script: Script, merge: Mapping[str, str], language: str = "") -> tuple[tuple[str, ReadLine], ...]:
    """Give what may be said to each objection: the answers it is for, in words, and the line.

    Such a line is read aloud only where one question was answered in a certain way; wherever the script stands it can
    be looked up.
    """
    found = []
    for row in script.rows():
        about = _objected(script, row, language) if row.type == "note" and row.style == "say" else ""
        if about:
            text, gaps = filled(row.labels.get(language) or row.label, merge)
            hint, hint_gaps = filled(row.hints.get(language) or row.hint, merge)
            missing = tuple(dict.fromkeys((*gaps, *hint_gaps)))
            found.append((about, ReadLine(row.name, "objection", text, hint, missing=missing)))
    return tuple(found)


def _objected(script: Script, row: Row, language: str) -> str:
    tests = _ANSWERED.findall(row.relevant)
    names = {name for name, _ in tests}
    if len(names) != 1 or names != set(_MERGE.findall(row.relevant)) or _ANSWERED.sub("", row.relevant).strip(" or"):
        return ""
    question = script.row(names.pop())
    if question is None or question.type != "select_one":
        return ""
    labels = {one.value: one.labels.get(language) or one.label for one in question.choices}
    return ", ".join(labels[value] for _, value in tests if value in labels)


def missing_fields(script: Script, merge: Mapping[str, str]) -> tuple[str, ...]:
    """Name the merge fields the script reads out that have no value."""
    return tuple(
        dict.fromkeys(name for page in readable(script, merge) for line in page.lines for name in line.missing)
    )


def closing(lines: Iterable[tuple[str, str, str]], merge: Mapping[str, str]) -> ReadPage:
    """Give the fixed close of every call; `lines` are (style, text, hint) of the core texts."""
    said = []
    for nr, (style, words, hint) in enumerate(lines, 1):
        text, missing = filled(words, merge)
        said.append(ReadLine(f"close_{nr}", style, text, hint, missing=missing))
    return ReadPage("close", "Before you say goodbye", tuple(said))


def filled(text: str, merge: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Fill merge fields; one without a value becomes a visible gap and is named."""
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        found = merge.get(match[1])
        words = "" if found is None else str(found).strip()
        if not words:
            missing.append(match[1])
        return words or GAP.format(match[1].replace("_", " "))

    return _MERGE.sub(value, text), tuple(dict.fromkeys(missing))


def _of_part(script: Script, part: Part) -> tuple[Page, ...]:
    if part == "all":
        return script.pages
    gate = next((nr for nr, page in enumerate(script.pages) if any(row.name == "id_ok" for row in page.rows)), None)
    if gate is None:  # a project's script: every word of it is for after the check
        return () if part == "before_identity" else script.pages
    return script.pages[: gate + 1] if part == "before_identity" else script.pages[gate + 1 :]


def _line(script: Script, row: Row, merge: Mapping[str, str]) -> ReadLine:
    text, gaps = filled(row.label, merge)
    hint, hint_gaps = filled(row.hint, merge)
    return ReadLine(
        name=row.name,
        style="objection" if _answers_objection(row) else row.style,
        text=text,
        hint=hint,
        choices=tuple((one.value, one.label) for one in row.choices),
        missing=tuple(dict.fromkeys((*gaps, *hint_gaps))),
        when=words_of(script, row.relevant),
        many=row.type == "select_multiple",
    )


def _answers_objection(row: Row) -> bool:
    asked = set(_MERGE.findall(row.relevant))
    return row.type == "note" and row.style == "say" and bool(asked) and asked <= _REASONS


def words_of(script: Script, condition: str) -> str:
    """Say a condition in quiet words, "if: how would you feel is Not sure"; nothing where it cannot be said simply."""
    if not condition or condition.strip() == "true()":
        return ""
    said: list[str] = []
    place = 0
    while place < len(condition.rstrip()):
        match = _TOKEN.match(condition, place)
        if match is None:
            return ""
        place = match.end()
        if match["selected"]:
            said.append(f"{_asked(script, match['many'])} includes {_answer(script, match['many'], match['one'])}")
        elif match["test"]:
            said.append(_test(script, match))
        elif match["true"]:
            return ""
        else:
            said.append(match["join"] or match["not"] or match["bracket"])
    words = " ".join(said).replace("( ", "(").replace(" )", ")")
    return f"if: {words}" if len(words) <= 200 else ""


def _test(script: Script, match: re.Match[str]) -> str:
    asked, sign = _asked(script, match["name"]), match["sign"]
    if match["word"] == "":
        return f"{asked} is {'answered' if sign == '!=' else 'not answered'}"
    return f"{asked} {_SIGNS[sign]} {match['number'] or _answer(script, match['name'], match['word'])}"


def _asked(script: Script, name: str) -> str:
    row = script.row(name)
    label = row.label.rstrip("?:. ") if row is not None and row.visible else ""
    return f"“{label}”" if label and len(label) <= 60 else fact_of(name).label


def _answer(script: Script, name: str, value: str) -> str:
    row = script.row(name)
    for choice in row.choices if row is not None else ():
        if choice.value == value:
            return choice.label
    return _WORDS.get(value, value)
