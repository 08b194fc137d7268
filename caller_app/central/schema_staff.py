"""Tables about the people who work here: accounts, sessions (only hashes of tokens), failed sign-ins, audit.

Nothing of a password or a token stands here in a form that could be used. `audit` and `audit_seal` are append-only.
"""

from sqlalchemy import BigInteger, Boolean, Column, Identity, Integer, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from caller_app.central.schema_base import ID, INSTANT, metadata

account = Table(
    "account",
    metadata,
    Column("user_id", Integer, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("shown_name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("password_set_at", INSTANT, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'active'")),
    Column("status_since", INSTANT),
    Column("made_at", INSTANT, nullable=False),
)

# Failures per name, known or not: an attacker learns nothing from who can be locked.
sign_in_guard = Table(
    "sign_in_guard",
    metadata,
    Column("name_hash", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", INSTANT, nullable=False, index=True),
    Column("locked_until", INSTANT),
)

session = Table(
    "session",
    metadata,
    Column("session_id", ID, primary_key=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("access_sha256", LargeBinary, nullable=False, unique=True),
    Column("access_until", INSTANT, nullable=False),
    Column("refresh_sha256", LargeBinary, nullable=False, unique=True),
    Column("prev_refresh_sha256", LargeBinary, index=True),
    Column("refreshed_at", INSTANT, nullable=False),
    Column("refresh_until", INSTANT, nullable=False, index=True),
    Column("made_at", INSTANT, nullable=False),
    Column("ended_at", INSTANT),
    # False once a workstation of this person was barred: another may be registered only after the password.
    Column("may_register", Boolean, nullable=False, server_default=text("true")),
)

audit = Table(
    "audit",
    metadata,
    Column("audit_id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("user_id", Integer),
    Column("device_id", ID),
    Column("what", Text, nullable=False),
    Column("rec_id", ID, index=True),
    Column("detail", JSONB, nullable=False, server_default=text("'{}'")),
    Column("request_id", Text, nullable=False, server_default=text("''")),
)

# The hash chain over `audit`, in the order of sealing; apart from it, so that no writer waits for another.
audit_seal = Table(
    "audit_seal",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("audit_id", BigInteger, nullable=False, unique=True),
    Column("hash", LargeBinary, nullable=False),
)
