"""How large a script may be: what a workstation takes in as one record, and unpacks, measured before it is made.

What a reader would get wrong: a list of answers is sent with every question that uses it, and a text that stands in
a thousand cells is kept once in a workbook and a thousand times in a script. So a small workbook can be a huge script,
and one that a workstation refuses to take in would be missing there, and nobody of its project could be rung.
"""

from typing import Final

from caller_app.protocol.codec import encode
from caller_app.script.draft import Draft
from caller_app.script.findings import Findings
from caller_app.script.record import OPEN_MOST, PACKED_MOST, UNPACKED_MOST, as_record
from caller_app.script.script import Choice, Row, Script

EXPRESSIONS: Final = OPEN_MOST  # signs of all different expressions together
_ROW, _CHOICE = 250, 60  # what the names of the columns come to, at the least


def check(draft: Draft, found: Findings) -> None:
    """Note a draft that is far too large to be made into a script at all."""
    lists = {name: sum(map(_choice, choices)) for name, choices in draft.lists.items()}
    of_list = {id(choices): lists[name] for name, choices in draft.lists.items()}
    size = 0
    for row in draft.rows():
        size += _row(row) + of_list.get(id(row.choices), 0)
        if size > UNPACKED_MOST:
            _too_large(draft.cell(row.name, "name"), UNPACKED_MOST, "", found)
            return


def check_made(script: Script, found: Findings) -> None:
    """Note a script that a workstation would not take in."""
    size = len(encode(script))
    if size > UNPACKED_MOST:
        _too_large("survey", UNPACKED_MOST, "", found)
    elif size > OPEN_MOST and len(as_record(script)) > PACKED_MOST:
        _too_large("survey", PACKED_MOST, ", packed", found)


def _too_large(cell: str, most: int, packed: str, found: Findings) -> None:
    found.error(
        cell, "script_large",
        f"up to here the script is larger{packed} than the {most // 1024:,} KB a workstation takes",
        "make two scripts of it, or shorten its texts and its lists of answers",
    )  # fmt: skip


def _row(row: Row) -> int:
    words = (row.name, row.label, row.hint, row.relevant, row.constraint, row.constraint_message, row.calculation)
    translated = (*row.labels.values(), *row.hints.values(), *row.messages.values())
    return _ROW + sum(map(len, words)) + sum(map(len, translated))


def _choice(choice: Choice) -> int:
    translated = (*choice.labels.values(), *choice.columns.values())
    return _CHOICE + len(choice.value) + len(choice.label) + sum(map(len, translated))
