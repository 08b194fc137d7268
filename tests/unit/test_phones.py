"""UK telephone numbers: what is taken, blocked and refused; agreement with the library the ranges come from."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.domain.phone_ranges import Kind, library_type
from caller_app.domain.phones import Phone, PhoneRefusal, is_empty, parse, show, split


def good(raw: str | float, *, test_mode: bool = True) -> Phone:
    phone = parse(raw, test_mode=test_mode)
    assert isinstance(phone, Phone), phone
    return phone


def refusal(raw: str | float, *, test_mode: bool = True) -> str:
    phone = parse(raw, test_mode=test_mode)
    assert isinstance(phone, PhoneRefusal), phone
    return phone.code


@pytest.mark.parametrize(
    "raw",
    [
        "07700900123",
        "07700 900123",
        "07700 900 123",
        "07700-900123",
        "07700\u00a0900123",
        "\u200b07700900123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "0044 (0) 7700 900123",
        "447700900123",
        "+4407700900123",
        "07700900123.0",
        "０７７００９００１２３",
        "(07700) 900123",
        "(+44) 7700 900123",
        "(0044) 7700 900123",
        "07700\u2011900123",
        "07700 \u2013 900123",
    ],
)
def test_a_mobile_is_read_however_it_is_written(raw: str) -> None:
    phone = good(raw)
    assert phone.e164 == "+447700900123"
    assert (phone.kind, phone.textable, phone.dialable, phone.zero_restored) == (Kind.MOBILE, True, True, False)
    assert phone.national == "07700 900123"


@pytest.mark.parametrize("raw", [7700900123, 7700900123.0, "7700900123"])
def test_a_lost_zero_is_restored_and_said(raw: str | float) -> None:
    phone = good(raw)
    assert (phone.e164, phone.zero_restored) == ("+447700900123", True)


@pytest.mark.parametrize(
    "raw",
    [
        "077OO900123",
        "07700I00123",
        "077009l0123",
        "07700 90012",
        "077009001234",
        "7.700900123e9",
        "7.7E+09",
        "hello",
        "07700 900123 07700 900124",
        7700900123.5,
        -7700900123,
        True,
        "+",
        "++447700900123",
    ],
)
def test_what_is_not_a_whole_number_is_refused(raw: str | float) -> None:
    assert refusal(raw) == "PHONE_INVALID_DROPPED"


@pytest.mark.parametrize(
    "raw", ["07777777777", "01234567890", "07000000000", "00000000000", "01111111111", "0000", 7777777777, 0]
)
def test_fillers_are_refused(raw: str | float) -> None:
    assert refusal(raw) == "PHONE_PLACEHOLDER_DROPPED"


@pytest.mark.parametrize("raw", ["111", "999", "118118", "116 123", 111, "112"])
def test_service_numbers_are_never_a_patients(raw: str | float) -> None:
    assert refusal(raw) == "PHONE_SERVICE_NUMBER_DROPPED"


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("07700 900123 (mum)", "mum"),
        ("07700900123 work", "work"),
        ("07700900123work", "work"),
        ("07700 900123 (husband Ron)", "husband Ron"),
        ("Mum: 07700 900123", "Mum"),
        ("(son) 07700900123", "son"),
        ("07700 900123 - neighbour", "neighbour"),
        ("07700 900123 ring after 6", "ring after 6"),
    ],
)
def test_words_beside_a_number_become_its_label(raw: str, label: str) -> None:
    phone = good(raw)
    assert (phone.e164, phone.label, phone.dialable) == ("+447700900123", label, True)


@pytest.mark.parametrize(
    "raw",
    [
        "07700 900123 (do not ring)",
        "07700900123 DON'T CALL",
        "07700 900123 (old)",
        "07700 900123 (do-not-ring)",
        "07700 900123 NOT TO BE USED",
        "07700 900123 (no calls)",
        "07700 900123 (disconnected)",
        "07700 900123 (mum, no longer in use)",
    ],
)
def test_a_number_not_to_be_rung_is_kept_out_of_dialling_and_texting(raw: str) -> None:
    phone = good(raw)
    assert (phone.dialable, phone.textable, phone.blocked) == (False, False, "PHONE_DO_NOT_RING")


@pytest.mark.parametrize(
    ("raw", "extension"),
    [
        ("01632 960123 x 182", "182"),
        ("01632 960123 ext. 12", "12"),
        ("01632960123 extn 268", "268"),
        ("01632 960123 Ext: 12", "12"),
        ("01632 960123 (ext 12)", "12"),
        ("01632 960123, ext 12", "12"),
    ],
)
def test_an_extension_is_kept_apart(raw: str, extension: str) -> None:
    phone = good(raw)
    assert (phone.e164, phone.extension, phone.label, phone.kind) == ("+441632960123", extension, None, Kind.LANDLINE)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("07700 900123 / 01632 960123", ["07700 900123", "01632 960123"]),
        ("07700 900123;01632 960123", ["07700 900123", "01632 960123"]),
        ("07700 900123 or 01632 960123", ["07700 900123", "01632 960123"]),
        ("07700 900123 & 01632 960123", ["07700 900123", "01632 960123"]),
        ("07700 900123\n01632 960123", ["07700 900123", "01632 960123"]),
        ("07700 900123 (mum, or dad), 01632 960123", ["07700 900123 (mum, or dad)", "01632 960123"]),
        ("07700 900123, mum", ["07700 900123 mum"]),
        ("01632 960123, ext 12", ["01632 960123 ext 12"]),
        ("07700 900123 | 01632 960123", ["07700 900123", "01632 960123"]),
        ("07700900123", ["07700900123"]),
    ],
)
def test_a_cell_with_several_numbers_is_cut(cell: str, parts: list[str]) -> None:
    assert split(cell) == parts


@pytest.mark.parametrize(
    ("raw", "kind", "textable", "dialable"),
    [
        ("07400 123456", Kind.MOBILE, True, True),
        ("01603 221222", Kind.LANDLINE, False, True),
        ("07911 123456", Kind.MOBILE, True, True),
        ("07624 490123", Kind.MOBILE, True, True),
        ("0300 123 4567", Kind.UNKNOWN, False, True),
        ("070 1234 5678", Kind.UNKNOWN, False, False),
        ("07640 123456", Kind.UNKNOWN, False, False),
        ("0845 123 4567", Kind.UNKNOWN, False, False),
        ("0909 123 4567", Kind.UNKNOWN, False, False),
        ("0800 123 4567", Kind.UNKNOWN, False, False),
        ("+353 85 012 3456", Kind.MOBILE, False, False),
    ],
)
def test_kind_and_use_come_from_the_number(raw: str, kind: Kind, textable: bool, dialable: bool) -> None:
    phone = good(raw, test_mode=False)
    assert (phone.kind, phone.textable, phone.dialable) == (kind, textable, dialable)


DRAMA = [
    "07700 900000",
    "07700 900999",
    "01632 960000",
    "01632 960999",
    "020 7946 0123",
    "0113 496 0123",
    "0118 496 0999",
    "0121 496 0000",
    "0161 496 0999",
    "0191 498 0123",
    "028 9649 6123",
    "029 2018 0123",
    "03069 990123",
    "0808 157 0123",
]


@pytest.mark.parametrize("raw", DRAMA)
def test_numbers_for_drama_are_good_in_test_mode_only(raw: str) -> None:
    assert good(raw).dialable
    assert refusal(raw, test_mode=False) == "PHONE_INVALID_DROPPED"


def test_the_premium_range_for_drama_is_never_dialled() -> None:
    phone = good("0909 879 0123")
    assert (phone.dialable, phone.blocked) == (False, "PHONE_PREMIUM_BLOCKED")


def test_just_beside_a_drama_range_is_no_drama() -> None:
    assert refusal("07700 901000") == refusal("01632 961000") == refusal("01632 959999") == "PHONE_INVALID_DROPPED"


TYPES = {
    phonenumbers.PhoneNumberType.PREMIUM_RATE: "premium",
    phonenumbers.PhoneNumberType.TOLL_FREE: "toll free",
    phonenumbers.PhoneNumberType.SHARED_COST: "shared cost",
    phonenumbers.PhoneNumberType.VOIP: "voip",
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER: "personal",
    phonenumbers.PhoneNumberType.PAGER: "pager",
    phonenumbers.PhoneNumberType.UAN: "uan",
    phonenumbers.PhoneNumberType.VOICEMAIL: "voicemail",
    phonenumbers.PhoneNumberType.FIXED_LINE: "fixed",
    phonenumbers.PhoneNumberType.MOBILE: "mobile",
    phonenumbers.PhoneNumberType.UNKNOWN: None,
}


@given(st.from_regex(r"[1-9][0-9]{8,9}", fullmatch=True))
def test_types_agree_with_the_library_whose_ranges_are_used(national: str) -> None:
    number = phonenumbers.PhoneNumber(44, int(national))
    valid = phonenumbers.is_valid_number(number)
    assert library_type(national) == (TYPES[phonenumbers.number_type(number)] if valid else None)


@given(st.one_of(st.text(), st.from_regex(r"[0-9 +()/;,xorOI.\-]{0,30}", fullmatch=True)))
def test_any_text_is_cut_and_read_without_a_fault_and_never_gains_digits(raw: str) -> None:
    for part in split(raw):
        phone = parse(part, test_mode=True)
        if isinstance(phone, Phone):
            assert phone.e164.startswith("+")
            assert phone.textable <= phone.dialable
            assert good(show(phone.e164)).e164 == phone.e164 if phone.e164.startswith("+44") else True


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+447700900123", "07700 900123"),
        ("+441632960123", "01632 960123"),
        ("+442079460123", "020 7946 0123"),
        ("+441134960123", "0113 496 0123"),
        ("+441614960123", "0161 496 0123"),
        ("+443069990123", "0306 999 0123"),
        ("+353850123456", "+353850123456"),
    ],
)
def test_numbers_are_shown_as_people_write_them(e164: str, shown: str) -> None:
    assert show(e164) == shown


@pytest.mark.parametrize("word", ["n/a", "None", "not given", "ex-directory", "-", " ", "N/A"])
def test_words_for_nothing_are_an_empty_cell(word: str) -> None:
    assert is_empty(word)
