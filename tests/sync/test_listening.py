"""Waiting for news on a thread of its own: it brings news at once, and nothing depends on it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from caller_app.base.errors import CentreUnreachable
from caller_app.central import heads as heads_module
from caller_app.store import mirror
from caller_app.sync import listening, worker
from caller_app.sync.api import Api
from caller_app.sync.credentials import Credentials, Tokens
from caller_app.sync.worker import Link, Worker
from tests.store import rig
from tests.support.clock import StoppedClock
from tests.sync.test_bad_lines import answered, on_path
from tests.sync.world import Device, World


@pytest.fixture
def quick(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A centre whose memory is filled often, and waits short enough for a test to end."""
    monkeypatch.setattr(heads_module, "EVERY_SECONDS", 0.02)
    monkeypatch.setattr(listening, "WAIT_SECONDS", 1)
    monkeypatch.setattr(worker, "TOGETHER_SECONDS", 0.01)
    world.rig.centre.heads.start()
    yield
    world.rig.centre.heads.stop()


@contextmanager
def working(device: Device) -> Iterator[Worker]:
    said: list[Link] = []
    one = Worker(device.store, device.api, device.clock, changed=said.append, unsent=lambda: False, chance=lambda: 1.0)
    one.start()
    try:
        yield one
    finally:
        device.world.rig.centre.heads.stop()  # a wait in process has no socket to cut
        assert one.stop()


def until(true: Callable[[], Any]) -> None:
    end = time.monotonic() + 15  # less than the 24 seconds after which a pass would ask by itself
    while not true():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.01)


def test_what_changes_at_the_centre_is_on_the_list_without_asking(world: World, device: Device, quick: None) -> None:
    with working(device) as one:
        until(lambda: one._listener.hears)
        new = world.rig.case(world.project, to=device.user)
        until(lambda: new in device.cases())
        newer = world.rig.case(world.project, to=device.user)
        until(lambda: newer in device.cases())


def test_a_wait_that_brings_nothing_says_that_the_list_is_current(world: World, device: Device, quick: None) -> None:
    with working(device) as one:
        until(lambda: one._listener.hears)
        world.clock.pass_by(minutes=5)
        now = world.clock.now().isoformat()[:16]

        def current() -> bool:
            with device.store.lists.read() as lists:
                return str(lists.exec_driver_sql("SELECT caught_up_at FROM meta").scalar()).startswith(now)

        until(current)


def test_while_somebody_waits_a_pass_asks_nothing(world: World, device: Device, quick: None) -> None:
    with working(device) as one:
        until(lambda: one._listener.hears)
        before = one.link.since
        world.clock.pass_by(seconds=30)
        one.nudge()
        until(lambda: one.link.since != before)
        one._listener.stop()
        one._listener.join(2)
        passes = device.line.paths.count("/v1/head")
        one._listener.hears = True
        before = one.link.since
        world.clock.pass_by(seconds=30)
        one.nudge()
        until(lambda: one.link.since != before)
        assert device.line.paths.count("/v1/head") == passes


def test_where_waits_are_cut_short_passes_ask_as_before(world: World, device: Device) -> None:
    with working(device) as one:  # this centre has no memory: it answers at once
        until(lambda: one._listener._cuts)
        assert not one._listener.hears
        assert one.link.state == "online"


def test_a_line_that_drops_the_wait_is_no_trouble(world: World, device: Device, quick: None) -> None:
    def drop(request: requests.PreparedRequest) -> None:
        if "wait=" in (request.path_url or ""):
            raise requests.ConnectionError("cut by a proxy")

    device.line.before = drop
    with working(device) as one:
        until(lambda: one._listener._cuts)
        assert not one._listener.hears
        assert one.link.state == "online"
        case = world.rig.case(world.project, to=device.user)
        one.nudge(at_once=True)
        until(lambda: case in device.cases())


def test_after_three_cuts_waiting_rests_for_minutes(world: World, device: Device) -> None:
    lost: list[int] = []
    one = listening.Listener(
        device.store, device.api, may=lambda: True, heard=lambda: None, lost=lambda: lost.append(1), chance=lambda: 0.0
    )
    assert [one._cut() for _ in range(4)] == [20, 20, 300, 300]
    assert len(lost) == 4


def test_a_list_that_cannot_be_read_leaves_the_asking_to_the_passes(tmp_path: Path) -> None:
    store = rig.opened(tmp_path)
    store.close()  # whatever it reads now fails
    lost = threading.Event()
    one = listening.Listener(
        store, Api("https://centre.test"), may=lambda: True, heard=lambda: None, lost=lost.set, chance=lambda: 0.0
    )
    one.hears = True
    one.start()
    assert lost.wait(10)
    assert not one.hears
    one.stop()
    assert one.join(2)


def test_nobody_waits_while_passes_fail(world: World, device: Device, quick: None) -> None:
    device.line.cut = True
    with working(device) as one:
        until(lambda: one.link.state == "offline")
        one.nudge(at_once=True)
        until(lambda: device.line.paths.count("/v1/head") > 1)
    assert "listen" not in {thread.name for thread in threading.enumerate()}
    assert one._listener._api is None  # it never asked


@pytest.mark.expects_log("destroyed by order")
def test_a_workstation_that_was_barred_hears_of_it_while_it_waits(world: World, device: Device, quick: None) -> None:
    from caller_app.central.db import writing
    from caller_app.central.rules import devices

    with working(device) as one:
        until(lambda: one._listener.hears)
        name = device.identity().device_id or ""
        writing(world.rig.engine, lambda conn: devices.revoke(conn, name, now=world.clock.now()))
        until(lambda: device.cases() == set())
        until(lambda: one.link.state == "trouble")


@pytest.mark.parametrize("forged", ["no echo", "another tag"])
def test_nothing_new_from_a_cache_is_no_answer(world: World, device: Device, forged: str) -> None:
    def cached(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        response = answered(response, b"", status=304)
        response.headers["ETag"] = tag if forged == "no echo" else '"other:1"'
        if forged == "no echo":
            response.headers["X-Request-Id"] = "another-request"
        return response

    at = mirror.position(device.store)
    tag = f'"{at.epoch}:{at.cursor}"'
    device.line.after = on_path("/v1/head", cached)
    with pytest.raises(CentreUnreachable):
        device.api.news(tag, wait=0)
    assert device.api.news(tag, wait=0) is None


def test_a_program_that_ends_waits_for_no_reply(tmp_path: Path) -> None:
    store = rig.opened(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:  # it takes the connection and never answers
        credentials = Credentials(Tokens(access="a", refresh="b"))
        api = Api(f"http://127.0.0.1:{server.getsockname()[1]}", credentials=credentials)
        one = Worker(store, api, StoppedClock(), changed=lambda _link: None, unsent=lambda: False)
        one.start()
        connection, _ = server.accept()
        connection.recv(100)
        assert one.stop()
        connection.close()
    with pytest.raises(CentreUnreachable):
        api.hello()  # nothing is begun any more either
    api.close()
    store.close()
