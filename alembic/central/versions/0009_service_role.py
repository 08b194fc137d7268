"""The role the service works under: it may add to what was received, and neither alter nor remove any of it.

The triggers of 0005 hold for everybody, but an owner can switch them off; this role cannot. Where whoever migrates may
not make roles (a hosted PostgreSQL), the migration says so and goes on: the triggers stay. Tables of later migrations
are granted by default; one that is append-only has to be taken out there, as here.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
    DO $$
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'caller_service') THEN
            BEGIN
                CREATE ROLE caller_service NOLOGIN;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another database's migration was quicker
            END;
        END IF;
        IF NOT pg_has_role(current_user, 'caller_service', 'MEMBER') THEN
            EXECUTE format('GRANT caller_service TO %I', current_user);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO caller_service', current_schema());
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO caller_service',
            current_schema());
        EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO caller_service', current_schema());
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES '
            'TO caller_service', current_schema());
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE, SELECT ON SEQUENCES TO caller_service',
            current_schema());
        REVOKE UPDATE, DELETE ON change, change_reuse, device_seq, audit, audit_seal, concern_addition
            FROM caller_service;
        REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM caller_service;
    EXCEPTION WHEN insufficient_privilege THEN
        RAISE NOTICE 'no role caller_service: whoever migrates may not make roles; the triggers alone guard';
    END $$
    """
    )


def downgrade() -> None:
    # The role belongs to the whole cluster, so only what it may do here is taken back.
    op.execute(
        """
    DO $$
    BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'caller_service') THEN
            EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON TABLES FROM caller_service',
                current_schema());
            EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON SEQUENCES FROM caller_service',
                current_schema());
            EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM caller_service', current_schema());
            EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM caller_service', current_schema());
            EXECUTE format('REVOKE ALL ON SCHEMA %I FROM caller_service', current_schema());
        END IF;
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END $$
    """
    )
