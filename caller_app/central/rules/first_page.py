"""The first page of a list that is read from zero, in one journey to the database: who asks, the page, its receipt.

A caller waits for this page, and each journey costs more than what the database does in it. What a reader would get
wrong: nothing is decided here. A first page has no history to be checked (there is no cursor yet that could be wrong),
and whether the asker may have it is judged on the row that comes back, by the very functions of the ordinary way. The
statement notes the receipt only where its own conditions say the same. Wherever the two differ, or the page is a long
one, the answer is None, and the ordinary way (pulls.py) asks everything anew.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from caller_app.central.db import for_driver
from caller_app.central.faults import Fault
from caller_app.central.rules import feed
from caller_app.central.rules.access import (
    SESSION,
    asker_of,
    is_uuid,
    own_device,
    refuse_revoked,
    require,
    token_hash,
)
from caller_app.central.rules.devices import HEARD
from caller_app.central.rules.pulls import DEED, Served, Wanted, held_of
from caller_app.domain.staff import MAY
from caller_app.protocol.limits import LEASE_HOURS, PAGE_RECORDS
from caller_app.protocol.messages import WHY

SHORT_BYTES = 512 * 1024  # of a page that is finished between two other requests: twice the list of a busy caller
_ROLES = [role for role, deeds in MAY.items() if DEED in deeds]

# As with every page, nobody waits for the disk here: pulls.py says what a crash may forget. `lazy` counts what says so,
# for the database leaves out what nobody asks for.
ASK = (
    for_driver(
        f"""
WITH lazily AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS said),
who AS MATERIALIZED ({SESSION} WHERE s.access_sha256 = :given),
asked AS MATERIALIZED (
  SELECT w.*, d.device_id, d.user_id AS owner, d.status AS device_status, d.last_seq, d.durable_seq,
    coalesce(h.seq, 0) AS head, (SELECT count(said) FROM lazily) AS lazy
  FROM who w LEFT JOIN device d ON d.device_id = CAST(:d AS uuid) LEFT JOIN feed_head h ON h.user_id = w.user_id),
noted AS (
  UPDATE device SET token = :token, prev_token = NULL, pulled_seq = 0, held = CAST(:held AS uuid[]), {HEARD}
  WHERE device_id = (SELECT device_id FROM asked WHERE owner = user_id AND status = 'active' AND role = ANY(:roles)
    AND ended_at IS NULL AND access_until > :now) AND status <> 'revoked'
  RETURNING 1)
SELECT a.*, p.*, EXISTS (SELECT FROM noted) AS noted FROM asked a, LATERAL (
  SELECT count(*) AS count, coalesce(max(l.seq), 0) AS last,
    coalesce(string_agg(l.line, CAST('' AS bytea) ORDER BY l.seq), CAST('' AS bytea)) AS body
  FROM ({feed.LINES}) l) p
"""
    )
    .replace("%(u)s", "a.user_id")
    .replace("%(cursor)s", "0")
)


class _Device(NamedTuple):
    user_id: int
    status: str


def question(authorization: str | None, wanted: Wanted, *, epoch: str, now: datetime) -> dict[str, Any] | None:
    """Give the values of `ASK` for a request that may be answered in one journey; None where it may not."""
    from_zero = wanted.mode == "snapshot" and not wanted.cursor and not wanted.token
    if not from_zero or wanted.epoch not in ("", epoch) or wanted.device_id is None or not is_uuid(wanted.device_id):
        return None
    return {
        "given": token_hash(authorization),
        "d": wanted.device_id,
        "token": secrets.randbits(63),
        "held": held_of(wanted),
        "unsent": wanted.unsent,
        "now": now,
        "roles": _ROLES,
        "whys": list(WHY),
        "n": min(max(1, wanted.limit), PAGE_RECORDS, feed.ROWS_AT_ONCE + 1),
    }


def served(row: Any, asked: dict[str, Any]) -> Served | None:
    """Give what the asker is served, from the row that came back; None leaves the answer to the ordinary way."""
    now: datetime = asked["now"]
    if row is None or not row.noted or not _may_have_it(row, asked["given"], now):
        return None
    if row.count > feed.ROWS_AT_ONCE or len(row.body) > SHORT_BYTES:
        return None
    return Served(
        last_seq=row.last_seq,
        durable_seq=row.durable_seq,
        head=row.head,
        lease_until=now + timedelta(hours=LEASE_HOURS),
        page=feed.page_of(row.body, row.count, row.last, head=row.head, full=row.count == asked["n"]),
        token=f"{asked['token']:016x}",
    )


def _may_have_it(row: Any, given: bytes, now: datetime) -> bool:
    try:
        asker = asker_of(row, given, now)
        require(asker, DEED)
        device = None if row.device_id is None else _Device(row.owner, row.device_status)
        refuse_revoked(own_device(device, asker))
    except Fault:
        return False
    return True
