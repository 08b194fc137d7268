"""`caller-central check-cohort`: says what an import would do, without a database.

Exit 0: the file was read, whatever its rows are like; 1: the file was refused; 2: the command was used wrongly.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from caller_app.base import garbage
from caller_app.base.errors import Refused
from caller_app.domain.cohort.fields import CAMPAIGNS
from caller_app.excel.cohort import CohortCheck, check_cohort
from caller_app.excel.practices import read_practices
from caller_app.excel.report import check_json

READ, REFUSED, USAGE = 0, 1, 2
_SHOWN_REJECTS = 30
_PROGRESS_EVERY = 0.5


def parser() -> argparse.ArgumentParser:
    """The options of check-cohort."""
    options = argparse.ArgumentParser(
        prog="caller-central check-cohort", description="Say what an import of a cohort file would do, row by row."
    )
    options.add_argument("file", type=Path, help="the cohort, .xlsx or .csv")
    options.add_argument("--campaign", required=True, choices=CAMPAIGNS)
    options.add_argument("--practices", required=True, type=Path, help="the practice list, epraccur.csv")
    options.add_argument("--as-of", required=True, type=_day, help="the day for ages, YYYY-MM-DD")
    options.add_argument("--test-mode", action="store_true", help="take 999 NHS numbers and drama telephone numbers")
    options.add_argument("--json", action="store_true", help="print the whole report as JSON")
    options.add_argument("--sheet", help="the sheet that holds the people, when several look alike")
    options.add_argument(
        "--date-order", choices=("dmy", "mdy"), help="the order of day and month in dates kept as text"
    )
    return options


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a day in the form YYYY-MM-DD") from error


def run(argv: Sequence[str] | None = None) -> int:
    """Run check-cohort with these arguments; returns the exit code."""
    try:
        options = parser().parse_args(argv)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else USAGE
    # A hundred thousand records stay alive to the end and none of them is in a cycle: looking for garbage among them
    # again and again would take a fifth of the time.
    with garbage.not_looked_for():
        return _check(options)


def _check(options: argparse.Namespace) -> int:
    try:
        practices = read_practices(options.practices)
        check = check_cohort(
            options.file,
            campaign=options.campaign,
            practices=practices,
            as_of=options.as_of,
            test_mode=options.test_mode,
            sheet=options.sheet,
            date_order=options.date_order,
            progress=progress_to_stderr(),
        )
        print(f"Read {len(check.rows):,} rows.", file=sys.stderr)
    except Refused as refused:
        print(refused.sentence, file=sys.stderr)
        if options.json:
            print(json.dumps({"refused": refused.sentence, "field": refused.field, "place": refused.place}))
        return REFUSED
    if options.json:
        _write_utf_8(check_json(check))
    else:
        encoding = sys.stdout.encoding or "utf-8"
        print("\n".join(summary(check)).encode(encoding, "replace").decode(encoding))
    return READ


def _write_utf_8(pieces: Iterable[str]) -> None:
    """JSON is UTF-8 whatever a pipe of this machine is set to: many names here are not in code page 1252."""
    if sys.stdout.isatty():
        for piece in pieces:
            sys.stdout.write(piece)
        return
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece.encode())
    sys.stdout.buffer.flush()


def progress_to_stderr() -> Callable[[int, int], None]:
    """A progress callback: one line on a terminal, a few lines elsewhere, nothing for a short file."""
    terminal = sys.stderr.isatty()
    started = time.monotonic()
    shown = started

    def progress(done: int, total: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown < (_PROGRESS_EVERY if terminal else 4 * _PROGRESS_EVERY):
            return
        shown = now
        share = 100 * done // max(total, 1)
        print(f"Reading: {share} %", end="\r" if terminal else "\n", file=sys.stderr, flush=True)

    return progress


def summary(check: CohortCheck) -> list[str]:
    """The report for a person: counts and codes, no patient's data."""
    lines = [
        f"{check.file_name}, sheet '{check.sheet}', headings in row {check.header_rows[-1]}, for {check.campaign}",
        "",
        "Rows",
        *(f"  {count:>7,}  {verdict.replace('_', ' ')}" for verdict, count in check.counts.verdicts.items()),
        f"  {check.counts.callable:>7,}  of them may be called",
        "",
        "Why (repairs, refusals, rows skipped)",
        *(f"  {count:>7,}  {code}" for code, count in check.counts.reasons.items()),
    ]
    if check.counts.warnings:
        lines += ["", "Warnings", *(f"  {count:>7,}  {code}" for code, count in check.counts.warnings.items())]
    if check.findings:
        lines += ["", "About the file", *(f"  {finding.code} {_short(finding.details)}" for finding in check.findings)]
    if check.dropped_columns:
        left_out = ", ".join(f"{column.column} '{' '.join(column.header.split())}'" for column in check.dropped_columns)
        lines += ["", f"Columns left out, nothing of them is stored: {left_out}"]
    rejected = [result for result in check.rows if result.verdict.value == "reject"]
    if rejected:
        lines += ["", "Refused rows"]
        lines += [f"  row {result.row}: {', '.join(result.reasons)}" for result in rejected[:_SHOWN_REJECTS]]
        if len(rejected) > _SHOWN_REJECTS:
            lines.append(f"  and {len(rejected) - _SHOWN_REJECTS:,} more (all with --json)")
    return lines


def _short(details: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in details.items() if name not in ("most", "note"))
