"""`caller-central script`: check a script's workbook, try an expression, walk a script with answers. No database.

What a reader would get wrong: `check` looks at the workbook alone; whether its pathways exist is a question to the
project it is published for.
"""

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caller_app.base.clock import SystemClock, from_text
from caller_app.base.errors import Refused
from caller_app.central import answers_command
from caller_app.central.database_options import Commands, add_database_options, opened

if TYPE_CHECKING:
    from caller_app.script.compile import Checked
    from caller_app.script.expressions.values import Value
    from caller_app.script.lint import Surroundings
    from caller_app.script.run import Standing
    from caller_app.script.script import Row, Script

_LARGEST = 1_000_000


def add(commands: Commands) -> None:
    """Add the commands."""
    script = commands.add_parser("script", help="check, try and walk the script of a call")
    parts = script.add_subparsers(required=True, metavar="PART")
    parser = parts.add_parser("check", help="say what is wrong with a script's workbook, with cell and remedy")
    parser.add_argument("file", type=Path)
    _json(parser)
    parser.set_defaults(run=check)
    parser = parts.add_parser("evaluate", help="evaluate one expression with given values")
    parser.add_argument("expression")
    parser.add_argument("--values", type=Path, help='JSON file: {"name": "value"}; "." for the answer at hand')
    _json(parser)
    _now(parser)
    parser.set_defaults(run=evaluate)
    parser = parts.add_parser("walk", help="show the pages a set of answers leads through, and what they conclude")
    parser.add_argument("file", type=Path)
    parser.add_argument("--answers", type=Path, required=True, help='JSON file: {"question": "answer" or ["a", "b"]}')
    parser.add_argument("--language", default="", help="the language to read in, where the script has several")
    _json(parser)
    _now(parser)
    parser.set_defaults(run=walk)
    parser = parts.add_parser("publish", help="give a project a new version of its script; it reaches every caller")
    parser.add_argument("file", type=Path)
    parser.add_argument("--project", required=True, help="the project's name or id")
    add_database_options(parser)
    parser.set_defaults(run=publish)
    answers_command.add_responses(parts)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")


def _now(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--now", default="", help="the time today() and now() see, as 2026-11-22T09:00:00Z")


def check(options: argparse.Namespace) -> int:
    """Print the findings; exit 1 where one of them keeps the script from being published."""
    from caller_app.script.compile import check_script

    try:
        checked = check_script(options.file, _around())
    except Refused as fault:
        if not options.json:
            raise
        _print(
            {
                "ok": False,
                "script": None,
                "findings": [_finding(fault.place or "", "error", "file_unreadable", fault.sentence, "")],
            }
        )
        return 1
    if options.json:
        _print(
            {
                "ok": checked.script is not None,
                "script": _named(checked.script) if checked.script else None,
                "findings": [_finding(f.cell, f.severity, f.code, f.what, f.remedy) for f in checked.findings],
                "left_out": checked.left_out,
            }
        )
    else:
        _print_findings(checked)
    return 0 if checked.script is not None else 1


def evaluate(options: argparse.Namespace) -> int:
    """Print what an expression gives, and of which type."""
    from caller_app.script.expressions.evaluate import Asked, compiled
    from caller_app.script.expressions.functions import BadCall
    from caller_app.script.expressions.grammar import CannotRead, parse
    from caller_app.script.run import as_words

    values = {str(name): as_words(value) for name, value in _object(options.values).items()}
    asked = Asked(values, _moment(options), here=values.get(".", ""))
    try:
        value = compiled(parse(options.expression))(asked)
    except (CannotRead, BadCall) as fault:
        if not options.json:
            raise Refused(f"The expression: {fault}.") from None
        _print({"error": str(fault)})
        return 1
    kind, shown = _shown(value)
    if options.json:
        _print({"value": shown, "type": kind})
    else:
        print(f"{shown} ({kind})")
    return 0


def walk(options: argparse.Namespace) -> int:
    """Print the pages shown and what the answers lead to."""
    from caller_app.script.compile import read_script
    from caller_app.script.run import Runner

    script = read_script(options.file)
    if options.language and options.language not in script.languages:
        raise Refused(
            f"The script has no language {options.language!r}: it has {', '.join(script.languages) or 'one'}."
        )
    answers = _object(options.answers)
    known = {row.name for row in script.rows()}
    unknown = sorted(set(answers) - known)
    if unknown:
        raise Refused(f"The answers name {unknown[0]!r}, which is not a question of this script.")
    standing = Runner(script).stand(answers, answers, _moment(options))
    if options.json:
        _print(_walked(script, standing, options.language))
        return 0
    for one in standing.path:
        print(f"== {one.page.titles.get(options.language) or one.page.title or one.page.name}")
        for row in one.rows:
            answer = standing.values.get(row.name, "")
            print(f"   {_text(row, standing, options.language)}{f'  -> {answer}' if answer else ''}")
        for name in one.missing:
            print(f"   {name} is not answered yet")
        for fault in one.faults:
            print(f"   {fault.row}: {fault.why}")
    end = standing.concluded
    print(f"Outcome: {end.outcome or 'none'}; pathways: {', '.join(end.pathways) or 'none'}")
    return 0


def publish(options: argparse.Namespace) -> int:
    """Check a script with the project's own pathways and give it to the project, as supervisors do."""
    from caller_app.central.db import writing
    from caller_app.central.rules import projects, scripts, scripts_check
    from caller_app.script.uploaded import read_file

    workbook = read_file(options.file)
    with opened(options) as centre:
        with centre.engine.connect() as conn:
            project_id, _campaign = projects.project_named(conn, options.project)
            project = projects.project_of(conn, project_id)
        offered = scripts_check.check(workbook, project)
        writing(centre.engine, lambda conn: scripts.publish_at_once(conn, project_id, offered, now=centre.now()))
    print(f"{offered.script.cited} is now the script of {project.name!r} ({offered.script.script_id}).")
    return 0


def _walked(script: "Script", standing: "Standing", language: str) -> dict[str, Any]:
    end = standing.concluded
    return {
        "script": _named(script),
        "pages": [
            {
                "name": one.page.name,
                "title": one.page.titles.get(language) or one.page.title,
                "rows": [
                    {
                        "name": row.name,
                        "text": _text(row, standing, language),
                        "answer": standing.values.get(row.name, ""),
                    }
                    for row in one.rows
                ],
            }
            for one in standing.path
        ],
        "missing": [name for one in standing.path for name in one.missing],
        "faults": [{"row": fault.row, "why": fault.why} for one in standing.path for fault in one.faults],
        "finished": standing.finished,
        "outcome": end.outcome or None,
        "because": end.because or None,
        "pathways": list(end.pathways),
        "raises": list(end.raises),
        "values": {name: value for name, value in standing.values.items() if value},
    }


def _text(row: "Row", standing: "Standing", language: str) -> str:
    from caller_app.script.pages import filled

    return filled(row.labels.get(language) or row.label, standing.values)[0]


def _around() -> "Surroundings":
    """Give what every script is checked against: the catalogue of outcomes and the help routes."""
    from caller_app.script.lint.product import surroundings

    return surroundings()


def _print_findings(checked: "Checked") -> None:
    for one in checked.findings:
        print(f"{one.severity}: {one.sentence}")
    if checked.left_out:
        print(f"{checked.left_out} more are left out.")
    errors = len(checked.errors)
    if checked.script is not None:
        print(f"{checked.script.cited} can be published ({len(checked.findings)} warnings).")
    else:
        print(f"{errors} errors: the script cannot be published.")


def _shown(value: "Value") -> tuple[str, Any]:
    from caller_app.script.expressions.values import Moment, as_text, number_text

    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, float):
        if math.isfinite(value):
            return "number", int(value) if value.is_integer() and abs(value) < 2**53 else value
        return "number", number_text(value)
    return ("date" if isinstance(value, Moment) else "string"), as_text(value)


def _named(script: "Script") -> dict[str, str]:
    return {
        "form_id": script.form_id,
        "version": script.version,
        "title": script.title,
        "script_id": script.script_id,
        "sha256": script.sha256,
    }


def _finding(cell: str, severity: str, code: str, what: str, remedy: str) -> dict[str, str]:
    return {"cell": cell, "severity": severity, "code": code, "message": what, "remedy": remedy}


def _moment(options: argparse.Namespace) -> Any:
    if not options.now:
        return SystemClock().now()
    try:
        return from_text(options.now)
    except ValueError:
        raise Refused("--now is a time with its zone, as 2026-11-22T09:00:00Z.") from None


def _object(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    if not path.is_file():
        raise Refused(f"There is no file {path.name}.")
    if path.stat().st_size > _LARGEST:
        raise Refused(f"{path.name} is far larger than a file of answers.")
    try:
        read = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        raise Refused(f"{path.name} is not JSON.") from None
    if not isinstance(read, dict):
        raise Refused(f"{path.name} must hold an object of names and values.")
    return read


def _print(said: dict[str, Any]) -> None:
    print(json.dumps(said, ensure_ascii=False, indent=2))
