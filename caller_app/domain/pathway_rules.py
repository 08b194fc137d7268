"""Rules of a pathway as a supervisor writes them: conditions on facts, read with their types and units checked.

What a reader would get wrong: ranges are half-open (at_least <= fact < below), so 47.9 is in and 48 is out (domain
rules 2.19). A condition holds its thresholds in the fact's own unit; `given` says how they were written. Where a
script's answers fill a fact, the record still wins: an answer only fills what the record does not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from caller_app.domain.project_keys import Table
from caller_app.domain.rule_facts import Fact, conversion_words, nearest, to_own_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One test of one fact. Ranges are half-open: at_least <= fact < below (domain rules 2.19)."""

    fact: str
    at_least: float | None = None
    below: float | None = None
    at_least_low: float | None = None  # the lower threshold for the ethnic codes in `low_for`
    low_for: tuple[str, ...] = ()
    equals: bool | str | None = None
    dated_by: str | None = None  # the fact that holds the date of this one
    within_months: int | None = None  # older than this does not hold
    given: tuple[str, ...] = ()  # what was converted, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Holds when any of its conditions does. For an exclusion or a hold, holding is the bad case."""

    any: tuple[Condition, ...]
    because: str  # said when the rule decides against: "the last result is more than 12 months old"
    ask: str = ""  # what to ask when the facts are missing
    weight: int = 1  # of a need: how much it counts in the order of the offers


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFact:
    """A fact that the script's answers say: a question's own answer, whether a choice was picked, or a BMI."""

    fact: str
    question: str = ""
    choice: str = ""  # of a question with choices: the fact is whether this one was picked
    unit: str = ""  # of a number, where it is not the fact's own
    weight_kg: str = ""  # the questions a BMI is worked out from
    height_cm: str = ""

    @property
    def questions(self) -> tuple[str, ...]:
        """Give the questions this fact comes from."""
        return tuple(one for one in (self.question, self.weight_kg, self.height_cm) if one)


Facts = Mapping[str, Fact]


def read_answers(table: Table, campaign_facts: Facts) -> tuple[AnswerFact, ...]:
    """Read which facts the script's answers say."""
    read = []
    for name in table.names():
        one = table.table(name)
        answer = AnswerFact(
            fact=name,
            question=one.text("question", ""),
            choice=one.text("choice", ""),
            unit=one.text("unit", ""),
            weight_kg=one.text("weight_kg", ""),
            height_cm=one.text("height_cm", ""),
        )
        body = bool(answer.weight_kg or answer.height_cm)
        one.expect(bool(answer.question) != body, "question", "names the question whose answer says the fact")
        one.expect(
            not body or (name == "bmi" and bool(answer.weight_kg and answer.height_cm)),
            "weight_kg",
            "and height_cm are for the fact bmi, both together",
        )
        fact = campaign_facts.get(name)
        one.expect(
            not answer.choice or fact is None or fact.kind == "flag",
            "choice",
            f"says yes or no, and {name} is {fact.kind if fact else 'nothing'}",
        )
        one.expect(
            not answer.unit or (fact is not None and answer.unit in (fact.unit, *fact.also)), "unit", _units(fact)
        )
        one.finish()
        read.append(answer)
    return tuple(read)


def read_rule(table: Table, facts: Facts, *, weighs: bool = False) -> Rule:
    """Read one rule; its conditions may name only `facts`."""
    rule = Rule(
        any=tuple(_condition(one, facts) for one in table.tables("any")),
        because=table.text("because"),
        ask=table.text("ask", ""),
        weight=table.whole("weight", 1, 1, 100) if weighs else 1,
    )
    table.expect(bool(rule.any), "any", "must hold at least one condition")
    table.finish()
    return rule


def _condition(table: Table, facts: Facts) -> Condition:
    name = table.text("fact")
    fact = facts.get(name)
    if fact is None:
        table.fault("fact", f"names {name}, which no cohort of this campaign and no answer says{_meant(name, facts)}")
    unit = table.text("unit", "")
    table.expect(unit in ("", fact.unit, *fact.also), "unit", _units(fact))
    table.expect(
        bool(unit) or not fact.also or table.number("at_least") is table.number("below") is None,
        "unit",
        f"is missing: {_units(fact)}",
    )
    said: list[str] = []

    def threshold(key: str) -> float | None:
        value = table.number(key)
        if value is None:
            return None
        table.expect(fact.kind == "number", key, f"cannot be asked of {name}, which is {_KINDS[fact.kind]}")
        words = conversion_words(fact, value, unit)
        if words:
            said.append(words)
        own = to_own_unit(fact, value, unit)
        table.expect(
            fact.least <= own <= fact.most,
            key,
            f"is no sensible {fact.label}: {own:g} {fact.unit} lies outside {fact.least:g} to {fact.most:g}"
            + ("; is it in another unit?" if fact.also else ""),
        )
        return own

    condition = Condition(
        fact=name,
        at_least=threshold("at_least"),
        below=threshold("below"),
        at_least_low=threshold("at_least_low"),
        low_for=table.texts("low_for", ()),
        equals=table.word_or_flag("equals"),
        dated_by=table.text("dated_by", "") or None,
        within_months=table.whole("within_months", 0, 0, 240) or None,
        given=tuple(said),
    )
    _check(table, condition, fact, facts)
    table.finish()
    return condition


def _check(table: Table, one: Condition, fact: Fact, facts: Facts) -> None:
    floor, ceiling, low = one.at_least, one.below, one.at_least_low
    tests = (floor, ceiling, one.equals)
    table.expect(any(test is not None for test in tests), "fact", "needs one of at_least, below or equals")
    table.expect(
        one.equals is None or (floor is None and ceiling is None), "equals", "cannot stand beside a range: write two"
    )
    table.expect(
        floor is None or ceiling is None or floor < ceiling, "below", "must lie above at_least: nobody could meet it"
    )
    table.expect(bool(one.low_for) == (low is not None), "low_for", "and at_least_low belong together")
    table.expect(low is None or (floor is not None and low < floor), "at_least_low", "must lie below at_least")
    codes = facts["ethnic_code"].choices
    table.expect(set(one.low_for) <= set(codes), "low_for", f"may hold only the ethnic codes {' '.join(codes)}")
    if isinstance(one.equals, bool):
        table.expect(
            fact.kind == "flag", "equals", f"cannot be true or false of {fact.name}: it is {_KINDS[fact.kind]}"
        )
    elif one.equals is not None:
        table.expect(fact.kind == "code", "equals", f"cannot be a text of {fact.name}: it is {_KINDS[fact.kind]}")
        table.expect(
            not fact.choices or one.equals in fact.choices, "equals", f"must be one of {', '.join(fact.choices)}"
        )
    table.expect(one.within_months is None or one.dated_by is not None, "dated_by", "is needed with within_months")
    if one.dated_by is not None:
        dated = facts.get(one.dated_by)
        table.expect(
            dated is not None and dated.kind == "date",
            "dated_by",
            f"names {one.dated_by}, which is no date that is known{_meant(one.dated_by, facts)}",
        )


_KINDS = {"number": "a number", "flag": "yes or no", "code": "a code", "date": "a date"}


def _units(fact: Fact | None) -> str:
    if fact is None or not fact.unit:
        return "is not needed here"
    return f"must be {' or '.join((fact.unit, *fact.also))}"


def _meant(name: str, facts: Facts) -> str:
    return nearest(name, sorted(facts))
