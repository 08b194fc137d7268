"""`GET /v1/head?wait=`: an answer when there is news, "nothing new" without a query, and never a number from memory."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, text

from caller_app.central import heads as heads_module
from caller_app.central.db import writing
from caller_app.central.heads import Heads
from caller_app.central.rules import accounts, devices, feed
from tests.support.centre import Rig
from tests.support.station import Station


@pytest.fixture
def heads(centre: Rig, monkeypatch: pytest.MonkeyPatch) -> Iterator[Heads]:
    monkeypatch.setattr(heads_module, "EVERY_SECONDS", 0.02)
    centre.centre.heads.start()
    yield centre.centre.heads
    centre.centre.heads.stop()


def until(true: Callable[[], Any]) -> Any:
    """Wait for something that another thread brings about."""
    end = time.monotonic() + 20
    while not (found := true()):
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.005)
    return found


def station_of(centre: Rig) -> Station:
    anna = centre.user("anna")
    centre.case(centre.project(), to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    return station


def asked(station: Station, heads: Heads, wait: float, *, head: int | None = None) -> Any:
    return heads.nothing_new(
        f"Bearer {station.token}", station.device, station.cursor if head is None else head, wait, None
    )


def remembered(heads: Heads, station: Station) -> None:
    """Wait until the memory has this workstation's session and number."""
    until(lambda: asyncio.run(asked(station, heads, 0)))


def tag(station: Station, head: int | None = None) -> dict[str, str]:
    return {"If-None-Match": f'"{station.epoch}:{station.cursor if head is None else head}"'}


def ask(station: Station, **params: Any) -> Any:
    known = params.pop("known", None)
    return station.session.get(
        "https://centre.test/v1/head", params=params, headers={**station.headers(), **tag(station, known)}
    )


def test_nothing_new_is_said_without_a_query(centre: Rig, heads: Heads) -> None:
    station = station_of(centre)
    remembered(heads, station)
    heads.stop()  # its own question a second is not counted
    heads._told_to_stop.clear()
    heads._thread = object()  # type: ignore[assignment]
    statements: list[str] = []

    def noted(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    event.listen(centre.engine, "before_cursor_execute", noted)
    reply = ask(station)
    event.remove(centre.engine, "before_cursor_execute", noted)
    heads._thread = None
    assert reply.status_code == 304
    assert statements == []
    assert reply.headers["X-Request-Id"] == reply.request.headers["X-Request-Id"]
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_wait_that_brings_nothing_ends_with_nothing_new(centre: Rig, heads: Heads) -> None:
    station = station_of(centre)
    remembered(heads, station)
    assert asyncio.run(asked(station, heads, 0.2)) is True


def test_news_ends_the_wait_and_the_number_is_the_databases_own(centre: Rig, heads: Heads) -> None:
    station = station_of(centre)
    remembered(heads, station)
    other = centre.case(centre.project("Second"))

    async def wait() -> Any:
        waiting = asyncio.create_task(asked(station, heads, 20))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        anna = centre.ask("SELECT user_id FROM account")[0][0]
        await asyncio.to_thread(writing, centre.engine, lambda conn: feed.write(conn, [feed.put(anna, other)]))
        return await waiting

    assert asyncio.run(wait()) is False
    reply = ask(station, wait=20)
    assert (reply.status_code, reply.json()["head"]) == (200, station.cursor + 1)


def test_only_the_askers_own_number_counts(centre: Rig, heads: Heads) -> None:
    station = station_of(centre)
    remembered(heads, station)
    ben = centre.user("ben")
    centre.case(centre.project("Second"), to=ben)
    assert asyncio.run(asked(station, heads, 0.2)) is True
    stranger = Station(centre, "ben").sign_in()
    stranger.device = station.device  # anna's device, ben's token
    assert ask(stranger, wait=20, known=station.cursor).status_code == 403


@pytest.mark.parametrize("ended", ["session", "account", "device"])
def test_who_may_not_wait_any_more_is_told_at_once(centre: Rig, heads: Heads, ended: str) -> None:
    station = station_of(centre)
    remembered(heads, station)

    def end() -> None:
        now = centre.clock.now()
        if ended == "session":
            writing(centre.engine, lambda conn: accounts.reset_password(
                conn, name="anna", password="another good password", now=now))  # fmt: skip
        elif ended == "account":
            writing(centre.engine, lambda conn: accounts.drain(conn, name="anna", now=now))
        else:
            writing(centre.engine, lambda conn: devices.revoke(conn, station.device, now=now))

    async def wait() -> Any:
        waiting = asyncio.create_task(asked(station, heads, 20))
        await asyncio.sleep(0.05)
        await asyncio.to_thread(end)
        return await waiting

    assert asyncio.run(wait()) is False
    reply = ask(station, wait=20)
    assert reply.status_code == {"session": 401, "account": 403, "device": 403}[ended]


def test_a_workstation_ahead_of_the_memory_waits_for_it_to_catch_up(centre: Rig, heads: Heads) -> None:
    station = station_of(centre)
    remembered(heads, station)
    known = heads._known
    assert known is not None
    one = heads_module._Waiter(None, None, station.device, b"", station.cursor + 1, known.round)  # type: ignore[arg-type]
    one.token = next(iter(known.sessions))
    assert heads._quiet(one)
    assert not heads._quiet(one, at_the_end=True)
    until(lambda: heads._known is not None and heads._known.round > known.round + heads_module.PATIENCE_ROUNDS)
    assert not heads._quiet(one)  # nobody has given out that number: the database is asked


def test_a_centre_that_ends_keeps_nobody_waiting(centre: Rig, heads: Heads) -> None:
    station = station_of(centre)
    remembered(heads, station)

    async def wait() -> Any:
        waiting = asyncio.create_task(asked(station, heads, 50))
        await asyncio.sleep(0.05)
        await asyncio.to_thread(heads.stop)
        return await waiting

    assert asyncio.run(wait()) is True


def test_a_memory_that_is_not_fresh_says_nothing(centre: Rig, heads: Heads, monkeypatch: pytest.MonkeyPatch) -> None:
    station = station_of(centre)
    remembered(heads, station)
    monkeypatch.setattr(heads_module, "BELIEVED_SECONDS", -1.0)
    assert asyncio.run(asked(station, heads, 20)) is False
    assert ask(station, wait=20).status_code == 304  # the database says it


def test_who_was_heard_from_is_written_down_for_all_at_once(
    centre: Rig, heads: Heads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads_module, "WRITE_EVERY", 2)
    station = station_of(centre)
    remembered(heads, station)
    centre.clock.pass_by(minutes=3)
    assert ask(station, unsent=7).status_code == 304
    until(lambda: centre.ask("SELECT unsent_said FROM device") == [(7,)])
    assert centre.ask("SELECT last_seen FROM device") == [(centre.clock.now(),)]


def test_without_the_memory_the_database_answers_and_nobody_waits(centre: Rig) -> None:
    station = station_of(centre)
    assert ask(station, wait=50).status_code == 304
    with centre.engine.begin() as conn:
        conn.execute(text("UPDATE feed_head SET seq = seq + 1"))
    assert ask(station, wait=50).status_code == 200
