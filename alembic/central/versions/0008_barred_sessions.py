"""A session of a barred workstation's person may register no further installation until the password is given again.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE session ADD COLUMN may_register BOOLEAN DEFAULT true NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE session DROP COLUMN may_register")
