"""NHS numbers: clean, check, show (domain rules 2.1).

Ten characters of text, never an integer. Repeated digits pass the checksum and are refused by hand; the
range 900-999 is synthetic and good only in test mode. A nine-digit number is refused, not padded: the zero
that is missing could stand anywhere.
"""

import re
from dataclasses import dataclass
from datetime import date
from operator import mul

from caller_app.domain.text import is_filler, plain

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")
_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)
_WEIGHT_OF_ZEROS = ord("0") * sum(_WEIGHTS)

# (first, last) of the first nine digits; see the table of ranges in domain rules 2.1.
_ACCEPTED = ((400_000_000, 499_999_999), (600_000_000, 799_999_999))
_NORTHERN_IRELAND = (320_000_000, 399_999_999)
_SCOTLAND = (10_000_000, 311_299_999)
_SYNTHETIC_FROM = 900_000_000


@dataclass(frozen=True, slots=True)
class NhsNumber:
    """A good number; `warning` names a range outside England and Wales, `cleaned` says how it was written."""

    digits: str
    warning: str | None = None
    cleaned: str | None = None


@dataclass(frozen=True, slots=True)
class NhsNumberRefusal:
    """Why a value is no NHS number: a code for reports and a sentence for people."""

    code: str
    sentence: str


_SENTENCES = {
    "NHS_NUMBER_MISSING": "There is no NHS number.",
    "NHS_NUMBER_LENGTH": "An NHS number has ten digits.",
    "NHS_NUMBER_CHARACTERS": "An NHS number holds digits only.",
    "NHS_NUMBER_CHECK_DIGIT": "The last digit does not fit: a digit is mistyped.",
    "NHS_NUMBER_REPEATED_DIGITS": "Ten equal digits are a filler, not an NHS number.",
    "NHS_NUMBER_LOST_PRECISION": "The number was shortened by a spreadsheet and its last digits are lost.",
    "NHS_NUMBER_RANGE": "No patient here has a number in this range.",
}


def _refuse(code: str) -> NhsNumberRefusal:
    return NhsNumberRefusal(code, _SENTENCES[code])


def check(value: object, *, test_mode: bool) -> NhsNumber | NhsNumberRefusal:
    """Read one cell or typed text as an NHS number, or say why it is none (domain rules 2.1)."""
    cleaned: str | None = None
    if value is None:
        return _refuse("NHS_NUMBER_MISSING")
    if isinstance(value, str):
        if len(value) == 10 and value.isascii() and value.isdigit():
            digits = value
        else:
            text = plain(value)
            if is_filler(text):
                return _refuse("NHS_NUMBER_MISSING")
            digits = _SEPARATORS.sub("", text)
            if _SCIENTIFIC.fullmatch(digits):
                return _refuse("NHS_NUMBER_LOST_PRECISION")
            digits = digits.removesuffix(".0")
            cleaned = "NHS_NUMBER_FORMAT"
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0 and value == value // 1:
        digits = str(int(value))
        cleaned = "NHS_NUMBER_AS_NUMBER"
    else:
        return _refuse("NHS_NUMBER_CHARACTERS")
    fault = _fault(digits, test_mode)
    if fault is not None:
        return _refuse(fault)
    stem = int(digits[:9])
    warning = None
    if _NORTHERN_IRELAND[0] <= stem <= _NORTHERN_IRELAND[1]:
        warning = "NHS_NUMBER_NORTHERN_IRELAND"
    elif _SCOTLAND[0] <= stem <= _SCOTLAND[1]:
        warning = "NHS_NUMBER_SCOTLAND"
    return NhsNumber(digits, warning, cleaned)


def _fault(digits: str, test_mode: bool) -> str | None:
    if not (digits.isascii() and digits.isdigit()):
        return "NHS_NUMBER_CHARACTERS"
    if len(digits) != 10:
        return "NHS_NUMBER_LENGTH"
    if digits == digits[0] * 10:
        return "NHS_NUMBER_REPEATED_DIGITS"
    if not check_digit_fits(digits):
        return "NHS_NUMBER_CHECK_DIGIT"
    stem = int(digits[:9])
    if stem >= _SYNTHETIC_FROM:
        return None if test_mode else "NHS_NUMBER_RANGE"
    if any(first <= stem <= last for first, last in (*_ACCEPTED, _NORTHERN_IRELAND)):
        return None
    scottish = _SCOTLAND[0] <= stem <= _SCOTLAND[1] and _begins_with_a_birthday(digits)
    return None if scottish else "NHS_NUMBER_RANGE"


def _begins_with_a_birthday(digits: str) -> bool:
    """Scottish numbers begin with the birth date, ddmmyy; the check digit alone lets 0113... pass."""
    try:
        date(2000 + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True


def check_digit_fits(digits: str) -> bool:
    """True when the tenth digit is the modulus-11 check digit of the first nine; ranges are not looked at."""
    total = sum(map(mul, _WEIGHTS, digits.encode())) - _WEIGHT_OF_ZEROS
    expected = 11 - total % 11
    return (0 if expected == 11 else expected) == int(digits[9])


def show(digits: str) -> str:
    """The number as people read it out: '999 012 3454'."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
