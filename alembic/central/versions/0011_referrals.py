"""Since when a referral stands as it does, and every step it took, which nobody can alter.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE referral ADD COLUMN since TIMESTAMP WITH TIME ZONE",
    "UPDATE referral SET since = at",
    "ALTER TABLE referral ALTER COLUMN since SET NOT NULL",
    "CREATE INDEX ix_referral_state_since ON referral (state, since)",
    "CREATE INDEX ix_referral_pathway_at ON referral (pathway, at)",
    """
    CREATE TABLE referral_step (
        step_id BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
        referral_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by_user INTEGER,
        from_state TEXT NOT NULL,
        to_state TEXT NOT NULL,
        why TEXT NOT NULL,
        change_id UUID,
        CONSTRAINT pk_referral_step PRIMARY KEY (step_id)
    )
    """,
    "CREATE INDEX ix_referral_step_referral_id ON referral_step (referral_id)",
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON referral_step
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()
    """,
    """
    DO $$
    BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'caller_service') THEN
            REVOKE UPDATE, DELETE ON referral_step FROM caller_service;
        END IF;
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END $$
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE referral_step")
    op.execute("DROP INDEX ix_referral_pathway_at")
    op.execute("DROP INDEX ix_referral_state_since")
    op.execute("ALTER TABLE referral DROP COLUMN since")
