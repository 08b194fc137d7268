"""`caller-central script`: check a script's workbook, try an expression, walk a script with answers. No database.

What a reader would get wrong: `check` looks at the workbook alone; whether its pathways exist is a question to the
project it is published for.
"""

import argparse
import json
import math
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from caller_app.base.clock import SystemClock, from_text
from caller_app.base.errors import Refused
from caller_app.central import answers_command
from caller_app.central.database_options import Commands, add_database_options, opened
from caller_app.central.given_values import as_given, given_values

if TYPE_CHECKING:
    from caller_app.script.compile import Checked
    from caller_app.script.expressions.values import Value
    from caller_app.script.lint import Surroundings
    from caller_app.script.run import Runner, Standing
    from caller_app.script.script import Row, Script

_NEGATED = re.compile(r"-+(?:[^-\w]|[0-9]|[a-z][a-z-]*\()")
_NOT_ANSWERED = ("note", "calculate")
_WRONG = frozenset({"name_bare", "pattern_wrong", "format_wrong"})  # what is wrong whatever the values are
_SAVE = "open it in Excel and save it as an Excel workbook (.xlsx)"


class _Parser(argparse.ArgumentParser):
    """Takes an expression that begins with a minus sign, as -${age}, for what it is: not an option."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Read the words of a command."""
        words = [f" {one}" if _NEGATED.match(one) else one for one in args or ()]
        return super().parse_known_args(words, namespace)


def add(commands: Commands) -> None:
    """Add the commands."""
    script = commands.add_parser("script", help="check, try and walk the script of a call")
    parts = cast("Commands", script.add_subparsers(required=True, metavar="PART", parser_class=_Parser))
    parser = parts.add_parser("check", help="say what is wrong with a script's workbook, with cell and remedy")
    parser.add_argument("file", type=Path)
    _json(parser)
    parser.set_defaults(run=check)
    parser = parts.add_parser("evaluate", help="evaluate one expression with given values")
    parser.add_argument("expression")
    parser.add_argument(
        "--values", type=Path, help='JSON file: {"name": "value" or ["a", "b"]}; "." for the answer at hand'
    )
    parser.add_argument("--script", type=Path, help="the workbook jr:choice-name() takes the words of answers from")
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
        checked = check_script(_there(options.file), _around())
    except Refused as fault:
        if not options.json:
            raise
        _print({"ok": False, "script": None, "findings": [_unreadable(fault)], "left_out": 0})
        return 1
    if options.json:
        _print(
            {
                "ok": checked.script is not None,
                "script": _named(checked.script) if checked.script else None,
                "findings": _findings(checked),
                "left_out": checked.left_out,
            }
        )
    else:
        _print_findings(checked)
    return 0 if checked.script is not None else 1


def evaluate(options: argparse.Namespace) -> int:
    """Print what an expression gives, and of which type."""
    try:
        said = _evaluated(options)
    except Refused as fault:
        return _refused(fault, options)
    if options.json:
        _print(said)
        return 0
    shown = str(said["value"]).lower() if said["type"] == "boolean" else said["value"]
    print(f"{shown} ({said['type']})")
    for name in said.get("not_given", ()):
        print(f"${{{name}}} was not given and counts as blank.")
    return 0


def _evaluated(options: argparse.Namespace) -> dict[str, Any]:
    from caller_app.script.expressions import tree
    from caller_app.script.expressions.checking import Known, Question, problems
    from caller_app.script.expressions.evaluate import Asked, compiled
    from caller_app.script.expressions.functions import ANY, BadCall
    from caller_app.script.expressions.grammar import CannotRead, parse
    from caller_app.script.run import Runner

    values = {name: as_given(name, value, options.values) for name, value in given_values(options.values).items()}
    labels = Runner(_script(options.script)).label if options.script else lambda _question, _value: ""
    asked = Asked(values, _moment(options), here=values.get(".", ""), labels=labels)
    try:
        node = parse(options.expression)
        run = compiled(node)
    except (CannotRead, BadCall) as fault:
        raise Refused(f"The expression: {fault}.") from None
    named = sorted(tree.answers(node))
    known = Known(dict.fromkeys(named, Question(ANY)), here=Question(ANY))
    wrong = next((one for one in problems(node, known) if one.code in _WRONG), None)
    if wrong is not None:
        raise Refused(f"The expression: {wrong.what}. {wrong.remedy[:1].upper()}{wrong.remedy[1:]}.")
    kind, shown = _shown(run(asked))
    missing = [name for name in named if name not in values]
    return {"value": shown, "type": kind, **({"not_given": missing} if missing else {})}


def walk(options: argparse.Namespace) -> int:
    """Print the pages shown and what the answers lead to."""
    try:
        runner, standing, now = _walk(options)
    except Refused as fault:
        return _refused(fault, options)
    script = runner.script
    if options.json:
        _print(_walked(runner, standing, now, options.language))
        return 0
    for one in standing.path:
        print(f"== {one.page.titles.get(options.language) or one.page.title or one.page.name}")
        for row in one.rows:
            answer = standing.values.get(row.name, "")
            print(f"   {_text(row, standing, options.language)}{f'  -> {answer}' if answer else ''}")
        for name in one.missing:
            print(f"   {name} is not answered yet")
        for wrong in one.faults:
            print(f"   {wrong.row}: {_why(script.row(wrong.row), wrong.why, options.language)}")
    end = standing.concluded
    print(f"Outcome: {end.outcome or 'none'}; pathways: {', '.join(end.pathways) or 'none'}")
    if not standing.finished:
        print(f"The call is not finished: it stands on the page {standing.path[-1].page.name}.")
    return 0


def _walk(options: argparse.Namespace) -> tuple["Runner", "Standing", datetime]:
    from caller_app.script.nearest import nearest
    from caller_app.script.run import Runner

    script = _script(options.file)
    if options.language and options.language not in script.languages:
        has = f"it has {', '.join(script.languages)}" if script.languages else "its words are in one language only"
        raise Refused(f"The script has no language {options.language!r}: {has}.")
    given = given_values(options.answers)
    answers = {name: as_given(name, value, options.answers, truth=("y", "n")) for name, value in given.items()}
    rows = {row.name: row for row in script.rows()}
    for name in answers:
        if name not in rows:
            near = nearest(name, rows)
            raise Refused(
                f"The answers name {name[:40]!r}, which is not a question of this script"
                f"{f'. Perhaps {near!r} is meant' if near else ''}."
            )
        if rows[name].type in _NOT_ANSWERED:
            raise Refused(f"The answers name {name!r}, which is a {rows[name].type}: nobody answers it.")
    runner, now = Runner(script), _moment(options)
    return runner, runner.stand(answers, answers, now), now


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


def _walked(runner: "Runner", standing: "Standing", now: datetime, language: str) -> dict[str, Any]:
    script, end = runner.script, standing.concluded
    last = standing.path[-1].page.name if standing.path and not standing.finished else None
    return {
        "script": _named(script),
        "language": language or (script.languages[0] if script.languages else None),
        "pages": [
            {
                "name": one.page.name,
                "title": one.page.titles.get(language) or one.page.title,
                "done": one.done,
                "rows": [_row(runner, row, standing, now, language) for row in one.rows],
                "missing": list(one.missing),
            }
            for one in standing.path
        ],
        "stands_on": last,
        "pages_ahead": standing.ahead,
        "missing": [name for one in standing.path for name in one.missing],
        "faults": [
            {"row": fault.row, "why": _why(script.row(fault.row), fault.why, language)}
            for one in standing.path
            for fault in one.faults
        ],
        "finished": standing.finished,
        "outcome": end.outcome or None,
        "outcome_label": _outcomes().get(end.outcome),
        "because": end.because or None,
        "pathways": list(end.pathways),
        "raises": list(end.raises),
        "values": {name: value for name, value in standing.values.items() if value},
    }


def _row(runner: "Runner", row: "Row", standing: "Standing", now: datetime, language: str) -> dict[str, Any]:
    answer = standing.values.get(row.name, "")
    said: dict[str, Any] = {"name": row.name, "type": row.type, "text": _text(row, standing, language)}
    if row.type != "note":
        said |= {"required": row.required, "answer": answer}
    if row.choices:
        offered = runner.choices(row, standing, now)
        said["choices"] = {
            one.value: one.labels.get(language) or one.label for one in row.choices if one.value in offered
        }
    return said


def _why(row: "Row | None", why: str, language: str) -> str:
    return (row.messages.get(language) or why) if row is not None and why == row.constraint_message else why


def _text(row: "Row", standing: "Standing", language: str) -> str:
    from caller_app.script.pages import filled

    return filled(row.labels.get(language) or row.label, standing.values)[0]


def _outcomes() -> dict[str, str]:
    from caller_app.script.lint.product import outcome_labels

    return outcome_labels()


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


def _findings(checked: "Checked") -> list[dict[str, str]]:
    return [_finding(one.cell, one.severity, one.code, one.what, one.remedy) for one in checked.findings]


def _unreadable(fault: Refused) -> dict[str, str]:
    """Give what no cell can be named for as a finding of the whole workbook."""
    what, _, remedy = fault.sentence.partition(". ")
    return _finding(fault.place or "workbook", "error", "file_unreadable", what.rstrip("."), remedy or _SAVE)


def _script(path: Path) -> "Script":
    from caller_app.script.compile import read_script

    return read_script(_there(path), _around())


def _there(path: Path) -> Path:
    if not path.is_file():
        raise Refused(f"There is no file {path.name}. Give the path of a workbook (.xlsx).")
    return path


def _refused(fault: Refused, options: argparse.Namespace) -> int:
    """Say in JSON, where that was asked for, why nothing came of it."""
    if not options.json:
        raise fault
    _print({"error": fault.sentence, **({"cell": fault.place} if fault.place else {})})
    return 1


def _moment(options: argparse.Namespace) -> datetime:
    if not options.now:
        return SystemClock().now()
    try:
        return from_text(options.now)
    except ValueError:
        raise Refused("--now is a time with its zone, as 2026-11-22T09:00:00Z.") from None


def _print(said: dict[str, Any]) -> None:
    print(json.dumps(said, ensure_ascii=False, indent=2))
