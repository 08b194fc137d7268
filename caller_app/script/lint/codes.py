"""Codes of outcomes, pathways and help routes that do not exist where the script will be used."""

from collections.abc import Iterable, Iterator

from caller_app.script.draft import Draft
from caller_app.script.findings import Findings
from caller_app.script.lint.surroundings import Surroundings
from caller_app.script.nearest import nearest
from caller_app.script.script import Choice, Row, Script

_WORDS = {"outcome": "outcome", "pathway": "pathway", "route": "help route"}
_COLUMNS = {"outcome": "sets_outcome", "pathway": "pathway", "route": "raises"}
Said = tuple[str, str, str]  # kind, code, the cell it stands in


def check(draft: Draft, around: Surroundings, found: Findings) -> None:
    """Note unknown codes with their cells, and lists of answers no question uses."""
    for (kind, code, cell), known in _unknown(_in_draft(draft), around):
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


def unknown_codes(script: Script, around: Surroundings) -> tuple[str, ...]:
    """Say which codes of a script that was read before are not known, with the cell of the row that leads to them."""
    said = (
        (kind, code, row.cell)
        for row in script.rows()
        for kind, code in (*_of(row), *(pair for one in row.choices for pair in _of(one)))
    )
    return tuple(
        dict.fromkeys(
            f"{cell}: the {_WORDS[kind]} {code} is not known" for (kind, code, cell), _ in _unknown(said, around)
        )
    )


def _unknown(said: Iterable[Said], around: Surroundings) -> Iterator[tuple[Said, frozenset[str]]]:
    kinds = {"outcome": around.outcomes, "pathway": around.pathways, "route": around.routes}
    for one in said:
        known = kinds[one[0]]
        if known is not None and one[1] not in known:
            yield one, known


def _of(one: Row | Choice) -> Iterator[tuple[str, str]]:
    codes = (("outcome", one.sets_outcome), ("pathway", one.pathway), ("route", getattr(one, "raises", "")))
    yield from ((kind, code) for kind, code in codes if code)


def _in_draft(draft: Draft) -> Iterator[Said]:
    for row in draft.rows():
        yield from ((kind, code, draft.cell(row.name, _COLUMNS[kind])) for kind, code in _of(row))
    for name, choices in draft.lists.items():
        for one in choices:
            yield from ((kind, code, draft.choice_cells[name, one.value, _COLUMNS[kind]]) for kind, code in _of(one))
