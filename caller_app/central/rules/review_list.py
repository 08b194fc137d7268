"""The list of review cases as supervisors work through it: what concerns safety first, then the oldest.

What a reader would get wrong: every change whose verdict is not "applied" has a case here, open or resolved. Nothing
is ever removed from this list; settling moves a case to its other half.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, text

from caller_app.base.clock import london_day, to_text
from caller_app.domain.reviews import CLASSES, GROUPS, Group, class_of, codes_of, urgent_codes
from caller_app.protocol.supervision import ReviewLine

State = Literal["open", "settled"]
OPEN = "(r.state = 'open' OR (r.state = 'scheduled' AND r.resolution->>'on' <= :today))"

_COLUMNS = (
    "SELECT r.review_id, r.change_id, r.rec_id, r.class, r.state, r.opened_at, r.resolution, a.shown_name AS who, "
    "  p.given_name, p.family_name, j.name AS project, b.shown_name AS settled_by "
    "FROM review_case r LEFT JOIN change c USING (change_id) LEFT JOIN account a ON a.user_id = c.user_id "
    "LEFT JOIN cases k ON k.case_id = r.rec_id LEFT JOIN person p ON p.person_id = k.person_id "
    "LEFT JOIN project j ON j.project_id = k.project_id "
    "LEFT JOIN account b ON b.user_id = CAST(r.resolution->>'by' AS int) "
)


def page(
    conn: Connection, *, state: State, group: Group | None, now: datetime, offset: int, limit: int
) -> tuple[int, list[ReviewLine]]:
    """Give a page of the list, with the total."""
    where, values = _where(state, group, now)
    total = conn.execute(text(f"SELECT count(*) FROM review_case r WHERE {where}"), values).scalar_one()
    order = (
        "(r.class = ANY(:urgent)) DESC, r.opened_at, r.review_id"
        if state == "open"
        else "r.resolution->>'at' DESC, r.review_id"
    )
    rows = conn.execute(
        text(f"{_COLUMNS}WHERE {where} ORDER BY {order} LIMIT :n OFFSET :o"),
        {**values, "urgent": list(urgent_codes()), "n": limit, "o": offset},
    ).mappings()
    return int(total), [line_of(dict(row)) for row in rows]


def open_by_group(conn: Connection, *, now: datetime) -> dict[str, int]:
    """Count what is open, by group."""
    rows = conn.execute(
        text(f"SELECT r.class, count(*) AS n FROM review_case r WHERE {OPEN} GROUP BY r.class"), _today(now)
    ).mappings()
    found: dict[str, int] = dict.fromkeys(GROUPS, 0)
    for row in rows:
        found[class_of(row["class"]).group] += row["n"]
    return found


def one(conn: Connection, review_id: str) -> Mapping[str, Any] | None:
    """Give one case as a row of the list, None where there is none."""
    row = (
        conn.execute(text(f"{_COLUMNS}WHERE r.review_id = CAST(:r AS uuid)"), {"r": review_id}).mappings().one_or_none()
    )
    return None if row is None else dict(row)


def line_of(row: Mapping[str, Any]) -> ReviewLine:
    """Give a row of the list as it goes on the wire."""
    known = class_of(row["class"])
    settled = row["resolution"] if row["state"] == "resolved" else None
    name = " ".join(part for part in (row["given_name"], row["family_name"]) if part)
    return ReviewLine(
        review_id=row["review_id"],
        review_class=row["class"],
        group=known.group,
        title=known.title,
        urgent=known.urgent,
        opened_at=to_text(row["opened_at"]),
        state=row["state"],
        who=row["who"] or "",
        patient=name or None,
        project=row["project"],
        settled_by=row["settled_by"] if settled else None,
        settled_at=settled.get("at") if settled else None,
        settled_as=settled.get("act") if settled else None,
    )


def _where(state: State, group: Group | None, now: datetime) -> tuple[str, dict[str, Any]]:
    where, values = ("r.state = 'resolved'", {}) if state == "settled" else (OPEN, _today(now))
    if group is None:
        return where, values
    values["codes"] = list(codes_of(group))
    chosen = "r.class = ANY(:codes)"
    if group == "results":  # a class that is not known here stands among the results
        values["known"] = _all_codes()
        chosen = f"({chosen} OR r.class <> ALL(:known))"
    return f"{where} AND {chosen}", values


def _all_codes() -> Sequence[str]:
    return [*CLASSES, *codes_of("safety")]


def _today(now: datetime) -> dict[str, Any]:
    return {"today": london_day(now).isoformat()}
