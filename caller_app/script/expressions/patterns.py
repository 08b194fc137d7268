r"""Patterns of `regex()`: matched by following every way at once, so that no pattern and no answer can take for ever.

What a reader would get wrong: this is not Python's `re`. That one goes back and tries again, and `(a|a)*$` over thirty
letters would hold a workstation for minutes, in the middle of a call. Here the time grows with the length of the answer
only. The price: nothing that refers back or looks around. Letters count as in the public engines: `\w` and `\d` are
ASCII, capitals matter, `$` is the very end. Known by: classes, `.`, `( )`, `(?: )`, `|`, `* + ? {m,n}`, `^ $ \b \B`.
"""

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

LENGTH: Final = 200  # signs of a pattern
SEARCHED: Final = 300  # signs of an answer that are looked at; a longer one matches nothing
WAYS: Final = 200  # states of one pattern, counted repeats written out
INSIDE: Final = 20  # brackets inside brackets
_REMEMBERED: Final = 200  # steps kept of one pattern

Test = Callable[[str], bool]
Tree = tuple[Any, ...]
_CONDITIONS: Final = frozenset("^$bB")
_COUNTED: Final = re.compile(r"\{([0-9]{1,4})(,([0-9]{0,4}))?\}")
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
_LINE_ENDS: Final = frozenset("\n\r\u2028\u2029")
_WORD: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_DIGITS: Final = frozenset("0123456789")


class NotAPattern(ValueError):
    """The text is no pattern, or one that cannot be used here; the words say why."""


class Pattern:
    """A pattern made ready; asking it whether it is found in a text takes time in proportion to the text."""

    def __init__(self, steps: list[Tree], start: int, end: int) -> None:
        self._steps = steps
        self._start = start
        self._end = end
        self._closed: dict[tuple[frozenset[int], bool, bool, bool, bool], frozenset[int]] = {}
        self._moved: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._found: dict[str, bool] = {}

    def found_in(self, text: str) -> bool:
        """Tell whether the pattern matches anywhere in the text; a text that is too long matches nothing."""
        if len(text) > SEARCHED:
            return False
        if text not in self._found:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[text] = self._look(text)
        return self._found[text]

    def _look(self, text: str) -> bool:
        before = False
        ways: frozenset[int] = frozenset()
        for place in range(len(text) + 1):
            sign = text[place : place + 1]
            after = sign in _WORD if sign else False
            here = self._close(ways | {self._start}, place == 0, not sign, before, after)
            if self._end in here:
                return True
            if not sign:
                break
            ways = self._move(here, sign)
            before = after
        return False

    def _close(self, ways: frozenset[int], first: bool, last: bool, before: bool, after: bool) -> frozenset[int]:
        key = (ways, first, last, before, after)
        if (known := self._closed.get(key)) is not None:
            return known
        holds = {"^": first, "$": last, "b": before != after, "B": before == after}
        seen = set(ways)
        waiting = list(ways)
        while waiting:
            step = self._steps[waiting.pop()]
            onward: Iterable[int] = ()
            if step[0] == "split":
                onward = step[1:]
            elif step[0] == "if" and holds[step[1]]:
                onward = step[2:]
            for one in onward:
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)
        if len(self._closed) >= _REMEMBERED:
            self._closed.clear()
        self._closed[key] = closed = frozenset(seen)
        return closed

    def _move(self, ways: frozenset[int], sign: str) -> frozenset[int]:
        key = (ways, sign)
        if (known := self._moved.get(key)) is not None:
            return known
        steps = self._steps
        moved = frozenset(steps[one][2] for one in ways if steps[one][0] == "sign" and steps[one][1](sign))
        if len(self._moved) >= _REMEMBERED:
            self._moved.clear()
        self._moved[key] = moved
        return moved


@functools.lru_cache(maxsize=64)
def pattern(text: str) -> Pattern:
    """Make a pattern ready; raises NotAPattern."""
    if len(text) > LENGTH:
        raise NotAPattern(f"a pattern has at most {LENGTH} characters")
    read = _Reader(text).whole()
    if _size(read) > WAYS:
        raise NotAPattern("the pattern repeats too much: written out it is far longer than any answer")
    steps: list[Tree] = [("end",)]
    start = _lay(read, steps, 0)
    return Pattern(steps, start, 0)


class _Reader:
    """Reads a pattern into a tree: sign, if (a condition), row, either, repeat."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._inside = 0

    def whole(self) -> Tree:
        read = self._either()
        if self._at < len(self._text):
            raise NotAPattern("a bracket ) is never opened")
        return read

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        sign = self._next()
        self._at += 1
        return sign

    def _either(self) -> Tree:
        ways = [self._row()]
        while self._next() == "|":
            self._at += 1
            ways.append(self._row())
        return ways[0] if len(ways) == 1 else ("either", *ways)

    def _row(self) -> Tree:
        parts: list[Tree] = []
        while (sign := self._next()) and sign not in "|)":
            parts.append(self._repeated(self._one()))
        return ("row", *parts)

    def _repeated(self, one: Tree) -> Tree:
        counted = _COUNTED.match(self._text, self._at)
        sign = self._next()
        if counted is None and (not sign or sign not in "*+?"):
            return one
        if one[0] == "if":
            raise NotAPattern("^, $ and \\b stand for a place and cannot be repeated")
        if counted is not None:
            self._at = counted.end()
            least = int(counted[1])
            most = least if counted[2] is None else (int(counted[3]) if counted[3] else None)
        else:
            self._at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        if most is not None and most < least:
            raise NotAPattern("the numbers in { } are out of order")
        if self._next() == "?":  # as few as possible: the same answers are found
            self._at += 1
        if self._next() in ("*", "+", "?") or _COUNTED.match(self._text, self._at):
            raise NotAPattern("a repeat of a repeat: it needs brackets")
        return ("repeat", one, least, most)

    def _one(self) -> Tree:
        sign = self._take()
        match sign:
            case "^" | "$":
                return ("if", sign)
            case ".":
                return ("sign", lambda one: one not in _LINE_ENDS)
            case "(":
                return self._group()
            case "[":
                return ("sign", self._class())
            case "\\":
                return self._escaped()
            case "*" | "+" | "?":
                raise NotAPattern(f"there is nothing before {sign} to repeat")
        return ("sign", sign.__eq__)

    def _group(self) -> Tree:
        if self._next() == "?":
            if self._text[self._at : self._at + 2] != "?:":
                raise NotAPattern("the pattern looks around or names a group: that cannot be used here")
            self._at += 2
        self._inside += 1
        if self._inside > INSIDE:
            raise NotAPattern(f"more than {INSIDE} brackets inside one another")
        read = self._either()
        if self._take() != ")":
            raise NotAPattern("a bracket ( is never closed")
        self._inside -= 1
        return ("row", read)

    def _escaped(self) -> Tree:
        if self._next() in ("b", "B") and self._next():
            return ("if", self._take())
        many, sign = self._escape()
        return ("sign", many) if many is not None else ("sign", sign.__eq__)

    def _escape(self) -> tuple[Test | None, str]:
        """Read what follows a backslash: a test of many signs, or one sign."""
        sign = self._take()
        if not sign:
            raise NotAPattern("the pattern ends with a backslash")
        if sign in _MANY:
            return _MANY[sign], ""
        if sign in _PLAIN:
            return None, _PLAIN[sign]
        if sign in ("x", "u"):
            digits = self._text[self._at : self._at + (2 if sign == "x" else 4)]
            if not re.fullmatch(r"[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}", digits) or len(digits) != (2 if sign == "x" else 4):
                raise NotAPattern(f"after \\{sign} stands the number of a sign")
            self._at += len(digits)
            return None, chr(int(digits, 16))
        if sign.isdigit():
            raise NotAPattern("the pattern refers back to a group: that cannot be used here")
        if sign.isascii() and sign.isalpha():
            raise NotAPattern(f"\\{sign} is not known here")
        return None, sign

    def _class(self) -> Test:
        negated = self._next() == "^"
        if negated:
            self._at += 1
        signs: set[str] = set()
        ranges: list[tuple[str, str]] = []
        tests: list[Test] = []
        while (sign := self._take()) != "]":
            if not sign:
                raise NotAPattern("a bracket [ is never closed")
            many, one = self._escape_in_class() if sign == "\\" else (None, sign)
            if many is not None:
                tests.append(many)
                continue
            if self._next() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                sign = self._take()
                many, last = self._escape_in_class() if sign == "\\" else (None, sign)
                if many is not None or last < one:
                    raise NotAPattern("a range in [ ] runs backwards or ends in a group of signs")
                ranges.append((one, last))
            else:
                signs.add(one)
        return _in_class(frozenset(signs), tuple(ranges), tuple(tests), negated=negated)

    def _escape_in_class(self) -> tuple[Test | None, str]:
        if self._next() == "b":
            self._at += 1
            return None, "\b"
        return self._escape()


def _in_class(
    signs: frozenset[str], ranges: tuple[tuple[str, str], ...], tests: tuple[Test, ...], *, negated: bool
) -> Test:
    def among(one: str) -> bool:
        inside = one in signs or any(low <= one <= high for low, high in ranges) or any(test(one) for test in tests)
        return inside is not negated

    return among


def _space(sign: str) -> bool:
    return sign in "\t\n\v\f\r \u00a0\ufeff\u1680\u2028\u2029\u202f\u205f\u3000" or "\u2000" <= sign <= "\u200a"


_MANY: Final[dict[str, Test]] = {
    "d": lambda one: one in _DIGITS,
    "D": lambda one: one not in _DIGITS,
    "w": lambda one: one in _WORD,
    "W": lambda one: one not in _WORD,
    "s": _space,
    "S": lambda one: not _space(one),
}


def _size(read: Tree) -> int:
    """Count the states a tree comes to, before any is made: a repeat of a repeat grows as a power."""
    if read[0] == "row":
        return sum(map(_size, read[1:]))
    if read[0] == "either":
        return sum(_size(one) + 1 for one in read[1:])
    if read[0] == "repeat":
        least, most = int(read[2]), read[3]
        return (_size(read[1]) + 1) * max(1, least + 1 if most is None else int(most))
    return 1


def _lay(read: Tree, steps: list[Tree], onward: int) -> int:
    """Lay the states of a tree so that they lead on to `onward`; gives the first one."""
    match read[0]:
        case "sign":
            return _new(steps, ("sign", read[1], onward))
        case "if":
            return _new(steps, ("if", read[1], onward))
        case "row":
            for one in reversed(read[1:]):
                onward = _lay(one, steps, onward)
            return onward
        case "either":
            return _new(steps, ("split", *(_lay(one, steps, onward) for one in read[1:])))
    _, one, least, most = read
    if most is None:
        again = _new(steps, ("split", onward))
        steps[again] = ("split", _lay(one, steps, again), onward)
        onward = again
    else:
        leave = onward
        for _ in range(most - least):
            onward = _new(steps, ("split", _lay(one, steps, onward), leave))
    for _ in range(least):
        onward = _lay(one, steps, onward)
    return onward


def _new(steps: list[Tree], step: Tree) -> int:
    steps.append(step)
    return len(steps) - 1
