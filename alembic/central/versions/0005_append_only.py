"""What was received can never be altered: UPDATE, DELETE and TRUNCATE are refused on the append-only tables.

Self-contained on purpose: no import of ours, so that a later change of the code cannot alter history.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("change", "change_reuse", "device_seq", "audit", "audit_seal", "concern_addition")


def upgrade() -> None:
    op.execute(
        """
    CREATE FUNCTION refuse_alteration() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END $$
    """
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()"
        )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TRIGGER append_only ON {table}")
    op.execute("DROP FUNCTION refuse_alteration()")
