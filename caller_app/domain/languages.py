"""Words in the language a call is held in, and what is said to the caller where there are none.

What a reader would get wrong: a language has no code here but the name that stands in a script's heading, written by
different hands: `Polish`, `polish`, `Polish (pl)` are one. English is what stands in no language's column.
"""

from collections.abc import Mapping
from typing import Final

PLAIN: Final = "English"  # the language of a column that names none


def words_in(words: Mapping[str, str], language: str) -> str:
    """Give the words in a language, blank where there are none."""
    if not words or not language:
        return ""
    exactly = words.get(language)
    if exactly:
        return exactly
    name = _name(language)
    return next((said for one, said in words.items() if _name(one) == name), "")


def is_plain(language: str) -> bool:
    """Tell whether a language is the one of words that have no translation."""
    return not language or _name(language) == _name(PLAIN)


def lacking(language: str) -> str:
    """Say to the caller that something is not there in the language of the call."""
    return f"There are no {language} words for this."


def unchecked(language: str) -> str:
    """Say to the caller that nobody qualified has looked at the words yet."""
    return f"The {language} words have not been checked by a translator yet."


def _name(language: str) -> str:
    return language.partition("(")[0].strip().casefold()
