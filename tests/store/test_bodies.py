"""What was received of each record lies packed in the list, comes out byte for byte, and takes a part of the room."""

import random
from pathlib import Path

import msgspec
import pytest

from caller_app.base.paths import resource_path
from caller_app.base.zstd import Likeness, NotPacked
from caller_app.domain.items import KIND_ITEM, KIND_NOTICE, Item
from caller_app.protocol.codec import Malformed, decode_item, encode
from caller_app.protocol.messages import Put
from caller_app.queries.standing import standing
from caller_app.store import bodies, migrate, mirror, schema_list, sending
from caller_app.store.engine import quick
from tests.store import rig
from tests.support import case_dictionary
from tests.support.clock import StoppedClock


def test_every_body_comes_out_byte_for_byte() -> None:
    chance = random.Random(7)
    said = [b"", b"{}", b"\xff\x00 no text", encode(rig.item(1)), chance.randbytes(70_000), b'{"a":"' + b"x" * 200_000]
    puts = [Put(k=KIND_NOTICE, s=n, id=f"r{n}", v=1, b=msgspec.Raw(body)) for n, body in enumerate(said, 1)]
    packed = bodies.pack(puts)
    assert [bodies.unpack(packed[one.k, one.id]) for one in puts] == said


def test_a_case_takes_less_than_a_third_of_its_room() -> None:
    item = rig.item(1)
    put = Put(k=KIND_ITEM, s=1, id=item.case_id, v=1, b=msgspec.Raw(encode(item)))
    assert len(bodies.pack([put])[put.k, put.id]) * 3 < len(encode(item))


@pytest.mark.parametrize("spoiled", [b"", b"{}", b"\x28\xb5\x2f\xfd", "cut", "turned", "another dictionary"])
def test_what_was_not_packed_here_is_malformed(spoiled: bytes | str) -> None:
    put = Put(k=KIND_ITEM, s=1, id="one", v=1, b=msgspec.Raw(encode(rig.item(1))))
    whole = bodies.pack([put])[put.k, put.id]
    if spoiled == "cut":
        spoiled = whole[:-3]
    elif spoiled == "turned":
        spoiled = whole[:-1] + bytes([whole[-1] ^ 1])  # a bit of the checksum
    elif spoiled == "another dictionary":
        spoiled = Likeness(resource_path(bodies.DICTIONARY).read_bytes()[:-1]).pack([put.b])[0]
    assert isinstance(spoiled, bytes)
    with pytest.raises(Malformed) as told:
        bodies.unpack(spoiled)
    assert told.value.place == "$"
    assert "Testwell" not in f"{told.value!r} {told.value.__cause__!r}"


def test_by_itself_it_says_that_it_was_not_packed() -> None:
    with pytest.raises(NotPacked):
        Likeness(resource_path(bodies.DICTIONARY).read_bytes()).unpack(b"nothing")


def test_a_list_packed_by_another_dictionary_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = StoppedClock()
    store = rig.opened(tmp_path, clock)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(rig.item(1), 2)], clock))
    store.write(lambda unit: unit.record(rig.note(rig.item(1))))
    store.close()
    assert layout_of(tmp_path) == schema_list.VERSION
    earlier = bodies.layout()
    monkeypatch.setattr(bodies, "layout", lambda: earlier ^ 1)
    store = rig.opened(tmp_path, clock)
    try:
        with store.lists.read() as lists:
            assert quick(lists, "SELECT count(*) FROM record") == [(0,)]
        with store.outbox.read() as outbox:  # what was recorded is not the list's
            assert quick(outbox, "SELECT count(*) FROM outbox WHERE state = 'PENDING'") == [(1,)]
        assert mirror.position(store).mode == "snapshot"
        assert migrate.version_of(store.lists) == earlier ^ 1
    finally:
        store.close()


def layout_of(folder: Path) -> int:
    """Give the version of the tables in a list's number."""
    store = rig.opened(folder)
    try:
        return migrate.version_of(store.lists) >> 16
    finally:
        store.close()


def test_the_dictionary_ends_with_its_makers_case_which_names_all_that_the_centre_writes() -> None:
    held = resource_path(bodies.DICTIONARY).read_bytes()
    sample = case_dictionary.sample()
    assert held.endswith(sample)
    assert encode(decode_item(sample)) == sample
    for name in Item.__dataclass_fields__:
        assert f'"{name}":'.encode() in sample


@pytest.mark.expects_log("a record cannot be read")
def test_a_body_that_cannot_be_unpacked_keeps_nothing_else_from_being_derived_at_the_start(tmp_path: Path) -> None:
    clock = StoppedClock()
    one, other = rig.item(1), rig.item(2)
    store = rig.opened(tmp_path, clock)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2), rig.put(other, 3)], clock))
    for each in (one, other):
        store.write(lambda unit, each=each: unit.record(rig.note(each)))
    with store.lists.write() as lists:
        quick(lists, "UPDATE record SET body = x'28b52ffd00' WHERE id = ?", (one.case_id,))
        quick(lists, "UPDATE shown SET pending = 0, body = NULL")
    store.close()
    store = rig.opened(tmp_path, clock)
    try:
        assert store.read(lambda view: view.item(one.case_id)) is None  # off the list, and counted
        assert store.read(standing).unreadable == 1
        shown = store.read(lambda view: view.item(other.case_id))
        assert shown is not None and len(shown.notes) == 1
        assert store.read(lambda view: sending.counts(view.outbox)).unsent == 2
    finally:
        store.close()
