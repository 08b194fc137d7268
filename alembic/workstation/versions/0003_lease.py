"""The lease of the list beside the recorded work: what it believes of the time outlives list and runs.

Self-contained on purpose: no import of ours. `high_wall` is no longer written and stays: an earlier program that opens
this file to send from it works with it.
"""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = {
    "lease_until": sa.Text,
    "lease_from": sa.Text,
    "lease_wall": sa.Text,
    "believed": sa.Text,
    "believed_mono": sa.Integer,
    "believed_boot": sa.Text,
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("identity", sa.Column(name, kind()))


def downgrade() -> None:
    with op.batch_alter_table("identity") as table:
        for name in COLUMNS:
            table.drop_column(name)
