"""The per-recipient feed: the writer's rule W and the reader of one page (docs/sync.md, "Feed and pull").

`write` has to be the last thing a transaction does. Its row locks on `feed_head` are what makes a plain integer
cursor safe: number s+1 of a user can only be given out after the transaction that took s has ended.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection as PgConnection
from sqlalchemy import Connection, text

from caller_app.central.arrays import Ids
from caller_app.central.db import driver, together
from caller_app.domain.items import KIND_ITEM
from caller_app.protocol.limits import PAGE_RECORDS
from caller_app.protocol.messages import WHY

BARRED_COUNT_FOR = timedelta(days=30)
PAGE_BYTES = 8 * 1024 * 1024
ROWS_AT_ONCE = 250  # of a long page, as they come from the database


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as one person now sees it: there (`why` None), or gone and why."""

    user_id: int
    kind: int
    rec_id: str
    why: str | None = None


def put(user_id: int, case_id: str) -> Entry:
    """Say that a case now stands on a person's list in a new version."""
    return Entry(user_id, KIND_ITEM, case_id)


def gone(user_id: int, case_id: str, why: str) -> Entry:
    """Say that a case left a person's list."""
    return Entry(user_id, KIND_ITEM, case_id, why)


def write(conn: Connection, entries: Iterable[Entry]) -> dict[int, int]:
    """Give the entries their numbers, user by user in ascending order; gives each touched user's new head.

    A later entry for the same record replaces an earlier one, so that one transaction shows only its end state.
    """
    per_user: dict[int, dict[tuple[int, str], str | None]] = defaultdict(dict)
    for entry in entries:
        records = per_user[entry.user_id]
        records.pop((entry.kind, entry.rec_id), None)
        records[entry.kind, entry.rec_id] = entry.why
    if not per_user:
        return {}
    with together(conn) as raw:
        given = {user: raw.execute(_NUMBER, _values(user, per_user[user])) for user in sorted(per_user)}
    return {user: given[user].fetchall()[0][0] for user in given}


# The new head is given out under its row's lock, which is taken here; each record takes its number below it.
_NUMBER = """
WITH head AS (
  INSERT INTO feed_head AS h (user_id, seq) VALUES (%(user)s, %(n)s)
  ON CONFLICT (user_id) DO UPDATE SET seq = h.seq + excluded.seq RETURNING seq
), shown AS (
  INSERT INTO visibility(user_id, kind, rec_id, seq, gone, why)
  SELECT %(user)s, k, r, head.seq - %(n)s + o, w IS NOT NULL, w
  FROM head CROSS JOIN unnest(CAST(%(kinds)s AS smallint[]), CAST(%(recs)s AS uuid[]), CAST(%(whys)s AS smallint[]))
    WITH ORDINALITY t(k, r, w, o)
  ON CONFLICT (user_id, kind, rec_id) DO UPDATE SET seq = excluded.seq, gone = excluded.gone, why = excluded.why
)
SELECT seq FROM head
"""


def _values(user: int, records: Mapping[tuple[int, str], str | None]) -> dict[str, Any]:
    return {
        "user": user,
        "n": len(records),
        "kinds": [kind for kind, _ in records],
        "recs": Ids(rec for _, rec in records),
        "whys": [None if why is None else WHY.index(why) for why in records.values()],
    }


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read: `body` is `count` finished NDJSON lines, `to` is the cursor after them."""

    body: bytes
    count: int
    to: int
    head: int
    more: bool

    def sha256_after(self, begin: bytes) -> str:
        """Hash everything that comes before the closing line."""
        digest = hashlib.sha256(begin)
        digest.update(self.body)
        return digest.hexdigest()


def head_of(conn: Connection, user_id: int) -> tuple[int, int]:
    """Give a user's newest number and the number below which tombstones were collected."""
    row = conn.execute(text("SELECT seq, gc_seq FROM feed_head WHERE user_id = :u"), {"u": user_id}).one_or_none()
    return (row.seq, row.gc_seq) if row else (0, 0)


# The database makes the finished lines: bodies are stored as they are sent, and go through as bytes. Each body is found
# by its key (LIMIT 1), whatever the planner believes: a page costs the same however many records the centre holds.
LINES = """
SELECT v.seq, convert_to(CASE WHEN v.gone OR b.body IS NULL
    THEN concat('{"t":"gone","k":', v.kind, ',"s":', v.seq, ',"id":"', v.rec_id, '","why":"',
      coalesce((CAST(%(whys)s AS text[]))[v.why + 1], 'retention'), E'"}\n')
    ELSE concat('{"t":"put","k":', v.kind, ',"s":', v.seq, ',"id":"', v.rec_id, '","v":', coalesce(b.ver, 1),
      ',"b":', b.body, E'}\n') END, 'UTF8') AS line
FROM (SELECT * FROM visibility WHERE user_id = %(u)s AND seq > %(cursor)s ORDER BY seq LIMIT %(n)s) v
LEFT JOIN LATERAL (SELECT r.body, (SELECT ver FROM rec_ver WHERE id = v.rec_id) AS ver FROM rec_body r
  WHERE NOT v.gone AND r.kind = v.kind AND r.id = v.rec_id LIMIT 1) b ON true
ORDER BY v.seq
"""


def read_page(
    conn: Connection,
    *,
    user_id: int,
    cursor: int,
    head: int,
    limit: int = PAGE_RECORDS,
    then: Callable[[PgConnection[Any]], None] = lambda _raw: None,
) -> Page:
    """Read the records after a cursor, inside the same snapshot that `head` was read in.

    A short page ends at that head, not at its last row: a feed may end in numbers whose tombstones were collected.
    What is to be written `then` goes to the database in the same journey as the question, where the page is short.
    """
    limit = max(1, min(limit, PAGE_RECORDS))
    wanted = {"u": user_id, "cursor": cursor, "n": limit, "whys": list(WHY)}
    # Numbers are given out one by one, so there are no more rows than numbers: few come at once, many in portions,
    # which keeps the memory small where records are large.
    if min(limit, head - cursor) <= ROWS_AT_ONCE:
        with together(conn) as raw:
            rows = raw.cursor(binary=True).execute(LINES, wanted, prepare=True)
            then(raw)
        return _page(rows, cursor=cursor, head=head, limit=limit)
    with driver(conn) as raw, raw.cursor(binary=True) as asked:
        page = _page(asked.stream(LINES, wanted, size=ROWS_AT_ONCE), cursor=cursor, head=head, limit=limit)
        then(raw)
        return page


def _page(rows: Iterable[tuple[int, bytes]], *, cursor: int, head: int, limit: int) -> Page:
    parts: list[bytes] = []
    size, last, cut = 0, cursor, False
    for seq, line in rows:
        if size >= PAGE_BYTES:  # what comes after a full page is read past
            cut = True
            continue
        parts.append(line)
        size += len(line)
        last = seq
    return page_of(b"".join(parts), len(parts), last, head=head, full=cut or len(parts) == limit)


def page_of(body: bytes, count: int, last: int, *, head: int, full: bool) -> Page:
    """Give a page of lines: a full one ends at its last number, any other at the head it was read at."""
    to = last if full else head
    return Page(body=body, count=count, to=to, head=head, more=to < head)


def collect(conn: Connection, user_id: int, *, now: datetime | None = None) -> int:
    """Forget tombstones that every device of a user has taken; gives how many (docs/sync.md).

    A barred device pulls no more: it counts for as long as it is heard from, then its lease has ended its list.
    """
    conn.execute(text("SELECT 1 FROM feed_head WHERE user_id = :u FOR UPDATE"), {"u": user_id})
    taken = conn.execute(
        text(
            "SELECT min(pulled_seq) FROM device WHERE user_id = :u AND status <> 'retired' "
            "AND (status <> 'revoked' OR CAST(:long_ago AS timestamptz) IS NULL "
            "OR coalesce(last_seen, registered_at) >= :long_ago)"
        ),
        {"u": user_id, "long_ago": None if now is None else now - BARRED_COUNT_FOR},
    ).scalar()
    if not taken:
        return 0
    removed = conn.execute(
        text("DELETE FROM visibility WHERE user_id = :u AND gone AND seq <= :t"), {"u": user_id, "t": taken}
    ).rowcount
    if removed:
        conn.execute(
            text("UPDATE feed_head SET gc_seq = greatest(gc_seq, :t) WHERE user_id = :u"), {"t": taken, "u": user_id}
        )
    return removed
