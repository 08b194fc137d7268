"""Codes of outcomes, pathways and help routes that do not exist where the script will be used."""

from collections.abc import Iterator

from caller_app.script.draft import Draft
from caller_app.script.findings import Findings
from caller_app.script.lint.surroundings import Surroundings
from caller_app.script.nearest import nearest


def check(draft: Draft, around: Surroundings, found: Findings) -> None:
    """Note unknown codes with their cells, and lists of answers no question uses."""
    for kind, known in (("outcome", around.outcomes), ("pathway", around.pathways), ("route", around.routes)):
        if known is None:
            continue
        for code, cell in _codes(draft, kind):
            if code not in known:
                if found.enough:
                    return
                near = nearest(code, sorted(known))
                found.error(
                    cell, f"{kind}_unknown", f"the {_WORDS[kind]} {code[:40]} does not exist",
                    f"perhaps {near} is meant" if near else f"use one of {', '.join(sorted(known)[:12])}",
                )  # fmt: skip
    used = {id(row.choices) for row in draft.rows() if row.choices}
    for name, choices in draft.lists.items():
        if id(choices) not in used:
            found.warning(
                draft.choice_cells[name, choices[0].value, "name"], "list_unused", f"no question uses the list {name}",
                "take it out, or use it",
            )  # fmt: skip


_WORDS = {"outcome": "outcome", "pathway": "pathway", "route": "help route"}


def _codes(draft: Draft, kind: str) -> Iterator[tuple[str, str]]:
    for row in draft.rows():
        code = {"outcome": row.sets_outcome, "pathway": row.pathway, "route": row.raises}[kind]
        if code:
            yield code, draft.cell(row.name, {"outcome": "sets_outcome", "pathway": "pathway", "route": "raises"}[kind])
    if kind == "route":
        return
    for name, choices in draft.lists.items():
        for one in choices:
            code = one.sets_outcome if kind == "outcome" else one.pathway
            if code:
                yield code, draft.choice_cells[name, one.value, "sets_outcome" if kind == "outcome" else "pathway"]
