"""Answers worth trying: which values of a question its conditions can tell apart, and whether these are all of them.

What a reader would get wrong: trying is not proving. Values stand for every answer there could be only where all that
is ever asked of them is to be compared with something written down; as soon as an answer is reckoned with, measured or
matched with a pattern, nothing is proved by the values tried. The same holds for whatever asks for the day.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from caller_app.script.expressions import tree
from caller_app.script.expressions.values import number_of, number_text
from caller_app.script.script import Page, Row, Script

ALL_OF: Final = 5  # answers of which every selection is tried
_COMPARED: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_TIMED: Final = frozenset({"today", "now"})
_ELSE: Final = "~"  # what nobody compares with
_SOME_DAYS: Final = ("2026-11-01", "1990-01-31", "2027-06-15")
_EPOCH: Final = date(1970, 1, 1)


@dataclass(slots=True)
class _Asked:
    """What is asked of one answer: the words and numbers it is compared with, and whether anything else is."""

    words: set[str] = field(default_factory=set)
    numbers: set[float] = field(default_factory=set)
    picked: set[str] = field(default_factory=set)
    otherwise: bool = False

    def add(self, other: "_Asked") -> None:
        self.words |= other.words
        self.numbers |= other.numbers
        self.picked |= other.picked
        self.otherwise |= other.otherwise


@dataclass(frozen=True, slots=True)
class Worth:
    """By row name: the answers that stand for all others (`classes`), and more of them for walking (`tried`)."""

    classes: dict[str, tuple[str, ...]]
    tried: Mapping[str, tuple[str, ...]]
    _rows: Mapping[str, Row]
    _pages: Mapping[str, Page]  # by row name

    def beside(self, name: str) -> tuple[str, ...]:
        """Name the questions that have to be answered on the page of a row; none for a page."""
        return tuple(row.name for row in self._pages[name].rows if row.required) if name in self._pages else ()

    def whole(self, names: Iterable[str], trees: Iterable[tree.Node]) -> bool:
        """Tell whether the classes stand for every answer of these names, as far as these expressions look at them."""
        said = list(trees)
        if any(part[0] == tree.CALL and part[1] in _TIMED for one in said for part in tree.parts(one)):
            return False
        asked: dict[str, _Asked] = {}
        for one in said:
            for name, what in _asked_of(one):
                asked.setdefault(name, _Asked()).add(what)
        return all(self._stands(self._rows[name], asked.get(name, _Asked())) for name in names if name in self._rows)

    def told_apart(self, row: Row, constraint: tree.Node | None) -> bool:
        """Tell whether the answers tried are all that the constraint of a question can tell apart."""
        if constraint is None or row.choices:
            return True
        timed = any(part[0] == tree.CALL and part[1] in _TIMED for part in tree.parts(constraint))
        return not timed and not any(name or what.otherwise for name, what in _asked_of(constraint))

    def _stands(self, row: Row, what: _Asked) -> bool:
        if row.type == "select_one":
            return True
        if row.type == "select_multiple":
            if any(" " in one.strip() for one in what.words):
                return False  # in which order they were picked is not tried
            return len(row.choices) <= ALL_OF or (not what.otherwise and len(_matter(row, what)) <= ALL_OF)
        if row.type in ("integer", "decimal") and any(map(_day, what.words)):
            return False
        if row.type == "date":
            return not what.otherwise and not what.numbers and all(_day(one) is not None for one in what.words - {""})
        return not what.otherwise


def worth(script: Script) -> Worth:
    """Work out which answers are worth trying, over all expressions of a script."""
    asked: dict[str, _Asked] = {}
    for data in script.expressions.values():
        for name, what in _asked_of(tree.loaded(data)):
            if name:
                asked.setdefault(name, _Asked()).add(what)
    for row in script.rows():
        if row.constraint in script.expressions:
            for name, what in _asked_of(tree.loaded(script.expressions[row.constraint])):
                if not name:  # the answer itself
                    asked.setdefault(row.name, _Asked()).add(what)
    rows = {row.name: row for row in script.rows()}
    classes = {name: _classes(row, asked.get(name, _Asked())) for name, row in rows.items()}
    # Where the classes stand for all others, more would only be refused more often.
    open_ = {name for name in rows if name not in asked or asked[name].otherwise}
    tried = {
        name: tuple(dict.fromkeys((*classes[name], *_more(row)))) if name in open_ else classes[name]
        for name, row in rows.items()
    }
    return Worth(classes, tried, rows, {row.name: page for page in script.pages for row in page.rows})


def _asked_of(node: tree.Node) -> Iterator[tuple[str, _Asked]]:
    """Give what an expression asks of each answer; blank as name for the answer at hand."""
    told: set[int] = set()
    for one in tree.parts(node):
        what: _Asked | None = None
        if one[0] == tree.INFIX and one[1] in _COMPARED:
            for this, other in ((one[2], one[3]), (one[3], one[2])):
                if this[0] in (tree.ANSWER, tree.HERE) and (what := _constant(other)) is not None:
                    told.add(id(this))
                    yield _name(this), what
        elif one[0] == tree.CALL and one[1] == "selected" and len(one) == 4:
            this, other = one[2], one[3]
            if this[0] in (tree.ANSWER, tree.HERE) and other[0] == tree.TEXT and " " not in other[1].strip():
                told.add(id(this))
                yield _name(this), _Asked(words={other[1].strip()}, picked={other[1].strip()})
    for one in tree.parts(node):
        if one[0] in (tree.ANSWER, tree.HERE) and id(one) not in told:
            yield _name(one), _Asked(otherwise=True)


def _name(node: tree.Node) -> str:
    return str(node[1]) if node[0] == tree.ANSWER else ""


def _constant(node: tree.Node) -> _Asked | None:
    if node[0] == tree.TEXT:
        number = number_of(node[1])
        return _Asked(words={node[1]}, numbers=set() if math.isnan(number) or _day(node[1]) else {number})
    return _Asked(numbers={node[1]}) if node[0] == tree.NUMBER else None


def _matter(row: Row, what: _Asked) -> list[str]:
    """Give the answers of a list that anything asks for by name."""
    said = what.picked | {word for words in what.words for word in words.split()}
    return [one.value for one in row.choices if one.value in said]


def _classes(row: Row, what: _Asked) -> tuple[str, ...]:
    blank = () if row.required else ("",)
    values = [one.value for one in row.choices]
    if row.type == "select_one":
        return (*blank, *values)
    if row.type == "select_multiple":
        return (*blank, *_selections(values, what, row))
    numbers = sorted(one for one in what.numbers if math.isfinite(one))
    days = sorted(day for day in map(_day, what.words) if day is not None)
    if row.type == "integer":
        return (*blank, *(_whole(numbers) or ("1",)))
    if row.type == "decimal":
        return (*blank, *(_between(numbers) or ("1",)))
    if row.type == "date":
        return (*blank, *(_around(days) or _SOME_DAYS[:1]))
    return tuple(dict.fromkeys(("", *sorted(what.words), *_between(numbers), *_around(days), _ELSE)))


def _selections(values: list[str], what: _Asked, row: Row) -> tuple[str, ...]:
    if len(values) > ALL_OF:
        matter = _matter(row, what)
        if len(matter) > ALL_OF:
            return (*values, *(f"{one} {other}" for one, other in list(itertools.pairwise(values))[:3]))
        values = [*matter, *[one for one in values if one not in matter][:1]]
    sizes = range(1, len(values) + 1)
    return tuple(" ".join(some) for size in sizes for some in itertools.combinations(values, size))


def _whole(numbers: list[float]) -> tuple[str, ...]:
    """One whole number below all, each that is whole, and the first above each: nothing between is told apart."""
    found = {math.ceil(numbers[0]) - 1} if numbers else set()
    for one in numbers:
        found |= {math.floor(one) + 1} | ({int(one)} if one == int(one) else set())
    return tuple(number_text(float(one)) for one in sorted(found))


def _between(numbers: list[float]) -> tuple[str, ...]:
    """One number below all, each of them, one between each two, one above."""
    if not numbers:
        return ()
    middles = ((one + other) / 2 for one, other in itertools.pairwise(numbers))
    found = {numbers[0] - 1, *numbers, *middles, numbers[-1] + 1}
    return tuple(map(number_text, sorted(found)))


def _around(days: list[date]) -> tuple[str, ...]:
    found = {day + timedelta(days=step) for day in days for step in (-1, 0, 1) if date.min < day < date.max}
    return tuple(day.isoformat() for day in sorted(found))


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if len(words) == 10 else None
    except ValueError:
        return None


def _more(row: Row) -> tuple[str, ...]:
    """Give answers that say nothing in particular, for walking."""
    if row.type == "integer":
        return ("1", "7", "40", "170")
    if row.type == "decimal":
        return ("1", "50", "150.5")
    if row.type == "date":
        return ("2026-11-22", "2026-11-23", "2026-11-24", *_SOME_DAYS)
    return () if row.choices else ("0", "1", "50", "y", "n")
