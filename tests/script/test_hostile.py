"""Hostile workbooks end in a report that names the place; `benchmarks/hostile_scripts` says how long that takes."""

import random
import zipfile
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.script.compile import check_script
from caller_app.script.findings import MOST
from tests.script.books import PACKS
from tests.script.hostile import Hostile, row, survey
from tests.script.hostile_long import ALL
from tests.script.raw_books import pack, parts


@pytest.mark.parametrize("one", ALL, ids=[one.name for one in ALL])
def test_a_hostile_workbook_ends_in_a_report(one: Hostile, tmp_path: Path) -> None:
    code, cell = one.ends
    try:
        checked = check_script(one.make(tmp_path / "s.xlsx"))
    except Refused as fault:
        assert code == "refused", fault.sentence
        assert cell in fault.sentence
        assert len(fault.sentence) < 300
        return
    said = [(found.code, found.cell) for found in checked.findings]
    if code == "good":
        assert checked.script is not None, said
        return
    assert any(found == code and place.startswith(cell) for found, place in said), said[:5]
    assert len(said) <= MOST
    assert all(len(found.sentence) < 700 for found in checked.findings)


def test_the_parts_unbroken_are_a_good_script(tmp_path: Path) -> None:
    assert check_script(pack(tmp_path / "s.xlsx", parts())).script is not None


def test_words_written_with_joiners_are_read(tmp_path: Path) -> None:
    from tests.script.books import SURVEY, changed

    checked = check_script(pack(tmp_path / "s.xlsx", parts(survey=changed(SURVEY, (4, 3), "می\u200cخواهم"))))
    assert checked.script is not None
    assert "\u200c" in checked.script.row("hello").label  # type: ignore[union-attr]


@pytest.mark.parametrize("seed", range(12))
def test_a_workbook_with_bytes_changed_is_read_or_refused_and_never_a_fault(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    good = (PACKS / "winter_vaccination.xlsx").read_bytes()
    for nr in range(12):
        made = bytearray(good)
        for _ in range(chance.choice((1, 3, 30))):
            made[chance.randrange(len(made))] = chance.randrange(256)
        if nr % 3 == 0:
            del made[chance.randrange(len(made)) :]
        path = tmp_path / f"{nr}.xlsx"
        path.write_bytes(made)
        try:
            check_script(path)
        except Refused as fault:
            assert fault.sentence


@pytest.mark.parametrize("seed", range(12))
def test_parts_with_letters_changed_are_read_or_refused_and_never_a_fault(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    with zipfile.ZipFile(PACKS / "winter_vaccination.xlsx") as archive:
        good = {name: archive.read(name) for name in archive.namelist()}
    for nr in range(8):
        made: dict[str, str | bytes] = dict(good)
        name = chance.choice(sorted(good))
        part = bytearray(good[name])
        for _ in range(chance.choice((1, 2, 10))):
            at = chance.randrange(len(part))
            part[at : at + chance.choice((0, 1, 8))] = chance.choice(
                [
                    b"<",
                    b">",
                    b"&#9;",
                    b'"',
                    b"99999999999",
                    b"-1",
                    b"</row>",
                    b"<c/>",
                    b't="b"',
                    b"\xff",
                    b"NaN",
                    b"<f/>",
                ]
            )
        made[name] = bytes(part)
        try:
            check_script(pack(tmp_path / f"{nr}.xlsx", made))
        except Refused as fault:
            assert fault.sentence


@pytest.mark.parametrize("number", ["99999999999", "1048577", "-1", "1e9", "٣"])
def test_a_row_with_a_number_beyond_excels_is_refused_and_not_waited_for(number: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(PACKS / "winter_vaccination.xlsx") as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    sheet = next(name for name in parts if name.endswith("sheet1.xml"))
    body = parts[sheet]
    assert isinstance(body, bytes) and b'<row r="9"' in body
    parts[sheet] = body.replace(b'<row r="9"', f'<row r="{number}"'.encode())
    with pytest.raises(Refused, match="a row with a number that no workbook has"):
        check_script(pack(tmp_path / "far.xlsx", parts))


def test_an_error_is_never_left_out_for_warnings(tmp_path: Path) -> None:
    rows = [row(type="select_multiple yn", name="q", label="Which?")]
    rows += [row(type="note", name=f"n{nr}", label="x", relevant="${q} = 'y'") for nr in range(MOST + 50)]
    rows += [row(type="note", name="last", label="x", relevant="${nobody} = 'y'")]
    checked = check_script(survey(tmp_path / "s.xlsx", rows))
    assert [one.cell for one in checked.errors] == [f"survey!D{MOST + 53}"]
    assert len(checked.findings) == MOST
    assert checked.left_out
    assert checked.script is None
