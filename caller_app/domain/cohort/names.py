"""Names as cohort files bring them.

They stay as written apart from spaces and invisible characters: MCDONALD and DE SOUZA cannot be undone safely, and
Null, Na, Nan, True and None are people. (DECEASED) or (RIP) beside a name is a marker of death.
"""

import re
import unicodedata
from dataclasses import dataclass

from caller_app.domain.cohort.cells import Cell, Mark
from caller_app.domain.text import is_filler, tidy

# In brackets or between stars any of the words is a marker, wherever it stands and whatever follows it; standing free
# only the one word that is nobody's name: Rip and Dead are surnames.
_DEATH = re.compile(
    r"[(\[]\s*(?:deceased|dec|dec'?d|dead|died|rip|r\.i\.p)\b[^)\]]*[)\]]"
    r"|\*+\s*(?:deceased|dec'?d|died|rip|r\.i\.p\.?)\s*\*+"
    r"|(?<=\S)[\s\-\u2013,;:]+deceased$",
    re.IGNORECASE,
)
_READY = re.compile(r"[A-Za-z]{2,40}(?:[ '\-][A-Za-z]{1,40}){0,4}")
_PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ſ][A-Za-zÀ-ÖØ-öø-ÿĀ-ſ' \-]*")
_ALLOWED = frozenset(" '-.,()/`ʼ·\u2010\u2011\u2013")
_APOSTROPHES = str.maketrans("\u2019\u2018\u00b4", "'''")
_UNSAFE_START = frozenset("=+-@,/.)")
_LONGEST = 100


@dataclass(slots=True)
class NameRead:
    """One part of a name: the text or a fault; `deceased` when the cell carries a marker of death."""

    text: str | None = None
    fault: str | None = None
    deceased: bool = False
    cleaned: bool = False


_EMPTY = NameRead()


def read_name(cell: Cell | None) -> NameRead:
    """Read a forename or surname cell."""
    if cell is None:
        return _EMPTY
    if isinstance(cell, Mark):
        return NameRead(fault=cell.code)
    if isinstance(cell, bool):  # a surname True that a spreadsheet took for a yes/no value
        return NameRead(str(cell))
    if not isinstance(cell, str):
        return NameRead(fault="NAME_UNSAFE")
    if _READY.fullmatch(cell) and not cell.endswith(("eceased", "ECEASED")):
        return NameRead(cell)
    text = tidy(cell).translate(_APOSTROPHES)
    deceased = False
    while match := _DEATH.search(text):
        text, deceased = tidy(f"{text[: match.start()]} {text[match.end() :]}").strip(" .,-*"), True
    if is_filler(text):
        return NameRead(deceased=deceased)
    if not _PLAIN.fullmatch(text) and not _is_safe(text):
        return NameRead(fault="NAME_UNSAFE", deceased=deceased)
    if len(text) > _LONGEST:
        return NameRead(fault="NAME_UNSAFE", deceased=deceased)
    return NameRead(text, deceased=deceased, cleaned=text != cell)


def _is_safe(text: str) -> bool:
    if text[0] in _UNSAFE_START:
        return False
    letters = 0
    for character in text:
        if character in _ALLOWED:
            continue
        if unicodedata.category(character)[0] not in "LM":
            return False
        letters += 1
    return letters > 0
