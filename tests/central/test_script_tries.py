"""`script check`, `evaluate` and `walk` as somebody types them: what they print, and how they end over mistakes."""

import json
from pathlib import Path
from typing import Any

import pytest

from caller_app.central.cli import main
from tests.script.books import CHOICES, PACKS, SETTINGS, SURVEY, book, changed

WALKED = PACKS / "talking_therapies.xlsx"


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: object) -> tuple[int, str, str]:
        ended = main(["script", *map(str, words)])
        out, err = capsys.readouterr()
        return ended, out, err

    return run


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_a_check_prints_every_finding_and_ends_with_one(typed: Any, tmp_path: Path) -> None:
    ended, out, _err = typed(
        "check", book(tmp_path / "s.xlsx", survey=changed(SURVEY, (6, 4), "${kean} = 'n'")), "--json"
    )
    said = json.loads(out)
    assert (ended, said["ok"], said["script"]) == (1, False, None)
    assert [(one["cell"], one["severity"], one["code"]) for one in said["findings"]] == [
        ("survey!D6", "error", "reference_unknown")
    ]
    ended, out, _err = typed("check", book(tmp_path / "s.xlsx"), "--json")
    said = json.loads(out)
    assert (ended, said["ok"], said["script"]["form_id"]) == (0, True, "a_test")
    assert [one["code"] for one in said["findings"]] == ["dead_end"]


def test_a_file_that_is_no_workbook_is_a_finding_with_a_remedy(typed: Any, tmp_path: Path) -> None:
    for file in (tmp_path / "none.xlsx", tmp_path, written(tmp_path / "list.xlsx", "type,name,label\nnote,a,b\n")):
        ended, out, _err = typed("check", file, "--json")
        (said,) = json.loads(out)["findings"]
        assert (ended, said["code"], said["cell"]) == (1, "file_unreadable", "workbook")
        assert said["message"]
        assert said["remedy"]
    assert typed("check", tmp_path / "none.xlsx")[2] == (
        "caller-central: There is no file none.xlsx. Give the path of a workbook (.xlsx).\n"
    )


@pytest.mark.parametrize(
    ("expression", "value", "kind"),
    [
        ("-${five}", -5, "number"),
        ("-(2+3)", -5, "number"),
        ("-true()", -1, "number"),
        ("--5", 5, "number"),
        ("-.", -42, "number"),
        ("-5", -5, "number"),
        ("${five} > 4", True, "boolean"),
        ("${tenth} * 3", 0.1 * 3, "number"),
        ("string-length(${spaced})", 3, "number"),
        ("selected(${several}, 'b')", True, "boolean"),
        ("boolean-from-string(${true})", True, "boolean"),
        ("${nothing} = ''", True, "boolean"),
        ("${nothing} < 1", False, "boolean"),
        ("1 div 0", "Infinity", "number"),
        ("number('x')", "NaN", "number"),
        ("date('2026-11-22') + 1", 20780, "number"),
        ("date('2026-11-22')", "2026-11-22", "date"),
        ("concat(${five}, 'a')", "5a", "string"),
    ],
)
def test_an_expression_gives_its_value_and_kind(
    expression: str, value: Any, kind: str, typed: Any, tmp_path: Path
) -> None:
    values = {"five": 5, "tenth": 0.1, "spaced": " 7 ", "several": ["a", "b"], "true": True, "nothing": None, ".": "42"}
    ended, out, _err = typed("evaluate", expression, "--values", written(tmp_path / "v.json", values), "--json")
    assert (ended, json.loads(out)) == (0, {"value": value, "type": kind})


def test_a_name_that_was_not_given_is_blank_and_said(typed: Any) -> None:
    ended, out, _err = typed("evaluate", "${age} > 3", "--json")
    assert (ended, json.loads(out)) == (0, {"value": False, "type": "boolean", "not_given": ["age"]})
    assert "${age} was not given" in typed("evaluate", "${age} > 3")[1]


def test_the_words_of_an_answer_come_from_a_script(typed: Any, tmp_path: Path) -> None:
    script = book(tmp_path / "s.xlsx")
    ended, out, _err = typed("evaluate", "jr:choice-name('y', '${keen}')", "--script", script)
    assert (ended, out) == (0, "Yes (string)\n")


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("1 +", "breaks off"), ("", "nothing is written"), ("nobody(1)", "not known"), ("x = 1", "without ${ }"),
        ("true", "write true()"), ("regex('a', '[')", "never closed"), ("format-date(today(), '%Q')", "%Q"),
        ("${five} == 5", "write ="), ("if(1, 2)", "does not take 2"),
    ],
)  # fmt: skip
def test_an_expression_that_means_nothing_is_refused_in_a_sentence(expression: str, told: str, typed: Any) -> None:
    ended, out, err = typed("evaluate", expression)
    assert (ended, out) == (1, "")
    assert told.lower() in err.lower()
    ended, out, err = typed("evaluate", expression, "--json")
    assert (ended, err) == (1, "")
    assert told.lower() in json.loads(out)["error"].lower()


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ('{"nobody": "yes"}', "'nobody', which is not a question"),
        ('{"intrest": "yes"}', "Perhaps 'interest' is meant"),
        ('{"why_say": "x"}', "which is a note"), ('{"keen": "y"}', "which is a calculate"), ("[1]", "an object"),
        ('{"interest":', "not JSON"), ("", "not JSON"), ('{"interest": {"a": 1}}', "a list of the answers"),
        ('{"interest": NaN}', "a list of the answers"), ('{"interest": "yes", "interest": "no"}', "stands there twice"),
        ('{"interest": [true]}', "a list of the answers"),
    ],
)  # fmt: skip
def test_answers_that_cannot_be_meant_are_refused_in_a_sentence(
    answers: str, told: str, typed: Any, tmp_path: Path
) -> None:
    file = written(tmp_path / "a.json", answers)
    ended, out, err = typed("walk", WALKED, "--answers", file)
    assert (ended, out) == (1, "")
    assert told in err
    ended, out, err = typed("walk", WALKED, "--answers", file, "--json")
    assert (ended, err) == (1, "")
    assert told in json.loads(out)["error"]


def test_a_walk_says_everything_a_reader_needs(typed: Any, tmp_path: Path) -> None:
    file = written(tmp_path / "a.json", '\ufeff{"interest": "yes"}')  # as an editor of Windows saves it
    ended, out, _err = typed("walk", WALKED, "--answers", file, "--json")
    said = json.loads(out)
    assert (ended, said["finished"], said["stands_on"], said["missing"]) == (0, False, "mood", ["risk"])
    why, mood = said["pages"]
    assert (why["done"], mood["done"], mood["missing"]) == (True, False, ["risk"])
    interest = why["rows"][-1]
    assert (interest["type"], interest["required"], interest["answer"]) == ("select_one", True, "yes")
    assert interest["choices"]["no"] == "Not interested"
    assert "stands on the page mood" in typed("walk", WALKED, "--answers", file)[1]


def test_a_walk_to_the_end_names_the_outcome_and_its_row(typed: Any, tmp_path: Path) -> None:
    file = written(tmp_path / "a.json", {"interest": "already", "risk": "now"})
    said = json.loads(typed("walk", WALKED, "--answers", file, "--json")[1])
    assert (said["outcome"], said["because"], said["raises"]) == ("E01", "risk_now", ["IMMEDIATE_RISK"])
    assert said["outcome_label"]


def test_a_walk_in_another_language_says_all_of_it_in_that_language(typed: Any, tmp_path: Path) -> None:
    polish = [["label::Polish", "constraint_message", "constraint_message::Polish", "constraint"], [], ["Po co"],
              ["Witaj"], ["Chcesz?", "Really?", "Naprawdę?", ". = 'y'"], ["Do widzenia"], []]  # fmt: skip
    survey = [[*one, *more] for one, more in zip(SURVEY, polish, strict=True)]
    choices = [[*one, more] for one, more in zip(CHOICES, ["label::Polish", "Tak", "Nie"], strict=True)]
    script = book(tmp_path / "s.xlsx", survey=survey, choices=choices, settings=SETTINGS)
    file = written(tmp_path / "a.json", {"keen": "n"})
    said = json.loads(typed("walk", script, "--answers", file, "--json", "--language", "Polish")[1])
    (page,) = [one for one in said["pages"] if one["name"] == "why"]
    assert (page["title"], [one["text"] for one in page["rows"]]) == ("Po co", ["Witaj", "Chcesz?", "Do widzenia"])
    assert (page["rows"][1]["choices"], said["faults"]) == (
        {"y": "Tak", "n": "Nie"}, [{"row": "keen", "why": "Naprawdę?"}],
    )  # fmt: skip
    ended, out, err = typed("walk", script, "--answers", file, "--language", "Klingon")
    assert (ended, out) == (1, "")
    assert "it has Polish" in err


def test_a_script_that_cannot_be_published_is_not_walked_and_its_cell_is_named(typed: Any, tmp_path: Path) -> None:
    script = book(tmp_path / "s.xlsx", survey=changed(SURVEY, (1, 4), "relevent"))
    ended, out, _err = typed("walk", script, "--answers", written(tmp_path / "a.json", {}), "--json")
    assert (ended, json.loads(out)["cell"]) == (1, "survey!D1")


@pytest.mark.parametrize(
    "words", [["check"], ["evaluate"], ["walk", WALKED], ["frobnicate"], ["evaluate", "1", "--values"], []]
)
def test_a_command_that_is_not_whole_is_a_mistake_of_use(words: list[object], typed: Any) -> None:
    ended, out, err = typed(*words)
    assert (ended, out) == (2, "")
    assert "usage:" in err
