"""Breaks in the database's own history: what may be lost, who was told, and until when tidying and sending wait.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
    CREATE TABLE history_break (
        break_id UUID NOT NULL,
        kind TEXT NOT NULL,
        epoch UUID NOT NULL,
        noticed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        lost_from TIMESTAMP WITH TIME ZONE,
        resync_within INTEGER DEFAULT 0 NOT NULL,
        over_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_history_break PRIMARY KEY (break_id)
    )
    """
    )
    op.execute("CREATE INDEX ix_history_break_noticed_at ON history_break (noticed_at)")


def downgrade() -> None:
    op.execute("DROP TABLE history_break")
