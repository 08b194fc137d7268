"""Postcodes: clean and check (domain rules 2.3).

A good form does not mean that the postcode exists. The ZZ99 codes are no places: keep them, flag them, never put
them on a letter.
"""

import re

from caller_app.domain.text import plain

NO_FIXED_ABODE = "ZZ99 3VZ"
ADDRESS_NOT_KNOWN = "ZZ99 3WZ"

_PATTERN = re.compile(
    r"(?:GIR 0AA|(?:[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9](?:[0-9]|[ABEHMNPRV-Y])?|[0-9][A-HJKPSTUW]))"
    r" [0-9][ABD-HJLNP-UW-Z]{2})"
)
_PSEUDO = re.compile(r"ZZ99 3[A-Z]Z")
_READY = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}")


def normalise(text: str) -> str:
    """Upper case, letters and digits only, one space before the last three (domain rules 2.3)."""
    if _READY.fullmatch(text):
        return text
    bare = "".join(character for character in plain(text).upper() if character.isalnum())
    return f"{bare[:-3]} {bare[-3:]}" if 5 <= len(bare) <= 7 else bare


def check(text: str) -> str | None:
    """The postcode in its normal form, or None when it fails the pattern (ZZ99 codes pass)."""
    postcode = normalise(text)
    return postcode if _PATTERN.fullmatch(postcode) or is_pseudo(postcode) else None


def is_pseudo(postcode: str) -> bool:
    """True for the ZZ99 codes, which stand for 'no place' and may never be put on a letter."""
    return postcode.startswith("ZZ99") and _PSEUDO.fullmatch(postcode) is not None
