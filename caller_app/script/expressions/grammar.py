"""Reading an expression: the grammar of the XLSForm subset (XPath 1.0 operators and calls, `${name}` and `.`).

What a reader would get wrong: there are no paths, axes or predicates. `and`, `or`, `div` and `mod` are operators only
where an operand ended, as XPath 1.0 section 3.7 says; the contextual lexer of Lark's LALR parser decides that.
"""

import functools
import math
import re
from typing import Any

from caller_app.script.expressions import tree
from caller_app.script.expressions.tree import Node

GRAMMAR = r"""
?start: or_
?or_: and_ | or_ "or" and_ -> or_
?and_: equal | and_ "and" equal -> and_
?equal: compare | equal (EQ | NE) compare -> infix
?compare: sum | compare (LE | GE | LT | GT) sum -> infix
?sum: product | sum (PLUS | DASH) product -> infix
?product: unary | product (STAR | DIV | MOD) unary -> infix
?unary: atom | DASH unary -> minus
?atom: NUMBER -> number | TEXT -> text | ANSWER -> answer | HERE -> here | NAME -> column | call | "(" or_ ")"
call: NAME "(" [or_ ("," or_)*] ")"

EQ: "="
NE: "!="
LE: "<="
GE: ">="
LT: "<"
GT: ">"
PLUS: "+"
DASH: "-"
STAR: "*"
DIV: "div"
MOD: "mod"
NUMBER: /[0-9]+(\.[0-9]*)?|\.[0-9]+/
TEXT: /'[^']*'|"[^"]*"/
ANSWER: /\$\{[A-Za-z_][A-Za-z0-9_.-]*\}/
HERE: /\.(?![0-9])/
NAME: /[A-Za-z_][A-Za-z0-9_.-]*(:[A-Za-z_][A-Za-z0-9_.-]*)?/
%ignore /[ \t\r\n]+/
"""
LENGTH = 4_000
_WORDS = {
    "TEXT": "words in quotes",
    "NUMBER": "a number",
    "ANSWER": "a question as ${name}",
    "NAME": "a name",
    "HERE": "a full stop for this answer",
    "LPAR": "(",
    "RPAR": ")",
    "COMMA": ",",
    "$END": "the end",
    "OR": "or",
    "AND": "and",
    "EQ": "=",
    "NE": "!=",
    "LE": "<=",
    "GE": ">=",
    "LT": "<",
    "GT": ">",
    "PLUS": "+",
    "DASH": "-",
    "STAR": "*",
    "DIV": "div",
    "MOD": "mod",
}
_SMART = "‘’“”„‚"  # quotes that Excel puts in place of straight ones


_REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_.-]*\}")
_INSTEAD = {
    "==": "=", "<>": "!=", "=>": ">=", "=<": "<=", "&&": "and", "||": "or", "&": "and, or concat() to join words",
    "|": "or", "AND": "and", "OR": "or", "DIV": "div", "MOD": "mod", "%": "mod", "!": "not(...)", "^": "a product",
    ";": "a comma", "[": "no square brackets: name the question as ${name}", "{": "${name} for a question",
}  # fmt: skip


class CannotRead(ValueError):
    """The expression cannot be read; `place` is the character (from 1) at which reading stopped, `what` says why."""

    def __init__(self, what: str, place: int) -> None:
        super().__init__(f"{what} (at character {place})")
        self.what = what
        self.place = place


def parse(text: str) -> Node:
    """Give the tree of an expression; raises CannotRead with the character where it stops making sense."""
    if len(text) > LENGTH:
        raise CannotRead(f"more than {LENGTH} characters", LENGTH)
    if not text.strip():
        raise CannotRead("nothing is written here", 1)
    _not_too_deep(text)
    import lark

    try:
        read = _parser().parse(text)
    except lark.exceptions.UnexpectedCharacters as error:
        raise _stopped(text, error.pos_in_stream or 0) from None
    except lark.exceptions.UnexpectedToken as error:
        if error.token.type == "$END":
            raise CannotRead("it breaks off: something is missing at the end", len(text)) from None
        wanted = sorted({_WORDS.get(one, one) for one in error.accepts or ()})
        found = str(error.token)[:30]
        if (hint := _hint(text, error.token.start_pos or 0, found)) is not None:
            raise hint from None
        raise CannotRead(f"{found!r} cannot stand here: {' or '.join(wanted[:6])} may", error.token.column) from None
    _not_too_long(read)
    node: Node = _Builder().build(read)
    if sum(1 for _ in tree.parts(node)) > tree.SIZE:
        raise CannotRead("the expression has too many parts", 1)
    if any(one[0] == tree.NUMBER and not math.isfinite(one[1]) for one in tree.parts(node)):
        raise CannotRead("a number in it is larger than any amount", 1)
    return node


def _not_too_long(read: Any) -> None:
    """A sum of a thousand parts is as deep as a thousand brackets: each stands inside the next."""
    waiting = [(read, 1)]
    while waiting:
        one, deep = waiting.pop()
        if deep > tree.DEEPEST:
            raise CannotRead(f"more than {tree.DEEPEST} parts one after the other: divide it among calculations", 1)
        waiting.extend((part, deep + 1) for part in one.children if hasattr(part, "children"))


def _not_too_deep(text: str) -> None:
    deep = signs = 0
    quote = ""
    for place, sign in enumerate(text, 1):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "(":
            deep += 1
        elif sign == ")":
            deep -= 1
        signs = signs + 1 if sign == "-" and not quote else (signs if sign.isspace() else 0)
        if deep > tree.DEPTH or signs > tree.DEPTH:
            raise CannotRead(f"more than {tree.DEPTH} brackets inside one another", place)
    if quote:
        raise CannotRead(f"a quotation mark {quote} is never closed", len(text))


def _stopped(text: str, place: int) -> CannotRead:
    sign = text[place : place + 1]
    if sign and sign in _SMART:
        return CannotRead(f"the quotation mark {sign} is a curly one: type a straight ' instead", place + 1)
    if sign == "$" and _REFERENCE.match(text, place) is None:
        return CannotRead("a question is named as ${name}, of letters, digits and _, without spaces", place + 1)
    return _hint(text, place, sign) or CannotRead(f"{sign!r} cannot stand here", place + 1)


def _hint(text: str, place: int, found: str) -> CannotRead | None:
    """Say what is probably meant where something of another language was written."""
    if (named := _REFERENCE.match(text, place)) is not None:
        return CannotRead(f"{named[0][:40]} cannot stand here: a sign or a bracket is missing before it", place + 1)
    if found == "/" or (found == "." and text[max(0, place - 1) : place] == "."):
        return CannotRead("paths cannot be used: name the question as ${name}", place + 1)
    pairs = (text[place : place + 2], text[place - 1 : place + 1] if place else "")
    written = next((one for one in _INSTEAD if one == found or (len(one) == 2 and one in pairs)), None)
    return None if written is None else CannotRead(f"{written} is not known: write {_INSTEAD[written]}", place + 1)


@functools.cache
def _parser() -> Any:
    import lark

    return lark.Lark(GRAMMAR, parser="lalr", lexer="contextual", propagate_positions=False, maybe_placeholders=False)


class _Builder:
    """Turns what Lark read into our own tuples."""

    def build(self, read: Any) -> Node:
        kind, given = read.data, read.children
        match kind:
            case "number":
                return tree.NUMBER, float(given[0])
            case "text":
                return tree.TEXT, str(given[0])[1:-1]
            case "answer":
                return tree.ANSWER, str(given[0])[2:-1]
            case "here":
                return (tree.HERE,)
            case "column":
                return tree.COLUMN, str(given[0])
            case "minus":
                return self._minus(self.build(given[-1]))
            case "infix":
                return tree.INFIX, str(given[1]), self.build(given[0]), self.build(given[2])
            case "or_" | "and_":
                return tree.INFIX, kind[:-1], self.build(given[0]), self.build(given[1])
            case "call":
                return tree.CALL, str(given[0]), *(self.build(one) for one in given[1:])
        raise AssertionError(kind)

    def _minus(self, node: Node) -> Node:
        if node[0] == tree.NUMBER and not math.copysign(1, node[1]) < 0:
            return tree.NUMBER, -node[1]
        return tree.MINUS, node
