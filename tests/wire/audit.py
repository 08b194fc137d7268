"""What has to be true of the centre and a workstation, asked of the database and of the workstation's files."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.support.centre import Rig
from tests.wire.programs import Workstation

PATIENCE = 60.0
UNSENT = {"PENDING", "SENT", "SUSPECT"}


def until(true: Callable[[], object], what: str) -> None:
    """Look again until something is so; the bound is only for a test that would hang."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if true():
            return
        pause.wait(0.02)
    raise AssertionError(f"waited in vain: {what}")


@contextmanager
def holding(url: str, statement: str) -> Iterator[psycopg.Connection[Any]]:
    """Keep a transaction open that has run a statement: whoever needs what it holds has to wait."""
    with psycopg.connect(url) as connection:
        connection.execute(statement)  # type: ignore[arg-type]
        yield connection
        if not connection.closed:
            connection.rollback()


def somebody_waits_for_a_lock(url: str) -> bool:
    """Tell whether a statement stands still in this database because of a lock."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).fetchone()
    return row is not None and row[0] > 0


def nothing_lost(rig: Rig, station: Workstation) -> dict[str, Any]:
    """I1, I4: what was recorded is in the outbox or at the centre; what counts as acknowledged is at the centre."""
    state = station.state()
    held = {row[0] for row in rig.ask("SELECT change_id::text FROM change")}
    waiting = {change_id for change_id, how, _ in state["outbox"] if how in UNSENT}
    acknowledged = {change_id for change_id, how, _ in state["outbox"] if how not in UNSENT}
    missing = [one for one in station.recorded if one not in held | waiting]
    assert not missing, f"lost: {missing}"
    assert acknowledged <= held, f"acknowledged, but not at the centre: {acknowledged - held}"
    assert all(how != "SENT" for _, how, _ in state["outbox"]), "still marked as under way after the pass"
    return state


def once_each(rig: Rig, *stations: Workstation) -> None:
    """I2, I3: every change is there once, judged, and has its effect once."""
    recorded = sorted(one for station in stations for one in station.recorded)
    assert sorted(row[0] for row in rig.ask("SELECT change_id::text FROM change")) == recorded
    assert rig.ask("SELECT change_id FROM change_state WHERE verdict = 'received'") == []
    applied = rig.ask(
        "SELECT change_id::text FROM change_state JOIN change USING (change_id) WHERE verdict LIKE 'applied%' "
        "AND kind IN ('attempt_recorded', 'note_added', 'concern_raised') ORDER BY 1"
    )
    effects = rig.ask(
        "SELECT attempt_id::text AS id FROM attempt UNION ALL SELECT note_id::text FROM note "
        "UNION ALL SELECT concern_id::text FROM concern ORDER BY 1"
    )
    assert effects == applied
    for (case_id,) in rig.ask("SELECT DISTINCT rec_id::text FROM change WHERE rec_id IS NOT NULL"):
        item = rig.item(case_id)
        shown = [one.note_id for one in item.notes] + [one.attempt_id for one in item.attempts]
        assert len(shown) == len(set(shown)), "an effect stands twice in what everybody sees"


def converged(rig: Rig, *stations: Workstation) -> None:
    """I5, I7, I8: each list is exactly what the centre shows that person, and nothing waits."""
    for station in stations:
        rows = rig.ask(
            "SELECT v.rec_id::text, b.body FROM visibility v JOIN rec_body b ON (b.kind, b.id) = (v.kind, v.rec_id) "
            "WHERE v.user_id = :u AND NOT v.gone",
            u=station.user.user_id,
        )
        state = station.state()
        assert state["records"] == {row[0]: row[1] for row in rows}
        assert [one for one in state["outbox"] if one[1] in UNSENT] == []
        held = rig.ask("SELECT last_seq FROM device WHERE device_id = CAST(:d AS uuid)", d=state["device"])
        assert held[0][0] >= state["acked"]  # I10
