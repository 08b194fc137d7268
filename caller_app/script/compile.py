"""From a workbook to a script that can be published: read, checked, frozen; or the list of everything that is wrong.

What a reader would get wrong: a published script never changes. Other words, another hash, another script; an attempt
cites the one it was made with.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from caller_app.base.errors import Refused
from caller_app.script.draft import Draft, read_draft
from caller_app.script.examples import Example, examples_of
from caller_app.script.expressions.grammar import CannotRead, parse
from caller_app.script.expressions.tree import Node
from caller_app.script.findings import Finding, Findings, in_order
from caller_app.script.lint import Surroundings, lint, size
from caller_app.script.script import Script, frozen
from caller_app.script.sheets import COLUMNS, read_sheets

# Errors that keep a script from being published, yet not from being walked to see why.
_MAY_BE_WALKED = frozenset(
    {
        "example_failed", "example_unfinished", "outcome_unknown", "pathway_unknown", "route_unknown", "merge_unknown",
        "discloses", "page_unreachable", "row_unreachable", "required_never",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a workbook: the findings in the order of its sheets, and the script where nothing forbids it.

    `walkable` is the script also where it may not be published, but can be walked; name and examples are there as far
    as the workbook says them.
    """

    findings: tuple[Finding, ...]
    left_out: int
    script: Script | None
    walkable: Script | None = None
    examples: tuple[Example, ...] = ()
    form_id: str = ""
    version: str = ""
    title: str = ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Give what keeps the script from being published."""
        return tuple(one for one in self.findings if one.severity == "error")


def check_script(path: Path, around: Surroundings | None = None) -> Checked:
    """Read and check a script's workbook; raises Refused where the file is no workbook at all."""
    found = Findings()
    draft = read_draft(read_sheets(path, found), found)
    size.check(draft, found)
    trees = read_expressions(draft, found)
    script = None
    if not found.errors:
        script = _frozen(draft, trees)
        size.check_made(script, found)
    if not any(one.code == "script_large" for one in found.errors):  # it has to be made two first
        lint(draft, trees, script, around or Surroundings(), found)
    return Checked(
        in_order(found.listed, tuple(COLUMNS)),
        found.left_out,
        None if found.errors else script,
        script if all(one.code in _MAY_BE_WALKED for one in found.errors) and not found.left_out else None,
        examples_of(draft.examples),
        draft.form_id,
        draft.version,
        draft.title,
    )


def read_script(path: Path, around: Surroundings | None = None) -> Script:
    """Read, check and freeze a script; raises Refused with sheet and cell of the first thing that is wrong."""
    checked = check_script(path, around)
    if checked.script is None:
        first = checked.errors[0]
        raise Refused(f"The script, {first.sentence}", field=first.code, place=first.cell)
    return checked.script


def read_expressions(draft: Draft, found: Findings) -> dict[str, Node]:
    """Parse every expression of a draft once; what cannot be read is noted with its cell."""
    trees: dict[str, Node] = {}
    signs = 0
    for written, cell in written_in(draft):
        if written in trees:
            continue
        signs += len(written)
        if signs > size.EXPRESSIONS or found.enough:
            found.error(cell, "script_large", "there is too much to reckon with in this script", "make two of it")
            break
        try:
            trees[written] = parse(written)
        except CannotRead as error:
            found.error(cell, "expression_wrong", f"this cannot be read: {error}", "correct the expression")
    return trees


def written_in(draft: Draft) -> list[tuple[str, str]]:
    """Give every expression with its cell, in order."""
    listed = []
    for page in draft.pages:
        listed.append((page.relevant, draft.cell(page.name, "relevant")))
        for row in page.rows:
            columns = ("relevant", "constraint", "calculation", "choice_filter")
            listed.extend((getattr(row, column), draft.cell(row.name, column)) for column in columns)
    return [one for one in listed if one[0]]


def _frozen(draft: Draft, trees: dict[str, Node]) -> Script:
    as_lists: Callable[[Node], list[object]] = lambda node: [  # noqa: E731 - one name for one recursion
        as_lists(part) if isinstance(part, tuple) else part for part in node
    ]
    return frozen(
        draft.form_id,
        draft.title,
        draft.version,
        draft.pages,
        languages=draft.languages,
        expressions={written: as_lists(node) for written, node in sorted(trees.items())},
    )
