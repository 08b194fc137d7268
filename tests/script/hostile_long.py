"""Hostile workbooks that fit: thousands of pages and calculations, each hanging on the one before, or never got past.

`ALL` holds these and the others.
"""

from pathlib import Path

from tests.script.hostile import ALL, hostile, row, survey

__all__ = ["ALL"]


@hostile("good", "")
def pages_each_hanging_on_the_last(path: Path) -> Path:
    rows = []
    for nr in range(1_500):
        last = f"${{q{nr - 1}}} != 'n'" if nr else None
        rows += [
            row(type="begin_group", name=f"p{nr}", label="P", relevant=last),
            row(type="select_one yn", name=f"q{nr}", label="Which?", required="yes"),
            row(type="end_group"),
        ]
    return survey(path, [*rows, row(type="note", name="n", label="x", sets_outcome="D01")])


@hostile("outcome_never", "survey")
def calculations_each_of_the_last(path: Path) -> Path:
    rows = [row(type="integer", name="c0", label="How many?")]
    rows += [row(type="calculate", name=f"c{nr}", calculation=f"${{c{nr - 1}}} + 1") for nr in range(1, 5_000)]
    return survey(path, [*rows, row(type="note", name="n", label="${c4999}")])


@hostile("page_stuck", "survey!F3")
def pages_none_of_which_is_got_past(path: Path) -> Path:
    rows = []
    for nr in range(1_000):
        rows += [
            row(type="begin_group", name=f"p{nr}", label="P"),
            row(
                type="select_one yn", name=f"q{nr}", label="Which?", required="yes", constraint=". != 'y' and . != 'n'"
            ),
            row(type="end_group"),
        ]
    return survey(path, rows)
