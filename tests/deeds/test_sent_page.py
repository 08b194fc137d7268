"""What is sent, in full: filters, search, each change's way and words, notices, what left the list, and the export."""

import csv
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from caller_app.base.clock import to_text
from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt
from caller_app.commands.copies import note_copy
from caller_app.domain.items import KIND_NOTICE
from caller_app.protocol.codec import encode
from caller_app.protocol.messages import Put
from caller_app.protocol.notices import NoticeBody
from caller_app.queries.outbox import GONE_NAME, detail, entries, outbox_counts
from caller_app.queries.outbox_export import file_name, outbox_sheet, save_sheet
from caller_app.queries.standing import standing
from caller_app.queries.told import left_list, notices
from caller_app.store import removal
from tests.deeds.rig import MOBILE, TUESDAY, Rig, all_of, case, item, opened

NAME = "Testwell"


@pytest.fixture
def two(tmp_path: Path) -> Any:
    with opened(tmp_path / "p", item(1), item(2), item(3)) as rig:
        yield rig


def call(rig: Rig, number: int = 1, outcome: str = "C01", **more: Any) -> str:
    rig.call(case(number))
    act = rig.write(record_attempt, case_id=case(number), outcome=outcome, **more)
    rig.clock.pass_by(minutes=3)
    made: str = act.attempt_id
    return made


def settle(rig: Rig, change_id: str, **facts: Any) -> None:
    given = {"state": "ACKED", "verdict": "applied", "reason": None, "review_id": None,
             "acked_at": to_text(rig.clock.now()), **facts}  # fmt: skip
    with rig.store.outbox.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE outbox SET {', '.join(f'{name} = ?' for name in given)} WHERE change_id = ?",
            (*given.values(), change_id),
        )


def hear(rig: Rig, **facts: Any) -> None:
    body = NoticeBody(notice_id=f"cccccccc-0000-4000-8000-{rig._seq:012d}", at=to_text(rig.clock.now()), **facts)
    rig._take([Put(k=KIND_NOTICE, s=rig._next(), id=body.notice_id, v=1, b=msgspec.Raw(encode(body)))])


def test_the_page_is_filtered_by_where_a_change_stands(two: Rig) -> None:
    first, second, third = call(two), call(two, 2), call(two, 3)
    settle(two, first)
    settle(two, second, verdict="applied_review", reason="late_outcome", review_id="r")
    shown = {kept: all_of(two.read(entries, kept=kept), "change_id") for kept in ("waiting", "review", "sent", "all")}
    assert shown["review"] == [second]
    assert shown["sent"] == [second, first]
    assert third in shown["waiting"] and not {first, second} & set(shown["waiting"])
    assert len(shown["all"]) == two.read(outbox_counts).everything == 9
    counts = two.read(outbox_counts)
    assert (counts.waiting, counts.review, counts.sent) == (7, 1, 2)
    (row,) = two.read(entries, kept="review")
    assert (row.in_review, row.received_at, len(row.receipt)) == (True, two.clock.now(), 8)
    assert row.reason == "recorded after the person was passed to a colleague"


def test_a_search_looks_at_what_state_number_and_receipt(two: Rig) -> None:
    made, other = call(two), call(two, 2, "C02")
    settle(two, made)
    for typed, found in (
        ("no answer", [made]),
        ("engaged", [other]),
        ("accepted", [made]),
        (made.replace("-", "")[-8:], [made]),
        (made, [made]),
        ("call saved", [other]),
        (NAME, []),
        ("%", []),
    ):
        assert all_of(two.read(entries, search=typed), "change_id") == found, typed
    assert len(two.read(entries, search="card opened", limit=1, offset=1)) == 1


def test_a_detail_says_the_way_and_only_there_whom_it_was_about(two: Rig) -> None:
    made = call(two, note="ok")
    settle(two, made, verdict="quarantined", reason="never_in_scope", review_id="rr", tries=2, last_error="busy")
    found = two.read(detail, change_id=made)
    assert found is not None
    assert found.about.endswith("Testwell-Brook1")
    assert ("Result", "No answer") in found.lines
    assert ("Number", "07700 900001") in found.lines
    assert ("Note", "ok") in found.lines
    way = dict(found.way)
    assert way["Receipt number"] == made
    assert way["Tried in vain"] == "2 times, last: the centre was busy"
    assert way["Safe at the centre"] == "not confirmed yet"
    assert way["Number of the review"] == "rr"
    assert NAME not in repr(two.read(entries)) and MOBILE not in repr(two.read(entries))
    two.lose(item(1))
    gone = two.read(detail, change_id=made)
    assert gone is not None and gone.about == GONE_NAME
    assert two.read(detail, change_id="nothing") is None


def test_what_a_supervisor_settled_is_looked_at_no_more_and_says_how(two: Rig) -> None:
    made = call(two)
    settle(two, made, verdict="applied_review", reason="late_outcome", review_id="r")
    assert two.read(standing).in_review == 1
    hear(two, words="A late result: …", case_id=case(), change_id=made, verdict="applied", reason="settled_late_only")
    assert two.read(standing).in_review == 0
    (row,) = [one for one in two.read(entries) if one.change_id == made]
    assert (row.state, row.in_review) == ("looked at: it counts as late and decides nothing", False)


def test_notices_stand_in_a_list_the_newest_first_without_a_name(two: Rig) -> None:
    made = call(two)
    settle(two, made, verdict="received")
    hear(two, words="A colleague put a detail right for one of your people.", case_id=case(2))
    two.clock.pass_by(minutes=5)
    hear(two, change_id=made, verdict="applied", ver=2)
    late, early = two.read(notices)
    assert (late.about, late.words, late.change_id) == (
        "Call: No answer",
        "The centre has taken it in: accepted.",
        made,
    )
    assert (early.about, early.change_id) == ("", None)
    assert early.words.startswith("A colleague put a detail right")
    assert two.read(standing).told_at == (to_text(late.at), to_text(early.at))
    assert NAME not in repr((late, early))


def test_what_left_the_list_says_why_when_and_whether_the_centre_knows(two: Rig) -> None:
    call(two)
    two.clock.pass_by(minutes=1)
    two.lose(item(1), "opted_out")
    two.clock.pass_by(minutes=1)
    two.lose(item(2))
    newest, oldest = two.read(left_list)
    assert (newest.why, newest.entries, newest.confirmed) == ("passed to a colleague", 0, False)
    assert (oldest.why, oldest.entries) == ("this person asked not to be called again", 1)
    assert NAME not in repr((newest, oldest))
    removal.acknowledge_removals(two.store, 10_000)
    assert [one.confirmed for one in two.read(left_list)] == [True, True]


def test_a_sheet_for_support_names_nobody_unless_asked(two: Rig, tmp_path: Path) -> None:
    made = call(two, note="ring after school")
    settle(two, made, verdict="applied_review", reason="late_outcome")
    plain = two.read(outbox_sheet)
    assert NAME not in repr(plain) and "900001" not in repr(plain) and "school" not in repr(plain)
    assert "No answer" not in repr(plain), "not even the result"
    assert case(1) not in repr(plain), "nor the number of the record"
    full = two.read(outbox_sheet, with_words=True)
    assert NAME in repr(full) and "07700 900001" in repr(full) and "ring after school" in repr(full)
    assert full.notes[0].startswith("OFFICIAL-SENSITIVE")
    for sheet, text in ((plain, True), (full, False)):
        path = save_sheet(sheet=sheet, folder=tmp_path, name=file_name(TUESDAY, text=text))
        assert path.name == f"caller-outbox-20260303-1000.{'txt' if text else 'xlsx'}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == [
        "caller-outbox-20260303-1000.txt", "caller-outbox-20260303-1000.xlsx",
    ]  # fmt: skip


def test_the_text_file_can_be_read_back_and_the_workbook_holds_no_formula(two: Rig, tmp_path: Path) -> None:
    import openpyxl

    call(two, note="=1+1\tand a tab")
    sheet = two.read(outbox_sheet, with_words=True)
    text = save_sheet(sheet=sheet, folder=tmp_path, name="a.txt").read_text(encoding="utf-8-sig")
    lines = text.split("\n")
    rows = list(csv.reader(lines[lines.index(next(one for one in lines if one.startswith("No.\t"))) :], delimiter="\t"))
    assert len({len(row) for row in rows if row}) == 1
    assert "Note: =1+1\tand a tab" in rows[1][-1]
    sheet = replace(sheet, rows=(("=1+1", *sheet.rows[0][1:]),))
    book = openpyxl.load_workbook(save_sheet(sheet=sheet, folder=tmp_path, name="a.xlsx"))
    cell = book["What is sent"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_sheet_never_writes_over_a_file_and_says_where_it_cannot(two: Rig, tmp_path: Path) -> None:
    sheet = two.read(outbox_sheet)
    first = save_sheet(sheet=sheet, folder=tmp_path, name="a.txt")
    before = first.read_bytes()
    assert save_sheet(sheet=sheet, folder=tmp_path, name="a.txt").name == "a-2.txt"
    assert first.read_bytes() == before
    with pytest.raises(Refused, match="no such folder") as told:
        save_sheet(sheet=sheet, folder=tmp_path / "nowhere", name="a.txt")
    assert told.value.field == "folder"


def test_a_copy_for_support_holds_every_change_with_verdict_and_receipts_and_what_is_no_longer_kept(
    two: Rig, tmp_path: Path
) -> None:
    import openpyxl

    first, second, third = call(two), call(two, 2), call(two, 3)
    settle(two, first, state="DURABLE", durable_at=to_text(two.clock.now()))
    settle(two, second, verdict="applied_review", reason="late_outcome", review_id="r-1")
    with two.store.outbox.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO ledger(change_id, dseq, kind, rec_hash, state, at) VALUES"
            " ('gone-1', 1, 'note_added', 'x', 'erased', ?), (?, 2, 'attempt_recorded', 'y', 'acked', ?)",
            (to_text(two.clock.now()), first, to_text(two.clock.now())),
        )
        kept = set(connection.exec_driver_sql("SELECT change_id FROM outbox").scalars())
    sheet = two.read(outbox_sheet)
    rows = {row[10]: dict(zip(sheet.headings, row, strict=True)) for row in sheet.rows}
    assert rows.keys() == kept, "views and dials too"
    assert rows[first]["Safe at the centre (UTC)"] and rows[first]["Receipt of the centre (UTC)"]
    assert (rows[second]["Verdict"], rows[second]["Number of the review"]) == ("applied_review", "r-1")
    waits = rows[third]
    assert (waits["State"], waits["Verdict"], waits["Receipt of the centre (UTC)"]) == ("PENDING", "", "")
    assert [row[-1] for row in sheet.erased] == ["gone-1"], "what is still kept stands in the first table only"
    text = save_sheet(sheet=sheet, folder=tmp_path, name="a.txt").read_text(encoding="utf-8-sig")
    assert all(one in text for one in (*kept, "gone-1"))
    book = openpyxl.load_workbook(save_sheet(sheet=sheet, folder=tmp_path, name="a.xlsx"))
    assert book.sheetnames == ["Read me", "What is sent", "No longer kept here"]
    assert book["What is sent"].max_row == len(kept) + 1
    assert book["No longer kept here"]["E2"].value == "gone-1"


def test_a_copy_for_support_is_written_down_for_each_person_in_it_and_once_where_it_says_nothing(two: Rig) -> None:
    assert two.write(note_copy, with_words=False) == 0, "of an empty outbox there is nothing to say"
    call(two), call(two, 2)
    before = len(two.read(outbox_sheet).rows)
    assert two.write(note_copy, with_words=True) == 2
    noted = two.read(outbox_sheet, with_words=True).rows[:-before]
    assert {row[2] for row in noted} == {"Copy made for support"}
    assert {row[-1] for row in noted} == {"What: copy made for support; Detail: with words"}
    assert len({row[-2] for row in noted}) == 2
    assert two.write(note_copy, with_words=False) == 0
    (last,) = two.read(outbox_sheet, with_words=True).rows[: -before - 2]
    assert "without words" in last[-1]
