"""The first outbox: identity, changes, open calls, ledger, removals.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

import sqlalchemy as sa

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UNSENT = "state IN ('PENDING', 'SENT', 'SUSPECT')"


def _column(name: str, kind: type[sa.types.TypeEngine] = sa.Text, **more: object) -> sa.Column:
    return sa.Column(name, kind(), nullable=more.pop("nullable", True), **more)


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("one", sa.Integer(), sa.CheckConstraint("one = 1", name="one_row"), primary_key=True),
        _column("device_id"),
        _column("user_id", sa.Integer, nullable=False),
        _column("server_id", nullable=False),
        _column("epoch"),
        _column("next_dseq", sa.Integer, nullable=False, server_default="1"),
        _column("acked_hw", sa.Integer, nullable=False, server_default="0"),
        _column("durable_hw", sa.Integer, nullable=False, server_default="0"),
        _column("proto", sa.Integer, nullable=False, server_default="1"),
        _column("list_key", sa.LargeBinary),
        _column("receipt_at"),
        _column("high_wall"),
        _column("alarm"),
    )
    op.create_table(
        "outbox",
        sa.Column("dseq", sa.Integer(), primary_key=True),
        _column("change_id", nullable=False, unique=True),
        _column("act_id", nullable=False),
        _column("kind", nullable=False),
        _column("schema", sa.Integer, nullable=False),
        _column("rec_kind", sa.Integer, nullable=False),
        _column("rec_id"),
        _column("base_ver", sa.Integer),
        _column("base_fields"),
        _column("assign_gen", sa.Integer),
        _column("occurred_at", nullable=False),
        _column("mono_ns", sa.Integer, nullable=False),
        _column("boot_id", nullable=False),
        _column("utc_offset", sa.Integer, nullable=False),
        _column("payload", sa.LargeBinary, nullable=False),
        _column("sha256", sa.LargeBinary, nullable=False),
        _column("state", nullable=False),
        _column("lane", sa.Integer, nullable=False),
        _column("tries", sa.Integer, nullable=False, server_default="0"),
        _column("next_try_at"),
        _column("last_error"),
        _column("batch_id"),
        _column("verdict"),
        _column("reason"),
        _column("review_id"),
        _column("result_ver", sa.Integer),
        _column("recorded_at", nullable=False),
        _column("acked_at"),
        _column("durable_at"),
    )
    op.create_index("outbox_unsent", "outbox", ["lane", "dseq"], sqlite_where=sa.text(UNSENT))
    op.create_index("outbox_case", "outbox", ["rec_id", "dseq"])
    op.create_table(
        "draft",
        sa.Column("rec_id", sa.Text(), primary_key=True),
        _column("form_state", nullable=False),
        _column("saved_at", nullable=False),
    )
    op.create_table(
        "ledger",
        sa.Column("change_id", sa.Text(), primary_key=True),
        _column("dseq", sa.Integer, nullable=False),
        _column("kind", nullable=False),
        _column("rec_hash"),
        _column("state", nullable=False),
        _column("at", nullable=False),
    )
    op.create_table(
        "purge_log",
        sa.Column("rec_hash", sa.Text(), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True),
        _column("why", nullable=False),
        _column("removed_at", nullable=False),
        _column("acked", sa.Integer, nullable=False, server_default="0"),
    )


def downgrade() -> None:
    for table in ("purge_log", "ledger", "draft", "outbox", "identity"):
        op.drop_table(table)
