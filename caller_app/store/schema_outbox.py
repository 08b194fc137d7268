"""Tables of `outbox.db`, the precious file: what was recorded here and has to reach the centre.

Additive migrations only (alembic/workstation); a fresh file is made straight from these tables and stamped with HEAD,
so that an ordinary start never imports Alembic. Nothing in this file is deleted before the centre called it durable.
"""

import sqlalchemy as sa

HEAD = "0003"  # newest revision of alembic/workstation
VERSION = 3  # PRAGMA user_version that goes with HEAD; a higher one belongs to a newer program

metadata = sa.MetaData()

identity = sa.Table(
    "identity",
    metadata,
    sa.Column("one", sa.Integer, sa.CheckConstraint("one = 1", name="one_row"), primary_key=True),
    sa.Column("device_id", sa.Text),
    sa.Column("user_id", sa.Integer, nullable=False),
    sa.Column("server_id", sa.Text, nullable=False),
    sa.Column("epoch", sa.Text),
    sa.Column("next_dseq", sa.Integer, nullable=False, server_default="1"),  # a floor: moves when rows are erased
    sa.Column("acked_hw", sa.Integer, nullable=False, server_default="0"),
    sa.Column("durable_hw", sa.Integer, nullable=False, server_default="0"),
    sa.Column("proto", sa.Integer, nullable=False, server_default="1"),
    # The key of list.db, wrapped by this file's own key: emptying this cell makes the list unreadable for good.
    sa.Column("list_key", sa.LargeBinary),
    sa.Column("receipt_at", sa.Text),
    sa.Column("high_wall", sa.Text),  # of earlier programs, which may open this file to send from it
    sa.Column("alarm", sa.Text),
    # The lease of the list (store/lease.py): until when, by the centre's clock; what that clock said when it was given,
    # and ours; the latest moment believed since, and where our monotonic clock stood then, in which run of the machine.
    sa.Column("lease_until", sa.Text),
    sa.Column("lease_from", sa.Text),
    sa.Column("lease_wall", sa.Text),
    sa.Column("believed", sa.Text),
    sa.Column("believed_mono", sa.Integer),
    sa.Column("believed_boot", sa.Text),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("dseq", sa.Integer, primary_key=True),
    sa.Column("change_id", sa.Text, nullable=False, unique=True),
    sa.Column("act_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("schema", sa.Integer, nullable=False),
    sa.Column("rec_kind", sa.Integer, nullable=False),
    sa.Column("rec_id", sa.Text),
    sa.Column("base_ver", sa.Integer),
    sa.Column("base_fields", sa.Text),
    sa.Column("assign_gen", sa.Integer),
    sa.Column("occurred_at", sa.Text, nullable=False),
    sa.Column("mono_ns", sa.Integer, nullable=False),
    sa.Column("boot_id", sa.Text, nullable=False),
    sa.Column("utc_offset", sa.Integer, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # PENDING | SENT | SUSPECT | ACKED | DURABLE
    sa.Column("lane", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_try_at", sa.Text),
    sa.Column("last_error", sa.Text),
    sa.Column("batch_id", sa.Text),
    sa.Column("verdict", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("review_id", sa.Text),
    sa.Column("result_ver", sa.Integer),
    sa.Column("recorded_at", sa.Text, nullable=False),
    sa.Column("acked_at", sa.Text),
    sa.Column("durable_at", sa.Text),
)
# Every index costs each recording a page of the write-ahead log. These two hold the rare rows only; what else is unsent
# is found above the watermark (store/outbox.py).
sa.Index("outbox_urgent", outbox.c.dseq, sqlite_where=sa.text("lane = 0 AND state = 'PENDING'"))
sa.Index("outbox_suspect", outbox.c.dseq, sqlite_where=sa.text("state = 'SUSPECT'"))
sa.Index("outbox_case", outbox.c.rec_id, outbox.c.dseq)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("nr", sa.Integer, primary_key=True, autoincrement=False),  # made from rec_id (store/drafts.py)
    sa.Column("rec_id", sa.Text, nullable=False),
    sa.Column("form_state", sa.Text, nullable=False),
    sa.Column("saved_at", sa.Text, nullable=False),
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("change_id", sa.Text, primary_key=True),
    sa.Column("dseq", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("rec_hash", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

purge_log = sa.Table(
    "purge_log",
    metadata,
    sa.Column("rec_hash", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("removed_at", sa.Text, nullable=False),
    sa.Column("acked", sa.Integer, nullable=False, server_default="0"),
)
