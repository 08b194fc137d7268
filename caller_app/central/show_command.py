"""`show`: what the centre holds, in numbers."""

import argparse
import json

from caller_app.central.database_options import Commands, add_database_options, opened


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("show", help="count what the centre holds, and check that the audit chain is whole")
    parser.add_argument("--json", action="store_true", help="print as JSON")
    add_database_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the counts; exit 1 when the audit chain is broken."""
    from caller_app.central.db import reading
    from caller_app.central.rules import audit, summary

    with opened(options) as centre, reading(centre.engine) as conn:
        held: dict[str, object] = dict(summary.counts(conn))
        held["outcomes"] = summary.outcomes(conn)
        held["epoch"] = centre.standing.epoch
        broken = audit.first_break(conn)
        held["audit_chain"] = "whole" if broken is None else f"broken at place {broken}"
    if options.json:
        print(json.dumps(held, indent=2))
    else:
        for name, value in held.items():
            print(f"{name.replace('_', ' '):28} {value}")
    return 0 if broken is None else 1
