"""The database drops connections (a restart, an administrator): nobody gets a wrong answer, the next one is right."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from caller_app.central.db import driver, make_engine, together, trouble, writing
from tests.support.centre import Rig
from tests.support.station import Station, attempt


def drop_all(centre: Rig) -> int:
    """End every other connection to the centre's database."""
    engine = make_engine(centre.url)
    try:
        with engine.connect() as conn:
            ended = conn.execute(
                text(
                    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
            return int(ended.scalar_one())
    finally:
        engine.dispose()


def test_a_connection_that_rested_is_asked_before_it_is_used(centre: Rig) -> None:
    engine = make_engine(centre.url, ask_after=0)
    try:
        assert writing(engine, lambda conn: conn.execute(text("SELECT 1")).scalar_one()) == 1
        assert drop_all(centre) >= 1
        assert writing(engine, lambda conn: conn.execute(text("SELECT 2")).scalar_one()) == 2
    finally:
        engine.dispose()


def test_being_asked_costs_a_connection_nothing_it_had_prepared(centre: Rig) -> None:
    engine = make_engine(centre.url, ask_after=0)
    asked = "SELECT count(*) FROM account WHERE status = :status"
    try:
        for _ in range(8):
            writing(engine, lambda conn: conn.execute(text(asked), {"status": "active"}).scalar_one())
        prepared = writing(
            engine, lambda conn: conn.execute(text("SELECT statement FROM pg_prepared_statements")).all()
        )
        assert any("FROM account" in row.statement for row in prepared)
    finally:
        engine.dispose()


@pytest.mark.parametrize("lent", [driver, together])
def test_a_fault_of_the_driver_comes_out_as_everywhere_else(centre: Rig, lent: object) -> None:
    def work(conn: object) -> None:
        with lent(conn) as raw:  # type: ignore[operator]
            raw.execute("SELECT secret FROM nowhere")

    with pytest.raises(DBAPIError) as caught:
        writing(centre.engine, work)
    assert not caught.value.connection_invalidated
    assert trouble(caught.value) is None
    assert writing(centre.engine, lambda conn: conn.execute(text("SELECT 3")).scalar_one()) == 3


@pytest.mark.expects_log("error ignored terminating")
def test_a_pull_on_a_dropped_connection_is_refused_for_now_and_the_next_is_served(centre: Rig) -> None:
    centre.cases(centre.project(), 3, to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    drop_all(centre)
    replies = [station.pull() for _ in range(3)]
    assert {one.status_code for one in replies} <= {200, 503}
    assert replies[-1].status_code == 200


def test_a_push_on_a_dropped_connection_is_refused_for_now_and_kept_once(centre: Rig) -> None:
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    envelope = station.envelope(attempt(case_id))
    drop_all(centre)
    replies = [station.push(envelope) for _ in range(3)]
    assert replies[-1].status_code == 200
    assert centre.ask("SELECT count(*) FROM attempt")[0][0] == 1
