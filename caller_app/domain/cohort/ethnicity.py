"""Ethnic categories of the NHS data dictionary (16 + 1 codes): the letter, with its wording, or the wording alone."""

import re
from typing import Final

from caller_app.domain.text import plain, words

WORDING: Final = {
    "A": "White British",
    "B": "White Irish",
    "C": "Any other White background",
    "D": "White and Black Caribbean",
    "E": "White and Black African",
    "F": "White and Asian",
    "G": "Any other mixed background",
    "H": "Indian",
    "J": "Pakistani",
    "K": "Bangladeshi",
    "L": "Any other Asian background",
    "M": "Caribbean",
    "N": "African",
    "P": "Any other Black background",
    "R": "Chinese",
    "S": "Any other ethnic group",
    "Z": "Not stated",
    "99": "Not known",
}
_OTHER_WORDINGS = {
    "british": "A",
    "irish": "B",
    "other white": "C",
    "white other": "C",
    "mixed white and black caribbean": "D",
    "mixed white and black african": "E",
    "mixed white and asian": "F",
    "other mixed": "G",
    "asian or asian british indian": "H",
    "asian or asian british pakistani": "J",
    "asian or asian british bangladeshi": "K",
    "other asian": "L",
    "black or black british caribbean": "M",
    "black or black british african": "N",
    "black caribbean": "M",
    "black african": "N",
    "other black": "P",
    "other ethnic group": "S",
    "any other": "S",
    "unknown": "99",
}
_AFTER_HEADING = re.compile(r"\s[-\u2013]\s|:\s")
_BY_WORDING = {words(text): code for code, text in WORDING.items()} | _OTHER_WORDINGS


def read_ethnic_code(text: str) -> str | None:
    """The code, or None when the text is neither a code nor a known wording."""
    tidy = plain(text)
    code = tidy.upper().removesuffix(".0")
    if code in WORDING:
        return code
    folded = words(tidy)
    if folded in _BY_WORDING:
        return _BY_WORDING[folded]
    letter, _, rest = folded.partition(" ")
    if letter.upper() in WORDING and rest in _BY_WORDING:
        # A letter that contradicts its wording says nothing reliable.
        return letter.upper() if _BY_WORDING[rest] == letter.upper() else None
    # 'Asian or Asian British - Indian': the heading of the census, then the category; a wrong code is no heading.
    heading, *rest_of_it = _AFTER_HEADING.split(tidy, maxsplit=1)
    return _BY_WORDING.get(words(rest_of_it[0])) if rest_of_it and len(heading.strip()) > 2 else None
