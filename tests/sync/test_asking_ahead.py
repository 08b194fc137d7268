"""While a list is read from zero the next page is asked for before this one is written: faster, and never less safe."""

import contextlib
import gc
import io
import shutil
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from urllib3 import HTTPResponse

from caller_app.base.errors import CentreUnreachable
from caller_app.protocol.limits import PAGE_RECORDS
from caller_app.store import mirror, removal, unpacked
from caller_app.sync import pull
from caller_app.sync.pull import Pages, Pulled
from tests.sync.world import Device, World

CASES = 10
LIMIT = 3  # with the project that makes four pages
RECORDS = CASES + 1


@pytest.fixture
def device(world: World) -> Device:
    """A workstation that is registered and has read nothing yet, with a line that gives small pages."""
    anna = world.user("anna")
    world.rig.cases(world.project, CASES, to=anna)
    device = world.device(anna)
    device.line.after = lost
    with pytest.raises(CentreUnreachable):
        device.sync()
    device.line.after = None
    device.line.page_limit = LIMIT
    return device


def lost(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
    if "/v1/pull" in (request.url or ""):
        raise requests.ConnectionError("reply lost")
    return response


def asked(device: Device) -> list[dict[str, str]]:
    """Listen to the questions for pages from now on."""
    heard: list[dict[str, str]] = []

    def note(request: requests.PreparedRequest) -> None:
        parts = urlsplit(request.url or "")
        if parts.path == "/v1/pull":
            heard.append({name: values[0] for name, values in parse_qs(str(parts.query)).items()})

    device.line.before = note
    return heard


def take(device: Device, pages: Pages) -> Pulled:
    return pages.take(mirror.position(device.store), removal.held_ids(device.store))


def take_while_nothing_is_written(device: Device, pages: Pages, *, until: threading.Event) -> None:
    with device.store.lists.write():
        one = threading.Thread(target=take, args=(device, pages))
        one.start()
        assert until.wait(30)
    one.join()


def test_a_reading_from_zero_asks_each_page_once_and_ends_with_the_whole_list(world: World, device: Device) -> None:
    heard = asked(device)
    with contextlib.closing(Pages(device.store, device.api, worth=1)) as pages:
        while (pulled := take(device, pages)).page is None or pulled.page.begin.more:
            assert pulled.reset is None
    assert [int(one["cursor"]) for one in heard] == [0, 3, 6, 9]
    assert [one["mode"] for one in heard] == ["snapshot"] * 4
    assert len(device.cases()) == CASES
    assert mirror.position(device.store).mode == "delta"
    assert device.sync().resets == 0


def test_while_a_list_is_read_no_garbage_is_looked_for_and_then_it_is_as_before(device: Device) -> None:
    seen: list[bool] = []

    def note(request: requests.PreparedRequest) -> None:
        if "/v1/pull" in (request.url or ""):
            seen.append(gc.isenabled())

    assert gc.isenabled()
    device.line.before = note
    device.sync()
    assert seen and not any(seen)
    assert gc.isenabled()


def test_the_next_page_is_asked_for_before_this_one_is_written(device: Device) -> None:
    stood_at: list[int] = []
    both = threading.Event()

    def note(request: requests.PreparedRequest) -> None:
        stood_at.append(mirror.position(device.store).cursor)
        if len(stood_at) == 2:
            both.set()

    device.line.before = note
    with contextlib.closing(Pages(device.store, device.api, worth=1)) as pages:
        take_while_nothing_is_written(device, pages, until=both)
    assert stood_at == [0, 0]
    assert mirror.position(device.store).cursor == LIMIT


def test_the_next_page_is_taken_apart_while_this_one_is_written(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart: list[int] = []
    done = threading.Event()

    def note(*given: Any) -> Any:
        apart.append(mirror.position(device.store).cursor)
        done.set()
        return unpacked.unpack(*given)

    monkeypatch.setattr(pull, "unpack", note)
    with contextlib.closing(Pages(device.store, device.api, worth=1)) as pages:
        take_while_nothing_is_written(device, pages, until=done)
        assert apart == [0]
        monkeypatch.setattr(mirror, "unpack", lambda *_given: pytest.fail("it was taken apart already"))
        take(device, pages)
    assert mirror.position(device.store).cursor == 2 * LIMIT
    assert len(device.cases()) == 2 * LIMIT - 1  # one of the records is the project


def test_a_page_that_is_not_wanted_any_more_is_not_read_to_its_end(device: Device) -> None:
    """A long page on a slow line: whoever lets go of it waits for the part in hand, not for all of it."""
    begun = threading.Event()
    given: list[str] = []

    class Slow:
        """Gives a part of the second page at once, the next when nobody wants it any more, and then no end of them."""

        def __init__(self, unwanted: threading.Event) -> None:
            self.unwanted = unwanted

        def stream(self, *_size: int, **_more: bool) -> Iterator[bytes]:
            for part in ("while it was wanted", "the part in hand", *["after that"] * 1_000):
                given.append(part)
                yield b" "
                begun.set()
                assert self.unwanted.wait(30)

        def close(self) -> None:
            pass

        release_conn = close

    with contextlib.closing(Pages(device.store, device.api, worth=1)) as pages:

        def second_is_slow(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
            if "cursor=3" in (request.url or ""):
                response.raw = Slow(pages._unwanted)
                response._content_consumed, response._content = False, False
            return response

        device.line.after = second_is_slow
        take(device, pages)
        assert begun.wait(30)
    assert given == ["while it was wanted", "the part in hand"]
    device.line.after = None
    device.sync()
    assert len(device.cases()) == CASES


def test_a_page_asked_for_early_and_cut_costs_only_itself(device: Device) -> None:
    def third_is_lost(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        return lost(request, response) if "cursor=6" in (request.url or "") else response

    device.line.after = third_is_lost
    with contextlib.closing(Pages(device.store, device.api, worth=1)) as pages:
        take(device, pages)
        take(device, pages)
        with pytest.raises(CentreUnreachable):
            take(device, pages)
    assert mirror.position(device.store).cursor == 6
    device.line.after = None
    heard = asked(device)
    outcome = device.sync()
    assert (outcome.resets, len(device.cases())) == (0, CASES)
    assert int(heard[0]["cursor"]) == 6  # it went on where it stood


def test_a_machine_that_dies_with_a_page_under_way_reads_from_zero_and_has_all(world: World, device: Device) -> None:
    served = threading.Semaphore(0)  # one for each page that the centre has given, and noted the token of

    def count(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        if "/v1/pull" in (request.url or ""):
            served.release()
        return response

    device.line.after = count
    with contextlib.closing(Pages(device.store, device.api, worth=1)) as pages:
        take(device, pages)
        as_it_dies = world.image(device, device.folder.with_name("as-it-dies"))
        take(device, pages)  # the third page is under way, and the second was never written on the disk that is left
        assert all(served.acquire(timeout=30) for _ in range(3))
    device.line.after = None
    device.close()
    shutil.rmtree(device.folder)
    shutil.copytree(as_it_dies, device.folder)
    device.open()
    assert mirror.position(device.store).cursor == LIMIT
    outcome = device.sync()
    assert (outcome.resets, len(device.cases())) == (1, CASES)
    assert len(device.bodies()) == RECORDS


def test_what_changes_while_a_page_is_under_way_comes_later_and_once(world: World, device: Device) -> None:
    ben = world.user("ben")
    with contextlib.closing(Pages(device.store, device.api, worth=1)) as pages:
        take(device, pages)
        first = sorted(device.cases())
        world.rig.reassign(device.user, ben, first[:1])  # it stands on a page that is written already
        while (pulled := take(device, pages)).page is None or pulled.page.begin.more:
            pass
    device.sync()
    assert len(device.cases()) == CASES - 1
    assert first[0] not in device.cases()


def test_a_delta_never_asks_ahead_of_what_is_written(world: World, device: Device) -> None:
    device.line.page_limit = None
    device.sync()
    ben = world.user("ben")
    device.line.page_limit = LIMIT
    world.rig.reassign(device.user, ben, sorted(device.cases())[:8])
    heard = asked(device)
    written: list[int] = []
    with contextlib.closing(Pages(device.store, device.api, worth=1)) as pages:
        while True:
            written.append(mirror.position(device.store).cursor)
            pulled = take(device, pages)
            if pulled.page is not None and not pulled.page.begin.more:
                break
    # The cursor in a question is the receipt for what was removed: it is never beyond what was.
    assert [int(one["cursor"]) for one in heard] == written
    assert len(device.cases()) == CASES - 8


def test_a_page_under_way_is_let_go_when_the_list_starts_over(device: Device) -> None:
    with contextlib.closing(Pages(device.store, device.api, worth=1)) as pages:
        take(device, pages)
        mirror.start_over(device.store, "test")
        pulled = take(device, pages)
        assert pulled.page is not None
        assert pulled.page.begin.from_ == 0
    device.line.page_limit = None
    device.sync()
    assert len(device.cases()) == CASES


def test_a_line_that_cuts_every_long_page_still_brings_the_list_in_small_ones(world: World) -> None:
    anna = world.user("anna")
    world.rig.cases(world.project, 230, to=anna)
    device = world.device(anna)
    cuts: list[int] = []

    def cut_long_ones(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        if "/v1/pull" in (request.url or "") and len(response.content) > 60_000:
            cuts.append(len(response.content))
            response.raw = HTTPResponse(body=io.BytesIO(response.content[:60_000]), preload_content=False)
            response._content = False
        return response

    device.line.after = cut_long_ones
    for _ in range(12):
        with contextlib.suppress(CentreUnreachable):
            device.sync()
            break
    assert len(device.cases()) == 230
    assert cuts
    device.line.after = None
    for _ in range(8):  # on a sound line it comes back to whole pages
        world.rig.case(world.project, to=anna)
        device.sync()
    assert device.api.page_records == PAGE_RECORDS
