"""Practices, projects, persons and cases.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE practice (
        ods TEXT NOT NULL,
        name TEXT NOT NULL,
        address_lines JSONB NOT NULL,
        postcode TEXT,
        phone TEXT,
        status TEXT NOT NULL,
        setting TEXT NOT NULL,
        open_on DATE,
        close_on DATE,
        loaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_practice PRIMARY KEY (ods)
    )
    """,
    """
    CREATE TABLE project (
        project_id UUID NOT NULL,
        name TEXT NOT NULL,
        campaign TEXT NOT NULL,
        script_ids JSONB NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        status TEXT DEFAULT 'open' NOT NULL,
        CONSTRAINT pk_project PRIMARY KEY (project_id),
        CONSTRAINT uq_project_name UNIQUE (name)
    )
    """,
    """
    CREATE TABLE cohort_batch (
        batch_id UUID NOT NULL,
        project_id UUID NOT NULL,
        file_name TEXT NOT NULL,
        file_sha256 TEXT NOT NULL,
        sheet TEXT,
        source TEXT NOT NULL,
        extracted_on DATE NOT NULL,
        legal_basis TEXT NOT NULL,
        dpia_ref TEXT DEFAULT '' NOT NULL,
        opt_outs_applied TEXT NOT NULL,
        opt_outs_applied_on DATE NOT NULL,
        imported_by TEXT NOT NULL,
        imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
        counts JSONB NOT NULL,
        state TEXT DEFAULT 'applied' NOT NULL,
        CONSTRAINT pk_cohort_batch PRIMARY KEY (batch_id),
        CONSTRAINT fk_cohort_batch_project_id FOREIGN KEY(project_id) REFERENCES project (project_id)
    )
    """,
    "CREATE UNIQUE INDEX uq_cohort_batch_file ON cohort_batch (project_id, file_sha256) WHERE state = 'applied'",
    """
    CREATE TABLE person (
        person_id UUID NOT NULL,
        nhs_number TEXT NOT NULL,
        given_name TEXT NOT NULL,
        family_name TEXT NOT NULL,
        dob TEXT NOT NULL,
        practice_ods TEXT,
        sensitive BOOLEAN DEFAULT false NOT NULL,
        stopped_at TIMESTAMP WITH TIME ZONE,
        stop_kind TEXT,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_person PRIMARY KEY (person_id),
        CONSTRAINT uq_person_nhs_number UNIQUE (nhs_number)
    )
    """,
    """
    CREATE TABLE suppression (
        nhs_hash BYTEA NOT NULL,
        kind TEXT NOT NULL,
        campaign TEXT DEFAULT '' NOT NULL,
        from_at TIMESTAMP WITH TIME ZONE NOT NULL,
        source TEXT NOT NULL,
        lifted_at TIMESTAMP WITH TIME ZONE,
        lifted_by INTEGER,
        CONSTRAINT pk_suppression PRIMARY KEY (nhs_hash, kind, campaign)
    )
    """,
    """
    CREATE TABLE cases (
        case_id UUID NOT NULL,
        project_id UUID NOT NULL,
        person_id UUID NOT NULL,
        batch_id UUID NOT NULL,
        practice_ods TEXT,
        priority INTEGER NOT NULL,
        seed INTEGER NOT NULL,
        counted_attempts INTEGER DEFAULT 0 NOT NULL,
        last_outcome TEXT,
        last_at TIMESTAMP WITH TIME ZONE,
        promised_from TIMESTAMP WITH TIME ZONE,
        promised_to TIMESTAMP WITH TIME ZONE,
        reassigned_at TIMESTAMP WITH TIME ZONE,
        stopped_at TIMESTAMP WITH TIME ZONE,
        closed_at TIMESTAMP WITH TIME ZONE,
        close_why TEXT,
        left_lists_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_cases PRIMARY KEY (case_id),
        CONSTRAINT uq_cases_project_id_person_id UNIQUE (project_id, person_id),
        CONSTRAINT fk_cases_project_id FOREIGN KEY(project_id) REFERENCES project (project_id),
        CONSTRAINT fk_cases_person_id FOREIGN KEY(person_id) REFERENCES person (person_id),
        CONSTRAINT fk_cases_batch_id FOREIGN KEY(batch_id) REFERENCES cohort_batch (batch_id)
    )
    """,
    "CREATE INDEX ix_cases_batch_id ON cases (batch_id)",
    "CREATE INDEX ix_cases_closed_on_lists ON cases (closed_at) WHERE closed_at IS NOT NULL AND left_lists_at IS NULL",
    "CREATE INDEX ix_cases_person_id ON cases (person_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE cases")
    op.execute("DROP TABLE suppression")
    op.execute("DROP TABLE person")
    op.execute("DROP TABLE cohort_batch")
    op.execute("DROP TABLE project")
    op.execute("DROP TABLE practice")
