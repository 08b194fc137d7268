"""UK telephone numbers: split, parse, show (domain rules 2.2).

Ofcom's drama ranges are good in test mode and refused otherwise: `phonenumbers` calls some of them valid and some
not, so they are looked at first. Kind comes from the number, never from the column. A number that is only
`blocked` is kept and never offered; a refused one is not kept.
"""

import re
from dataclasses import dataclass

from caller_app.domain.phone_ranges import Kind, classify_gb, drama_kind
from caller_app.domain.text import is_filler, plain

_SPLIT = re.compile(r"\s*[/;,&|\\\n]\s*|\s+(?:or|and)\s+", re.IGNORECASE)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]*[^\W\d_][^()\[\]]*)[)\]]")
_EXTENSION = re.compile(r"[\s,;\-]*(?:extension|extn|xtn|ext|x|#)[.:]*\s*([0-9]{1,6})\s*$", re.IGNORECASE)
_COUNTRY_IN_BRACKETS = re.compile(r"\(\s*(\+\s*44|0044)\s*\)")
# Letters inside the digits are a fault, never a label: words may touch the digits only if no digit follows them.
_WORDS_AFTER = re.compile(r"([+(]?[0-9][0-9\s().\-]*?)[\s:\-]*([^\W\d_][^\W\d_]\D*)")
_SENTENCE_AFTER = re.compile(r"([+(]?(?:[0-9][\s().\-]*){9,14})[\s:\-]+([^\W\d_][^\W\d_].*)")
_WORDS_BEFORE = re.compile(r"([^\W\d_][^\d+(]*?[^\W\d_.]?)[\s:.\-]*([+(]?[0-9][0-9\s().\-+]*)")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?e\+?[0-9]+", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9\s().\-]+")
_BLOCKING_WORDS = re.compile(
    r"\b(do\s*n[o']?t (?:ring|call|use|contact|phone|dial)|dnr|dnc|never (?:ring|call|use|phone)|no (?:calls|contact)"
    r"|not to be|wrong|old|not in use|no longer|out of (?:service|order)|disconnected|dead|cut off|barred)\b"
)
_EMPTY_WORDS = frozenset(
    ("n/a", "na", "none", "not given", "ex-directory", "ex directory", "nil", "no", "no phone", "unknown", "not known")
)
_SERVICE = re.compile(r"(?:111|999|112|101|105|119|123|100|116[0-9]{3}|118[0-9]{3})")
_LONGEST_SERVICE = 6
_PLACEHOLDERS = frozenset(("01234567890", "0123456789", "07000000000", "07123456789", "01234567891"))


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that may be kept. `blocked` gives the code of the reason why it is never offered to a caller."""

    e164: str
    kind: Kind
    textable: bool
    dialable: bool
    label: str | None = None
    extension: str | None = None
    blocked: str | None = None
    zero_restored: bool = False

    @property
    def national(self) -> str:
        """The number as people in this country write it."""
        return show(self.e164)


@dataclass(frozen=True, slots=True)
class PhoneRefusal:
    """Why a text is not kept as a number: a code for reports and a sentence for people."""

    code: str
    sentence: str


_INVALID = PhoneRefusal("PHONE_INVALID_DROPPED", "This is not a complete UK telephone number.")
_FILLER = PhoneRefusal("PHONE_PLACEHOLDER_DROPPED", "This number is a filler.")
_SERVICE_NUMBER = PhoneRefusal("PHONE_SERVICE_NUMBER_DROPPED", "This is a service number, not a patient's.")


def is_empty(text: str) -> bool:
    """True for words that stand in a telephone cell instead of a number."""
    folded = plain(text).casefold()
    return is_filler(folded) or folded in _EMPTY_WORDS


def split(raw: str) -> list[str]:
    """The single numbers of a cell that holds several; a part without digits stays with the number before it."""
    if raw.replace(" ", "").isdigit():
        return [raw]
    # Words in brackets may hold a comma or an "or": they are set aside while the cell is cut.
    kept: list[str] = []

    def aside(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x01"

    parts: list[str] = []
    for part in _SPLIT.split(_BRACKETS.sub(aside, raw)):
        whole = re.sub("\x00([0-9]+)\x01", lambda match: kept[int(match[1])], part).strip()
        if not whole:
            continue
        if parts and (_EXTENSION.fullmatch(whole) or not any(character.isdigit() for character in whole)):
            parts[-1] += f" {whole}"
        else:
            parts.append(whole)
    return parts


def parse(raw: str | float, *, test_mode: bool) -> Phone | PhoneRefusal:
    """Read one telephone number with its words and extension, or say why it is not kept (domain rules 2.2)."""
    if isinstance(raw, str):
        bare = raw.replace(" ", "")
        if len(bare) == 11 and bare[0] == "0" and bare[1] != "0" and bare.isascii() and bare.isdigit():
            return _judge_national(bare, test_mode)
        return _parse_text(plain(raw), test_mode)
    if isinstance(raw, bool) or raw < 0 or raw != raw // 1:
        return _INVALID
    return _judge(str(int(raw)), None, None, test_mode)


def _parse_text(text: str, test_mode: bool) -> Phone | PhoneRefusal:
    label: str | None = None
    extension: str | None = None
    text = _COUNTRY_IN_BRACKETS.sub(r"\1", _DASHES.sub("-", text))
    if match := _BRACKETS.search(text):
        label = match[1].strip()
        text = (text[: match.start()] + " " + text[match.end() :]).strip()
        if inside := _EXTENSION.fullmatch(label):
            extension, label = inside[1], None
    if _SCIENTIFIC.fullmatch(text):
        return _INVALID
    if match := _EXTENSION.search(text):
        extension = match[1]
        text = text[: match.start()]
    if not _NUMBER.fullmatch(text):
        if match := _WORDS_AFTER.fullmatch(text) or _SENTENCE_AFTER.fullmatch(text):
            text, label = match[1], label or match[2].strip()
            if ending := _EXTENSION.search(label):
                extension, label = extension or ending[1], label[: ending.start()].strip() or None
        elif match := _WORDS_BEFORE.fullmatch(text):
            text, label = match[2], label or match[1].strip()
        else:
            return _INVALID
    text = text.strip()
    text = text.removesuffix(".0")
    plus = "+" if text.startswith("+") else ""
    if "+" in text[1:]:
        return _INVALID
    bare = re.sub(r"\(\s*0\s*\)", "", text) if re.match(r"\+|00|44", text) else text
    digits = re.sub(r"[\s().\-]", "", bare.removeprefix("+"))
    return _judge(plus + digits, label, extension, test_mode)


def _judge(number: str, label: str | None, extension: str | None, test_mode: bool) -> Phone | PhoneRefusal:
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return _INVALID
    if len(digits) <= _LONGEST_SERVICE and _SERVICE.fullmatch(digits):
        return _SERVICE_NUMBER
    zero_restored = False
    foreign = False
    if number.startswith("+44") or (number.startswith("44") and len(number) == 12):
        national = "0" + digits[2:].removeprefix("0")
    elif number.startswith("0044"):
        national = "0" + digits[4:].removeprefix("0")
    elif number.startswith(("+", "00")):
        national, foreign = digits.removeprefix("00") if number[0] == "0" else digits, True
    elif number.startswith("0"):
        national = number
    else:
        national, zero_restored = "0" + number, len(number) in (9, 10)
    if digits != national and _is_placeholder(digits):
        return _FILLER
    if foreign:
        return _FILLER if _is_placeholder(national) else _foreign(national, label, extension)
    return _judge_national(national, test_mode, label, extension, zero_restored)


def _judge_national(
    national: str,
    test_mode: bool,
    label: str | None = None,
    extension: str | None = None,
    zero_restored: bool = False,
) -> Phone | PhoneRefusal:
    if _is_placeholder(national):
        return _FILLER
    if not 10 <= len(national) <= 11 or national[1] in "046":
        return _INVALID
    drama = drama_kind(national)
    if drama is not None and not test_mode:
        return _INVALID
    kind, allowed = drama or classify_gb(national[1:])
    if kind is None:
        return _INVALID
    blocked = None if allowed else "PHONE_PREMIUM_BLOCKED"
    if label is not None and _BLOCKING_WORDS.search(label.casefold().replace("’", "'").replace("-", " ")):
        blocked = blocked or "PHONE_DO_NOT_RING"
    dialable = blocked is None
    textable = dialable and kind is Kind.MOBILE
    return Phone("+44" + national[1:], kind, textable, dialable, label, extension, blocked, zero_restored)


def _is_placeholder(digits: str) -> bool:
    rest = digits[1:] if digits[0] == "0" else digits
    return not rest or rest == rest[0] * len(rest) or digits in _PLACEHOLDERS


def _foreign(digits: str, label: str | None, extension: str | None) -> Phone | PhoneRefusal:
    import phonenumbers

    try:
        parsed = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return _INVALID
    if parsed.country_code == 44 or not phonenumbers.is_valid_number(parsed):
        return _INVALID
    kinds = {phonenumbers.PhoneNumberType.MOBILE: Kind.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE: Kind.LANDLINE}
    kind = kinds.get(phonenumbers.number_type(parsed), Kind.UNKNOWN)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Phone(e164, kind, textable=False, dialable=False, label=label, extension=extension, blocked="PHONE_FOREIGN")


def show(e164: str) -> str:
    """The number as people in this country write it: '07700 900123'; a foreign number stays international."""
    if not e164.startswith("+44"):
        return e164
    number = "0" + e164[3:]
    if number.startswith("02"):
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if number.startswith(("03", "08", "09")) or (number[1] == "1" and (number[2] == "1" or number[3] == "1")):
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    return f"{number[:5]} {number[5:]}"
