"""Accounts, sessions and audit.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE account (
        user_id INTEGER GENERATED ALWAYS AS IDENTITY,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        shown_name TEXT NOT NULL,
        role TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        password_set_at TIMESTAMP WITH TIME ZONE NOT NULL,
        status TEXT DEFAULT 'active' NOT NULL,
        status_since TIMESTAMP WITH TIME ZONE,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_account PRIMARY KEY (user_id),
        CONSTRAINT uq_account_name_key UNIQUE (name_key)
    )
    """,
    """
    CREATE TABLE sign_in_guard (
        name_hash BYTEA NOT NULL,
        failures INTEGER NOT NULL,
        last_at TIMESTAMP WITH TIME ZONE NOT NULL,
        locked_until TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_sign_in_guard PRIMARY KEY (name_hash)
    )
    """,
    "CREATE INDEX ix_sign_in_guard_last_at ON sign_in_guard (last_at)",
    """
    CREATE TABLE session (
        session_id UUID NOT NULL,
        user_id INTEGER NOT NULL,
        access_sha256 BYTEA NOT NULL,
        access_until TIMESTAMP WITH TIME ZONE NOT NULL,
        refresh_sha256 BYTEA NOT NULL,
        prev_refresh_sha256 BYTEA,
        refreshed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        refresh_until TIMESTAMP WITH TIME ZONE NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_session PRIMARY KEY (session_id),
        CONSTRAINT uq_session_access_sha256 UNIQUE (access_sha256),
        CONSTRAINT uq_session_refresh_sha256 UNIQUE (refresh_sha256)
    )
    """,
    "CREATE INDEX ix_session_prev_refresh_sha256 ON session (prev_refresh_sha256)",
    "CREATE INDEX ix_session_refresh_until ON session (refresh_until)",
    "CREATE INDEX ix_session_user_id ON session (user_id)",
    """
    CREATE TABLE audit (
        audit_id BIGINT GENERATED ALWAYS AS IDENTITY,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        user_id INTEGER,
        device_id UUID,
        what TEXT NOT NULL,
        rec_id UUID,
        detail JSONB DEFAULT '{}' NOT NULL,
        request_id TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_audit PRIMARY KEY (audit_id)
    )
    """,
    "CREATE INDEX ix_audit_rec_id ON audit (rec_id)",
    """
    CREATE TABLE audit_seal (
        place BIGINT NOT NULL,
        audit_id BIGINT NOT NULL,
        hash BYTEA NOT NULL,
        CONSTRAINT pk_audit_seal PRIMARY KEY (place),
        CONSTRAINT uq_audit_seal_audit_id UNIQUE (audit_id)
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE audit_seal")
    op.execute("DROP TABLE audit")
    op.execute("DROP TABLE session")
    op.execute("DROP TABLE sign_in_guard")
    op.execute("DROP TABLE account")
