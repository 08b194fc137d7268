"""What happened on calls.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE attempt (
        attempt_id UUID NOT NULL,
        case_id UUID NOT NULL,
        user_id INTEGER NOT NULL,
        device_id UUID,
        act_id TEXT NOT NULL,
        outcome TEXT NOT NULL,
        number TEXT,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        counted BOOLEAN NOT NULL,
        late BOOLEAN NOT NULL,
        contact_level TEXT NOT NULL,
        facts JSONB NOT NULL,
        answers JSONB DEFAULT '{}' NOT NULL,
        identity JSONB,
        script TEXT,
        superseded_by UUID,
        CONSTRAINT pk_attempt PRIMARY KEY (attempt_id),
        CONSTRAINT fk_attempt_case_id FOREIGN KEY(case_id) REFERENCES cases (case_id)
    )
    """,
    "CREATE INDEX ix_attempt_at ON attempt (at)",
    "CREATE INDEX ix_attempt_case_id ON attempt (case_id)",
    "CREATE INDEX ix_attempt_user_id ON attempt (user_id)",
    """
    CREATE TABLE promise (
        promise_id UUID NOT NULL,
        case_id UUID NOT NULL,
        made_by INTEGER NOT NULL,
        from_at TIMESTAMP WITH TIME ZONE NOT NULL,
        to_at TIMESTAMP WITH TIME ZONE NOT NULL,
        anyone BOOLEAN NOT NULL,
        state TEXT NOT NULL,
        settled_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_promise PRIMARY KEY (promise_id),
        CONSTRAINT fk_promise_case_id FOREIGN KEY(case_id) REFERENCES cases (case_id)
    )
    """,
    "CREATE INDEX ix_promise_case_id ON promise (case_id)",
    """
    CREATE TABLE correction (
        correction_id UUID NOT NULL,
        case_id UUID NOT NULL,
        practice_ods TEXT,
        type TEXT NOT NULL,
        field TEXT NOT NULL,
        "old" TEXT,
        "new" TEXT,
        values JSONB NOT NULL,
        source TEXT NOT NULL,
        evidence TEXT NOT NULL,
        urgency TEXT NOT NULL,
        told_at TIMESTAMP WITH TIME ZONE NOT NULL,
        told_to INTEGER NOT NULL,
        state TEXT NOT NULL,
        exported_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_correction PRIMARY KEY (correction_id),
        CONSTRAINT fk_correction_case_id FOREIGN KEY(case_id) REFERENCES cases (case_id)
    )
    """,
    "CREATE INDEX ix_correction_case_id ON correction (case_id)",
    "CREATE INDEX ix_correction_practice_ods ON correction (practice_ods)",
    "CREATE INDEX ix_correction_told_at ON correction (told_at)",
    """
    CREATE TABLE correction_export (
        file_name TEXT NOT NULL,
        practice_ods TEXT NOT NULL,
        made_on DATE NOT NULL,
        sequence INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_correction_export PRIMARY KEY (file_name)
    )
    """,
    """
    CREATE TABLE referral (
        referral_id UUID NOT NULL,
        case_id UUID NOT NULL,
        pathway TEXT NOT NULL,
        route TEXT NOT NULL,
        consent TEXT,
        facts JSONB NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by_user INTEGER NOT NULL,
        state TEXT NOT NULL,
        CONSTRAINT pk_referral PRIMARY KEY (referral_id),
        CONSTRAINT fk_referral_case_id FOREIGN KEY(case_id) REFERENCES cases (case_id)
    )
    """,
    "CREATE INDEX ix_referral_case_id ON referral (case_id)",
    """
    CREATE TABLE note (
        note_id UUID NOT NULL,
        case_id UUID NOT NULL,
        user_id INTEGER NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        words TEXT NOT NULL,
        restricted BOOLEAN DEFAULT false NOT NULL,
        CONSTRAINT pk_note PRIMARY KEY (note_id),
        CONSTRAINT fk_note_case_id FOREIGN KEY(case_id) REFERENCES cases (case_id)
    )
    """,
    "CREATE INDEX ix_note_case_id ON note (case_id)",
    """
    CREATE TABLE concern (
        concern_id UUID NOT NULL,
        case_id UUID NOT NULL,
        route TEXT NOT NULL,
        words TEXT NOT NULL,
        told JSONB NOT NULL,
        noticed_at TIMESTAMP WITH TIME ZONE,
        raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
        raised_by INTEGER NOT NULL,
        state TEXT DEFAULT 'open' NOT NULL,
        CONSTRAINT pk_concern PRIMARY KEY (concern_id),
        CONSTRAINT fk_concern_case_id FOREIGN KEY(case_id) REFERENCES cases (case_id)
    )
    """,
    "CREATE INDEX ix_concern_case_id ON concern (case_id)",
    """
    CREATE TABLE concern_addition (
        change_id UUID NOT NULL,
        concern_id UUID NOT NULL,
        words TEXT NOT NULL,
        told JSONB NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by_user INTEGER NOT NULL,
        CONSTRAINT pk_concern_addition PRIMARY KEY (change_id)
    )
    """,
    "CREATE INDEX ix_concern_addition_concern_id ON concern_addition (concern_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE concern_addition")
    op.execute("DROP TABLE concern")
    op.execute("DROP TABLE note")
    op.execute("DROP TABLE referral")
    op.execute("DROP TABLE correction_export")
    op.execute("DROP TABLE correction")
    op.execute("DROP TABLE promise")
    op.execute("DROP TABLE attempt")
