"""The checks in their order; those that run the script only run where it can be run."""

from collections.abc import Mapping

from caller_app.script.draft import Draft
from caller_app.script.expressions.tree import Node
from caller_app.script.findings import Findings
from caller_app.script.lint import codes, conditions, examples, idle, reach, wording
from caller_app.script.lint.surroundings import Surroundings
from caller_app.script.script import Script


def lint(draft: Draft, trees: Mapping[str, Node], script: Script | None, around: Surroundings, found: Findings) -> None:
    """Note everything that is wrong with a draft; `script` is there where its form is right."""
    idle.check(draft, found)
    conditions.check(draft, trees, found)
    codes.check(draft, around, found)
    wording.check(draft, around, found)
    if script is not None and not found.errors:
        reach.check(draft, script, found)
        examples.check(draft, script, found)
