"""An expression as plain nested tuples: what the compiled script keeps as JSON, so that no workstation needs a parser.

What a reader would get wrong: these are data, not code. Evaluating walks the tuples; nothing in them names anything of
Python, and a shape that is not listed here is refused when a script is loaded (`loaded`).
"""

from collections.abc import Iterator
from typing import Any, Final

Node = tuple[Any, ...]

TEXT: Final = "text"  # ("text", "words")
NUMBER: Final = "number"  # ("number", 1.5)
ANSWER: Final = "answer"  # ("answer", "name") for ${name}
HERE: Final = "here"  # ("here",) for .
COLUMN: Final = "column"  # ("column", "name"): a column of the sheet choices, in a choice filter only
CALL: Final = "call"  # ("call", "selected", node, node)
INFIX: Final = "infix"  # ("infix", "+", node, node)
MINUS: Final = "minus"  # ("minus", node)

OPERATORS: Final = frozenset({"or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"})
DEPTH: Final = 60  # brackets inside brackets; nobody writes it, a hostile workbook might
DEEPEST: Final = 120  # parts inside one another of any kind, also of a long sum
SIZE: Final = 2_000  # parts of one expression


class Malformed(ValueError):
    """What was loaded is not an expression."""


def parts(node: Node) -> Iterator[Node]:
    """Give the node and all nodes below it."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(below(one))


def below(node: Node) -> tuple[Node, ...]:
    """Give the operands or arguments of a node."""
    if node[0] in (CALL, INFIX):
        return node[2:]
    return node[1:] if node[0] == MINUS else ()


def answers(node: Node) -> frozenset[str]:
    """Name the questions an expression asks for."""
    return frozenset(one[1] for one in parts(node) if one[0] == ANSWER)


def loaded(data: Any) -> Node:
    """Take an expression in from JSON; raises Malformed for anything that is not one."""
    budget = [SIZE]
    return _loaded(data, 0, budget)


def _loaded(data: Any, depth: int, budget: list[int]) -> Node:
    budget[0] -= 1
    if budget[0] < 0 or depth > DEEPEST:
        raise Malformed("the expression is too large")
    if not isinstance(data, list | tuple) or not data:
        raise Malformed("a part of the expression has no kind")
    kind, rest = data[0], data[1:]
    if kind == TEXT and len(rest) == 1 and isinstance(rest[0], str):
        return TEXT, rest[0]
    if kind == NUMBER and len(rest) == 1 and isinstance(rest[0], int | float) and not isinstance(rest[0], bool):
        try:
            return NUMBER, float(rest[0])
        except OverflowError:
            raise Malformed("a number of the expression is larger than any amount") from None
    if kind == ANSWER and len(rest) == 1 and isinstance(rest[0], str):
        return ANSWER, rest[0]
    if kind == COLUMN and len(rest) == 1 and isinstance(rest[0], str):
        return COLUMN, rest[0]
    if kind == HERE and not rest:
        return (HERE,)
    if kind == MINUS and len(rest) == 1:
        return MINUS, _loaded(rest[0], depth + 1, budget)
    if kind == INFIX and len(rest) == 3 and rest[0] in OPERATORS:
        return INFIX, rest[0], _loaded(rest[1], depth + 1, budget), _loaded(rest[2], depth + 1, budget)
    if kind == CALL and rest and isinstance(rest[0], str):
        return CALL, rest[0], *(_loaded(one, depth + 1, budget) for one in rest[1:])
    raise Malformed("a part of the expression is not known")
