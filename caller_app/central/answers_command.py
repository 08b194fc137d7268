"""`export-answers` and `script responses`: what was answered in a project's calls, as a workbook and as FHIR."""

import argparse
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caller_app.base.errors import Refused
from caller_app.central.database_options import Commands, add_database_options, opened

if TYPE_CHECKING:
    from caller_app.central.rules.answers import Asked


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "export-answers", help="write the answers of a project's calls as a workbook with a data dictionary"
    )
    _what(parser, "the workbook to write (.xlsx)")
    parser.add_argument(
        "--name-people", metavar="REASON", dest="named_for",
        help="add NHS numbers and names; the reason is kept in the audit trail",
    )  # fmt: skip
    parser.set_defaults(run=export)


def add_responses(parts: Commands) -> None:
    """Add the part of `script`."""
    parser = parts.add_parser("responses", help="write a project's calls as FHIR QuestionnaireResponses, one a line")
    _what(parser, "the file to write (.ndjson)")
    parser.set_defaults(run=responses, named_for=None)


def _what(parser: argparse.ArgumentParser, file: str) -> None:
    parser.add_argument("out", type=Path, help=file)
    parser.add_argument("--project", required=True, help="the project's name or id")
    parser.add_argument("--since", metavar="DAY", help="only calls from this day on, as 2026-11-22")
    parser.add_argument("--until", metavar="DAY", help="only calls up to this day, and of it")
    parser.add_argument(
        "--with-words", action="store_true", help="also words people said, which may name somebody; left out otherwise"
    )
    add_database_options(parser)


def export(options: argparse.Namespace) -> int:
    """Write the workbook and note in the centre that it was written."""
    if options.out.suffix.lower() != ".xlsx":
        raise Refused("The name of the workbook ends in .xlsx.")
    return _run(options, "export")


def responses(options: argparse.Namespace) -> int:
    """Write the responses and note in the centre that they were written."""
    return _run(options, "responses")


def _run(options: argparse.Namespace, what: str) -> int:
    from caller_app.central.rules import answers

    asked = _asked(options)
    path = options.out.expanduser()
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}.")
    if path.exists():
        raise Refused(f"There is a file {path.name} already; it is not written over.")
    with opened(options) as centre:
        written = getattr(answers, what)(centre, path, asked)
    held = f"; {written.held_back} are held back" if written.held_back else ""
    print(f"{written.calls} calls written to {path}{held}.")
    return 0


def _asked(options: argparse.Namespace) -> "Asked":
    from caller_app.base.clock import LONDON
    from caller_app.central.rules.answers import Asked, check_reason, day_of

    since, until = day_of(options.since, "--since"), day_of(options.until, "--until")

    def begins(day: Any) -> datetime:
        return datetime.combine(day, time(), tzinfo=LONDON)

    return Asked(
        project=options.project,
        since=begins(since) if since else None,
        until=begins(until + timedelta(days=1)) if until else None,
        with_words=options.with_words,
        named_for=check_reason(options.named_for),
    )
