"""Which numbers of which device are safe beyond this database: only these may a workstation forget.

Two ways prove it (docs/sync.md): a finished backup that was read again, and PostgreSQL's own archive of its log. What a
reader would get wrong: the watermarks are read *before* the dump begins or the place in the log is asked, so that the
dump or the archive holds at least what they say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from caller_app.central.rules import audit

_SEGMENT = re.compile(r"[0-9A-F]{24}")


@dataclass(frozen=True, slots=True)
class Mark:
    """Every device's watermark, and the file of the log that held it all when it was read.

    `running_since` tells of which run of PostgreSQL: after another start the files may be older ones.
    """

    segment: str
    numbers: Mapping[str, int]
    running_since: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """Which changes of a person are here, and which of them are durable under the number their workstation gave."""

    held: list[str]
    durable: list[str]


def watermarks(conn: Connection) -> dict[str, int]:
    """Read every device's contiguous watermark."""
    rows = conn.execute(text("SELECT device_id, last_seq FROM device WHERE last_seq > 0"))
    return {row.device_id: row.last_seq for row in rows}


def confirm(conn: Connection, marks: Mapping[str, int], *, now: datetime) -> int:
    """Let devices know, from their next reply on, that a backup holds their work up to these numbers."""
    _raise(conn, marks)
    audit.note(conn, at=now, what="backup_made", detail={"devices": len(marks)})
    return len(marks)


def archives(conn: Connection) -> bool:
    """Tell whether this PostgreSQL archives its log, and is the one that writes it."""
    return bool(
        conn.execute(text("SELECT current_setting('archive_mode') <> 'off' AND NOT pg_is_in_recovery()")).scalar_one()
    )


def mark(conn: Connection) -> Mark:
    """Read the watermarks, and then which file of the log they are in at the latest."""
    numbers = watermarks(conn)
    segment = conn.execute(text("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")).scalar_one()
    return Mark(segment, numbers, running_since(conn))


def running_since(conn: Connection) -> datetime:
    """Tell when this PostgreSQL was started: no files were put back under it since."""
    since: datetime = conn.execute(text("SELECT pg_postmaster_start_time()")).scalar_one()
    return since


def last_archived(conn: Connection) -> str | None:
    """Name the last file of the log that was archived; files are archived in their order."""
    found: str | None = conn.execute(text("SELECT last_archived_wal FROM pg_stat_archiver")).scalar()
    return found


def covers(archived: str | None, wanted: str) -> bool:
    """Tell whether an archive that has come to one file holds another too: only within one timeline of the log."""
    if archived is None or not _SEGMENT.fullmatch(archived) or not _SEGMENT.fullmatch(wanted):
        return False
    return archived[:8] == wanted[:8] and archived >= wanted


def archived(conn: Connection, marks: Mapping[str, int]) -> int:
    """Let devices know that the archive holds their work up to these numbers; gives for how many that is news."""
    return _raise(conn, marks)


def _raise(conn: Connection, marks: Mapping[str, int]) -> int:
    if not marks:
        return 0
    return conn.execute(
        text(
            "UPDATE device SET durable_seq = m.seq FROM unnest(CAST(:ids AS uuid[]), CAST(:seqs AS bigint[])) m(id, "
            "seq) WHERE device_id = m.id AND durable_seq < m.seq"
        ),
        {"ids": sorted(marks), "seqs": [marks[one] for one in sorted(marks)]},
    ).rowcount


def proof(conn: Connection, user_id: int, device_id: str, asked: Sequence[tuple[str, int]]) -> Proof:
    """Tell what a workstation may forget: a number alone proves nothing, another copy of its disk may have used it."""
    rows = conn.execute(
        text(
            "SELECT a.id, coalesce(q.dseq <= d.durable_seq, false) AS durable "
            "FROM unnest(CAST(:ids AS uuid[]), CAST(:seqs AS bigint[])) a(id, seq) "
            "JOIN device d ON d.device_id = CAST(:d AS uuid) "
            "LEFT JOIN device_seq q ON q.device_id = d.device_id AND q.dseq = a.seq AND q.change_id = a.id "
            "WHERE EXISTS (SELECT 1 FROM change c WHERE c.change_id = a.id AND c.user_id = :u) "
            "OR EXISTS (SELECT 1 FROM change_reuse r WHERE r.change_id = a.id AND r.user_id = :u)"
        ),
        {"ids": [one for one, _ in asked], "seqs": [seq for _, seq in asked], "d": device_id, "u": user_id},
    ).all()
    return Proof(held=[row.id for row in rows], durable=[row.id for row in rows if row.durable])
