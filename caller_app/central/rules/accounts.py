"""Accounts and sessions: argon2id passwords, lock-out, short access tokens, a refresh token for 12 hours.

Traps: a failure is counted *before* the password is checked, so that many guesses at once cannot slip past the lock;
an unknown name costs the same time and locks the same way as a known one; only hashes of tokens are stored. A refresh
reply may be lost, so the refresh token before the newest still works for two minutes.
"""

import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, text

from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.central.db import Busy, writing
from caller_app.central.faults import Fault
from caller_app.central.rules import audit, feed
from caller_app.domain.items import KIND_ITEM
from caller_app.domain.staff import MAY, User
from caller_app.protocol.limits import ACCESS_TOKEN_SECONDS, SIGN_IN_HOURS

FAILURES_TO_LOCK = 5
LOCK_MINUTES = 15
DRAIN_DAYS = 30
REFRESH_GRACE = timedelta(minutes=2)
PLACE_SECONDS = 5
PASSWORD_SHORTEST = 10
PASSWORD_LONGEST = 200
NAME_LONGEST = 100

# OWASP's second recommendation: 19 MiB, two passes; about 40 ms of one core. At most two at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_places = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Session:
    """Tokens as handed out once; the database keeps only their hashes."""

    user: User
    access_token: str
    access_until: datetime
    refresh_token: str
    refresh_until: datetime


def create_user(conn: Connection, *, name: str, shown_name: str, role: str, password: str, now: datetime) -> User:
    """Make an account with its feed; refuses a name in use, an unknown role or a weak password."""
    name, shown_name = name.strip(), " ".join(shown_name.split())
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,99}", name):
        raise Refused("A sign-in name has 2 to 100 letters, digits, dots, dashes or @.", field="name")
    if not 1 <= len(shown_name) <= 100:
        raise Refused("The shown name has 1 to 100 characters.", field="shown_name")
    if role not in MAY:
        raise Refused(f"The role has to be one of {', '.join(sorted(MAY))}.", field="role")
    _check_password(password)
    row = conn.execute(
        text(
            "INSERT INTO account(name, name_key, shown_name, role, password_hash, password_set_at, made_at) "
            "VALUES (:name, :key, :shown, :role, :hash, :now, :now) ON CONFLICT (name_key) DO NOTHING RETURNING user_id"
        ),
        {"name": name, "key": _key(name), "shown": shown_name, "role": role, "hash": _hash(password), "now": now},
    ).one_or_none()
    if row is None:
        raise Refused("This sign-in name is in use already.", field="name")
    conn.execute(text("INSERT INTO feed_head(user_id) VALUES (:u)"), {"u": row.user_id})
    audit.note(conn, at=now, what="account_made", detail={"user_id": row.user_id, "role": role})
    return User(user_id=row.user_id, name=name, shown_name=shown_name, role=role)  # type: ignore[arg-type]


def sign_in(engine: Engine, *, name: str, password: str, now: datetime, request_id: str = "") -> Session:
    """Check a password and open a session; raises Fault wrong_password, account_locked or account_disabled."""
    guard = hashlib.sha256(_key(name[: NAME_LONGEST * 2]).encode()).digest()
    if not writing(engine, lambda conn: _may_try(conn, guard, now)):
        raise Fault(
            423,
            "account_locked",
            f"Too many wrong passwords. This name is locked for {LOCK_MINUTES} minutes; a supervisor can have it "
            "unlocked.",
        )
    with engine.connect() as conn:
        account = conn.execute(
            text("SELECT * FROM account WHERE name_key = :key"), {"key": _key(name[:NAME_LONGEST])}
        ).one_or_none()
    right = _verify(account.password_hash if account else _nobody(), password)
    if account is None or not right:
        writing(
            engine,
            lambda conn: audit.note(
                conn,
                at=now,
                what="sign_in_failed",
                user_id=account.user_id if account else None,
                request_id=request_id,
            ),
        )
        raise Fault(401, "wrong_password", "The name or the password is not right.")
    user = User(user_id=account.user_id, name=account.name, shown_name=account.shown_name, role=account.role)

    def let_in(conn: Connection) -> Session:
        conn.execute(text("DELETE FROM sign_in_guard WHERE name_hash = :h"), {"h": guard})
        check_status(account.status, account.status_since, now)
        if _hasher.check_needs_rehash(account.password_hash):
            conn.execute(
                text("UPDATE account SET password_hash = :hash WHERE user_id = :u"),
                {"hash": _hash(password), "u": user.user_id},
            )
        audit.note(conn, at=now, what="signed_in", user_id=user.user_id, request_id=request_id)
        return open_session(conn, user, now)

    return writing(engine, let_in)


def refresh(engine: Engine, *, token: str, now: datetime) -> Session:
    """Give fresh tokens for a refresh token that is still good; raises Fault sign_in_needed."""
    given = _sha(token)

    def renew(conn: Connection) -> Session:
        row = conn.execute(
            text(
                "SELECT s.*, a.name, a.shown_name, a.role, a.status, a.status_since FROM session s "
                "JOIN account a USING (user_id) WHERE (s.refresh_sha256 = :h OR s.prev_refresh_sha256 = :h) FOR UPDATE"
            ),
            {"h": given},
        ).one_or_none()
        if row is None or row.ended_at is not None or row.refresh_until <= now:
            raise spent()
        newest = hmac.compare_digest(bytes(row.refresh_sha256), given)
        if not newest and row.refreshed_at + REFRESH_GRACE < now:
            raise spent()
        check_status(row.status, row.status_since, now)
        access, renewed = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        until = min(now + timedelta(seconds=ACCESS_TOKEN_SECONDS), row.refresh_until)
        conn.execute(
            text(
                "UPDATE session SET access_sha256 = :a, access_until = :until, refresh_sha256 = :r, "
                "prev_refresh_sha256 = :given, refreshed_at = :now WHERE session_id = :s"
            ),
            {"a": _sha(access), "until": until, "r": _sha(renewed), "given": given, "now": now, "s": row.session_id},
        )
        user = User(user_id=row.user_id, name=row.name, shown_name=row.shown_name, role=row.role)
        return Session(user, access, until, renewed, row.refresh_until)

    return writing(engine, renew)


def sign_out(conn: Connection, *, session_id: str, now: datetime) -> None:
    """End a session: none of its tokens works any more."""
    conn.execute(text("UPDATE session SET ended_at = :now WHERE session_id = :s"), {"now": now, "s": session_id})


def unlock(conn: Connection, *, name: str, now: datetime) -> None:
    """Forget the failures of a name, so that its owner may try again at once."""
    user_id = _known(conn, name)
    conn.execute(
        text("DELETE FROM sign_in_guard WHERE name_hash = :h"), {"h": hashlib.sha256(_key(name).encode()).digest()}
    )
    audit.note(conn, at=now, what="account_unlocked", detail={"user_id": user_id})


def reset_password(conn: Connection, *, name: str, password: str, now: datetime) -> None:
    """Set a new password, end every session of the account and lift its lock."""
    _check_password(password)
    user_id = _known(conn, name)
    conn.execute(
        text("UPDATE account SET password_hash = :hash, password_set_at = :now WHERE user_id = :u"),
        {"hash": _hash(password), "now": now, "u": user_id},
    )
    conn.execute(
        text("UPDATE session SET ended_at = :now WHERE user_id = :u AND ended_at IS NULL"), {"now": now, "u": user_id}
    )
    unlock(conn, name=name, now=now)
    audit.note(conn, at=now, what="password_reset", detail={"user_id": user_id})


def drain(conn: Connection, *, name: str, now: datetime) -> None:
    """Switch an account off: it may only hand in what it recorded, for 30 days, and its list is gone (docs/sync.md)."""
    user_id = _known(conn, name)
    conn.execute(
        text("UPDATE account SET status = 'draining', status_since = :now WHERE user_id = :u AND status = 'active'"),
        {"now": now, "u": user_id},
    )
    audit.note(conn, at=now, what="account_drained", detail={"user_id": user_id})
    on_list = conn.execute(
        text("SELECT rec_id FROM visibility WHERE user_id = :u AND kind = :item AND NOT gone ORDER BY seq"),
        {"u": user_id, "item": KIND_ITEM},
    )
    feed.write(conn, [feed.gone(user_id, row.rec_id, "left_team") for row in on_list])


def user_named(conn: Connection, name: str) -> User:
    """Find an account by its sign-in name; raises Refused when there is none."""
    row = conn.execute(text("SELECT * FROM account WHERE name_key = :key"), {"key": _key(name)}).one_or_none()
    if row is None:
        raise Refused(f"There is no account with the name {name!r}.", field="name")
    return User(user_id=row.user_id, name=row.name, shown_name=row.shown_name, role=row.role)


def new_password() -> str:
    """Make a password to hand out once: 20 characters that are hard to mix up."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def spent() -> Fault:
    """Make the refusal for a token that is unknown, ended or run out."""
    return Fault(401, "sign_in_needed", "Please give your password again. Nothing you recorded is lost.")


def check_status(status: str, since: datetime | None, now: datetime) -> None:
    """Let active accounts in, and draining ones for 30 days (they may only hand in what they recorded)."""
    draining = status == "draining" and since is not None and now < since + timedelta(days=DRAIN_DAYS)
    if status != "active" and not draining:
        raise Fault(403, "account_disabled", "This account has been switched off. Please speak to your supervisor.")


def _may_try(conn: Connection, guard: bytes, now: datetime) -> bool:
    row = conn.execute(
        text(
            "INSERT INTO sign_in_guard AS g(name_hash, failures, last_at) VALUES (:h, 1, :now) "
            "ON CONFLICT (name_hash) DO UPDATE SET last_at = :now, "
            "  failures = CASE WHEN g.locked_until <= :now OR g.last_at < :old THEN 1 ELSE g.failures + 1 END, "
            "  locked_until = CASE WHEN g.locked_until <= :now THEN NULL ELSE g.locked_until END "
            "RETURNING failures, locked_until"
        ),
        {"h": guard, "now": now, "old": now - timedelta(hours=24)},
    ).one()
    if row.failures > FAILURES_TO_LOCK and row.locked_until is None:
        conn.execute(
            text("UPDATE sign_in_guard SET locked_until = :until WHERE name_hash = :h"),
            {"until": now + timedelta(minutes=LOCK_MINUTES), "h": guard},
        )
    return bool(row.failures <= FAILURES_TO_LOCK)


def open_session(conn: Connection, user: User, now: datetime) -> Session:
    """Open a session for somebody who was found to be who they say."""
    access, renewal = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session = Session(
        user=user,
        access_token=access,
        access_until=now + timedelta(seconds=ACCESS_TOKEN_SECONDS),
        refresh_token=renewal,
        refresh_until=now + timedelta(hours=SIGN_IN_HOURS),
    )
    conn.execute(
        text(
            "INSERT INTO session(session_id, user_id, access_sha256, access_until, refresh_sha256, refreshed_at, "
            "refresh_until, made_at) VALUES (:s, :u, :a, :a_until, :r, :now, :r_until, :now)"
        ),
        {
            "s": new_id(),
            "u": user.user_id,
            "a": _sha(access),
            "a_until": session.access_until,
            "r": _sha(renewal),
            "r_until": session.refresh_until,
            "now": now,
        },
    )
    return session


def _known(conn: Connection, name: str) -> int:
    return user_named(conn, name).user_id


def _key(name: str) -> str:
    # PostgreSQL's text holds no NUL: such a name is like any other that does not exist.
    return name.replace("\x00", "\ufffd").strip().casefold()


def _sha(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@contextmanager
def _place() -> Iterator[None]:
    """Take one of the two places for hashing, or say busy: a flood of guesses may not take every thread."""
    if not _places.acquire(timeout=PLACE_SECONDS):
        raise Busy("Many people sign in just now. Please try again in a moment.")
    try:
        yield
    finally:
        _places.release()


def _hash(password: str) -> str:
    with _place():
        return _hasher.hash(password)


def _verify(stored: str, password: str) -> bool:
    with _place():
        try:
            return _hasher.verify(stored, password[: PASSWORD_LONGEST * 2])
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    return _hash(secrets.token_urlsafe(16))


def _check_password(password: str) -> None:
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        raise Refused(
            f"A password has {PASSWORD_SHORTEST} to {PASSWORD_LONGEST} characters; three random words are a good one.",
            field="password",
        )
