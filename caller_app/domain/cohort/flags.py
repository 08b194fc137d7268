"""Yes/no cells and the sex code, in the spellings cohort files use.

For a stop (deceased, opted out, sensitive) a word nobody knows is neither yes nor no: a supervisor has to look, and
until then the person is not called.
"""

import re
from datetime import date
from enum import StrEnum

from caller_app.domain.cohort.cells import Cell, Mark
from caller_app.domain.text import is_filler, plain

_YES = frozenset(("y", "yes", "true", "1", "x", "t", "✓", "✔", "required", "needed", "yes - required"))
_NO = frozenset(
    ("n", "no", "false", "0", "f", "not required", "not needed", "none", "n/a", "na", "nil", "not applicable")
)
_DECEASED = ("deceased", "dead", "died", "rip", "dec'd", "decd", "r.i.p", "d", "dec")
_OPT_OUT = (
    "opted out",
    "opt out",
    "optout",
    "dissent",
    "objected",
    "objects",
    "refused",
    "declined",
    "do not contact",
    "do not call",
    "do not ring",
    "no contact",
)
# "Yes - by letter 3 May": a yes with words behind it. For a stop the doubt goes to the safe side.
_YES_AND_MORE = re.compile(r"(?:y|yes|true)\b\W+\w.*")
_SENSITIVE = ("s", "sensitive", "s-flag", "restricted", "pds sensitive")
_TEXT_REFUSED = (
    "dissent",
    "refused",
    "declined",
    "opted out",
    "opt out",
    "do not text",
    "stop",
    "no consent",
    "withdrawn",
)
_TEXT_AGREED = ("consent", "consented", "agreed", "ok", "given", "assent")
_SEX = {
    "m": "male",
    "male": "male",
    "man": "male",
    "1": "male",
    "f": "female",
    "female": "female",
    "woman": "female",
    "2": "female",
    "9": "other",
    "i": "other",
    "indeterminate": "other",
    "other": "other",
    "non-binary": "other",
    "not specified": "other",
}


class Answer(StrEnum):
    """What a yes/no cell says."""

    YES = "yes"
    NO = "no"
    EMPTY = "empty"
    UNCLEAR = "unclear"


def read_flag(cell: Cell | None, yes_words: tuple[str, ...] = (), no_words: tuple[str, ...] = ()) -> Answer:
    """Read a yes/no cell; `yes_words` and `no_words` are the extra words of this column."""
    if cell is None:
        return Answer.EMPTY
    if isinstance(cell, bool):
        return Answer.YES if cell else Answer.NO
    if isinstance(cell, (int, float)):
        return Answer.YES if cell == 1 else Answer.NO if cell == 0 else Answer.UNCLEAR
    if isinstance(cell, (Mark, date)):
        return Answer.UNCLEAR
    word = plain(cell).casefold().rstrip(".").removesuffix(".0").replace("’", "'")
    if is_filler(word):
        return Answer.EMPTY
    if word in _YES or word in yes_words:
        return Answer.YES
    if word in _NO or word in no_words:
        return Answer.NO
    return Answer.UNCLEAR


def read_deceased(cell: Cell | None) -> Answer:
    """A marker of death; a date under this heading means yes."""
    if isinstance(cell, date):
        return Answer.YES
    answer = read_flag(cell, _DECEASED, ("alive", "living", "not deceased"))
    if answer is Answer.UNCLEAR and isinstance(cell, (str, int, float)):
        text = plain(str(cell)).casefold()
        if (
            text.startswith(_DECEASED[:6])
            or _YES_AND_MORE.fullmatch(text)
            or sum(character.isdigit() for character in text) >= 4
        ):
            return Answer.YES  # "died 2024", a text date or a serial number
    return answer


def read_opt_out(cell: Cell | None) -> Answer:
    """A wish not to be contacted."""
    answer = read_flag(cell, _OPT_OUT, ("consent", "ok to contact", "not opted out", "no objection", "no dissent"))
    if answer is Answer.UNCLEAR and isinstance(cell, date):
        return Answer.YES
    if answer is Answer.UNCLEAR and isinstance(cell, str):
        text = plain(cell).casefold()
        if text.replace("-", " ").startswith(_OPT_OUT) or _YES_AND_MORE.fullmatch(text):
            return Answer.YES
    return answer


def read_sensitive(cell: Cell | None) -> Answer:
    """The S-flag of the national record."""
    answer = read_flag(cell, _SENSITIVE, ("not sensitive",))
    if answer is Answer.UNCLEAR and isinstance(cell, str) and _YES_AND_MORE.fullmatch(plain(cell).casefold()):
        return Answer.YES
    return answer


def read_text_consent(cell: Cell | None) -> Answer:
    """Whether the person agreed to texts; nothing said means nobody has objected."""
    return read_flag(cell, _TEXT_AGREED, _TEXT_REFUSED)


def read_interpreter(cell: Cell | None) -> Answer:
    """Whether an interpreter is needed."""
    return read_flag(cell, ("interpreter", "interpreter required", "interpreter needed"))


def read_sex(cell: Cell | None) -> str:
    """Sex as recorded: female, male, other or unknown."""
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return "unknown"
    text = plain(cell).casefold() if isinstance(cell, str) else str(int(cell)) if cell == cell // 1 else ""
    return _SEX.get(text.removesuffix(".0"), "unknown")
