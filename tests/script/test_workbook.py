"""Reading a script: the four packs whole, and every fault with its cell."""

import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from caller_app.base.errors import Refused
from caller_app.script.compile import read_script
from caller_app.script.lint import Surroundings
from caller_app.script.lint.codes import unknown_codes
from caller_app.script.script import Script
from tests.rules.cases import project, rules
from tests.script.books import CHOICES, PACKS, SETTINGS, SURVEY, book, changed

NAMES = sorted(path.stem for path in PACKS.glob("*.xlsx"))


def refused(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        read_script(path)
    return caught.value


def test_there_are_four_packs() -> None:
    assert NAMES == ["core_call_flow", "diabetes_prevention", "talking_therapies", "winter_vaccination"]


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_is_read_whole(name: str) -> None:
    import openpyxl

    script = read_script(PACKS / f"{name}.xlsx")
    assert script.form_id == name
    assert script.version.isdecimal()
    rows = list(openpyxl.load_workbook(PACKS / f"{name}.xlsx")["survey"].iter_rows(min_row=2, values_only=True))
    groups = [row for row in rows if row[0] in ("begin_group", "end_group")]
    assert len(script.rows()) == len([row for row in rows if row[0]]) - len(groups)
    assert [page.name for page in script.pages if page.title] == [row[1] for row in groups if row[0] == "begin_group"]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_words_are_the_same_script_and_other_words_another(name: str, tmp_path: Path) -> None:
    import openpyxl

    first = read_script(PACKS / f"{name}.xlsx")
    saved = openpyxl.load_workbook(PACKS / f"{name}.xlsx")
    saved.save(tmp_path / "again.xlsx")
    assert read_script(tmp_path / "again.xlsx") == first
    saved["settings"]["C2"] = "2027010101"
    saved.save(tmp_path / "newer.xlsx")
    assert read_script(tmp_path / "newer.xlsx").script_id != first.script_id


@pytest.mark.parametrize("name", NAMES)
def test_a_script_survives_the_wire(name: str) -> None:
    script = read_script(PACKS / f"{name}.xlsx")
    assert msgspec.json.decode(msgspec.json.encode(script), type=Script) == script


def test_the_codes_of_every_pack_are_outcomes_we_know() -> None:
    known = frozenset(one.code for one in rules().outcomes.all())
    for name in NAMES:
        script = read_script(PACKS / f"{name}.xlsx")
        places = [place.pathway for row in script.rows() for place in (row, *row.choices)]
        pathways = frozenset(place for place in places if place)
        assert unknown_codes(script, Surroundings(outcomes=known, pathways=pathways)) == ()


def test_the_demo_project_offers_what_its_script_names() -> None:
    script = read_script(PACKS / f"{project().script_pack}.xlsx")
    known = frozenset(one.code for one in rules().outcomes.all())
    pathways = frozenset(one.code for one in project().pathways)
    assert unknown_codes(script, Surroundings(outcomes=known, pathways=pathways)) == ()
    said = unknown_codes(script, Surroundings(outcomes=frozenset(), pathways=frozenset(), routes=frozenset()))
    assert {one.partition(": the ")[2].split(" ")[0] for one in said} == {"outcome", "pathway"}


def test_a_small_script(tmp_path: Path) -> None:
    script = read_script(book(tmp_path / "s.xlsx"))
    assert script.cited == "a_test/2026112201"
    assert [page.name for page in script.pages] == ["between_1", "why"]
    keen = script.row("keen")
    assert keen is not None
    assert (keen.required, [one.label for one in keen.choices], keen.cell) == (True, ["Yes", "No"], "survey!B5")


@pytest.mark.parametrize(
    ("sheets", "place"),
    [
        ({"survey": changed(SURVEY, (4, 3), "=1+1")}, "survey!C4"),
        ({"survey": changed(SURVEY, (4, 7), '=HYPERLINK("x")')}, "survey!G4"),
        ({"survey": changed(SURVEY, (1, 4), "relevent")}, "survey!D1"),
        ({"survey": changed(SURVEY, (1, 4), "label")}, "survey!D1"),
        ({"survey": changed(SURVEY, (4, 1), "image")}, "survey!A4"),
        ({"survey": changed(SURVEY, (4, 1), "begin_repeat")}, "survey!A4"),
        ({"survey": changed(SURVEY, (5, 1), "select_one no_such_list")}, "survey!A5"),
        ({"survey": changed(SURVEY, (5, 2), "hello")}, "survey!B5"),
        ({"survey": changed(SURVEY, (5, 2), "two words")}, "survey!B5"),
        ({"survey": changed(SURVEY, (5, 2), None)}, "survey!B5"),
        ({"survey": changed(SURVEY, (4, 3), None)}, "survey!C4"),
        ({"survey": changed(SURVEY, (4, 8), "shout")}, "survey!H4"),
        ({"survey": changed(SURVEY, (5, 5), "maybe")}, "survey!E5"),
        ({"survey": changed(SURVEY, (6, 9), "decline")}, "survey!I6"),
        ({"survey": changed(SURVEY, (6, 4), "${kean} = 'n'")}, "survey!D6"),
        ({"survey": changed(SURVEY, (4, 3), "Hello ${pt_frist}")}, "survey!C4"),
        ({"survey": changed(SURVEY, (7, 1), "begin_group")}, "survey!A7"),
        ({"survey": SURVEY[:-1]}, "survey!A3"),
        ({"survey": [SURVEY[0], SURVEY[-1]]}, "survey!A2"),
        ({"choices": [*CHOICES, ["yn", "y", "Yes again", None, None]]}, "choices!B4"),
        ({"choices": changed(CHOICES, (2, 3), None)}, "choices!C2"),
        ({"settings": [*SETTINGS, ["B", "b", 1]]}, "settings!A3"),
        ({"settings": changed(SETTINGS, (2, 2), None)}, "settings!B2"),
        ({"settings": []}, "settings"),
        ({"notes": [["x"]]}, "notes"),
        ({"survey": [[*row, None, "stray" if nr == 3 else None] for nr, row in enumerate(SURVEY)]}, "survey!K4"),
    ],
)
def test_a_fault_is_refused_with_its_cell(sheets: dict[str, Any], place: str, tmp_path: Path) -> None:
    fault = refused(book(tmp_path / "s.xlsx", **sheets))
    assert fault.place == place
    assert place.partition("!")[0] in fault.sentence


@pytest.mark.parametrize("content", [b"", b"PK", b"not a workbook", b"\xd0\xcf\x11\xe0" + b"x" * 600])
def test_what_is_no_workbook_gets_a_plain_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    path.write_bytes(content)
    assert "workbook" in refused(path).sentence


def test_a_zip_that_is_no_workbook_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "cannot be read" in refused(tmp_path / "s.xlsx").sentence
    assert "cannot be opened" in refused(tmp_path / "none.xlsx").sentence


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (51 * 2**20))
    assert "unpacks to far more" in refused(tmp_path / "s.xlsx").sentence


def test_a_cell_of_endless_text_is_refused(tmp_path: Path) -> None:
    assert refused(book(tmp_path / "s.xlsx", survey=changed(SURVEY, (4, 3), "x" * 4_001))).place == "survey!C4"


def test_relevance_is_another_word_for_relevant(tmp_path: Path) -> None:
    script = read_script(book(tmp_path / "s.xlsx", survey=changed(SURVEY, (1, 4), "relevance")))
    bye = script.row("bye")
    assert bye is not None
    assert bye.relevant == "${keen} = 'n'"


def test_a_part_that_defines_entities_is_refused(tmp_path: Path) -> None:
    good = book(tmp_path / "good.xlsx")
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(tmp_path / "made.xlsx", "w") as made:
        for name in archive.namelist():
            part = archive.read(name)
            if name == "xl/workbook.xml":
                start = part.index(b"<workbook")
                part = part[:start] + b'<!DOCTYPE workbook [<!ENTITY a "aaaaaaaaaa">]>' + part[start:]
            made.writestr(name, part)
    read_script(good)
    assert "damaged or not an Excel workbook" in refused(tmp_path / "made.xlsx").sentence
