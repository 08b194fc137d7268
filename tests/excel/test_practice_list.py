"""The national list of practices: whole, or refused with the numbers of its bad lines."""

from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.excel.practices import read_practices
from tests.excel.making import PRACTICE_LIST


def line(
    code: str = "D82001", name: str = "A SURGERY", status: str = "A", opened: str = "19740401", columns: int = 27
) -> str:
    fields = [code, name, "Y55", "Q79", "1 HIGH STREET", "", "NORWICH", "", "", "NR1 1AA", opened, "", status]
    fields += ["B", "06W", "20130401", "", "01632 960900", "", "", "", "0", "", "06W", "", "4", ""]
    return ",".join(f'"{field}"' for field in fields[:columns])


def test_the_shipped_list_is_read_whole() -> None:
    practices = read_practices(PRACTICE_LIST)
    assert len(practices) == 12_922
    found = practices.get("D82104")
    assert found is not None
    assert (found.name, found.is_open, found.is_gp) == ("ACLE MEDICAL PARTNERSHIP", True, True)
    assert practices.named("Acle medical partnership") == ("D82104",)
    assert sum(practice.is_open and practice.is_gp for practice in practices.all()) == 7_756


def test_letters_of_windows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(line(name="ST. ANNE’S SURGERY").encode("cp1252"))
    found = read_practices(path).get("D82001")
    assert found is not None
    assert (found.name, found.postcode, found.phone) == ("ST. ANNE’S SURGERY", "NR1 1AA", "01632 960900")
    assert found.address_lines == ("1 HIGH STREET", "NORWICH")
    assert str(found.open_on) == "1974-04-01"


@pytest.mark.parametrize(
    "bad",
    [
        line(columns=20),
        line(code=""),
        line(code="D8 2001!"),
        line(name=" "),
        line(status="X"),
        line(opened="1974-04-01"),
        line(opened="19741301"),
        line(code="D82999"),
    ],
)
def test_a_bad_line_refuses_the_list_and_is_named(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text("\n".join([line(), line(code="D82999"), bad]), encoding="cp1252")
    with pytest.raises(Refused) as refused:
        read_practices(path)
    assert "line 3" in refused.value.sentence


def test_an_empty_and_a_missing_list_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "p.csv"
    empty.write_bytes(b"")
    for path in (empty, tmp_path / "none.csv"):
        with pytest.raises(Refused):
            read_practices(path)
