"""Codes of the Organisation Data Service (domain rules 2.4).

The form says nothing about whether the practice is open: ask the practice directory for that.
"""

import re

from caller_app.domain.text import plain

_PRACTICE = re.compile(r"[A-Z][0-9]{5}")
_ANY = re.compile(r"[0-9A-Z]{3,10}")


def normalise(text: str) -> str:
    """Upper case without any white space."""
    if _PRACTICE.fullmatch(text):
        return text
    return plain(text).upper().replace(" ", "")


def check(text: str) -> str | None:
    """The code of a GP practice in its normal form, or None when the form is wrong."""
    code = normalise(text)
    return code if _PRACTICE.fullmatch(code) else None


def check_any(text: str) -> str | None:
    """Any organisation's code in its normal form, or None when the form is wrong."""
    code = normalise(text)
    return code if _ANY.fullmatch(code) else None
