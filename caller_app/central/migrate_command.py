"""`migrate`: bring the database to this program's schema."""

import argparse

from caller_app.central.database_options import Commands, add_database_options, located, reachable


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("migrate", help="bring the database to this program's schema")
    add_database_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Migrate, then settle the centre's identity, so that a wrong stop-list key shows here and not later."""
    from caller_app.central import migrate
    from caller_app.central.centre import open_centre

    with located(options) as (settings, _), reachable(settings) as engine:
        with engine.connect() as conn:
            before = migrate.current(conn)
        migrate.migrate(engine)
        open_centre(settings, engine=engine)
        after = migrate.newest()
    print(f"The database stands at {after}" + (" already." if before == after else f" (was {before or 'empty'})."))
    return 0
