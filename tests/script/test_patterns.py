"""Patterns: the same answers as Python's own matcher gives, without its way of taking for ever."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caller_app.script.expressions import patterns
from caller_app.script.expressions.evaluate import Asked, compiled
from caller_app.script.expressions.functions import LONGEST
from caller_app.script.expressions.grammar import parse
from caller_app.script.expressions.patterns import NotAPattern, pattern

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIGNS = "ab1_ -\n"
ATOMS = st.sampled_from(
    ["a", "b", "1", r"\d", r"\w", r"\W", r"\s", r"\S", ".", "[ab]", "[^a]", "[a-b1]", r"[\d-]", r"[^\w]", r"\-"]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    few = st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}", "*?", "+?", "??"])
    return (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map("|".join).map("({})".format)
        | st.builds("(?:{}){}".format, inner, few)
    )


PATTERNS = st.recursive(ATOMS, _grown, max_leaves=6)


@settings(max_examples=600, deadline=None)
@given(PATTERNS, st.sampled_from(["{}", "^{}", "{}$", "^(?:{})$", r"\b{}", r"{}\b"]), st.text(SIGNS, max_size=7))
def test_a_pattern_finds_what_pythons_matcher_finds(made: str, around: str, text: str) -> None:
    written = around.format(made)
    theirs = re.search(written.replace("$", r"\Z"), text, re.ASCII) is not None
    try:
        ours = pattern(written).found_in(text)
    except NotAPattern:
        assert len(written) > patterns.LENGTH or "{" in written  # only for being long
        return
    assert ours is theirs, (written, text)


@pytest.mark.parametrize(
    "written",
    ["(a|a)*$", "(a+)+$", "^(a|aa)+$", "(a?){30}a{30}$", "a*a*a*a*a*a*a*a*b", ".*.*.*.*.*.*x", "(.|.)*x", "(a*)*c",
     "^(([a-z])+.)+[A-Z]([a-z])+$", r"(\w*\d*)*!", "(a|b)*a(a|b){30}c"],
)  # fmt: skip
@pytest.mark.parametrize("text", ["a" * patterns.SEARCHED, "ab" * (patterns.SEARCHED // 2), "ba1 " * 250])
def test_no_pattern_takes_for_ever(written: str, text: str) -> None:
    made = pattern(written)
    asked = 0
    move = made._move

    def counted(ways: frozenset[int], sign: str) -> frozenset[int]:
        nonlocal asked
        asked += 1
        return move(ways, sign)

    made._move = counted  # type: ignore[method-assign]
    try:
        made.found_in(text)
    finally:
        del made._move  # the same pattern is given to everybody
    assert asked <= len(text)  # one step a sign, however many ways there are
    assert len(made._steps) <= 2 * patterns.WAYS


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("(", "never closed"), (")", "never opened"), ("[a", "never closed"), ("*a", "nothing before"),
        ("a**", "brackets"), ("a*+", "brackets"), ("a{2}{3}", "brackets"), ("^*", "stand for a place"),
        ("a{3,1}", "out of order"), ("[z-a]", "backwards"), ("\\", "backslash"), (r"\1", "refers back"),
        (r"(a)\1", "refers back"), ("(?=a)", "looks around"), ("(?<n>a)", "looks around"), (r"\p{L}", "not known"),
        (r"\xg1", "number of a sign"), ("(" * 30 + "a" + ")" * 30, "inside one another"), ("a{9999}", "too much"),
        ("((a{50}){50}){50}", "too much"), ("a" * 201, "at most"), (r"[\d-z]", None), (r"[a-\d]", "range"),
        ("(((((((((a{9999}){9999}){9999}){9999}){9999}){9999}){9999}){9999}){9999}){9999}", "too much"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_words(written: str, why: str | None) -> None:
    if why is None:
        assert pattern(written).found_in("-")
        return
    with pytest.raises(NotAPattern, match=re.escape(why)):
        pattern(written)


@pytest.mark.parametrize(
    ("written", "text", "found"),
    [
        ("^a$", "a\n", False), (r"\Ba", "ba", True), (r"\B", "", True), ("^.$", "\u2028", False),
        (r"\u00e9", "é", True),
        (r"^\x41$", "A", True), ("a{,2}", "a{,2}", True), ("^{$", "{", True), ("[]a]", "a", False), ("[.]", "x", False),
        (r"^[\b]$", "\b", True), (r"^\s$", "\u00a0", True), (r"^\w$", "é", False), ("a{0}b", "b", True), ("", "", True),
        ("a|", "zzz", True), (r"^0?7[\d ]{9,12}$", "07700 900123", True),
    ],
)  # fmt: skip
def test_signs_count_as_in_the_public_engines(written: str, text: str, found: bool) -> None:
    assert pattern(written).found_in(text) is found


def test_an_answer_that_is_too_long_matches_nothing() -> None:
    assert pattern("a").found_in("a" * patterns.SEARCHED)
    assert not pattern("a").found_in("a" * (patterns.SEARCHED + 1))


def test_lines_that_double_each_other_end_at_a_bound() -> None:
    doubled = compiled(parse("concat(${x}, ${x}, join(${x}, ${x}, ${x}))"))
    text = "word"
    for _ in range(60):
        text = str(doubled(Asked({"x": text}, NOW)))
    assert len(text) == LONGEST


@pytest.mark.parametrize(
    "text", ["9" * 400, "9" * 6_000, "-" + "9" * 400, "1." + "9" * 400, "9999-99-99", "0001-00-00"]
)
@pytest.mark.parametrize("call", ["date({})", "format-date({}, '%Y')", "round({}, 30)", "int({})", "{} * {} mod {}"])
def test_no_number_is_too_large_to_be_reckoned_with(text: str, call: str) -> None:
    compiled(parse(call.replace("{}", "${x}")))(Asked({"x": text}, NOW))
