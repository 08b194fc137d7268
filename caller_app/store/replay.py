"""When either side went back in time: everything retained is sent again, under the same ids.

The centre's answer to what it already has is `dup`, so sending too much is harmless and sending too little is not. A
new device id (fork, clone, forgotten device) renumbers all that is retained from 1; change ids never alter.
"""

import logging
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from caller_app.store import lease
from caller_app.store.outbox import NEXT_DSEQ
from caller_app.store.proof import doubt_erased

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore

log = logging.getLogger(__name__)

_BACK = (
    "UPDATE outbox SET state = 'PENDING', batch_id = NULL, verdict = NULL, reason = NULL, review_id = NULL,"
    " result_ver = NULL, acked_at = NULL, durable_at = NULL, tries = 0 WHERE state IN ('ACKED', 'DURABLE', 'SENT')"
)


def all_again(store: "LocalStore", *, epoch: str | None, expected: bool = False) -> int:
    """Put every retained change back to pending (the centre lost some, or may have: `expected`); gives how many."""
    with store.changing() as touched:
        count = _again(touched.connection)
        touched.connection.exec_driver_sql(
            "UPDATE identity SET epoch = coalesce(?, epoch), durable_hw = 0,"
            f" acked_hw = coalesce((SELECT min(dseq) FROM outbox), {NEXT_DSEQ}) - 1",
            (epoch,),
        )
        doubt_erased(touched.connection)
        touched.case_ids |= _cases(touched.connection)
    if expected:
        log.info("the centre may have lost changes: %d retained ones go again", count)
    else:
        log.warning("the centre lost changes: %d retained ones go again", count)
    return count


def receipts_again(store: "LocalStore") -> int:
    """Put what has a receipt and is not yet durable back to pending, to be shown its receipt again; gives how many."""
    with store.outbox.write() as connection:
        count = connection.exec_driver_sql(
            "UPDATE outbox SET state = CASE reason WHEN 'opaque' THEN 'SUSPECT' ELSE 'PENDING' END, batch_id = NULL"
            " WHERE state = 'ACKED'"
        ).rowcount
        if count:  # what waits lies above the watermark
            connection.exec_driver_sql(
                "UPDATE identity SET acked_hw = min(acked_hw,"
                " (SELECT min(dseq) FROM outbox WHERE state IN ('PENDING', 'SUSPECT')) - 1)"
            )
    return count


def take_device(store: "LocalStore", device_id: str, epoch: str, server_time: str = "") -> int:
    """Become a device the centre does not know yet: retained changes are renumbered from 1; gives how many."""
    with store.changing() as touched:
        connection = touched.connection
        count = _again(connection)
        connection.exec_driver_sql("UPDATE outbox SET dseq = -dseq")
        # Order is kept: the numbers were negated, so the smallest old one is now the largest.
        olds = list(connection.exec_driver_sql("SELECT dseq FROM outbox ORDER BY dseq DESC").scalars())
        if olds:
            connection.exec_driver_sql(
                "UPDATE outbox SET dseq = ? WHERE dseq = ?", [(new, old) for new, old in enumerate(olds, start=1)]
            )
        connection.exec_driver_sql(
            "UPDATE identity SET device_id = ?, epoch = ?, next_dseq = ?, acked_hw = 0, durable_hw = 0",
            (device_id, epoch, len(olds) + 1),
        )
        # The ledger's numbers are the old device's: what was erased under them says nothing about the new one's.
        doubt_erased(connection)
        connection.exec_driver_sql("UPDATE ledger SET dseq = 0 WHERE state IN ('doubted', 'missing')")
        lease.begun(connection, store.clock, server_time)
        touched.case_ids |= _cases(connection)
    (log.warning if count else log.info)("new device id: %d retained changes go again", count)
    return count


def take_epoch(store: "LocalStore", epoch: str) -> None:
    """Take in the centre's history id for the first time."""
    with store.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE identity SET epoch = ?", (epoch,))


def _again(connection: Connection) -> int:
    return connection.exec_driver_sql(_BACK).rowcount


def _cases(connection: Connection) -> set[str]:
    return set(
        connection.exec_driver_sql(
            "SELECT DISTINCT rec_id FROM outbox WHERE rec_id IS NOT NULL AND kind <> 'accessed'"
        ).scalars()
    )
