"""What is wrong with an expression before anybody rings with it: names, arguments, kinds, answers that cannot be given.

What a reader would get wrong: XPath raises for almost nothing, so a mistake shows as a page that never comes. Each
finding here is such a mistake: a bare question as a condition is true even when blank, a number compared with words
is never equal, `${q} = 'yse'` is never true.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from caller_app.script.expressions import tree
from caller_app.script.expressions.evaluate import referred
from caller_app.script.expressions.functions import (
    ANY,
    KNOWN,
    MOMENT,
    NUMBER,
    TRUTH,
    WORDS,
    BadCall,
    formatted,
    pattern_of,
)
from caller_app.script.expressions.tree import Node
from caller_app.script.expressions.values import DATE_LIKE, moment_of, number_of, number_text
from caller_app.script.nearest import nearest

ONE_OF, SOME_OF = "choice", "choices"
_ARITHMETIC: Final = frozenset({"+", "-", "*", "div", "mod"})
_SOME_DAY: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_MANY: Final = frozenset({"min", "max", "concat", "join"})
_OF_A_DATE: Final = frozenset({"date", "decimal-date-time"})
_ELSEWHERE: Final = {
    "answers stand on the sheet choices, not in another file": ("pulldata", "instance", "search", "current"),
    "nothing is repeated in a call": (
        "indexed-repeat", "count", "count-non-empty", "sum", "position", "index", "last", "once-per-repeat",
    ),
    "the same answers have to lead to the same page": ("random", "randomize", "uuid"),
    "a call has no places on a map": ("distance", "area", "geofence"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What an expression may know of a question: its kind and, where it is chosen, the answers it can have."""

    kind: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: a code, what is wrong in words, what to do, and whether it only deserves a look."""

    code: str
    what: str
    remedy: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What stands around an expression: the questions before it, the one it belongs to, the columns of its choices."""

    questions: Mapping[str, Question]
    here: Question | None = None
    columns: frozenset[str] = frozenset()


def kind_of(node: Node, known: Known) -> str:
    """Give the kind of what an expression yields, as far as it can be known."""
    match node[0]:
        case tree.TEXT:
            return WORDS
        case tree.NUMBER | tree.MINUS:
            return NUMBER
        case tree.ANSWER:
            found = known.questions.get(node[1])
            return found.kind if found else ANY
        case tree.HERE:
            return known.here.kind if known.here else ANY
        case tree.INFIX:
            return NUMBER if node[1] in _ARITHMETIC else TRUTH
        case tree.CALL:
            if node[1] == "if" and len(node) == 5:
                first, second = kind_of(node[3], known), kind_of(node[4], known)
                return first if first == second else ANY
            return KNOWN[node[1]].gives if node[1] in KNOWN else ANY
    return ANY


def problems(node: Node, known: Known, *, condition: bool = False) -> Iterator[Problem]:
    """Find what is wrong; `condition` for an expression that is asked for yes or no."""
    if condition:
        yield from _as_condition(node)
    named = {id(one[3]) for one in tree.parts(node) if one[:2] == (tree.CALL, "jr:choice-name") and len(one) == 4}
    for one in tree.parts(node):
        match one[0]:
            case tree.TEXT if "${" in one[1] and id(one) not in named:
                yield Problem(
                    "reference_quoted",
                    f"{one[1][:40]!r} in quotes is only words: no answer is put in",
                    "take the quotes away, or join the parts with concat()",
                )
            case tree.ANSWER if one[1] not in known.questions:
                yield Problem(
                    "reference_unknown",
                    f"${{{one[1]}}} is not a question of this script",
                    "name a row of the survey sheet",
                )
            case tree.HERE | tree.CALL if known.here is None and one in ((tree.HERE,), (tree.CALL, "string-length")):
                yield Problem(
                    "here_unknown",
                    "a full stop stands for this row's answer, and this row has none",
                    "name the question",
                )
            case tree.COLUMN if one[1] not in known.columns:
                yield _bare(one[1])
            case tree.MINUS:
                yield from _reckoned(one[1], known, "-")
            case tree.INFIX:
                yield from _infix(one[1], one[2], one[3], known)
            case tree.CALL:
                yield from _call(one[1], one[2:], known)


def _bare(name: str) -> Problem:
    if name in KNOWN:
        return Problem("name_bare", f"{name} stands there without brackets", f"write {name}()")
    return Problem(
        "name_bare",
        f"{name} stands there without ${{ }} or quotes",
        f"write ${{{name}}} for a question, '{name}' for words",
    )


def _as_condition(node: Node) -> Iterator[Problem]:
    if node[0] in (tree.ANSWER, tree.HERE):
        yield Problem(
            "condition_bare",
            "a question alone as a condition is true even when it is blank",
            "say what it is compared with, for example ${name} = 'y' or ${name} != ''",
        )
    elif node[0] in (tree.TEXT, tree.NUMBER):
        what = "words" if node[0] == tree.TEXT else "a number"
        yield Problem("condition_words", f"{what} alone as a condition never change", "compare with a question")


def _infix(sign: str, left: Node, right: Node, known: Known) -> Iterator[Problem]:
    if sign in ("and", "or"):
        yield from _as_condition(left)
        yield from _as_condition(right)
    elif sign in _ARITHMETIC:
        yield from _reckoned(left, known, sign)
        yield from _reckoned(right, known, sign)
        if sign in ("div", "mod") and right == (tree.NUMBER, 0.0):
            yield Problem("division_by_zero", "this divides by zero", "divide by something else")
    else:
        yield from _compared(sign, left, right, known)
        yield from _compared(sign, right, left, known)


def _reckoned(node: Node, known: Known, sign: str) -> Iterator[Problem]:
    if node[0] == tree.TEXT and math.isnan(number_of(node[1])):
        yield Problem("kind_wrong", f"{node[1][:40]!r} is not a number and cannot be used with {sign}", "use a number")
        return
    question = _question(node, known)
    if question is not None and not _may_count(question):
        yield Problem(
            "kind_wrong",
            f"{_named(node)} holds words and cannot be used with {sign}",
            "use a question that asks for a number or a date, or answers that are numbers",
        )


def _compared(sign: str, left: Node, right: Node, known: Known) -> Iterator[Problem]:
    question = _question(left, known)
    if left[0] in (tree.INFIX, tree.CALL) and kind_of(left, known) == TRUTH:
        yield from _truth_compared(sign, right, question=_question(right, known))
    if right[0] == tree.TEXT:
        words = right[1]
        if sign in _ORDER and words and not _is_amount(words):
            yield Problem("kind_wrong", f"{words[:40]!r} has no order for {sign}", "compare numbers or dates")
        if question is None:
            if kind_of(left, known) == NUMBER and words and not _is_amount(words):
                yield Problem("kind_wrong", f"a number is never equal to {words[:40]!r}", "compare with a number")
            return
        yield from _answered(sign, _named(left), question, words)
    elif right[0] == tree.NUMBER and question is not None:
        if not _may_count(question):
            yield Problem("kind_wrong", f"{_named(left)} holds words, never a number", "compare with words in quotes")
        elif sign in ("=", "!=") and question.kind == ONE_OF and right[1] not in map(number_of, question.choices):
            yield _no_such_answer(_named(left), number_text(right[1]), question)


def _truth_compared(sign: str, other: Node, *, question: Question | None) -> Iterator[Problem]:
    """Any words at all count as true there, and an answer too: `selected(...) = 'false'` holds where it is selected."""
    if sign in _ORDER:
        yield Problem("kind_wrong", f"yes or no has no order for {sign}", "write 1 < ${x} and ${x} < 5 for a range")
    elif other[0] == tree.TEXT or question is not None:
        yield Problem(
            "kind_wrong",
            "yes or no compared with an answer or with words does not look at them: any answer counts as yes",
            "compare the answer with words, or take the comparison with yes or no away",
        )


def _answered(sign: str, name: str, question: Question, words: str) -> Iterator[Problem]:
    if not words:
        return
    if question.kind == ONE_OF and sign in ("=", "!=") and words not in question.choices:
        yield _no_such_answer(name, words, question)
    elif question.kind == SOME_OF and sign in ("=", "!="):
        if not set(words.split()) <= set(question.choices):
            yield _no_such_answer(name, words, question)
        else:
            yield Problem(
                "choices_compared",
                f"{name} may hold several answers: {sign} looks at all of them at once",
                f"write selected({name}, '{words}')",
                warning=True,
            )
    elif question.kind == NUMBER and math.isnan(number_of(words)):
        yield Problem("kind_wrong", f"{name} is a number, never {words[:40]!r}", "compare with a number")
    elif question.kind == MOMENT and (not DATE_LIKE.fullmatch(words) or moment_of(words).days is None):
        yield Problem("kind_wrong", f"{name} is a date, never {words[:40]!r}", "write the date as '2026-11-22'")


def _call(name: str, given: tuple[Node, ...], known: Known) -> Iterator[Problem]:
    function = KNOWN.get(name)
    if function is None:
        yield _unknown_function(name)
        return
    if not function.least <= len(given) <= function.most:
        wanted = (
            str(function.least) if function.least == function.most else f"{function.least} to {min(function.most, 9)}"
        )
        yield Problem("arguments_wrong", f"{name}() takes {wanted} values, not {len(given)}", "correct the call")
        return
    if len(given) == function.least and name in _MANY:
        yield Problem("arguments_none", f"{name}() is given nothing to work with", "give it values", warning=True)
    for place, one in enumerate(given):
        wants = function.takes[min(place, len(function.takes) - 1)]
        if wants == TRUTH:
            yield from _as_condition(one)
        elif wants == NUMBER:
            yield from _reckoned(one, known, f"{name}()")
    yield from _particular(name, given, known)


def _unknown_function(name: str) -> Problem:
    if (why := next((why for why, names in _ELSEWHERE.items() if name in names), "")) != "":
        return Problem("function_unknown", f"the function {name}() cannot be used: {why}", "take it out")
    near = nearest(name.lower(), KNOWN, cutoff=0.7)
    return Problem(
        "function_unknown",
        f"the function {name[:40]}() is not known",
        f"perhaps {near}() is meant" if near else f"the functions are {', '.join(sorted(KNOWN))}",
    )


def _particular(name: str, given: tuple[Node, ...], known: Known) -> Iterator[Problem]:
    if name == "selected" and given[1][0] == tree.TEXT:
        question, words = _question(given[0], known), given[1][1].strip()
        if question is not None and question.kind in (NUMBER, MOMENT):
            yield Problem("kind_wrong", f"{_named(given[0])} is not chosen from a list", "compare it with = instead")
        elif question is not None and question.choices and words not in question.choices:
            yield _no_such_answer(_named(given[0]), words, question)
    elif name in _OF_A_DATE and given[0][0] == tree.TEXT and given[0][1] and moment_of(given[0][1]).days is None:
        yield Problem("date_wrong", f"{given[0][1][:40]!r} is no day", "write the date as '2026-11-22'")
    elif name == "regex" and given[1][0] == tree.TEXT:
        yield from _pattern(given[1][1])
    elif name == "format-date" and given[1][0] == tree.TEXT:
        try:
            formatted(_SOME_DAY, given[1][1])
        except BadCall as error:
            yield Problem("format_wrong", str(error), "use %Y %m %d %b %a %H %M and the like")
    elif name == "jr:choice-name":
        asked = referred(given[1])
        question = known.questions.get(asked) if asked else None
        if question is None or question.kind not in (ONE_OF, SOME_OF):
            yield Problem(
                "choice_name_wrong",
                "jr:choice-name() needs the chosen question in quotes",
                "write jr:choice-name(${name}, '${name}')",
            )


def _pattern(text: str) -> Iterator[Problem]:
    try:
        pattern_of(text)
    except BadCall as error:
        yield Problem("pattern_wrong", str(error), "write a simpler pattern")
        return
    if not (text.startswith("^") and text.endswith("$")):
        yield Problem(
            "pattern_open",
            "the public engines differ on a pattern without ^ and $: some look anywhere in the answer",
            "begin the pattern with ^ and end it with $",
            warning=True,
        )


def _no_such_answer(name: str, words: str, question: Question) -> Problem:
    near = nearest(words, question.choices)
    return Problem(
        "choice_unknown",
        f"{words[:40]!r} is not an answer of {name}",
        f"perhaps {near!r} is meant" if near else f"its answers are {', '.join(question.choices[:8])[:200]}",
    )


def _question(node: Node, known: Known) -> Question | None:
    if node[0] == tree.ANSWER:
        return known.questions.get(node[1])
    return known.here if node[0] == tree.HERE else None


def _named(node: Node) -> str:
    return f"${{{node[1]}}}" if node[0] == tree.ANSWER else "this answer"


def _may_count(question: Question) -> bool:
    if question.kind == ONE_OF:
        return all(not math.isnan(number_of(one)) for one in question.choices)
    return question.kind != SOME_OF or all(not math.isnan(number_of(one)) for one in question.choices)


def _is_amount(words: str) -> bool:
    return not math.isnan(number_of(words))
