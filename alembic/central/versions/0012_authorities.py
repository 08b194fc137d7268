"""Who may speak for a person, as supervisors recorded it, and when it was ended; nobody can alter either.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("authority", "authority_end")
STATEMENTS = (
    """
    CREATE TABLE authority (
        authority_id UUID NOT NULL,
        person_id UUID NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        relationship TEXT NOT NULL,
        projects JSONB NOT NULL,
        pathways JSONB NOT NULL,
        may_agree BOOLEAN NOT NULL,
        limits TEXT NOT NULL,
        from_on DATE NOT NULL,
        until_on DATE,
        seen TEXT NOT NULL,
        recorded_by INTEGER NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_authority PRIMARY KEY (authority_id),
        CONSTRAINT fk_authority_person_id FOREIGN KEY (person_id) REFERENCES person (person_id)
    )
    """,
    "CREATE INDEX ix_authority_person_id ON authority (person_id)",
    """
    CREATE TABLE authority_end (
        authority_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by_user INTEGER NOT NULL,
        why TEXT NOT NULL,
        CONSTRAINT pk_authority_end PRIMARY KEY (authority_id),
        CONSTRAINT fk_authority_end_authority_id FOREIGN KEY (authority_id) REFERENCES authority (authority_id)
    )
    """,
    *(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()"
        for table in TABLES
    ),
    """
    DO $$
    BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'caller_service') THEN
            GRANT SELECT, INSERT ON authority, authority_end TO caller_service;
            REVOKE UPDATE, DELETE ON authority, authority_end FROM caller_service;
        END IF;
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END $$
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE authority_end")
    op.execute("DROP TABLE authority")
