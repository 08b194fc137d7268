"""The practice list at the centre: loaded whole from the national file, asked by intake and exports."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, text

from caller_app.central.rules import audit
from caller_app.domain.practices import Practice, PracticeDirectory

CHUNK = 2_000


def load(conn: Connection, practices: Iterable[Practice], *, now: datetime) -> int:
    """Take in a practice list: new ones are added, known ones refreshed, none removed (history cites them)."""
    rows = [
        {
            "ods": one.code,
            "name": one.name,
            "lines": msgspec.json.encode(one.address_lines).decode(),
            "postcode": one.postcode or None,
            "phone": one.phone or None,
            "status": one.status,
            "setting": one.setting,
            "open_on": one.open_on,
            "close_on": one.close_on,
            "now": now,
        }
        for one in practices
    ]
    statement = text(
        "INSERT INTO practice(ods, name, address_lines, postcode, phone, status, setting, open_on, close_on, "
        "loaded_at) VALUES (:ods, :name, CAST(:lines AS jsonb), :postcode, :phone, :status, :setting, :open_on, "
        ":close_on, :now) "
        "ON CONFLICT (ods) DO UPDATE SET name = excluded.name, address_lines = excluded.address_lines, "
        "postcode = excluded.postcode, phone = excluded.phone, status = excluded.status, setting = excluded.setting, "
        "open_on = excluded.open_on, close_on = excluded.close_on, loaded_at = excluded.loaded_at"
    )
    for start in range(0, len(rows), CHUNK):
        conn.execute(statement, rows[start : start + CHUNK])
    audit.note(conn, at=now, what="practices_loaded", detail={"practices": len(rows)})
    return len(rows)


def directory(conn: Connection) -> PracticeDirectory:
    """Give the whole list for look-ups by code and name."""
    rows = conn.execute(text("SELECT * FROM practice"))
    return PracticeDirectory(
        Practice(
            code=row.ods,
            name=row.name,
            address_lines=tuple(row.address_lines),
            postcode=row.postcode or "",
            phone=row.phone or "",
            status=row.status,
            setting=row.setting,
            open_on=row.open_on,
            close_on=row.close_on,
        )
        for row in rows
    )
