"""`export-corrections`: one workbook per practice with what people told us about their details."""

import argparse
from pathlib import Path

from caller_app.central.database_options import Commands, add_database_options, opened


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("export-corrections", help="write one corrections workbook per practice")
    parser.add_argument("--out", required=True, type=Path, help="the folder to write into")
    parser.add_argument(
        "--after-restore", action="store_true", help="write although the database was put back and not all is back yet"
    )
    parser.add_argument("--project", help="only this project (name or id); else all of them in one workbook")
    add_database_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the workbooks and note in the centre what was written."""
    from caller_app.base.errors import Refused
    from caller_app.central.db import writing
    from caller_app.central.rules import corrections, history

    with opened(options) as centre:
        if not options.after_restore and writing(centre.engine, lambda conn: history.waits(conn, now=centre.now())):
            raise Refused(
                "The database was put back to an earlier state, and not every workstation was heard from since: what "
                "was sent to practices in the lost time would be sent again. Wait, at most a day, or look what was "
                "sent and give --after-restore."
            )
        written = corrections.export(centre, options.out.expanduser(), project=options.project)
    for one in written:
        print(f"{one.path.name}: {one.rows} corrections, sha256 {one.sha256}")
    total = sum(one.rows for one in written)
    print(f"{total} corrections for {len(written)} practices written to {options.out}.")
    return 0
