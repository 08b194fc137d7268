"""Values of cohort files: results and scores, languages and needs, ethnic categories, names, yes and no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.domain.cohort.ethnicity import WORDING, read_ethnic_code
from caller_app.domain.cohort.flags import (
    Answer,
    read_deceased,
    read_flag,
    read_opt_out,
    read_sensitive,
    read_sex,
    read_text_consent,
)
from caller_app.domain.cohort.languages import language_code
from caller_app.domain.cohort.measures import (
    from_percent,
    read_bmi,
    read_count,
    read_glucose,
    read_hba1c,
    read_quintile,
    read_risk_score,
)
from caller_app.domain.cohort.names import read_name
from caller_app.domain.cohort.needs import read_language, read_needs
from caller_app.domain.text import fold, plain, tidy


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (45, 45, None),
        (47.9, 47.9, None),
        ("45 mmol/mol", 45, None),
        ("45mmol/mol", 45, None),
        ("6.5%", 48, "HBA1C_FROM_PERCENT"),
        ("6.2 %", 44, "HBA1C_FROM_PERCENT"),
        ("<20", None, "HBA1C_CENSORED"),
        (">150", None, "HBA1C_CENSORED"),
        (6.1, None, "HBA1C_UNIT_UNCLEAR"),
        ("43/45", None, "HBA1C_INVALID"),
        ("4 3", None, "HBA1C_INVALID"),
        ("see letter", None, "HBA1C_INVALID"),
        (20, 20, None),
        (200, 200, None),
        (201, None, "HBA1C_INVALID"),
        (True, None, "HBA1C_INVALID"),
        ("65%", None, "HBA1C_INVALID"),
        ("n/a", None, None),
    ],
)
def test_hba1c_is_taken_converted_or_left_blank_and_never_guessed(cell: object, value: object, code: object) -> None:
    measured = read_hba1c(cell)  # type: ignore[arg-type]
    assert (measured.value, measured.code) == (value, code)


def test_a_column_in_per_cent_is_converted() -> None:
    measured = read_hba1c(6.5, percent_column=True)
    assert (measured.value, measured.code) == (48, "HBA1C_FROM_PERCENT")


@given(st.floats(min_value=3, max_value=19.9))
def test_more_per_cent_never_means_less_mmol(per_cent: float) -> None:
    assert from_percent(per_cent) <= from_percent(per_cent + 0.1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (3, 3),
        ("4", 4),
        ("Q1", 1),
        ("Quintile 5", 5),
        ("1 (most deprived)", 1),
        ("5 (least deprived)", 5),
        ("1 - most deprived", 1),
        ("IMD 2", 2),
        ("3.0", 3),
        (2.0, 2),
    ],
)
def test_quintiles_are_read_in_their_usual_spellings(cell: object, value: int) -> None:
    assert read_quintile(cell).value == value  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", [0, 6, 9, 2.5, True, "Q6", "most", "12"])
def test_other_quintiles_are_left_blank_and_reported(cell: object) -> None:
    measured = read_quintile(cell)  # type: ignore[arg-type]
    assert (measured.value, measured.code) == (None, "IMD_INVALID")


def test_numbers_with_their_units_and_bounds() -> None:
    assert read_bmi("25.3 kg/m2").value == 25.3
    assert read_bmi(312).code == "BMI_INVALID"
    assert read_glucose("7.0 mmol/L").value == 7.0
    assert read_glucose("7.0 mg").code == "FPG_INVALID"
    assert read_risk_score("0.184").value == 0.184
    assert read_risk_score("High").code == read_risk_score(1.2).code == "RISK_SCORE_INVALID"
    assert read_count("3").value == 3
    assert read_count(2.5).code == "LTC_COUNT_INVALID"


@pytest.mark.parametrize(
    ("text", "code"),
    [("Polish ", "pl"), ("LITHUANIAN", "lt"), ("Eng", "en"), ("EN", "en"), ("BSL", "q4"), ("Panjabi", "pa")],
)
def test_languages_are_known_by_name_and_code(text: str, code: str) -> None:
    assert language_code(text) == code


@pytest.mark.parametrize(
    ("text", "code", "interpreter"),
    [
        ("Polish - interpreter required", "pl", True),
        ("Polish (no interpreter)", "pl", False),
        ("Polish, interpreter not required", "pl", False),
        ("Interpreter needed", None, True),
        ("Polish", "pl", False),
        ("Kurdish (Sorani)", "ku", False),
        ("Portuguese (Brazil)", "pt", False),
        ("Chinese (Mandarin)", "zh", False),
        ("BSL (British Sign Language)", "q4", False),
        ("Farsi/Persian", "fa", False),
        ("en-GB", "en", False),
        ("n/a", None, False),
    ],
)
def test_an_interpreter_may_stand_in_the_language_column(text: str, code: str | None, interpreter: bool) -> None:
    read = read_language(text)
    assert (read.code, read.interpreter, read.fault) == (code, interpreter, None)


def test_a_language_nobody_knows_is_reported() -> None:
    for text in ("see notes", "Not known", "Polish/Urdu", "Klingon (Q'onoS)"):
        assert read_language(text).fault == "LANGUAGE_UNKNOWN"
    assert read_language("-").fault is None


@pytest.mark.parametrize(
    ("text", "needs", "note"),
    [
        ("large-print letters; Audio", ("audio", "large_print"), None),
        ("Lipreads\nhearing aid", ("hearing_aid", "lip_reads"), None),
        ("Uses hearing aid / Relay UK", ("hearing_aid", "text_relay"), None),
        ("needs advocate", ("advocate",), None),
        ("Speaks softly, allow extra time", (), "Speaks softly, allow extra time"),
        ("Braille; very anxious on the phone", ("braille",), "very anxious on the phone"),
        ("n/a", (), None),
        ("None", (), None),
    ],
)
def test_needs_are_listed_and_what_fits_none_is_kept_as_a_note(
    text: str, needs: tuple[str, ...], note: str | None
) -> None:
    assert read_needs(text) == (needs, note)


@given(st.text(max_size=80))
def test_no_wording_about_needs_is_ever_lost(text: str) -> None:
    needs, note = read_needs(text)
    words = [word for word in tidy(text).split() if sum(letter.isalpha() for letter in word) > 3]
    if words and not needs and note is None:
        assert all(plain(word).casefold().strip(".") in ("none", "known", "given", "applicable") for word in words)


@pytest.mark.parametrize("code", list(WORDING))
def test_every_ethnic_category_is_read_as_code_wording_or_both(code: str) -> None:
    assert read_ethnic_code(code.lower()) == code
    assert read_ethnic_code(WORDING[code].upper()) == code
    assert read_ethnic_code(f"{code} - {WORDING[code]}") == code


def test_the_heading_of_the_census_may_stand_before_the_category() -> None:
    assert read_ethnic_code("Other ethnic groups - Chinese") == "R"
    assert read_ethnic_code("White: Any other White background") == "C"


@pytest.mark.parametrize("text", ["T", "Q", "9i", "X1", "A - Indian", "T - Indian", "", "White-ish"])
def test_what_is_no_ethnic_category_is_none(text: str) -> None:
    assert read_ethnic_code(text) is None


@pytest.mark.parametrize(
    "name",
    [
        "McDonald",
        "DE SOUZA",
        "Null",
        "Na",
        "True",
        "None",
        "O'Neill",
        "Jean-Luc",
        "Brandão",
        "Łukasz",
        "山田",
        "Nguyễn",
        "d'Arcy-Smith",
        "St. John",
        "Smith\u2013Jones",
        "Rip",
        "Deceased",
    ],
)
def test_names_stay_as_written(name: str) -> None:
    assert read_name(name).text == name


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(1+1)*2", "-Smith", "Smith1", "a@b", "x" * 101, "''"]
)
def test_what_no_name_holds_is_unsafe(text: str) -> None:
    assert read_name(text).fault == "NAME_UNSAFE"


def test_names_are_cleaned_of_what_nobody_sees() -> None:
    assert read_name("  Brandão\u200b ").text == "Brandão"
    assert read_name("D’Souza").text == "D'Souza"
    assert read_name("Kett (DECEASED)").deceased
    assert read_name("Kett (DECEASED)").text == "Kett"
    assert read_name("D´Souza").text == "D'Souza"
    assert read_name(".").text is read_name("-").text is None
    assert read_name(True).text == "True"


@pytest.mark.parametrize(
    "text",
    [
        "Kett (DECEASED)",
        "Kett (Rip)",
        "Kett (DECEASED).",
        "(DECEASED) Kett",
        "Kett (deceased 2024)",
        "Kett (RIP 12/03/2026)",
        "Kett (Dec’d)",
        "Kett - DECEASED",
        "KETT DECEASED",
        "Kett **RIP**",
        "Kett (RIP) (deceased)",
    ],
)
def test_a_marker_of_death_beside_a_name_is_seen_wherever_it_stands(text: str) -> None:
    read = read_name(text)
    assert (read.deceased, (read.text or "").casefold()) == (True, "kett")


@given(st.text(max_size=60))
def test_a_name_that_is_taken_never_begins_like_a_formula(text: str) -> None:
    taken = read_name(text).text
    if taken is not None:
        assert taken[0] not in "=+-@"
        assert read_name(taken).text == taken


def test_yes_no_and_what_is_neither() -> None:
    assert {read_flag(cell) for cell in ("Y", "yes ", True, 1, "x", "Required")} == {Answer.YES}
    assert {read_flag(cell) for cell in ("N", "no", False, 0, "Not required")} == {Answer.NO}
    assert {read_flag(cell) for cell in (None, "", "-")} == {Answer.EMPTY}
    assert {read_flag(cell) for cell in ("maybe", 2, 0.5)} == {Answer.UNCLEAR}
    assert read_deceased("died 2024") is read_deceased("01/02/2025") is read_deceased(45_000) is Answer.YES
    assert read_text_consent("Dissent") is Answer.NO


def test_a_stop_is_seen_in_every_wording_and_a_no_in_none() -> None:
    assert {read_deceased(cell) for cell in ("Dec'd", "dec’d", "Decd", "Yes - at home", "1.0")} == {Answer.YES}
    assert {read_opt_out(cell) for cell in ("Opted-out", "OPT OUT", "Yes - by letter", "No contact")} == {Answer.YES}
    assert read_sensitive("Yes - restricted") is Answer.YES
    assert {read_deceased("Not deceased"), read_opt_out("Not opted out"), read_opt_out("0.0")} == {Answer.NO}
    assert read_opt_out("not sure") is read_sensitive("ask Jo") is Answer.UNCLEAR


@pytest.mark.parametrize(
    ("cell", "sex"), [("F ", "female"), (1, "male"), (2.0, "female"), (9, "other"), ("X", "unknown"), (None, "unknown")]
)
def test_sex_is_read_from_words_and_codes(cell: object, sex: str) -> None:
    assert read_sex(cell) == sex  # type: ignore[arg-type]


@given(st.text(max_size=80))
def test_tidying_twice_changes_nothing(text: str) -> None:
    for clean in (tidy, plain, fold):
        assert clean(clean(text)) == clean(text)
