"""A push finds its rows by their keys: it does not read whole tables, whatever the planner believes of their size."""

import re

from sqlalchemy import text

from caller_app.base.ids import new_id
from tests.support.centre import Rig
from tests.support.station import Station, attempt

THERE = 6_000  # few enough that a planner would rather read them all than look up two hundred
ASKED = ("change", "change_state", "device_seq", "rec_ver", "rec_body", "cases", "attempt", "visibility")


def read_whole(rig: Rig) -> dict[str, int]:
    """Give how many rows were read by going through a whole table, by table."""
    with rig.engine.begin() as conn:  # the connection used last: its counts are handed in
        conn.execute(text("SELECT pg_stat_force_next_flush()"))
    rows = rig.ask("SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY(:t)", t=list(ASKED))
    return {str(name): int(count) for name, count in rows}


def fill(rig: Rig) -> None:
    """Put in changes that came long ago, which no planner has counted."""
    with rig.engine.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO change_state(change_id, verdict) "
                "SELECT gen_random_uuid(), 'applied' FROM generate_series(1, :n)"
            ),
            {"n": THERE},
        )
        conn.execute(
            text(
                "INSERT INTO device_seq(device_id, dseq, change_id) "
                "SELECT CAST(:d AS uuid), n, gen_random_uuid() FROM generate_series(1, :n) n"
            ),
            {"n": THERE, "d": new_id()},
        )


def test_a_push_reads_no_table_as_a_whole_that_nobody_has_counted_yet(centre: Rig) -> None:
    anna = centre.user("anna")
    cases = centre.cases(centre.project(), 200, to=anna)
    station = Station(centre, "anna").sign_in()
    fill(centre)
    before = read_whole(centre)
    results = station.pushed(*(attempt(one) for one in cases))
    assert {one["verdict"] for one in results} == {"applied"}
    after = read_whole(centre)
    assert {name: after[name] - before[name] for name in ASKED} == dict.fromkeys(ASKED, 0)


def test_a_plan_that_was_made_when_there_was_little_reads_no_table_as_a_whole_later(centre: Rig) -> None:
    anna = centre.user("anna")
    cases = centre.cases(centre.project(), 212, to=anna)
    station = Station(centre, "anna").sign_in()
    for one in cases[:12]:  # from the fifth time on a statement may keep its plan
        station.pushed(attempt(one))
    fill(centre)
    before = read_whole(centre)
    station.pushed(*(attempt(one) for one in cases[12:]))
    after = read_whole(centre)
    assert {name: after[name] - before[name] for name in ASKED} == dict.fromkeys(ASKED, 0)


def test_ids_travel_as_ids_so_that_no_kept_plan_casts_all_of_them_for_each_row(centre: Rig) -> None:
    cases = centre.cases(centre.project(), 12, to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    for one in cases:
        station.pushed(attempt(one))
    prepared = centre.ask("SELECT statement, CAST(parameter_types AS text[]) AS kinds FROM pg_prepared_statements")
    sent = [
        (row.kinds[int(place) - 1], row.statement)
        for row in prepared
        for place in re.findall(r"CAST\(\$(\d+) AS uuid\[\]\)", row.statement, re.IGNORECASE)
    ]
    assert len(sent) > 10
    assert [statement for kind, statement in sent if kind != "uuid[]"] == []
