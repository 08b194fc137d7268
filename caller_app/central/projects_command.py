"""Commands that set up the work: create-project and import-practices."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from caller_app.base.errors import Refused
from caller_app.central.database_options import Commands, add_database_options, opened
from caller_app.central.text_files import text_of

if TYPE_CHECKING:
    from caller_app.domain.projects import Project
    from caller_app.script.script import Script

OPENING = "core_call_flow"
_LARGEST = 1_000_000


def add(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("create-project", help="make a project from its file")
    parser.add_argument("file", type=Path, help="the project file (.toml)")
    parser.add_argument("--packs", type=Path, help="folder with script packs (.xlsx); else the ones that ship")
    add_database_options(parser)
    parser.set_defaults(run=create_project)
    parser = commands.add_parser("import-practices", help="load the national list of practices (epraccur.csv)")
    parser.add_argument("file", type=Path)
    add_database_options(parser)
    parser.set_defaults(run=import_practices)


def create_project(options: argparse.Namespace) -> int:
    """Make a project with its script and the opening every call begins with."""
    from dataclasses import replace

    from caller_app.central.db import writing
    from caller_app.central.rules import projects
    from caller_app.domain.projects import conversions, read_project
    from caller_app.script.record import as_record

    project = read_project(text_of(options.file, "project file", largest=_LARGEST))
    script, opening = _script(project.script_pack, options.packs), _script(OPENING, None)
    project = replace(project, script_id=script.script_id, opening_script_id=opening.script_id)
    records = [projects.ScriptRecord(one.script_id, as_record(one)) for one in (opening, script)]
    with opened(options) as centre:
        _check_codes(project, script, {one.code for one in centre.rules.outcomes.all()})
        made = writing(
            centre.engine,
            lambda conn: projects.create_project(
                conn, project, records, test_mode=centre.settings.test_mode, now=centre.now()
            ),
        )
    print(f"Project {made.name!r} made ({made.project_id}), script {script.cited}, {len(made.pathways)} pathways.")
    for words in conversions(project):
        print(f"{words}.")
    return 0


def import_practices(options: argparse.Namespace) -> int:
    """Load the practice list."""
    from caller_app.central.db import writing
    from caller_app.central.rules import practices
    from caller_app.excel.practices import read_practices

    listed = read_practices(options.file)
    with opened(options) as centre:
        count = writing(centre.engine, lambda conn: practices.load(conn, listed.all(), now=centre.now()))
    usable = sum(one.is_open and one.is_gp for one in listed.all())
    print(f"{count} organisations loaded, {usable} of them open GP practices.")
    return 0


def _script(pack: str, folder: Path | None) -> "Script":
    from caller_app.base.paths import resource_path
    from caller_app.script.compile import read_script

    path = (folder or resource_path("packs")) / f"{pack}.xlsx"
    if Path(pack).name != pack or not path.is_file():
        raise Refused(f"There is no script pack {pack!r}.", field="script")
    return read_script(path)


def _check_codes(project: "Project", script: "Script", outcomes: set[str]) -> None:
    from caller_app.script.answer_facts import unfit_answers
    from caller_app.script.lint import Surroundings
    from caller_app.script.lint.codes import unknown_codes

    pathways = frozenset(one.code for one in project.pathways)
    faults = unknown_codes(script, Surroundings(outcomes=frozenset(outcomes), pathways=pathways))
    faults += unfit_answers(project, script)
    if faults:
        raise Refused("The script does not fit the project: " + "; ".join(faults[:5]) + ".", field="script")
