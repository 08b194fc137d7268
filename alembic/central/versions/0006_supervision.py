"""Reassignments as events of their own, and which workstations of the giver have taken each.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE reassignment (
        reassign_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by_user INTEGER,
        from_user INTEGER NOT NULL,
        to_user INTEGER NOT NULL,
        why TEXT NOT NULL,
        cases INTEGER NOT NULL,
        promises INTEGER NOT NULL,
        seq BIGINT NOT NULL,
        CONSTRAINT pk_reassignment PRIMARY KEY (reassign_id)
    )
    """,
    "CREATE INDEX ix_reassignment_from_user_seq ON reassignment (from_user, seq)",
    "CREATE INDEX ix_reassignment_at ON reassignment (at)",
    """
    CREATE TABLE reassignment_receipt (
        reassign_id UUID NOT NULL,
        device_id UUID NOT NULL,
        taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_reassignment_receipt PRIMARY KEY (reassign_id, device_id)
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE reassignment_receipt")
    op.execute("DROP TABLE reassignment")
