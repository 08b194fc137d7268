"""Pages to read aloud: merge fields and their gaps, what stands before identity, conditions in quiet words."""

from pathlib import Path

import pytest

from caller_app.script.compile import read_script
from caller_app.script.pages import closing, filled, missing_fields, readable, words_of
from caller_app.script.script import Script
from tests.rules.cases import rules
from tests.script.books import PACKS, book

MERGE = {"pt_first": "Aoife", "pt_last": "O'Brien", "caller_first": "Ada", "practice_name": "Sample Surgery"}


@pytest.fixture(scope="module")
def core() -> Script:
    return read_script(PACKS / "core_call_flow.xlsx")


@pytest.fixture(scope="module")
def prevention() -> Script:
    return read_script(PACKS / "diabetes_prevention.xlsx")


def test_merge_fields_are_filled() -> None:
    assert filled("Hello ${pt_first} ${pt_last}.", MERGE) == ("Hello Aoife O'Brien.", ())


@pytest.mark.parametrize("merge", [{}, {"pt_first": ""}, {"pt_first": "  "}, {"pt_first": None}])
def test_an_empty_merge_field_is_a_gap_and_never_read_as_none(merge: dict[str, str]) -> None:
    text, missing = filled("Hello ${pt_first}.", merge)
    assert (text, missing) == ("Hello [pt first].", ("pt_first",))
    assert "None" not in text


def test_a_value_that_looks_like_a_field_is_not_filled_again() -> None:
    assert filled("${pt_first}", {"pt_first": "${pt_last}", "pt_last": "x"}) == ("${pt_last}", ())


def test_before_identity_only_the_opening_is_there(core: Script, prevention: Script) -> None:
    assert [page.name for page in readable(core, MERGE, "before_identity")] == ["p_connect", "p_who", "p_id"]
    assert [page.name for page in readable(core, MERGE, "after_identity")] == ["p_intro"]
    assert readable(prevention, MERGE, "before_identity") == ()
    assert readable(prevention, MERGE, "after_identity") == readable(prevention, MERGE)


def test_nothing_before_identity_names_practice_programme_or_condition(core: Script) -> None:
    said = " ".join(
        line.text for page in readable(core, MERGE, "before_identity") for line in page.lines if line.style == "say"
    ).lower()
    for word in ("sample surgery", "diabetes", "vaccin", "therap", "health improvement"):
        assert word not in said


def test_calculations_and_hidden_rows_are_not_read(core: Script) -> None:
    names = {line.name for page in readable(core, MERGE) for line in page.lines}
    assert "id_say" in names
    assert not {"id_ok", "id_score", "pt_first"} & names


def test_the_warning_stands_before_the_first_page(prevention: Script) -> None:
    first = readable(prevention, MERGE)[0]
    assert (first.title, first.lines[0].style) == ("Before you begin", "warn")
    assert first.lines[0].when == "if: diabetic range is yes and diabetes is not yes"


def test_answers_to_objections_are_marked(prevention: Script) -> None:
    page = next(page for page in readable(prevention, MERGE) if page.name == "objections")
    styles = {line.name: line.style for line in page.lines}
    assert styles["o_time"] == "objection"
    assert styles["why_not"] == "ask"


def test_questions_carry_their_answers(core: Script) -> None:
    line = next(line for page in readable(core, MERGE) for line in page.lines if line.name == "connect")
    assert line.choices[0] == ("answered", "Answered by a person")
    assert next(line for page in readable(core, MERGE) for line in page.lines if line.name == "needs").many


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("", ""),
        ("true()", ""),
        ("${why_not} = 'time'", "if: “May I ask what puts you off” is No time"),
        ("${why_not} != ''", "if: “May I ask what puts you off” is answered"),
        ("not(selected(${path}, 'none_now'))", "if: not (“What would the person like” includes Nothing now)"),
        ("${pt_age} >= 18 and ${light} = 'y' or true()", ""),
        ("${pt_age} >= 18 or ${keen} != 'y'", "if: pt age is at least 18 or keen is not yes"),
        ("string-length(${why_not}) > 3", ""),
        ("${why_not} = 'time", ""),
    ],
)  # fmt: skip
def test_a_condition_in_quiet_words_or_not_at_all(prevention: Script, condition: str, words: str) -> None:
    assert words_of(prevention, condition) == words


@pytest.mark.parametrize("name", ["diabetes_prevention", "talking_therapies", "winter_vaccination", "core_call_flow"])
def test_no_condition_of_a_pack_shows_its_notation(name: str) -> None:
    script = read_script(PACKS / f"{name}.xlsx")
    said = [page.when for page in readable(script, MERGE)]
    said += [line.when for page in readable(script, MERGE) for line in page.lines]
    assert not [words for words in said if "${" in words or "selected(" in words]


def test_missing_merge_fields_are_listed_for_the_project(core: Script) -> None:
    assert missing_fields(core, MERGE) == ()
    assert missing_fields(core, {}) == ("pt_first", "pt_last", "caller_first", "practice_name")


def test_the_fixed_close_is_the_same_for_every_call() -> None:
    page = closing(rules().core.closing, MERGE | {"team_phone": "01632 960100"})
    assert page.lines[-1].text == "Thank you for your time, Aoife. You can reach us on 01632 960100. Goodbye."
    assert [line.style for line in page.lines] == ["say", "ask", "ask", "ask", "ask", "say"]
    assert closing(rules().core.closing, MERGE).lines[-1].missing == ("team_phone",)


def test_a_page_with_nothing_to_read_is_left_out(tmp_path: Path) -> None:
    script = read_script(book(tmp_path / "s.xlsx"))
    assert [page.name for page in readable(script, MERGE)] == ["why"]
