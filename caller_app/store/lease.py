"""The lease of the list: past it the list's key is destroyed, so a laptop that never comes back loses its patients.

What a reader would get wrong: the machine's clock is not believed. Time since the last renewal is the larger of what
the wall clock says, what the monotonic clock says (within one run of the machine), and the latest moment ever seen,
so that setting the clock back gains nothing. Recorded work is not touched.
"""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from caller_app.base.clock import Clock, from_text, to_text
from caller_app.base.machine import boot_id
from caller_app.base.notices import notice

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore

log = logging.getLogger(__name__)


def passed_since(
    clock: Clock, wall_then: datetime, mono_then: int, boot_then: str, high_wall: datetime | None
) -> timedelta:
    """Give the time that has passed since an earlier reading, at least: whatever was done to the clock."""
    latest = max(clock.now(), high_wall) if high_wall else clock.now()
    passed = max(latest - wall_then, timedelta(0))
    if boot_then == boot_id():
        passed = max(passed, timedelta(microseconds=(clock.monotonic_ns() - mono_then) // 1000))
    return passed


def note_time(store: "LocalStore") -> None:
    """Keep the latest moment this machine's clock has shown."""
    now = to_text(store.clock.now())
    with store.outbox.write() as connection:
        connection.exec_driver_sql(
            "UPDATE identity SET high_wall = ? WHERE high_wall IS NULL OR high_wall < ?", (now, now)
        )


def renewed(store: "LocalStore") -> None:
    """Count anew from the renewal: a clock that was ahead of it and was put right must not cost every list to come."""
    now = store.clock.now()
    with store.outbox.read() as connection:
        high = connection.exec_driver_sql("SELECT high_wall FROM identity").scalar()
    if high and from_text(high) > now:
        with store.outbox.write() as connection:
            connection.exec_driver_sql("UPDATE identity SET high_wall = ?", (to_text(now),))


def is_over(store: "LocalStore") -> bool:
    """Tell whether the lease of the list has run out."""
    with store.gate.shared(), store.lists.read() as lists:
        row = lists.exec_driver_sql("SELECT lease_until, server_time, wall_then, mono_then, boot_id FROM meta").one()
    if row.lease_until is None:
        return False
    with store.outbox.read() as connection:
        high = connection.exec_driver_sql("SELECT high_wall FROM identity").scalar()
    passed = passed_since(
        store.clock, from_text(row.wall_then), row.mono_then, row.boot_id, from_text(high) if high else None
    )
    return from_text(row.server_time) + passed >= from_text(row.lease_until)


def end_if_due(store: "LocalStore") -> bool:
    """Destroy the list and its key where the lease has run out; tells whether it did."""
    if not is_over(store):
        return False
    from caller_app.store.opening import rebuild_list

    rebuild_list(store, with_new_key=True)
    log.warning("lease over: the list was destroyed")
    store.board.post(notice("list", "case", "standing", by="centre"))
    return True
