"""Tables of the sync protocol.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE centre (
        "only" BOOLEAN DEFAULT true NOT NULL,
        server_id UUID NOT NULL,
        test_mode BOOLEAN NOT NULL,
        stop_key_check BYTEA NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_centre PRIMARY KEY ("only")
    )
    """,
    """
    CREATE TABLE sync_epoch (
        epoch UUID NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        sysid NUMERIC(20, 0) NOT NULL,
        timeline INTEGER NOT NULL,
        reason TEXT NOT NULL,
        active BOOLEAN NOT NULL,
        CONSTRAINT pk_sync_epoch PRIMARY KEY (epoch)
    )
    """,
    "CREATE UNIQUE INDEX uq_sync_epoch_active ON sync_epoch (active) WHERE active",
    """
    CREATE TABLE device (
        device_id UUID NOT NULL,
        user_id INTEGER NOT NULL,
        last_seq BIGINT DEFAULT 0 NOT NULL,
        durable_seq BIGINT DEFAULT 0 NOT NULL,
        token BIGINT,
        prev_token BIGINT,
        pulled_seq BIGINT DEFAULT 0 NOT NULL,
        status TEXT DEFAULT 'active' NOT NULL,
        app_version TEXT,
        proto INTEGER,
        registered_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        last_seen TIMESTAMP WITH TIME ZONE,
        held UUID[] DEFAULT '{}' NOT NULL,
        unsent_said INTEGER,
        unsent_said_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_device PRIMARY KEY (device_id)
    )
    """,
    "CREATE INDEX ix_device_user_id ON device (user_id)",
    """
    CREATE TABLE change (
        change_id UUID NOT NULL,
        user_id INTEGER NOT NULL,
        device_id UUID NOT NULL,
        kind TEXT NOT NULL,
        schema INTEGER NOT NULL,
        rec_id UUID,
        base_ver INTEGER,
        assign_gen INTEGER,
        occurred_at TIMESTAMP WITH TIME ZONE,
        sent_at TIMESTAMP WITH TIME ZONE,
        received_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        envelope BYTEA NOT NULL,
        sha256 BYTEA NOT NULL,
        xid BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL,
        CONSTRAINT pk_change PRIMARY KEY (change_id)
    )
    """,
    "CREATE INDEX ix_change_rec_id ON change (rec_id)",
    """
    CREATE TABLE change_reuse (
        change_id UUID NOT NULL,
        sha256 BYTEA NOT NULL,
        user_id INTEGER NOT NULL,
        device_id UUID NOT NULL,
        envelope BYTEA NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        CONSTRAINT pk_change_reuse PRIMARY KEY (change_id, sha256)
    )
    """,
    """
    CREATE TABLE device_seq (
        device_id UUID NOT NULL,
        dseq BIGINT NOT NULL,
        change_id UUID NOT NULL,
        CONSTRAINT pk_device_seq PRIMARY KEY (device_id, dseq)
    )
    """,
    "CREATE INDEX ix_device_seq_change_id ON device_seq (change_id)",
    """
    CREATE TABLE change_state (
        change_id UUID NOT NULL,
        verdict TEXT DEFAULT 'received' NOT NULL,
        reason TEXT,
        applied_at TIMESTAMP WITH TIME ZONE,
        review_id UUID,
        result_ver INTEGER,
        CONSTRAINT pk_change_state PRIMARY KEY (change_id)
    )
    """,
    "CREATE INDEX ix_change_state_waiting ON change_state (change_id) WHERE verdict = 'received'",
    """
    CREATE TABLE rec_ver (
        id UUID NOT NULL,
        ver INTEGER NOT NULL,
        assignee INTEGER,
        assign_gen INTEGER DEFAULT 0 NOT NULL,
        status TEXT NOT NULL,
        CONSTRAINT pk_rec_ver PRIMARY KEY (id)
    )
     WITH (fillfactor = 70)
    """,
    "CREATE INDEX ix_rec_ver_assignee ON rec_ver (assignee) WHERE assignee IS NOT NULL",
    """
    CREATE TABLE rec_body (
        kind SMALLINT NOT NULL,
        id UUID NOT NULL,
        body TEXT NOT NULL,
        CONSTRAINT pk_rec_body PRIMARY KEY (kind, id)
    )
    """,
    """
    CREATE TABLE assignment (
        assignment_id BIGINT GENERATED ALWAYS AS IDENTITY,
        rec_id UUID NOT NULL,
        user_id INTEGER NOT NULL,
        gen INTEGER NOT NULL,
        from_at TIMESTAMP WITH TIME ZONE NOT NULL,
        to_at TIMESTAMP WITH TIME ZONE,
        by_user INTEGER,
        why TEXT NOT NULL,
        CONSTRAINT pk_assignment PRIMARY KEY (assignment_id)
    )
    """,
    "CREATE INDEX ix_assignment_rec_id ON assignment (rec_id)",
    "CREATE INDEX ix_assignment_user_id ON assignment (user_id)",
    """
    CREATE TABLE review_case (
        review_id UUID NOT NULL,
        change_id UUID NOT NULL,
        rec_id UUID,
        class TEXT NOT NULL,
        opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
        state TEXT DEFAULT 'open' NOT NULL,
        resolution JSONB,
        CONSTRAINT pk_review_case PRIMARY KEY (review_id),
        CONSTRAINT uq_review_case_change_id_class UNIQUE (change_id, class)
    )
    """,
    "CREATE INDEX ix_review_case_open ON review_case (opened_at) WHERE state = 'open'",
    """
    CREATE TABLE feed_head (
        user_id INTEGER NOT NULL,
        seq BIGINT DEFAULT 0 NOT NULL,
        gc_seq BIGINT DEFAULT 0 NOT NULL,
        CONSTRAINT pk_feed_head PRIMARY KEY (user_id)
    )
     WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE visibility (
        user_id INTEGER NOT NULL,
        kind SMALLINT NOT NULL,
        rec_id UUID NOT NULL,
        seq BIGINT NOT NULL,
        gone BOOLEAN DEFAULT false NOT NULL,
        why SMALLINT,
        CONSTRAINT pk_visibility PRIMARY KEY (user_id, kind, rec_id)
    )
    """,
    "CREATE INDEX ix_visibility_record ON visibility (rec_id)",
    "CREATE UNIQUE INDEX visibility_feed ON visibility (user_id, seq)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE visibility")
    op.execute("DROP TABLE feed_head")
    op.execute("DROP TABLE review_case")
    op.execute("DROP TABLE assignment")
    op.execute("DROP TABLE rec_body")
    op.execute("DROP TABLE rec_ver")
    op.execute("DROP TABLE change_state")
    op.execute("DROP TABLE device_seq")
    op.execute("DROP TABLE change_reuse")
    op.execute("DROP TABLE change")
    op.execute("DROP TABLE device")
    op.execute("DROP TABLE sync_epoch")
    op.execute("DROP TABLE centre")
