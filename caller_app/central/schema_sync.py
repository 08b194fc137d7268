"""Tables of the sync protocol: history identity, devices, the append-only changes, versions, and the feed.

`change`, `device_seq` and `change_reuse` refuse UPDATE and DELETE by trigger (migration 0005). `visibility` numbers
may only be given out by `rules.feed.write`, as the last act of a transaction.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from caller_app.central.schema_base import ID, INSTANT, metadata

_NOW = text("now()")

# One row: which centre this is. `stop_key_check` proves that the stop-list key handed in is still the same one.
centre = Table(
    "centre",
    metadata,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("server_id", ID, nullable=False),
    Column("test_mode", Boolean, nullable=False),
    Column("stop_key_check", LargeBinary, nullable=False),
    Column("made_at", INSTANT, nullable=False, server_default=_NOW),
)

sync_epoch = Table(
    "sync_epoch",
    metadata,
    Column("epoch", ID, primary_key=True),
    Column("started_at", INSTANT, nullable=False, server_default=_NOW),
    Column("sysid", Numeric(20, 0), nullable=False),
    Column("timeline", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)
Index("uq_sync_epoch_active", sync_epoch.c.active, unique=True, postgresql_where=text("active"))

# Where the database's own history broke: put back to an earlier state, noticed by PostgreSQL or by a workstation.
history_break = Table(
    "history_break",
    metadata,
    Column("break_id", ID, primary_key=True),
    Column("kind", Text, nullable=False),  # restored | rolled_back
    Column("epoch", ID, nullable=False),
    Column("noticed_at", INSTANT, nullable=False, index=True),
    Column("lost_from", INSTANT),
    Column("resync_within", Integer, nullable=False, server_default=text("0")),
    Column("over_at", INSTANT),
)

device = Table(
    "device",
    metadata,
    Column("device_id", ID, primary_key=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("last_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("durable_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("token", BigInteger),
    Column("prev_token", BigInteger),
    Column("pulled_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("status", Text, nullable=False, server_default=text("'active'")),
    Column("app_version", Text),
    Column("proto", Integer),
    Column("registered_at", INSTANT, nullable=False, server_default=_NOW),
    Column("last_seen", INSTANT),
    Column("held", ARRAY(ID), nullable=False, server_default=text("'{}'")),
    Column("unsent_said", Integer),
    Column("unsent_said_at", INSTANT),
)

change = Table(
    "change",
    metadata,
    Column("change_id", ID, primary_key=True),
    Column("user_id", Integer, nullable=False),
    Column("device_id", ID, nullable=False),
    Column("kind", Text, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("rec_id", ID, index=True),
    Column("base_ver", Integer),
    Column("assign_gen", Integer),
    Column("occurred_at", INSTANT),
    Column("sent_at", INSTANT),
    Column("received_at", INSTANT, nullable=False, server_default=text("clock_timestamp()")),
    Column("envelope", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("xid", BigInteger, nullable=False, server_default=text("(pg_current_xact_id()::text)::bigint")),
)

# The second content sent under an id that was already used: both are kept, only the first has effects.
change_reuse = Table(
    "change_reuse",
    metadata,
    Column("change_id", ID),
    Column("sha256", LargeBinary),
    Column("user_id", Integer, nullable=False),
    Column("device_id", ID, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("received_at", INSTANT, nullable=False, server_default=text("clock_timestamp()")),
    PrimaryKeyConstraint("change_id", "sha256"),
)

device_seq = Table(
    "device_seq",
    metadata,
    Column("device_id", ID),
    Column("dseq", BigInteger),
    Column("change_id", ID, nullable=False, index=True),
    PrimaryKeyConstraint("device_id", "dseq"),
)

change_state = Table(
    "change_state",
    metadata,
    Column("change_id", ID, primary_key=True),
    Column("verdict", Text, nullable=False, server_default=text("'received'")),
    Column("reason", Text),
    Column("applied_at", INSTANT),
    Column("review_id", ID),
    Column("result_ver", Integer),
)
Index("ix_change_state_waiting", change_state.c.change_id, postgresql_where=text("verdict = 'received'"))

rec_ver = Table(
    "rec_ver",
    metadata,
    Column("id", ID, primary_key=True),
    Column("ver", Integer, nullable=False),
    Column("assignee", Integer),
    Column("assign_gen", Integer, nullable=False, server_default=text("0")),
    Column("status", Text, nullable=False),
    postgresql_with={"fillfactor": 70},
)
Index("ix_rec_ver_assignee", rec_ver.c.assignee, postgresql_where=text("assignee IS NOT NULL"))

rec_body = Table(
    "rec_body",
    metadata,
    Column("kind", SmallInteger),
    Column("id", ID),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("kind", "id"),
)

assignment = Table(
    "assignment",
    metadata,
    Column("assignment_id", BigInteger, Identity(always=True), primary_key=True),
    Column("rec_id", ID, nullable=False, index=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("gen", Integer, nullable=False),
    Column("from_at", INSTANT, nullable=False),
    Column("to_at", INSTANT),
    Column("by_user", Integer),
    Column("why", Text, nullable=False),
)

review_case = Table(
    "review_case",
    metadata,
    Column("review_id", ID, primary_key=True),
    Column("change_id", ID, nullable=False),
    Column("rec_id", ID),
    Column("class", Text, nullable=False),
    Column("opened_at", INSTANT, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    Column("resolution", JSONB),
    UniqueConstraint("change_id", "class"),
)
Index("ix_review_case_open", review_case.c.opened_at, postgresql_where=text("state = 'open'"))

feed_head = Table(
    "feed_head",
    metadata,
    Column("user_id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False, server_default=text("0")),
    Column("gc_seq", BigInteger, nullable=False, server_default=text("0")),
    postgresql_with={"fillfactor": 50},
)

visibility = Table(
    "visibility",
    metadata,
    Column("user_id", Integer),
    Column("kind", SmallInteger),
    Column("rec_id", ID),
    Column("seq", BigInteger, nullable=False),
    Column("gone", Boolean, nullable=False, server_default=text("false")),
    Column("why", SmallInteger),
    PrimaryKeyConstraint("user_id", "kind", "rec_id"),
)
Index("visibility_feed", visibility.c.user_id, visibility.c.seq, unique=True)
Index("ix_visibility_record", visibility.c.rec_id)

# One order to move cases, with the giver's feed number that a workstation has to reach to have taken it.
reassignment = Table(
    "reassignment",
    metadata,
    Column("reassign_id", ID, primary_key=True),
    Column("at", INSTANT, nullable=False, index=True),
    Column("by_user", Integer),
    Column("from_user", Integer, nullable=False),
    Column("to_user", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("promises", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
)
Index("ix_reassignment_from_user_seq", reassignment.c.from_user, reassignment.c.seq)

reassignment_receipt = Table(
    "reassignment_receipt",
    metadata,
    Column("reassign_id", ID),
    Column("device_id", ID),
    Column("taken_at", INSTANT, nullable=False),
    PrimaryKeyConstraint("reassign_id", "device_id"),
)
