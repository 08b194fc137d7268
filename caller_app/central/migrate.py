"""Bring the central database to this program's schema, or say that it is not there yet.

Alembic costs two thirds of a second to import, so it is only loaded to migrate; whether the database is up to date is
asked with one statement and the file names of the migrations.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from caller_app.base.errors import Refused
from caller_app.base.paths import alembic_path
from caller_app.central import service_role


def newest() -> str:
    """Name the newest migration this program ships: the files are numbered."""
    return max(path.name.split("_", 1)[0] for path in _versions().glob("[0-9]*.py"))


def current(connection: Connection) -> str | None:
    """Name the migration the database stands at, None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found is not None else None


def migrate(engine: Engine, revision: str = "head", *, down: bool = False) -> None:
    """Run the migrations up (or down, in tests) under the advisory lock of the environment."""
    from alembic.config import Config

    from alembic import command

    config = Config()
    config.set_main_option("script_location", str(alembic_path("central")).replace("%", "%%"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        if down:
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
    if revision == "head" and not down:
        with engine.begin() as connection:
            service_role.grant(connection)


def check_migrated(engine: Engine) -> None:
    """Refuse a database that is not at this program's schema, saying what to do."""
    with engine.connect() as connection:
        stands = current(connection)
    wanted = newest()
    if stands is None:
        raise Refused("The database is empty. Run `caller-central migrate` first.")
    if stands > wanted:
        raise Refused(
            f"The database is newer ({stands}) than this program ({wanted}). Install the newer version of the program."
        )
    if stands < wanted:
        raise Refused(f"The database stands at {stands}, this program needs {wanted}. Run `caller-central migrate`.")


def _versions() -> Path:
    return Path(alembic_path("central")) / "versions"
