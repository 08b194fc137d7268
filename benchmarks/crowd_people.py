"""A centre with a crowd: hundreds of callers with lists, registered workstations and sign-ins that need no password.

Signing in is measured apart: five hundred argon2 hashes would be most of what a crowd costs. What is written here is
what the rules write, through the rules where they are quick enough.
"""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from caller_app.base.clock import SystemClock
from caller_app.base.ids import new_id
from caller_app.central.db import writing
from caller_app.domain.staff import Role, User
from tests.support.centre import Rig


@dataclass(frozen=True)
class Seat:
    """One workstation of one caller, signed in: all that a request needs, and the caller's cases."""

    user_id: int
    token: str
    device: str
    epoch: str
    head: int
    cases: list[str]
    moved: list[str]  # cases that were this caller's and are the next one's now


def seated(rig: Rig, count: int, cases_each: int, *, moved_each: int = 0, role: str = "caller") -> list[Seat]:
    """Make callers with so many cases each; some of each caller's cases move on to the next caller."""
    users = _accounts(rig, count, role)
    held: dict[int, list[str]] = {user.user_id: [] for user in users}
    moved: dict[int, list[str]] = {user.user_id: [] for user in users}
    if cases_each:
        project = rig.project(f"Crowd of {count} with {cases_each}")
        wanted = cases_each + moved_each
        for start in range(0, count, 40):
            some = users[start : start + 40]
            ids = rig.cases(project, wanted * len(some))
            for place, user in enumerate(some):
                mine = ids[place * wanted : (place + 1) * wanted]
                rig.give(mine, user)
                held[user.user_id], moved[user.user_id] = mine[moved_each:], mine[:moved_each]
        if moved_each:
            for giver, taker in zip(users, [*users[1:], users[0]], strict=True):
                rig.reassign(giver, taker, case_ids=moved[giver.user_id])
    tokens = _sessions(rig, users)
    devices = _devices(rig, users)
    heads = {row.user_id: row.seq for row in rig.ask("SELECT user_id, seq FROM feed_head")}
    epoch = rig.centre.standing.epoch
    return [
        Seat(one.user_id, tokens[one.user_id], devices[one.user_id], epoch, heads[one.user_id], held[one.user_id],
             moved[one.user_id])
        for one in users
    ]  # fmt: skip


def written(seats: list[Seat], path: Path) -> Path:
    """Leave the seats in a file for the process that makes the load."""
    path.write_text(json.dumps([asdict(one) for one in seats]), encoding="utf-8")
    return path


def _accounts(rig: Rig, count: int, role: Role) -> list[User]:
    made = SystemClock().now()
    stem = secrets.token_hex(4)
    names = [f"{role}.{stem}.{number}" for number in range(count)]

    def work(conn: Connection) -> list[User]:
        rows = conn.execute(
            text(
                "INSERT INTO account(name, name_key, shown_name, role, password_hash, password_set_at, made_at) "
                "SELECT n, n, n, :role, 'none: it never signs in', :now, :now FROM unnest(CAST(:names AS text[])) n "
                "RETURNING user_id, name"
            ),
            {"names": names, "role": role, "now": made},
        ).all()
        conn.execute(
            text("INSERT INTO feed_head(user_id) SELECT unnest(CAST(:ids AS int[]))"),
            {"ids": [row.user_id for row in rows]},
        )
        return [User(user_id=row.user_id, name=row.name, shown_name=row.name, role=role) for row in rows]

    return writing(rig.engine, work)


def _sessions(rig: Rig, users: list[User]) -> dict[int, str]:
    now = SystemClock().now()
    tokens = {one.user_id: secrets.token_urlsafe(32) for one in users}
    rows = [
        {"s": new_id(), "u": user, "a": hashlib.sha256(token.encode()).digest(), "r": secrets.token_bytes(32),
         "now": now, "later": now + timedelta(hours=12)}
        for user, token in tokens.items()
    ]  # fmt: skip
    statement = text(
        "INSERT INTO session(session_id, user_id, access_sha256, access_until, refresh_sha256, refreshed_at, "
        "refresh_until, made_at) VALUES (:s, :u, :a, :later, :r, :now, :later, :now)"
    )
    writing(rig.engine, lambda conn: conn.execute(statement, rows))
    return tokens


def _devices(rig: Rig, users: list[User]) -> dict[int, str]:
    now = SystemClock().now()
    devices = {one.user_id: new_id() for one in users}
    statement = text(
        "INSERT INTO device(device_id, user_id, app_version, proto, registered_at, last_seen) "
        "VALUES (:d, :u, 'crowd', 1, :now, :now)"
    )
    rows = [{"d": device, "u": user, "now": now} for user, device in devices.items()]
    writing(rig.engine, lambda conn: conn.execute(statement, rows))
    return devices
