"""A first page in one journey: the same page for whoever may have it, and nothing noted or shown for anybody else."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from sqlalchemy import text

from caller_app.central import first_pages
from caller_app.central.db import writing
from caller_app.central.first_pages import FirstPages
from caller_app.central.rules import accounts, feed, pulls
from caller_app.central.rules.pulls import Served, Wanted
from tests.support.centre import Rig
from tests.support.station import Station, read_page

T = TypeVar("T")


def station_with(centre: Rig, count: int = 3, *, role: str = "caller") -> Station:
    anna = centre.user("anna", role=role)
    centre.cases(centre.project(), count, to=anna)
    return Station(centre, "anna").sign_in()


def wanted_by(station: Station, **other: Any) -> Wanted:
    given: dict[str, Any] = {"device_id": station.device, "cursor": 0, "token": "", "epoch": "", "mode": "snapshot"}
    return Wanted(**{**given, **other})


def opened(centre: Rig, work: Callable[[FirstPages], Awaitable[T]]) -> T:
    async def run() -> T:
        pages = FirstPages(centre.engine)
        await pages.open()
        try:
            return await work(pages)
        finally:
            await pages.close()

    return asyncio.run(run())


def served(centre: Rig, station: Station, **other: Any) -> Served | None:
    wanted, epoch, now = wanted_by(station, **other), centre.centre.standing.epoch, centre.centre.now()
    token = f"Bearer {station.token}"
    return opened(centre, lambda pages: pages.serve(token, wanted, epoch=epoch, now=now))


def ordinary(centre: Rig, station: Station, **other: Any) -> Served:
    return pulls.serve(
        centre.engine,
        f"Bearer {station.token}",
        wanted_by(station, **other),
        epoch=centre.centre.standing.epoch,
        now=centre.centre.now(),
    )


def standing_of(centre: Rig, station: Station) -> Any:
    return centre.ask(
        "SELECT token, prev_token, pulled_seq, held, last_seen, unsent_said FROM device WHERE device_id = :d",
        d=station.device,
    )[0]


@pytest.mark.parametrize("about", [{}, {"limit": 2}, {"limit": 4}, {"unsent": 7}], ids=str)
def test_it_is_the_page_of_the_ordinary_way(centre: Rig, about: dict[str, Any]) -> None:
    station = station_with(centre)
    short = served(centre, station, **about)
    after_short = standing_of(centre, station)
    ordinarily = ordinary(centre, station, **about)
    after_ordinary = standing_of(centre, station)
    assert short is not None and short.page is not None
    assert replace(short, token="") == replace(ordinarily, token="")
    assert short.token == f"{after_short.token:016x}" and ordinarily.token == f"{after_ordinary.token:016x}"
    assert tuple(after_short)[1:] == tuple(after_ordinary)[1:]


def test_its_token_is_good_for_the_next_page(centre: Rig) -> None:
    station = station_with(centre)
    short = served(centre, station, limit=2)
    assert short is not None and short.page is not None and short.page.more
    reply = station.pull(cursor=short.page.to, token=short.token, mode="snapshot")
    assert reply.status_code == 200
    begin, lines = read_page(reply.content)
    assert (begin["from"], len(lines), begin["more"]) == (short.page.to, 2, False)


def test_an_empty_list_is_a_page_too(centre: Rig) -> None:
    centre.user("anna")
    station = Station(centre, "anna").sign_in()
    short = served(centre, station)
    assert short is not None and short.page is not None
    assert (short.page.count, short.page.body, short.page.more) == (0, b"", False)


def revoked(centre: Rig, station: Station) -> None:
    run(centre, "UPDATE device SET status = 'revoked'")


def draining(centre: Rig, station: Station) -> None:
    writing(centre.engine, lambda conn: accounts.drain(conn, name="anna", now=centre.clock.now()))


def ended(centre: Rig, station: Station) -> None:
    run(centre, "UPDATE session SET ended_at = now()")


def another_role(centre: Rig, station: Station) -> None:
    run(centre, "UPDATE account SET role = 'administrator'")


def spent(centre: Rig, station: Station) -> None:
    centre.clock.pass_by(days=1)


def anothers(centre: Rig, station: Station) -> None:
    centre.user("ben")
    station.device = Station(centre, "ben").sign_in().device


def unknown(centre: Rig, station: Station) -> None:
    station.device = "01a2036b-4e6b-72ce-b2f9-ee376407bc77"


def odd_name(centre: Rig, station: Station) -> None:
    station.device = "x'; DROP TABLE device; --"


def run(centre: Rig, statement: str) -> None:
    with centre.as_owner() as conn:
        conn.execute(text(statement))


@pytest.mark.parametrize(
    "happens",
    [revoked, draining, ended, another_role, spent, anothers, unknown, odd_name],
    ids=lambda one: one.__name__,
)
def test_who_may_not_have_it_gets_nothing_and_nothing_is_noted(
    centre: Rig, happens: Callable[[Rig, Station], None]
) -> None:
    station = station_with(centre)
    happens(centre, station)
    before = centre.ask("SELECT * FROM device ORDER BY device_id")
    assert served(centre, station) is None
    assert centre.ask("SELECT * FROM device ORDER BY device_id") == before


@pytest.mark.parametrize(
    "other", [{"mode": "delta"}, {"cursor": 1}, {"token": "0" * 16}, {"epoch": "another"}], ids=str
)
def test_what_needs_a_look_at_the_history_takes_the_ordinary_way(centre: Rig, other: dict[str, Any]) -> None:
    station = station_with(centre)
    before = standing_of(centre, station)
    assert served(centre, station, **other) is None
    assert standing_of(centre, station) == before


def test_a_long_list_takes_the_ordinary_way(centre: Rig) -> None:
    station = station_with(centre, feed.ROWS_AT_ONCE + 1)
    assert served(centre, station) is None
    assert len(station.catch_up()) == feed.ROWS_AT_ONCE + 2  # with the project


def test_a_large_list_takes_the_ordinary_way(centre: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    station = station_with(centre)
    monkeypatch.setattr("caller_app.central.rules.first_page.SHORT_BYTES", 100)
    assert served(centre, station) is None
    assert len(station.catch_up()) == 4


def test_a_connection_that_broke_is_replaced_and_the_request_goes_the_ordinary_way(
    centre: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_pages, "_OPEN_AGAIN_AFTER", 0.01)
    monkeypatch.setattr(first_pages, "CONNECTIONS", 1)
    station = station_with(centre)
    wanted, epoch, now = wanted_by(station), centre.centre.standing.epoch, centre.centre.now()

    async def work(pages: FirstPages) -> tuple[Served | None, Served | None]:
        def ask() -> Awaitable[Served | None]:
            return pages.serve(f"Bearer {station.token}", wanted, epoch=epoch, now=now)

        run(
            centre,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()",
        )
        broken = await ask()
        while pages._opening:
            await asyncio.gather(*pages._opening)
        again = await ask()
        return broken, again

    broken, again = opened(centre, work)
    assert broken is None
    assert again is not None and again.page is not None and again.page.count == 4


def test_where_no_connection_is_free_the_request_goes_the_ordinary_way(
    centre: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_pages, "CONNECTIONS", 1)
    station = station_with(centre)
    wanted, epoch, now = wanted_by(station), centre.centre.standing.epoch, centre.centre.now()

    async def work(pages: FirstPages) -> list[Served | None]:
        asked = [pages.serve(f"Bearer {station.token}", wanted, epoch=epoch, now=now) for _ in range(3)]
        return list(await asyncio.gather(*asked))

    answers = opened(centre, work)
    assert sum(one is not None for one in answers) == 1


def test_a_locked_device_does_not_hold_up_the_service(centre: Rig) -> None:
    station = station_with(centre)
    with centre.as_owner() as conn:
        conn.execute(text("SELECT 1 FROM device FOR UPDATE"))
        assert served(centre, station) is None


def test_it_works_under_the_role_of_the_service(centre: Rig) -> None:
    (expected,) = centre.ask("SELECT current_user::text")[0]

    async def work(pages: FirstPages) -> str:
        row = await (await pages._free[0].execute("SELECT current_user::text")).fetchone()
        assert row is not None
        return str(row[0])

    assert opened(centre, work) == expected
