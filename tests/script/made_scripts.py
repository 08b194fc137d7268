"""Scripts made by chance within the profile, as rows of sheets: pages, conditions, calculations, filters, outcomes.

What a reader would get wrong: most of what chance makes is refused by the check, and that is meant too. What it lets
through has to run. `Chance` is a `random.Random`, hypothesis's or a seeded one.
"""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

HEADINGS = (
    "type", "name", "label", "label::Polish", "hint", "relevant", "constraint", "constraint_message", "required",
    "calculation", "default", "choice_filter", "style", "sets_outcome", "pathway", "raises",
)  # fmt: skip
CODES = ("A01", "A02", "A04", "D01", "D02", "D03", "E01", "E02", "S01", "R01", "C01")
KINDS = (
    "note", "note", "select_one", "select_one", "select_multiple", "integer", "decimal", "text", "date", "calculate",
)  # fmt: skip
Kinds = dict[str, tuple[str, tuple[str, ...]]]  # name -> (kind, answers)


class Maker:
    """Makes one script; `kinds` knows what every question so far is."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.kinds: Kinds = {}
        self.choices: list[list[Any]] = [
            ["list_name", "name", "label", "label::Polish", "sets_outcome", "pathway", "region"]
        ]
        self.lists: dict[str, tuple[str, ...]] = {}
        self.uses_region = False

    def sheets(self) -> dict[str, list[list[Any]]]:
        for nr in range(self.chance.randint(1, 3)):
            self._list(f"list{nr}")
        rows: list[list[Any]] = [list(HEADINGS)]
        rows += [self._cells(type="hidden", name=f"known{nr}", default=self._pick("", "y", "7")) for nr in range(2)]
        self.kinds |= {"known0": ("any", ()), "known1": ("any", ())}
        for nr in range(self.chance.randint(1, 6)):
            rows += self._page(nr)
        if not self.uses_region:
            for one in self.choices:
                del one[6]
        settings = [["form_title", "form_id", "version", "default_language"], ["Made", "made", 1, None]]
        return {"survey": rows, "choices": self.choices, "settings": settings}

    def _pick(self, *among: Any) -> Any:
        return self.chance.choice(among)

    def _now_and_then(self, often: int = 4) -> bool:
        return self.chance.randrange(often) == 0

    def _cells(self, **cells: Any) -> list[Any]:
        return [cells.get("label_pl" if name == "label::Polish" else name) for name in HEADINGS]

    def _list(self, name: str) -> None:
        values = [f"a{nr}" for nr in range(self.chance.randint(1, 4))] if self._now_and_then(2) else ["y", "n"]
        self.lists[name] = tuple(values)
        for value in values:
            code = self._pick(*CODES) if self._now_and_then() else None
            pathway = "gym" if self._now_and_then(6) else None
            self.choices.append(
                [name, value, f"Say {value}", f"Mów {value}", code, pathway, self._pick("north", "south")]
            )

    def _page(self, nr: int) -> list[list[Any]]:
        grouped = self.chance.randrange(5) > 0
        before = dict(self.kinds)
        rows = []
        if grouped:
            rows.append(
                self._cells(type="begin_group", name=f"page{nr}", label=f"Page {nr}", relevant=self._maybe(before))
            )
        rows += [self._row(f"q{nr}_{at}") for at in range(self.chance.randint(1, 4))]
        return [*rows, self._cells(type="end_group")] if grouped else rows

    def _maybe(self, known: Kinds) -> str | None:
        return self.truth(known, 2) if known and self._now_and_then(2) else None

    def _row(self, name: str) -> list[Any]:
        kind = self._pick(*KINDS)
        known = dict(self.kinds)
        cells: dict[str, Any] = {"type": kind, "name": name, "relevant": self._maybe(known)}
        if kind == "calculate":
            made = self._pick(self.number, self.words, self.truth)
            cells["calculation"] = made(known, 3)
            self.kinds[name] = ("any", ())
            return self._cells(**cells)
        read = self._pick("Hello", "Well ${" + self._pick(*known) + "}") if known else "Hello"
        cells |= {"label": read, "label_pl": self._pick("Dzień dobry", None), "hint": self._pick(None, "Slowly")}
        if kind == "note":
            cells |= {
                "style": self._pick("say", "instruct", "warn"),
                "sets_outcome": self._code(),
                "raises": self._raises(),
            }
            return self._cells(**cells)
        answers: tuple[str, ...] = ()
        if kind.startswith("select"):
            listed = self._pick(*self.lists)
            answers = self.lists[listed]
            cells["type"] = f"{kind} {listed}"
            if self._now_and_then(6):
                self.uses_region = self.uses_region or self._now_and_then(2)
                north = "region = 'north'" if self.uses_region else "name != 'y'"
                cells["choice_filter"] = self._pick(north, north, f"name != {self.words(known, 1)}")
        self.kinds[name] = (kind, answers)
        cells |= {
            "required": self._pick("yes", "yes", "no", None),
            "sets_outcome": self._code(),
            "raises": self._raises(),
        }
        if self._now_and_then(3):
            cells |= {"constraint": self._about_itself(kind, answers, known), "constraint_message": "Not so"}
        if answers and self._now_and_then(8):
            cells["default"] = self._pick(*answers)
        return self._cells(**cells)

    def _code(self) -> str | None:
        return self._pick(*CODES) if self._now_and_then(5) else None

    def _raises(self) -> str | None:
        return "SAFEGUARDING" if self._now_and_then(15) else None

    def _about_itself(self, kind: str, answers: tuple[str, ...], known: Kinds) -> str:
        if kind in ("integer", "decimal"):
            return str(
                self._pick(". >= 0 and . < 200", ". mod 2 = 0", ". != 5", f". < {self.number(known, 1)} or . > 3")
            )
        if kind == "select_multiple":
            return str(
                self._pick("count-selected(.) < 3", f"not(selected(., '{answers[0]}')) or count-selected(.) = 1")
            )
        if kind == "date":
            return str(self._pick(". <= today()", "format-date(., '%Y') != '2024'", ". > date('2020-01-01')"))
        if kind == "text":
            return str(self._pick("string-length(.) < 20", r"regex(., '^[\w ]*$')", "regex(., '^(a|b)+[^x]{0,9}$')"))
        return str(self._pick(f". != '{answers[-1]}'", "string-length(.) > 0"))

    # Expressions, by the kind they give.

    def truth(self, known: Kinds, deep: int) -> str:
        if deep == 0 or not known:
            return str(self._pick("true()", "false()", "1 = 1"))
        truth, number, words = (partial(one, known, deep - 1) for one in (self.truth, self.number, self.words))
        ways: list[Callable[[], str]] = [
            lambda: f"{truth()} {self._pick('and', 'or')} {truth()}",
            lambda: f"not({truth()})",
            lambda: f"{number()} {self._pick('<', '>', '<=', '>=', '=', '!=')} {number()}",
            lambda: f"boolean-from-string({words()})",
            lambda: f"regex({words()}, '^{self._pick('a*', '[a-y]', '.+', '(y|n)?', 'x{2,3}')}$')",
        ]
        return str(self._pick(*ways)()) if self._now_and_then(3) else self._about(self._pick(*known), known)

    def _about(self, name: str, known: Kinds) -> str:
        kind, answers = known[name]
        if kind == "select_one":
            return f"${{{name}}} {self._pick('=', '!=')} '{self._pick(*answers, '')}'"
        if kind == "select_multiple":
            return str(
                self._pick(f"selected(${{{name}}}, '{self._pick(*answers)}')", f"count-selected(${{{name}}}) > 1")
            )
        if kind in ("integer", "decimal"):
            return f"${{{name}}} {self._pick('<', '>=', '=')} {self._pick(-1, 0, 5, 18.5, 1000000)}"
        if kind == "date":
            return f"${{{name}}} {self._pick('<', '>=')} {self._pick('today()', chr(39) + '2026-01-01' + chr(39))}"
        return f"${{{name}}} {self._pick('=', '!=')} '{self._pick('y', '7', '')}'"

    def number(self, known: Kinds, deep: int) -> str:
        counted = [name for name, (kind, _) in known.items() if kind in ("integer", "decimal", "any", "date")]
        if deep == 0:
            return str(self._pick("0", "1", "2.5", "-3", "1 div 0", "''", "1000000000000000000000"))
        truth, number, words = (partial(one, known, deep - 1) for one in (self.truth, self.number, self.words))
        ways: list[Callable[[], str]] = [
            lambda: f"({number()} {self._pick('+', '-', '*', 'div', 'mod')} {number()})",
            lambda: f"{self._pick('int', 'number')}({number()})",
            lambda: f"round({number()}, {self._pick(-400, -2, 0, 1, 400)})",
            lambda: f"{self._pick('min', 'max')}({number()}, {number()})",
            lambda: f"string-length({words()})",
            lambda: f"if({truth()}, {number()}, {number()})",
            lambda: f"decimal-date-time({self._pick('today()', 'now()', words())})",
            lambda: f"-{number()}",
        ]
        return f"${{{self._pick(*counted)}}}" if counted and self._now_and_then(2) else str(self._pick(*ways)())

    def words(self, known: Kinds, deep: int) -> str:
        if deep == 0:
            return str(self._pick("'y'", "'a1'", "''", "'2026-11-22'", "'Zażółć'", "'99999999999999999999999'"))
        name = self._pick(*known) if known else ""
        chosen = [one for one, (kind, _) in known.items() if kind.startswith("select")]
        truth, number, words = (partial(one, known, deep - 1) for one in (self.truth, self.number, self.words))
        ways: list[Callable[[], str]] = [
            lambda: f"concat({words()}, {words()})",
            lambda: f"coalesce({words()}, {words()})",
            lambda: f"substr({words()}, {number()})",
            lambda: f"join(' ', {words()}, {number()})",
            lambda: f"if({truth()}, {words()}, {words()})",
            lambda: f"format-date({self._pick('today()', words())}, '{self._pick('%Y-%m', '%e %b', '%H:%M')}')",
            lambda: f"string(date({words()}))",
            lambda: f"once({words()})",
            lambda: f"jr:choice-name(${{{chosen[0]}}}, '${{{chosen[0]}}}')" if chosen else "''",
        ]
        return f"${{{name}}}" if name and self._now_and_then(2) else str(self._pick(*ways)())


def some_answer(chance: random.Random, kind: str, values: tuple[str, ...]) -> Any:
    """Give an answer a caller might enter, now and then one that is none."""
    if chance.randrange(8) == 0:
        return chance.choice(
            ["", None, "no such", "-1", "9" * 400, "2026-02-30", [], "x" * 2_000, "\u202e", True, 1e308, ["y", 3]]
        )
    if kind == "select_one":
        return chance.choice(values)
    if kind == "select_multiple":
        return chance.sample(values, chance.randint(1, len(values)))
    if kind == "integer":
        return str(chance.choice([0, 1, 2, 5, 6, 40, 200, -7]))
    if kind == "decimal":
        return chance.choice(["0", "2.5", ".5", "-1.25", "18.5", "6"])
    if kind == "date":
        return chance.choice(["2026-11-22", "2027-01-31", "2024-02-29", "1999-12-31"])
    return chance.choice(["aab", "y", "", "Zażółć", "7", "a b c", "2026-11-22", "<b>&amp;", "=1+1"])
