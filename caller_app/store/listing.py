"""My list in SQL: the shown rows of `list.db` in the order in which people are to be rung.

Each group (overdue promises, due now, …) is one indexed query; they follow one another until the page is full, so that
the first 200 of 56,243 people never sort the rest. `group_of` says the same in Python for rows found by search: a test
holds the two together. Closed cases are on no list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, TextClause, bindparam, text

from caller_app.base.clock import from_text, london, to_text
from caller_app.domain.calling_rules import PROMISE_EARLY, PROMISE_LATE
from caller_app.domain.items import KIND_PROJECT
from caller_app.store.snapshot import WHY

# What the list shows under one heading may be several groups here, each with an index of its own.
GROUPS = (
    "overdue",
    "due",
    "promised",
    "retry_at_once",
    "retry",
    "retry_same_band",
    "fresh",
    "promised_later",
    "waiting",
    "held",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The instants that divide the list now, as the text the file holds; `band` is the time band of now, "" outside."""

    now: str
    soon: str
    late: str
    tomorrow: str
    band: str

    @classmethod
    def at(cls, now: datetime, band: str) -> "Moment":
        """Cut the day at an instant; days are London's."""
        midnight = london(now).replace(hour=0, minute=0, second=0, microsecond=0)
        tomorrow = (midnight + timedelta(days=1, hours=12)).replace(hour=0)  # by noon: a day may have 23 or 25 hours
        return cls(to_text(now), to_text(now + PROMISE_EARLY), to_text(now - PROMISE_LATE), to_text(tomorrow), band)


@dataclass(frozen=True, slots=True)
class Listed:
    """One shown row as the list needs it; `group` is one of GROUPS, or "closed" in a look-up."""

    nr: int
    case_id: str
    project_id: str
    status: str
    shown_name: str
    group: str
    promise_from: datetime | None
    promise_to: datetime | None
    promise_mine: bool
    not_before: datetime | None
    counted: int
    last_outcome: str | None
    last_at: datetime | None
    priority: int
    bands: str
    pending: bool


_COLUMNS = (
    "nr, case_id, project_id, status, shown_name, promise_id, promise_from, promise_to, promise_mine, not_before, "
    "counted, last_outcome, last_at, priority, bands, pending"
)
# `+status` keeps the planner from reading the list by status, which is the one thing nearly all rows share.
_OPEN = "+status IN ('ready', 'callback', 'held')"
_PROMISED = f"promise_from IS NOT NULL AND {_OPEN}"
_UNPROMISED = f"promise_from IS NULL AND {_OPEN}"
_SHUT = "promise_from IS NULL AND (not_before IS NULL OR not_before > :now)"
_RETRY = f"{_UNPROMISED} AND not_before IS NOT NULL AND not_before <= :now AND last_at IS NOT NULL"

# group -> (index, condition, order); the same words as `group_of`.
_SQL: dict[str, tuple[str, str, str]] = {
    "overdue": ("shown_promise", f"{_PROMISED} AND promise_from < :late AND promise_to < :now", "promise_from, nr"),
    "due": (
        "shown_promise",
        f"{_PROMISED} AND promise_from <= :soon AND (promise_from >= :late OR promise_to >= :now)",
        "promise_mine DESC, promise_from, nr",
    ),
    "promised": (
        "shown_promise",
        f"{_PROMISED} AND promise_from > :soon AND promise_from < :tomorrow",
        "promise_from, nr",
    ),
    "retry_at_once": (
        "shown_at_once",
        "promise_from IS NULL AND not_before IS NULL AND last_at IS NOT NULL AND status IN ('ready', 'callback')",
        "nr",
    ),
    "retry": ("shown_later", f"{_RETRY} AND instr(bands, :band) = 0", "not_before, nr"),
    "retry_same_band": ("shown_later", f"{_RETRY} AND instr(bands, :band) > 0", "not_before, nr"),
    "fresh": (
        "shown_fresh",
        f"{_UNPROMISED} AND last_at IS NULL AND (not_before <= :now OR (not_before IS NULL AND +status <> 'held'))",
        "priority, seed, nr",
    ),
    "promised_later": (
        "shown_promise",
        f"{_PROMISED} AND promise_from > :soon AND promise_from >= :tomorrow",
        "promise_from, nr",
    ),
    "waiting": (
        "shown_later",
        "promise_from IS NULL AND not_before IS NOT NULL AND not_before > :now AND +status IN ('ready', 'callback')",
        "not_before, nr",
    ),
    "held": (
        "shown_status",
        f"status IN ('held', 'supervisor', 'needs_review') AND (status <> 'held' OR ({_SHUT}))",
        "status, nr",
    ),
}


def group_of(row: Any, moment: Moment) -> str:
    """Name the group of one row of `shown`; "closed" for a case that is on no list."""
    if row.status == "closed":
        return "closed"
    if row.status in ("supervisor", "needs_review"):
        return "held"
    if row.promise_from is not None:
        if row.promise_from < moment.late and row.promise_to < moment.now:
            return "overdue"
        if row.promise_from <= moment.soon:
            return "due"
        return "promised" if row.promise_from < moment.tomorrow else "promised_later"
    if row.not_before is None:
        if row.status == "held":
            return "held"
        if row.last_at is not None:
            return "retry_at_once"
    elif row.not_before > moment.now:
        return "held" if row.status == "held" else "waiting"
    if row.last_at is None:
        return "fresh"
    return "retry_same_band" if moment.band and moment.band in row.bands else "retry"


def page(
    connection: Connection,
    moment: Moment,
    *,
    limit: int,
    offset: int = 0,
    groups: Sequence[str] = GROUPS,
    without: Sequence[str] = (),
    projects: Sequence[str] | None = None,
) -> list[Listed]:
    """Give the rows from `offset` on, group after group; `without` names cases shown elsewhere."""
    rows: list[Listed] = []
    for group in groups:
        if len(rows) >= limit:
            break
        index, condition, order = _SQL[group]
        if offset:
            there = _count(connection, group, moment, without, projects)
            if there <= offset:
                offset -= there
                continue
        found = connection.execute(
            _query(
                f"SELECT {_COLUMNS} FROM shown INDEXED BY {index} WHERE {condition}",
                without,
                projects,
                f" ORDER BY {order}",
            ),
            _values(moment, without, projects) | {"limit": limit - len(rows), "offset": offset},
        )
        offset = 0
        rows.extend(_listed(row, group) for row in found)
    return rows


def rows_of(connection: Connection, moment: Moment, nrs: Sequence[int]) -> list[Listed]:
    """Give the rows found by search in the order of the list, closed cases last."""
    if not nrs:
        return []
    found = connection.execute(
        text(f"SELECT {_COLUMNS} FROM shown WHERE nr IN :nrs").bindparams(bindparam("nrs", expanding=True)),
        {"nrs": list(nrs)},
    ).all()
    return sorted((_listed(row, group_of(row, moment)) for row in found), key=_place)


def rows_of_cases(connection: Connection, moment: Moment, case_ids: Sequence[str]) -> list[Listed]:
    """Give the rows of some cases, in the order asked for; a case that is gone is left out."""
    if not case_ids:
        return []
    found = connection.execute(
        text(f"SELECT {_COLUMNS} FROM shown WHERE case_id IN :ids").bindparams(bindparam("ids", expanding=True)),
        {"ids": list(case_ids)},
    )
    by_id = {row.case_id: _listed(row, group_of(row, moment)) for row in found}
    return [by_id[case_id] for case_id in case_ids if case_id in by_id]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases are on the list: all, not yet closed, with a promise due, with a promise for later today."""

    total: int
    left: int
    due: int
    promised_today: int


def tally(connection: Connection, moment: Moment) -> Tally:
    """Count the list for the header."""
    rows = connection.execute(text("SELECT status, count(*) FROM shown INDEXED BY shown_status GROUP BY status")).all()
    by_status = {status: int(count) for status, count in rows}
    counts = {group: _count(connection, group, moment, (), None) for group in ("overdue", "due", "promised")}
    total = sum(by_status.values())
    return Tally(total, total - by_status.get("closed", 0), counts["overdue"] + counts["due"], counts["promised"])


def project_ids(connection: Connection) -> list[str]:
    """Name the projects of this list: the centre sends one as long as a case of it is here."""
    return list(
        connection.execute(
            text("SELECT id FROM record WHERE kind = :kind ORDER BY id"), {"kind": KIND_PROJECT}
        ).scalars()
    )


def rung_cases(connection: Connection, limit: int) -> list[str]:
    """Name the cases that were rung, the latest first: where history older than the outbox is found."""
    return list(
        connection.execute(
            text(
                "SELECT case_id FROM shown INDEXED BY shown_rung WHERE last_at IS NOT NULL"
                " ORDER BY last_at DESC LIMIT :limit"
            ),
            {"limit": limit},
        ).scalars()
    )


def _place(row: Listed) -> tuple[int, str, int, int]:
    group = GROUPS.index(row.group) if row.group in GROUPS else len(GROUPS)
    when = row.promise_from or row.not_before
    return group, to_text(when) if when else "", row.priority, row.nr


def _query(select: str, without: Sequence[str], projects: Sequence[str] | None, order: str = "") -> TextClause:
    sql = select
    binds: list[BindParameter[Any]] = []
    if without:
        sql += " AND case_id NOT IN :without"
        binds.append(bindparam("without", expanding=True))
    if projects is not None:
        sql += " AND project_id IN :projects"
        binds.append(bindparam("projects", expanding=True))
    if order:
        sql += order + " LIMIT :limit OFFSET :offset"
    return text(sql).bindparams(*binds)


def _values(moment: Moment, without: Sequence[str], projects: Sequence[str] | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "now": moment.now,
        "soon": moment.soon,
        "late": moment.late,
        "tomorrow": moment.tomorrow,
        "band": moment.band or "-",  # no band is called so: outside the hours every retry counts as untried
    }
    if without:
        values["without"] = list(without)
    if projects is not None:
        values["projects"] = list(projects)
    return values


def _count(
    connection: Connection, group: str, moment: Moment, without: Sequence[str], projects: Sequence[str] | None
) -> int:
    index, condition, _ = _SQL[group]
    sql = _query(f"SELECT count(*) FROM shown INDEXED BY {index} WHERE {condition}", without, projects)
    return int(connection.execute(sql, _values(moment, without, projects)).scalar_one())


def _listed(row: Row[Any], group: str) -> Listed:
    return Listed(
        nr=row.nr,
        case_id=row.case_id,
        project_id=row.project_id,
        status=row.status,
        shown_name=row.shown_name,
        group=group,
        promise_from=_instant(row.promise_from),
        promise_to=_instant(row.promise_to),
        promise_mine=bool(row.promise_mine),
        not_before=_instant(row.not_before),
        counted=row.counted,
        last_outcome=row.last_outcome,
        last_at=_instant(row.last_at),
        priority=row.priority,
        bands=row.bands,
        pending=bool(row.pending),
    )


def _instant(value: str | None) -> datetime | None:
    return from_text(value) if value is not None else None


def caught_up_at(connection: Connection) -> datetime | None:
    """Give the moment at which the list, and with it the stops, was last known to be current."""
    return _instant(connection.execute(text("SELECT caught_up_at FROM meta")).scalar())


def taken_away(connection: Connection, case_id: str) -> str | None:
    """Say in words why a case left the list while its call is open; None where it has not."""
    why = connection.execute(text("SELECT why FROM held WHERE case_id = :id"), {"id": case_id}).scalar()
    return None if why is None else WHY.get(why, "no longer on your list")
