"""Which hidden values led a call along its path: what its record has to keep, and nothing more than that.

What a reader would get wrong: a script is given far more than it decides by. A value counts where a condition, a
constraint or a choice of answers asks for it, straight or by way of a calculation, on a page the call came to or passed
over. What only stands in words that are read aloud does not count, and values of pages never come to do not either.
"""

import functools
from collections.abc import Iterator

from caller_app.script.expressions import tree
from caller_app.script.run import Standing
from caller_app.script.script import ById, Page, Row, Script


def led_by(script: Script, standing: Standing) -> dict[str, str]:
    """Give the hidden values that decided where a call stands; those without a value are left out."""
    names: set[str] = set()
    last = standing.path[-1].page.name if standing.path and not standing.finished else ""
    for page, asked in _asked(ById(script)):
        names |= asked
        if page == last:
            break
    return {name: value for name in sorted(names) if (value := standing.values.get(name, ""))}


def could_lead(script: Script) -> tuple[Row, ...]:
    """Give every hidden row that can decide anything in a script, in its order."""
    names = frozenset[str]().union(*(asked for _, asked in _asked(ById(script))))
    return tuple(row for row in script.rows() if row.name in names)


@functools.lru_cache(maxsize=8)
def _asked(one: ById) -> tuple[tuple[str, frozenset[str]], ...]:
    """Give for each page by name the hidden values its conditions turn on."""
    script = one.script
    terms = {written: tree.answers(tree.loaded(data)) for written, data in script.expressions.items()}
    hidden = {row.name for row in script.rows() if row.type == "hidden"}
    behind: dict[str, frozenset[str]] = {}  # what a calculation turns on; it looks at earlier rows only
    listed = []
    for page in script.pages:
        names = terms.get(page.relevant, frozenset())
        for row in page.rows:
            if row.type == "calculate":
                names_of_row = _through(_written(page, row), terms, behind)
                behind[row.name] = names_of_row & hidden
            else:
                names |= _through((row.relevant, row.constraint, row.choice_filter), terms, behind)
        listed.append((page.name, _through_names(names, behind) & hidden))
    return tuple(listed)


def _written(page: Page, row: Row) -> Iterator[str]:
    yield from (page.relevant, row.relevant, row.calculation)


def _through(
    written: Iterator[str] | tuple[str, ...], terms: dict[str, frozenset[str]], behind: dict[str, frozenset[str]]
) -> frozenset[str]:
    names = frozenset[str]().union(*(terms.get(one, frozenset()) for one in written))
    return _through_names(names, behind)


def _through_names(names: frozenset[str], behind: dict[str, frozenset[str]]) -> frozenset[str]:
    return names.union(*(behind[name] for name in names if name in behind))
