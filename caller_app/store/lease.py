"""The lease of the list: past it the list's key is destroyed, so a laptop that never comes back loses its patients.

What a reader would get wrong: the machine's clock is not believed. What time it is by the centre's clock, at least, is
the most that the wall clock says and that awake time adds up to, and between two renewals it never goes back: it is
kept in `outbox.db`, so that neither a clock set back nor starting the machine again gains more than the time it was
off. A renewal counts from zero, however wrong the clock is that day. Recorded work is not touched.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from caller_app.base.clock import Clock, from_text, to_text
from caller_app.base.errors import Unavailable
from caller_app.base.machine import boot_id
from caller_app.base.notices import notice
from caller_app.protocol.limits import LEASE_HOURS
from caller_app.store.engine import quick

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from caller_app.protocol.messages import Begin
    from caller_app.store.local import LocalStore

log = logging.getLogger(__name__)

NOTED_EVERY = timedelta(seconds=30)  # so much may be gained by pulling the plug
WORTH_RENEWING = timedelta(seconds=60)  # pages that follow one another renew it once

_READ = "SELECT lease_until, lease_from, lease_wall, believed, believed_mono, believed_boot FROM identity"
_GIVE = (
    "UPDATE identity SET lease_until = ?, lease_from = ?, lease_wall = ?, believed = ?, believed_mono = ?,"
    " believed_boot = ?"
)


@dataclass(frozen=True, slots=True)
class Lease:
    """`until` and `given` by the centre's clock; `wall` is what ours said then, `believed` the latest moment known."""

    until: datetime
    given: datetime
    wall: datetime
    believed: datetime
    mono: int
    boot: str


def passed_since(
    clock: Clock, wall_then: datetime, mono_then: int, boot_then: str, high_wall: datetime | None
) -> timedelta:
    """Give the time that has passed since an earlier reading, at least: whatever was done to the clock."""
    latest = max(clock.now(), high_wall) if high_wall else clock.now()
    passed = max(latest - wall_then, timedelta(0))
    return max(passed, awake_since(clock, mono_then, boot_then))


def awake_since(clock: Clock, mono_then: int, boot_then: str) -> timedelta:
    """Give what the monotonic clock has counted since a reading; nothing where the machine was started in between."""
    if boot_then != boot_id():
        return timedelta(0)
    return max(timedelta(microseconds=(clock.monotonic_ns() - mono_then) // 1000), timedelta(0))


def passed_by_wall(held: Lease, now: datetime) -> timedelta:
    """Give what our wall clock says has passed since the renewal.

    A clock that now reads earlier than it did then was put right or set back. Put right, it says how long ago the
    centre spoke; set back, it says less than nothing, and what is believed already stands.
    """
    passed = now - held.wall
    return passed if passed >= timedelta(0) else max(now - held.given, timedelta(0))


def believed_now(held: Lease, clock: Clock) -> datetime:
    """Give what the centre's clock says by now, at least."""
    counted = held.believed + awake_since(clock, held.mono, held.boot)
    return max(counted, held.given + passed_by_wall(held, clock.now()))


def lease_of(connection: "Connection") -> Lease | None:
    """Give the lease as it is kept; None where no list was ever granted, or it was destroyed."""
    ((until, given, wall, believed, mono, boot),) = quick(connection, _READ)
    if until is None:
        return None
    return Lease(from_text(until), from_text(given), from_text(wall), from_text(believed), mono, boot)


def by_the_centre(connection: "Connection", clock: Clock) -> datetime:
    """Give the time of day by the centre's clock, as far as it is known: ours may be hours off."""
    held = lease_of(connection)
    return clock.now() if held is None else believed_now(held, clock)


def note_time(store: "LocalStore") -> None:
    """Keep what has been counted so far: what stands in the file never goes back but by a renewal."""
    with store.outbox.read() as connection:
        held = lease_of(connection)
    if held is None:
        return
    now = believed_now(held, store.clock)
    if held.boot == boot_id() and now - held.believed < NOTED_EVERY:
        return
    with store.outbox.write() as connection:
        connection.exec_driver_sql(
            "UPDATE identity SET believed = ?, believed_mono = ?, believed_boot = ? WHERE lease_until IS NOT NULL",
            (to_text(now), store.clock.monotonic_ns(), boot_id()),
        )


def begun(connection: "Connection", clock: Clock, server_time: str) -> None:
    """Start the lease with the device id, where there is none yet: what a page would say, in a commit made anyway."""
    try:
        given = from_text(server_time)
    except ValueError:
        return  # the first page grants it, or is refused
    if lease_of(connection) is None:
        quick(connection, _GIVE, _values(given + timedelta(hours=LEASE_HOURS), given, clock))


def granted(store: "LocalStore", begin: "Begin") -> bool:
    """Take in the lease of a page about to be written where there is none yet: no list lies here without one.

    Tells whether it is to be `renewed` once the page is written. Raises Unavailable for a page whose times cannot be
    read.
    """
    try:
        from_text(begin.server_time), from_text(begin.lease_until)
    except ValueError:
        raise Unavailable("The centre gave a time that cannot be read; the list is asked for again.") from None
    with store.outbox.read() as connection:
        held = lease_of(connection)
    if held is None:
        renewed(store, begin)
        return False
    return not _says_the_same(held, begin, store.clock)


def renewed(store: "LocalStore", begin: "Begin") -> None:
    """Take in the lease of a page that was written, and count from zero."""
    values = _values(from_text(begin.lease_until), from_text(begin.server_time), store.clock)
    with store.outbox.write() as connection:
        quick(connection, _GIVE, values)


def is_held(store: "LocalStore") -> bool:
    """Tell whether a list was granted here and is not destroyed."""
    with store.outbox.read() as connection:
        return lease_of(connection) is not None


def is_over(store: "LocalStore") -> bool:
    """Tell whether the lease of the list has run out."""
    with store.outbox.read() as connection:
        held = lease_of(connection)
    if held is None:  # where the list is a newer program's, nothing else would tell
        return store.push_only and (store.folder / "list.db").exists()
    return believed_now(held, store.clock) >= held.until


def end_if_due(store: "LocalStore") -> bool:
    """Destroy the list and its key where the lease has run out; tells whether it did."""
    if not is_over(store):
        return False
    from caller_app.store.opening import rebuild_list

    rebuild_list(store, with_new_key=True)
    log.warning("lease over: the list was destroyed")
    store.board.post(notice("list", "case", "standing", by="centre"))
    return True


def _says_the_same(held: Lease, begin: "Begin", clock: Clock) -> bool:
    given = from_text(begin.server_time)
    apart = (
        from_text(begin.lease_until) - held.until,
        given - believed_now(held, clock),
        given - held.given - (clock.now() - held.wall),
    )
    return held.boot == boot_id() and all(abs(one) < WORTH_RENEWING for one in apart)


def _values(until: datetime, given: datetime, clock: Clock) -> tuple[str | int, ...]:
    return to_text(until), to_text(given), to_text(clock.now()), to_text(given), clock.monotonic_ns(), boot_id()
