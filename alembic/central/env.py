"""Alembic environment of the centre: one connection, an advisory lock, and time-outs so that a migration never hangs.

Without the lock time-out a migration waiting for one long reader would itself block every later query behind it.
"""

from sqlalchemy import create_engine, text

from alembic import context

ADVISORY_LOCK = 7_203_114_001


def _run(connection) -> None:
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SET statement_timeout = '10min'"))
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=context.config.attributes.get("target_metadata"),
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()


def run() -> None:
    """Run on the connection handed in, or on a URL given with `-x url=…`."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _run(connection)
        return
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not url:
        raise SystemExit("Give the database: alembic -n central -x url=postgresql+psycopg://… upgrade head")
    with create_engine(url).connect() as opened:
        _run(opened)


run()
