"""What the public converter refuses, we refuse: a workbook broken in each of many ways is given to both."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.script.compile import check_script
from tests.script.books import CHOICES, SETTINGS, SURVEY, book, changed

pyxform_errors = pytest.importorskip("pyxform.errors")
_SURVEY_WORDS = (
    None, "note", "select_one", "select_one nothing", "select_multiple yn", "begin_group", "end_group", "begin_repeat",
    "calculate", "elephant", "two words", "hello", "${nobody}", "${keen}", "1digit", "yes", "${", "",
)  # fmt: skip
_CHOICE_WORDS = (None, "yn", "y", "", "two words", "${keen}")


def refused_there(path: Path) -> bool:
    import pyxform.xls2xform

    try:
        pyxform.xls2xform.convert(xlsform=str(path), validate=False, pretty_print=False)
    except pyxform_errors.PyXFormError:
        return True
    return False


def refused_here(path: Path) -> bool:
    try:
        return check_script(path).script is None
    except Refused:
        return True


def cases() -> list[tuple[str, dict[str, Any]]]:
    made: list[tuple[str, dict[str, Any]]] = []
    places = itertools.product(range(2, len(SURVEY) + 1), range(1, 9))
    for (row, column), word in itertools.product(places, _SURVEY_WORDS):
        made.append((f"survey {row},{column} {word!r}", {"survey": changed(SURVEY, (row, column), word)}))
    for (row, column), word in itertools.product(itertools.product((1, 2, 3), (1, 2, 3)), _CHOICE_WORDS):
        made.append((f"choices {row},{column} {word!r}", {"choices": changed(CHOICES, (row, column), word)}))
    for row, column in itertools.product((1, 2), (1, 2, 3)):
        made.append((f"settings {row},{column}", {"settings": changed(SETTINGS, (row, column), "two words")}))
    return made[::7] + [case for case in made if case[0].startswith(("choices", "settings"))]


def test_what_the_public_converter_refuses_we_refuse(tmp_path: Path) -> None:
    let_through = []
    both = 0
    for nr, (name, sheets) in enumerate(cases()):
        path = book(tmp_path / f"{nr}.xlsx", **sheets)
        if refused_there(path):
            both += 1
            if not refused_here(path):
                let_through.append(name)
    assert let_through == []
    assert both > 40  # the comparison bites


def test_the_good_script_is_good_for_both(tmp_path: Path) -> None:
    path = book(tmp_path / "s.xlsx")
    assert not refused_there(path)
    assert not refused_here(path)
