"""A push alters rows by their keys: it does not read whole tables, whatever the planner believes of their size."""

from sqlalchemy import text

from tests.support.centre import Rig
from tests.support.station import Station, attempt

THERE = 6_000  # few enough that a planner would rather read them all than look up two hundred
ALTERED = ("change_state", "rec_ver", "cases")


def read_whole(rig: Rig) -> dict[str, int]:
    """Give how many rows were read by going through a whole table, by table."""
    with rig.engine.begin() as conn:  # the connection used last: its counts are handed in
        conn.execute(text("SELECT pg_stat_force_next_flush()"))
    rows = rig.ask("SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY(:t)", t=list(ALTERED))
    return {str(name): int(count) for name, count in rows}


def test_judging_reads_no_table_as_a_whole_that_nobody_has_counted_yet(centre: Rig) -> None:
    anna = centre.user("anna")
    cases = centre.cases(centre.project(), 200, to=anna)
    station = Station(centre, "anna").sign_in()
    with centre.engine.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO change_state(change_id, verdict) "
                "SELECT gen_random_uuid(), 'applied' FROM generate_series(1, :n)"
            ),
            {"n": THERE},
        )
    before = read_whole(centre)
    results = station.pushed(*(attempt(one) for one in cases))
    assert {one["verdict"] for one in results} == {"applied"}
    after = read_whole(centre)
    assert {name: after[name] - before[name] for name in ALTERED} == dict.fromkeys(ALTERED, 0)
