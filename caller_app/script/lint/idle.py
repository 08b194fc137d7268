"""Cells that would do nothing where they stand: an outcome on a row that is never shown, an answer's rules on a group.

What a reader would get wrong: such a cell is not harmless. Whoever wrote `E02` beside a calculation believes that the
call ends there.
"""

from typing import Final

from caller_app.script.draft import Draft
from caller_app.script.findings import Findings

_GROUP: Final = frozenset({"type", "name", "label", "relevant", "appearance"})
_CODES: Final = ("sets_outcome", "raises", "pathway")
_NEVER_SHOWN: Final = {"calculate": (*_CODES, "default"), "hidden": (*_CODES, "relevant")}


def check(draft: Draft, found: Findings) -> None:
    """Note cells that mean nothing for a group or for the type of their row."""
    pages = {page.name for page in draft.pages if page.name and (page.name, "name") in draft.cells}
    types = {row.name: row.type for row in draft.rows()}
    for (name, column), cell in draft.cells.items():
        if found.enough:
            return
        if name in pages:
            if column.partition("::")[0] not in _GROUP:
                _idle(cell, column, "a group", "move it to a row of the page", found)
        elif column.startswith("constraint_message") and (name, "constraint") not in draft.cells:
            found.warning(
                cell, "cell_idle", f"{column} is never said: there is no constraint", "write one, or take it out"
            )
        elif column in _NEVER_SHOWN.get(types.get(name, ""), ()):
            remedy = "move it to a row that is shown" if column in _CODES else "take it out"
            _idle(cell, column, f"a {types[name]}", remedy, found)


def _idle(cell: str, column: str, what: str, remedy: str, found: Findings) -> None:
    found.error(cell, "cell_idle", f"{column} means nothing for {what}", remedy)
