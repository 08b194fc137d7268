"""A script as a record: open as long as it fits, packed where it does not, never more than a bound when unpacked."""

import base64
import json
import lzma
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from caller_app.protocol.codec import Malformed, decode, encode
from caller_app.protocol.limits import RECORD_BYTES
from caller_app.script.call import runs
from caller_app.script.compile import read_script
from caller_app.script.findings import Findings
from caller_app.script.lint import size
from caller_app.script.record import NEWER, PACKED_MOST, UNPACKED_MOST, as_record, read_record
from caller_app.script.run import Runner
from caller_app.script.script import Page, Row, Script, frozen
from tests.script.books import PACKS, book

NOW = datetime(2027, 1, 5, 10, tzinfo=UTC)
GOLDEN = Path(__file__).parents[1] / "protocol" / "golden" / "records"


def lengthy(rows: int, label: str = "Something that is said to everybody we ring, word for word. ") -> Script:
    made = tuple(Row(type="note", name=f"n{nr}", label=f"{label * 4}{nr}", cell=f"survey!B{nr}") for nr in range(rows))
    pages = tuple(Page(name=f"p{nr}", title=f"{nr}", rows=made[nr : nr + 10]) for nr in range(0, rows, 10))
    return frozen("long", "Long", "1", pages)


def packed(script: Script, data: bytes | str, form: str = "xz+base64") -> bytes:
    written = base64.b64encode(data).decode() if isinstance(data, bytes) else data
    said: dict[str, Any] = json.loads(encode(replace(script, pages=())))
    return encode(said | {"packed": {"form": form, "data": written}})


@pytest.mark.parametrize("name", ["core_call_flow", "diabetes_prevention", "talking_therapies", "winter_vaccination"])
def test_a_script_that_fits_travels_as_it_always_did(name: str) -> None:
    script = read_script(PACKS / f"{name}.xlsx")
    assert as_record(script) == encode(script)
    assert read_record(as_record(script)) == script


def test_a_script_that_is_too_long_travels_packed_and_is_the_same_word_for_word() -> None:
    script = lengthy(5_000)
    assert len(encode(script)) > 2 * RECORD_BYTES
    body = as_record(script)
    assert len(body) <= PACKED_MOST < 2 * RECORD_BYTES
    assert read_record(body) == script
    assert json.loads(body)["script_id"] == script.script_id
    assert json.loads(body)["sha256"] == script.sha256


def test_an_older_program_is_told_to_be_updated_and_ends_nothing() -> None:
    script = lengthy(5_000)
    older = decode(as_record(script), Script)  # as every program before this one read a record
    assert (older.script_id, older.cited) == (script.script_id, script.cited)
    assert runs(older)
    standing = Runner(older).stand({}, {}, NOW)
    assert [row.label for one in standing.path for row in one.rows] == [NEWER]
    assert standing.concluded.outcome == ""


def test_a_way_of_packing_this_program_does_not_know_is_told_in_the_same_words() -> None:
    said = json.loads(as_record(lengthy(5_000)))
    said["packed"]["form"] = "of later years"
    assert [row.label for row in read_record(encode(said)).rows()] == [NEWER]


@pytest.mark.parametrize("name", ["script-open", "script-packed"])
def test_what_was_sent_by_an_earlier_version_is_read_now(name: str, tmp_path: Path) -> None:
    script = read_record((GOLDEN / f"{name}.json").read_bytes())
    assert script == read_script(book(tmp_path / "s.xlsx"))


def test_a_bomb_is_not_unpacked_beyond_the_bound() -> None:
    bomb = lzma.compress(b" " * (2 * UNPACKED_MOST))
    with pytest.raises(Malformed, match="larger than any script"):
        read_record(packed(lengthy(10), bomb))


def test_what_wants_more_memory_than_any_script_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 256 * 2**20}]
    greedy = lzma.compress(encode(lengthy(10)), format=lzma.FORMAT_XZ, filters=filters)
    with pytest.raises(Malformed, match="damaged"):
        read_record(packed(lengthy(10), greedy))


@pytest.mark.parametrize("data", ["", "not base64!", "AAAA", b"", b"PK", lzma.compress(encode(lengthy(50)))[:-9]])
def test_a_damaged_one_is_malformed_and_not_a_fault(data: bytes | str) -> None:
    with pytest.raises(Malformed, match="damaged"):
        read_record(packed(lengthy(10), data))


def test_another_script_than_the_record_says_is_refused() -> None:
    with pytest.raises(Malformed, match="another one"):
        read_record(packed(lengthy(10), lzma.compress(encode(lengthy(20)))))


def test_what_is_packed_and_no_script_is_malformed() -> None:
    with pytest.raises(Malformed):
        read_record(packed(lengthy(10), lzma.compress(b'{"script_id": 1}')))


def test_a_script_that_no_workstation_would_take_in_is_an_error_that_says_so() -> None:
    found = Findings()
    size.check_made(lengthy(5_000), found)
    assert not found.listed
    chance = random.Random(5)
    noise = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=150 * 5_000))
    rows = [Row(type="note", name=f"n{nr}", label=noise[nr * 150 : nr * 150 + 150]) for nr in range(5_000)]
    size.check_made(frozen("noise", "Noise", "1", (Page(name="p", rows=tuple(rows)),)), found)
    size.check_made(lengthy(20_000), found)
    assert [one.code for one in found.listed] == ["script_large", "script_large"]
    assert "packed" in found.listed[0].sentence
