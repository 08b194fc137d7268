"""Tables of `list.db`, the projection: the centre's rows as received, and the shown rows derived from them.

Disposable: a file of another VERSION, a damaged or an unreadable one is deleted and read again from the centre.
`record.body` is packed (store/bodies.py). `shown.body` is not; where the shown item equals the received one, which is
nearly always, it is NULL: ask `Snapshot.item`.
The search tables (store/search.py) are keyed by `shown.nr`.
"""

import sqlalchemy as sa

VERSION = 5

metadata = sa.MetaData()

record = sa.Table(
    "record",
    metadata,
    sa.Column("kind", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("ver", sa.Integer, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("gen", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
sa.Index("record_gen", record.c.gen)  # a sweep reads what it removes, not the whole list

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("one", sa.Integer, sa.CheckConstraint("one = 1", name="one_row"), primary_key=True),
    sa.Column("cursor", sa.Integer, nullable=False, server_default="0"),
    sa.Column("token", sa.Text),
    sa.Column("epoch", sa.Text),
    sa.Column("gen", sa.Integer, nullable=False, server_default="1"),
    sa.Column("mode", sa.Text, nullable=False, server_default="snapshot"),
    sa.Column("caught_up_at", sa.Text),
    sa.Column("pulled_at", sa.Text),
)

shown = sa.Table(
    "shown",
    metadata,
    sa.Column("nr", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.Text, nullable=False, unique=True),
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("ver", sa.Integer, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("shown_name", sa.Text, nullable=False),
    sa.Column("name_fold", sa.Text, nullable=False),
    sa.Column("promise_id", sa.Text),
    sa.Column("promise_from", sa.Text),
    sa.Column("promise_to", sa.Text),
    sa.Column("promise_mine", sa.Integer, nullable=False),
    sa.Column("not_before", sa.Text),
    sa.Column("counted", sa.Integer, nullable=False),
    sa.Column("last_outcome", sa.Text),
    sa.Column("last_at", sa.Text),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("bands", sa.Text, nullable=False),
    sa.Column("parked", sa.Integer, nullable=False),
    sa.Column("pending", sa.Integer, nullable=False),
    sa.Column("body", sa.Text),
)
# One partial index for each group of store/listing.py: nobody's page sorts or reads the rest of the list.
sa.Index("shown_status", shown.c.status)
sa.Index(
    "shown_promise",
    shown.c.promise_from,
    shown.c.promise_to,
    shown.c.status,
    shown.c.promise_mine,
    sqlite_where=sa.text("promise_from IS NOT NULL"),
)
sa.Index(
    "shown_fresh",
    shown.c.priority,
    shown.c.seed,
    shown.c.status,
    shown.c.not_before,
    sqlite_where=sa.text("promise_from IS NULL AND last_at IS NULL"),
)
sa.Index(
    "shown_later",
    shown.c.not_before,
    shown.c.status,
    shown.c.bands,
    shown.c.last_at,
    sqlite_where=sa.text("promise_from IS NULL AND not_before IS NOT NULL"),
)
sa.Index(
    "shown_at_once",
    shown.c.status,
    sqlite_where=sa.text("promise_from IS NULL AND not_before IS NULL AND last_at IS NOT NULL"),
)
sa.Index("shown_rung", shown.c.last_at, sqlite_where=sa.text("last_at IS NOT NULL"))
sa.Index("shown_parked", shown.c.parked, sqlite_where=sa.text("parked = 1"))
sa.Index("shown_person", shown.c.person_id)

# A record the centre took away while its call is open: kept until the wrap-up is saved, at most 30 minutes.
held = sa.Table(
    "held",
    metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("since", sa.Text, nullable=False),
)
