"""The role the service works under, granted anew with every `migrate`: it may add to what was received, never alter it.

Migration 0009 does the same once. Here it is again because a dump carries no rights: a database that was restored into
another cluster has none until somebody migrates. Where whoever migrates may not make roles, the triggers alone guard.
"""

from sqlalchemy import Connection, text

from caller_app.central.db import SERVICE_ROLE

APPEND_ONLY = (
    "change", "change_reuse", "device_seq", "audit", "audit_seal", "concern_addition", "script_step", "referral_step",
    "authority", "authority_end",
)  # fmt: skip

_GRANT = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{SERVICE_ROLE}') THEN
        BEGIN
            CREATE ROLE {SERVICE_ROLE} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, '{SERVICE_ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT {SERVICE_ROLE} TO %I', current_user);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {SERVICE_ROLE}', current_schema());
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO {SERVICE_ROLE}',
        current_schema());
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO {SERVICE_ROLE}', current_schema());
    REVOKE UPDATE, DELETE ON {", ".join(APPEND_ONLY)} FROM {SERVICE_ROLE};
    REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {SERVICE_ROLE};
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$
"""


def grant(conn: Connection) -> None:
    """Give the role its rights on every table there is."""
    conn.execute(text(_GRANT))
