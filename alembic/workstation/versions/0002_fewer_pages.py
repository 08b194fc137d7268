"""Fewer pages for each recording: no index of the unsent, and open calls under a number made from the case.

Self-contained on purpose: no import of ours. What was open, recorded or sent stays as it is; `next_dseq` becomes a
floor and is brought up to date again on the way down, where it is a counter.
"""

import hashlib

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UNSENT = "state IN ('PENDING', 'SENT', 'SUSPECT')"


def upgrade() -> None:
    op.drop_index("outbox_unsent", "outbox")
    op.create_index("outbox_urgent", "outbox", ["dseq"], sqlite_where=sa.text("lane = 0 AND state = 'PENDING'"))
    op.create_index("outbox_suspect", "outbox", ["dseq"], sqlite_where=sa.text("state = 'SUSPECT'"))
    open_calls = _open_calls()
    op.drop_table("draft")
    op.create_table(
        "draft",
        sa.Column("nr", sa.Integer(), primary_key=True, autoincrement=False),
        *_kept(sa.Column("rec_id", sa.Text(), nullable=False)),
    )
    for rec_id, form_state, saved_at in open_calls:
        nr = int.from_bytes(hashlib.sha256(rec_id.encode()).digest()[:8]) >> 1
        op.get_bind().exec_driver_sql("INSERT INTO draft VALUES (?,?,?,?)", (nr, rec_id, form_state, saved_at))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(
        "UPDATE identity SET next_dseq = max(next_dseq, 1 + coalesce((SELECT max(dseq) FROM outbox), 0))"
    )
    open_calls = _open_calls()
    op.drop_table("draft")
    op.create_table("draft", *_kept(sa.Column("rec_id", sa.Text(), primary_key=True)))
    for one in open_calls:
        op.get_bind().exec_driver_sql("INSERT INTO draft VALUES (?,?,?)", tuple(one))
    op.drop_index("outbox_suspect", "outbox")
    op.drop_index("outbox_urgent", "outbox")
    op.create_index("outbox_unsent", "outbox", ["lane", "dseq"], sqlite_where=sa.text(UNSENT))


def _open_calls() -> list[sa.Row]:
    return op.get_bind().exec_driver_sql("SELECT rec_id, form_state, saved_at FROM draft").all()


def _kept(rec_id: sa.Column) -> tuple[sa.Column, ...]:
    return (
        rec_id,
        sa.Column("form_state", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.Text(), nullable=False),
    )
