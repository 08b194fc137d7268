"""Cleaning of text that came from people and spreadsheets.

`tidy` keeps what was written and only removes what nobody can see; `plain` also folds look-alike
forms (full-width digits, ligatures) and is for codes and numbers, never for names.
"""

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_ODD_SPACE = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")
_PUNCTUATION = re.compile(r"[\W_]+")
_EMPTY_WORDS = frozenset({"-", "--", "---", ".", "..", "/", "\\", "_", "—", "–", "*"})


def tidy(text: str) -> str:
    """Compose accents, drop invisible characters, make every run of white space one space."""
    if text.isascii():
        if text.isprintable():
            return " ".join(text.split()) if "  " in text else text.strip()
        return _ODD_SPACE.sub(" ", text).strip()
    return _ODD_SPACE.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def plain(text: str) -> str:
    """As `tidy`, with compatibility forms (NFKC) folded as well: for codes, numbers and fixed words."""
    if text.isascii():
        return tidy(text)
    return tidy(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))


def fold(text: str) -> str:
    """The form in which two texts are compared: tidy, then case folded."""
    return tidy(text).casefold()


def words(text: str) -> str:
    """Lower-case words and digits with single spaces: the form in which headings and practice names are compared."""
    return _PUNCTUATION.sub(" ", plain(text).casefold()).strip()


def is_filler(text: str) -> bool:
    """True for a tidy text that stands for an empty cell: nothing, a lone hyphen, a lone full stop."""
    return not text or text in _EMPTY_WORDS
