"""Language, interpreter and communication needs.

The language column sometimes carries the interpreter as well. Wording that fits no listed need is kept as a note: it is
what the caller has to know before the first word.
"""

import re
from dataclasses import dataclass

from caller_app.domain.cohort.languages import language_code
from caller_app.domain.text import is_filler, plain, tidy

_INTERPRETER = re.compile(r"^(.*?)[\s\-–:,;(]*\b(no\s+)?interp\w*\b(.*)$", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:not|no|none|un)\b|n['’]t\b")
_CUT = re.compile(r"\s*[;,/\n&+]\s*|\s+and\s+")
# A language nobody knows is said, not passed over: somebody has to ask before the call.
_NO_LANGUAGE = frozenset(("n/a", "na", "none", "nil", "not applicable"))
_ASIDE = re.compile(r"^(.*?)\s*[(\[](.*?)[)\]]\s*$")
_REGION = re.compile(r"([a-z]{2})[-_][a-z]{2}")
_EMPTY = frozenset(("n/a", "na", "none", "no", "n", "nil", "not given", "none known", "not known", "not applicable"))
_NEEDS = (
    ("large_print", re.compile(r"large\W*print")),
    ("braille", re.compile(r"braille")),
    ("audio", re.compile(r"audio")),
    ("easy_read", re.compile(r"easy\W*read")),
    ("text_relay", re.compile(r"text\W*relay|relay\s*uk|typetalk|type\s*talk|next generation text")),
    ("hearing_aid", re.compile(r"hearing\W*aid")),
    ("lip_reads", re.compile(r"lip\W*read")),
    ("advocate", re.compile(r"advocate")),
)
# The words that may stand around a listed need without saying anything more.
_CARRIERS = re.compile(
    r"\b(?:uses?|user|needs?|requires?|required|wears?|has|have|a|an|the|letters?|cds?|tapes?|format|formats|via|please|only|"
    r"s|ing|er|er's|information|documents?)\b|[\W_]+"
)


@dataclass(frozen=True, slots=True)
class LanguageRead:
    """A language code or the code of the fault, and whether the cell also asks for an interpreter."""

    code: str | None = None
    fault: str | None = None
    interpreter: bool = False


def read_language(text: str) -> LanguageRead:
    """Read a language cell; 'Polish - interpreter required' gives both."""
    written = plain(text)
    if is_filler(written) or written.casefold() in _NO_LANGUAGE:
        return LanguageRead()
    interpreter = False
    if match := _INTERPRETER.match(written):
        interpreter = match[2] is None and not _NEGATED.search(match[3].casefold())
        written = match[1].strip()
        if not written:
            return LanguageRead(interpreter=interpreter)
    code = _code(written)
    return LanguageRead(code, None if code else "LANGUAGE_UNKNOWN", interpreter)


def _code(written: str) -> str | None:
    """The code of a language, also written 'Kurdish (Sorani)', 'Farsi/Persian' or 'en-GB'."""
    code = language_code(written)
    if code is not None:
        return code
    if region := _REGION.fullmatch(written.casefold()):
        return language_code(region[1])
    if aside := _ASIDE.match(written):
        # What stands aside is the finer name when it is one at all: Chinese (Mandarin), Portuguese (Brazil).
        return language_code(aside[1]) or language_code(aside[2])
    codes = {language_code(part) for part in written.split("/")}
    return codes.pop() if len(codes) == 1 else None


def read_needs(text: str) -> tuple[tuple[str, ...], str | None]:
    """The listed needs in the cell, sorted, and the wording that fits none of them."""
    written = tidy(text)
    if is_filler(written) or written.casefold() in _EMPTY:
        return (), None
    found: set[str] = set()
    rest: list[str] = []
    parts = [part for part in _CUT.split(text.strip()) if part.strip()]
    for part in parts:
        folded = plain(part).casefold()
        if is_filler(folded) or folded in _EMPTY:
            continue
        left = folded
        for need, pattern in _NEEDS:
            if pattern.search(left):
                found.add(need)
                left = pattern.sub(" ", left)
        if left == folded or _CARRIERS.sub("", left):
            rest.append(tidy(part))
    if not found:
        return (), written
    return tuple(sorted(found)), ", ".join(rest) or None
