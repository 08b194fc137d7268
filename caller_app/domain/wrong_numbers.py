"""A number that belongs to somebody else is wrong for the person in every project, at once (domain rules 2.12).

What a reader would get wrong: the reason stands in one case only, the mark in all of them. So a mark whose reason is
in another case is no mistake of this one's history, and goes only when what led to it there is taken back.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from caller_app.domain.consequences import ON_NUMBER
from caller_app.domain.items import Item, Number, NumberState
from caller_app.domain.rebase_terms import live

BLOCKING: dict[str, NumberState] = {"PHONE_WRONG": "wrong", "PHONE_NOT_IN_SERVICE": "dead"}
_WRONG = frozenset(code for code, state in ON_NUMBER.items() if state == "wrong")


def told_wrong(item: Item) -> frozenset[str]:
    """Give the numbers this very case was told are somebody else's."""
    rung = {one.number for one in live(item) if one.outcome in _WRONG and one.number}
    said = {
        one.old
        for one in item.corrections
        if one.type == "PHONE_WRONG" and one.old and one.state not in ("withdrawn", "rejected")
    }
    return frozenset(rung | said)


def fate_of(item: Item, number: Number) -> Number:
    """Give a number the fate that the history of its case gives it."""
    fresh = replace(number, state="untried", no_answers=0)
    for one in live(item):
        if one.number == number.e164 and one.outcome[0] != "N" and one.outcome != "C05":
            state = ON_NUMBER.get(one.outcome, "ok")
            fresh = replace(fresh, state=state, no_answers=fresh.no_answers + (state == "no_answer"))
    for line in item.corrections:
        if line.type in BLOCKING and line.old == number.e164 and line.state not in ("withdrawn", "rejected"):
            fresh = replace(fresh, state=BLOCKING[line.type])
    blocked = fresh.state in ("wrong", "dead")
    textable = not blocked and number.kind == "mobile" and not item.patient.text_opt_out
    return replace(fresh, textable=textable)


def marked(item: Item, wrong: Collection[str]) -> Item:
    """Mark numbers as somebody else's; the very same item where there is nothing to mark."""
    if not any(one.e164 in wrong and one.state not in ("wrong", "barred") for one in item.numbers):
        return item
    numbers = tuple(
        replace(one, state="wrong", textable=False) if one.e164 in wrong and one.state != "barred" else one
        for one in item.numbers
    )
    return replace(item, numbers=numbers)


def freed(item: Item, no_longer: Collection[str]) -> Item:
    """Give numbers back what their own case says of them, where the other case took back that they are wrong."""
    if not any(one.e164 in no_longer and one.state == "wrong" for one in item.numbers):
        return item
    numbers = tuple(
        fate_of(item, one) if one.e164 in no_longer and one.state == "wrong" else one for one in item.numbers
    )
    return replace(item, numbers=numbers)


def agreed(before: Item, items: Sequence[Item]) -> list[Item]:
    """Give all cases of one person with the same numbers wrong; `before` is the one that a change has moved on."""
    wrong = frozenset().union(*(told_wrong(one) for one in items))
    no_longer = told_wrong(before) - wrong
    return [marked(freed(one, no_longer) if no_longer else one, wrong) for one in items]
