"""Bits that turn on the disk, in every region of each file, and files that end too early (F33, F34)."""

import shutil
from pathlib import Path

import pytest

from caller_app.store import mirror, sending
from tests.store import rig
from tests.store.test_damage import filled, outbox_ids, spoil
from tests.support.clock import StoppedClock

PAGE = 4096
PEOPLE = 40
PLACES = {"head": 3, "rows": 700, "end of rows": 3900, "cipher's mark": 4050}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("whole")
    return folder, filled(folder, StoppedClock(), PEOPLE)


def turned(path: Path, at: int) -> bytes:
    """Turn one bit; gives what the file then holds."""
    raw = bytearray(path.read_bytes())
    raw[at] ^= 0x10
    path.write_bytes(raw)
    return bytes(raw)


@pytest.mark.expects_log("damaged outbox set aside")
@pytest.mark.parametrize("place", PLACES)
def test_a_bit_turned_in_any_page_of_the_outbox_costs_at_most_that_page_and_deletes_nothing(
    whole: tuple[Path, list[str]], tmp_path: Path, place: str
) -> None:
    folder, ids = whole
    pages = (folder / "outbox.db").stat().st_size // PAGE
    rescued_most = 0
    for page in range(0, pages, 2):
        now = tmp_path / f"{page}"
        shutil.copytree(folder, now)
        spoiled = turned(now / "outbox.db", page * PAGE + PLACES[place])
        store = rig.opened(now, StoppedClock())
        try:
            (aside,) = now.glob("outbox.damaged-*.db")
            assert aside.read_bytes() == spoiled
            found = outbox_ids(store)
            assert found == [one for one in ids if one in set(found)]
            rescued_most += len(found) >= len(ids) - 9
            counts = store.read(lambda view: sending.counts(view.outbox))
            assert counts.unsent == len(found)
            assert counts.alarm is not None and f"{len(found)} recorded" in counts.alarm
            assert store.read(lambda view: sending.identity(view.outbox)).device_id is None
            store.write(lambda unit: unit.record(rig.note(rig.item(1))))
        finally:
            store.close()
    assert rescued_most >= pages / 2 * 0.6  # only the few pages above all others take more with them


@pytest.mark.expects_log("damaged outbox set aside")
def test_what_lies_between_two_damaged_places_is_rescued_too(whole: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, ids = whole
    now = tmp_path / "now"
    shutil.copytree(folder, now)
    pages = (now / "outbox.db").stat().st_size // PAGE
    for page in (pages // 2 - 2, pages // 2 + 2):
        turned(now / "outbox.db", page * PAGE + 700)
    store = rig.opened(now, StoppedClock())
    try:
        assert len(outbox_ids(store)) >= len(ids) - 18
    finally:
        store.close()


@pytest.mark.parametrize("place", PLACES)
def test_a_bit_turned_in_any_page_of_the_list_means_that_it_is_read_again_with_the_outbox_untouched(
    whole: tuple[Path, list[str]], tmp_path: Path, place: str
) -> None:
    folder, ids = whole
    pages = (folder / "list.db").stat().st_size // PAGE
    for page in range(pages):
        now = tmp_path / f"{page}"
        shutil.copytree(folder, now)
        turned(now / "list.db", page * PAGE + PLACES[place])
        store = rig.opened(now, StoppedClock())
        try:
            assert mirror.position(store).cursor == 0
            assert outbox_ids(store) == ids
            assert not list(now.glob("outbox.damaged-*"))
        finally:
            store.close()


@pytest.mark.expects_log("damaged outbox set aside")
@pytest.mark.parametrize("length", [1, 512, PAGE, PAGE + 100, 5 * PAGE, 9 * PAGE])
def test_an_outbox_that_ends_too_early_is_set_aside_whole(
    whole: tuple[Path, list[str]], tmp_path: Path, length: int
) -> None:
    folder, ids = whole
    now = tmp_path / "now"
    shutil.copytree(folder, now)
    short = (now / "outbox.db").read_bytes()[:length]
    (now / "outbox.db").write_bytes(short)
    store = rig.opened(now, StoppedClock())
    try:
        (aside,) = now.glob("outbox.damaged-*.db")
        assert aside.read_bytes() == short
        assert set(outbox_ids(store)) <= set(ids)
        assert store.read(lambda view: sending.counts(view.outbox)).alarm is not None
    finally:
        store.close()


@pytest.mark.expects_log("the outbox was missing or empty")
@pytest.mark.parametrize("gone", [True, False])
def test_an_outbox_that_is_missing_or_empty_beside_a_list_is_said_aloud(
    whole: tuple[Path, list[str]], tmp_path: Path, gone: bool
) -> None:
    now = tmp_path / "now"
    shutil.copytree(whole[0], now)
    if gone:
        (now / "outbox.db").unlink()
    else:
        (now / "outbox.db").write_bytes(b"")
    store = rig.opened(now, StoppedClock())
    try:
        alarm = store.read(lambda view: sending.counts(view.outbox)).alarm
        assert alarm is not None and "missing or empty" in alarm
        store.write(lambda unit: unit.record(rig.note(rig.item(1))))
    finally:
        store.close()


def test_a_log_that_is_damaged_takes_nothing_from_what_was_folded_back_before(tmp_path: Path) -> None:
    clock = StoppedClock()
    before = tmp_path / "before"
    ids = filled(before, clock)
    store = rig.opened(before, clock)
    more = [store.write(lambda unit: unit.record(rig.note(rig.item(1), "z" * 900))) for _ in range(6)]
    shutil.copytree(before, tmp_path / "after")
    store.close()
    log = tmp_path / "after" / "outbox.db-wal"
    spoil(log, log.stat().st_size // 2, 8)
    again = rig.opened(tmp_path / "after", clock)
    try:
        found = outbox_ids(again)
        assert found[: len(ids)] == ids
        assert found[len(ids) :] == more[: len(found) - len(ids)]  # what came before the damage, in order
    finally:
        again.close()
