"""Commands about lists: import-cohort and assign."""

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from caller_app.base.errors import Refused
from caller_app.central.database_options import Commands, add_database_options, opened

if TYPE_CHECKING:
    from caller_app.central.rules.intake import Taken


def add(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("import-cohort", help="take in a cohort file as one batch of a project")
    parser.add_argument("file", type=Path, help="the cohort, .xlsx or .csv")
    parser.add_argument("--project", required=True, help="name or id of the project")
    parser.add_argument("--source", required=True, help="who supplied the list, and how it was made")
    parser.add_argument("--extracted-on", required=True, type=_day, help="the day the list was extracted, YYYY-MM-DD")
    parser.add_argument("--legal-basis", required=True, help="the ground on which the list may be used")
    parser.add_argument("--opt-outs-applied-on", required=True, type=_day, help="the day opt-outs were applied")
    parser.add_argument("--opt-outs-applied", default="as the supplier states", help="which opt-outs were applied")
    parser.add_argument("--dpia", default="", help="reference of the impact assessment")
    parser.add_argument("--imported-by", default="", help="who takes it in; else the name you are signed in under here")
    parser.add_argument("--sheet", help="the sheet that holds the people, when several look alike")
    parser.add_argument("--date-order", choices=("dmy", "mdy"), help="day and month in dates kept as text")
    add_database_options(parser)
    parser.set_defaults(run=import_cohort)
    parser = commands.add_parser("assign", help="hand out cases of a project that nobody has yet")
    parser.add_argument("--project", required=True, help="name or id of the project")
    parser.add_argument("--to", required=True, metavar="NAME", help="the caller's sign-in name")
    amount = parser.add_mutually_exclusive_group(required=True)
    amount.add_argument("--count", type=int, help="how many, by priority")
    amount.add_argument("--all", action="store_true", help="all that are left")
    add_database_options(parser)
    parser.set_defaults(run=assign)


def import_cohort(options: argparse.Namespace) -> int:
    """Check a cohort file and take it in, whole or not at all."""
    from caller_app.base.clock import london_day
    from caller_app.central.db import make_engine, writing
    from caller_app.central.rules import intake, practices, projects
    from caller_app.excel.cohort import check_cohort

    told = intake.Provenance(
        source=options.source,
        extracted_on=options.extracted_on,
        legal_basis=options.legal_basis,
        opt_outs_applied=options.opt_outs_applied,
        opt_outs_applied_on=options.opt_outs_applied_on,
        imported_by=options.imported_by or getpass.getuser(),
        dpia_ref=options.dpia,
    )
    with opened(options) as centre:
        now = centre.now()
        intake.check_provenance(centre.settings, told, now=now)
        with centre.engine.connect() as conn:
            project_id, campaign = projects.project_named(conn, options.project)
            known = practices.directory(conn)
        if not len(known):
            raise Refused("The practice list is not loaded yet. Run `caller-central import-practices` first.")
        check = check_cohort(
            options.file,
            campaign=campaign,
            practices=known,
            as_of=london_day(now),
            test_mode=centre.settings.test_mode,
            sheet=options.sheet,
            date_order=options.date_order,
            progress=_progress("checked"),
        )
        # A transaction over 60,000 rows may think between two statements for longer than a request may.
        engine = make_engine(centre.settings.database_url, pool=1, statement_seconds=600)
        try:
            taken = writing(
                engine,
                lambda conn: intake.import_cohort(
                    conn, check, told, settings=centre.settings, project_id=project_id, practices=known, now=now,
                    progress=_progress("written"),
                ),
            )  # fmt: skip
        finally:
            engine.dispose()
    for line in _summary(taken):
        print(line)
    return 0


def assign(options: argparse.Namespace) -> int:
    """Hand out cases."""
    from caller_app.central.rules import accounts, projects
    from caller_app.central.rules import assign as rules

    if options.count is not None and options.count < 1:
        raise Refused("--count has to be at least 1.")
    with opened(options) as centre:
        with centre.engine.connect() as conn:
            project_id, _ = projects.project_named(conn, options.project)
            user = accounts.user_named(conn, options.to)
        moved = rules.assign(
            centre.engine, project_id=project_id, to_user=user.user_id, count=options.count, now=centre.now()
        )
    print(f"{moved.cases} cases handed to {user.shown_name}.")
    return 0


def _summary(taken: "Taken") -> list[str]:
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(taken.verdicts.items()))
    conflicts = []
    if taken.conflicts:
        shown = ", ".join(str(row) for row in taken.conflict_rows[:20]) + (" …" if taken.conflicts > 20 else "")
        conflicts = [
            f"  NOT taken in, the NHS number belongs to somebody of another name and birth date here: rows {shown}"
        ]
    return [
        f"Batch {taken.batch_id}: {taken.cases} new cases.",
        f"  rows: {verdicts}",
        f"  ready to ring: {taken.ready}; held, no number: {taken.held}; to be confirmed: {taken.to_confirm}",
        f"  sensitive, never on a list: {taken.sensitive}; in this project already: {taken.already_there}",
        f"  on the stop list: {taken.on_stop_list}; stopped by this list: {taken.newly_stopped}",
        *conflicts,
        "  `caller-central check-cohort` on the same file says which rows and why.",
    ]


def _progress(what: str) -> Callable[[int, int], None]:
    shown = 0

    def show(done: int, total: int) -> None:
        nonlocal shown
        percent = done * 100 // total if total else 0
        if percent >= shown + 20:
            shown = percent
            print(f"{what}: {percent} %", file=sys.stderr)

    return show


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2026-03-01") from None
