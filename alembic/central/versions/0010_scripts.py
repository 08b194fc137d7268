"""The versions of a project's scripts with their workbooks, and every step of their life, which nobody can alter.

What was published before this migration is entered from what the projects work with; who wrote it is not known.
Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE script_version (
        version_id UUID NOT NULL,
        project_id UUID NOT NULL,
        script_id UUID NOT NULL,
        form_id TEXT NOT NULL,
        version TEXT NOT NULL,
        title TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        state TEXT NOT NULL,
        body TEXT NOT NULL,
        workbook BYTEA,
        workbook_sha256 TEXT,
        warnings INTEGER NOT NULL,
        examples INTEGER NOT NULL,
        author_id INTEGER,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_script_version PRIMARY KEY (version_id),
        CONSTRAINT fk_script_version_project_id FOREIGN KEY (project_id) REFERENCES project (project_id)
    )
    """,
    "CREATE INDEX ix_script_version_project_id_made_at ON script_version (project_id, made_at)",
    "CREATE INDEX ix_script_version_form_id_version ON script_version (form_id, version)",
    """
    CREATE TABLE script_step (
        step_id BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
        version_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by_user INTEGER,
        step TEXT NOT NULL,
        why TEXT NOT NULL,
        CONSTRAINT pk_script_step PRIMARY KEY (step_id),
        CONSTRAINT fk_script_step_version_id FOREIGN KEY (version_id) REFERENCES script_version (version_id)
    )
    """,
    "CREATE INDEX ix_script_step_version_id ON script_step (version_id)",
    # Kind 2 is a script, kind 5 a project.
    """
    INSERT INTO script_version(version_id, project_id, script_id, form_id, version, title, sha256, state, body,
        warnings, examples, made_at, published_at)
    SELECT gen_random_uuid(), p.project_id, s.id, coalesce(CAST(s.body AS jsonb)->>'form_id', ''),
        coalesce(CAST(s.body AS jsonb)->>'version', ''), coalesce(CAST(s.body AS jsonb)->>'title', ''),
        coalesce(CAST(s.body AS jsonb)->>'sha256', ''), 'published', s.body, 0, 0, p.made_at, p.made_at
    FROM project p JOIN rec_body b ON b.kind = 5 AND b.id = p.project_id
    JOIN rec_body s ON s.kind = 2 AND CAST(s.id AS text) = CAST(b.body AS jsonb)->>'script_id'
    """,
    """
    INSERT INTO script_step(version_id, at, step, why)
    SELECT version_id, made_at, 'publish', 'in use before versions were listed' FROM script_version
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON script_step
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()
    """,
    """
    DO $$
    BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'caller_service') THEN
            REVOKE UPDATE, DELETE ON script_step FROM caller_service;
        END IF;
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END $$
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE script_step")
    op.execute("DROP TABLE script_version")
