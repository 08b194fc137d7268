"""The expressions asked of the public engine and of ours; run as a module it lists them as JSON.

Made by rule rather than by taste: every operator over every pair of kinds, every function over blanks, numbers, words,
dates and lists, and the expressions of the shipped packs. `record.mjs` has the public engine answer them once.
"""

import itertools
import json
import sys
from pathlib import Path

VALUES = {
    "blank": "",
    "five": "5",
    "half": "0.5",
    "minus": "-3",
    "word": "yes",
    "spaced": " 7 ",
    "many": "flu covid",
    "day": "2026-11-22",
    "leap": "2024-02-29",
    "moment": "2026-11-22T13:45:10.250Z",
    "zero": "0",
    "text": "It is 5",
}
HERE = "42"
_SIGNS = ("=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "and", "or")
_OPERANDS = (
    "${blank}",
    "${five}",
    "${minus}",
    "${word}",
    "${day}",
    "''",
    "'5'",
    "'yes'",
    "'2026-11-22'",
    "5",
    "0.5",
    "0",
    "true()",
    "false()",
    "date('2026-11-22')",
    ".",
)
_ONE = (
    "''",
    "'abc'",
    "'1'",
    "'0'",
    "'true'",
    "'false'",
    "'12.50'",
    "' 7 '",
    "0",
    "1",
    "-1",
    "2.5",
    "-2.5",
    "1 div 0",
    "-1 div 0",
    "0 div 0",
    "true()",
    "false()",
    "${blank}",
    "${five}",
    "${half}",
    "${minus}",
    "${word}",
    "${many}",
    "${day}",
    "${leap}",
    "${zero}",
    "'2026-11-22'",
    "date('2026-11-22')",
    "date('')",
    "date(5)",
    "date('nonsense')",
    "${spaced}",
)
_UNARY = (
    "not({})",
    "boolean({})",
    "boolean-from-string({})",
    "number({})",
    "string({})",
    "int({})",
    "round({})",
    "-{}",
    "count-selected({})",
    "string-length({})",
    "decimal-date-time({})",
    "date({})",
    "concat({}, '|')",
    "if({}, 'a', 'b')",
    "coalesce({}, 'x')",
    "min({}, 3)",
    "max({}, 3)",
    "once({})",
    "round({}, 1)",
    "selected({}, '5')",
    "substr({}, 1)",
    "join('-', {}, 'z')",
)
_HAND = json.loads((Path(__file__).parent / "hand.json").read_text("utf-8"))


def everything() -> list[str]:
    """Give every expression once, in order."""
    pairs = (f"{left} {sign} {right}" for left, sign, right in itertools.product(_OPERANDS, _SIGNS, _OPERANDS))
    calls = (form.format(value) for form, value in itertools.product(_UNARY, _ONE))
    return list(dict.fromkeys([*_HAND, *calls, *itertools.islice(pairs, 0, None, 5)]))


if __name__ == "__main__":
    json.dump({"values": VALUES, "here": HERE, "expressions": everything()}, sys.stdout, ensure_ascii=False)
