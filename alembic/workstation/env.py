"""Alembic environment of the workstation: `outbox.db` only, on the encrypted connection the program hands in.

What a reader would get wrong: there is no URL. The file can be opened with its key only, and the transaction (BEGIN
IMMEDIATE, driver in autocommit) is the caller's, so that a migration that fails leaves nothing half applied.
"""

from alembic import context


def run() -> None:
    """Run inside the caller's transaction; batch mode, because SQLite cannot alter most things in place."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise SystemExit("This file is encrypted: migrations are run by the program (caller_app.store.migrate).")
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("target_metadata"),
        render_as_batch=True,
        transactional_ddl=False,
    )
    context.run_migrations()


run()
