"""What somebody probably meant who wrote a name nobody knows; bounded, for a hostile workbook has thousands of both."""

import difflib
from collections.abc import Iterable
from itertools import islice
from typing import Final

_SIGNS: Final = 40
_AMONG: Final = 100


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Give the known name that is most like a word, blank where none is."""
    among = [one[:_SIGNS] for one in islice(known, _AMONG)]
    near = difflib.get_close_matches(word[:_SIGNS], among, n=1, cutoff=cutoff)
    return near[0] if near else ""
