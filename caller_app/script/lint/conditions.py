"""Conditions, constraints, calculations and filters: what each may refer to, and what it can never be.

What a reader would get wrong: a script is worked out in the order of its sheet, so a condition may only look at what
stands above it. Two calculations that need each other are a circle, and so is one that needs itself.
"""

from collections.abc import Mapping

from caller_app.script.draft import Draft
from caller_app.script.expressions import tree
from caller_app.script.expressions.checking import ONE_OF, SOME_OF, Known, Question, kind_of, problems
from caller_app.script.expressions.functions import ANY, MOMENT, NUMBER, WORDS
from caller_app.script.expressions.tree import Node
from caller_app.script.findings import Findings
from caller_app.script.script import Row

_KINDS = {"integer": NUMBER, "decimal": NUMBER, "date": MOMENT, "text": WORDS, "hidden": ANY}


def check(draft: Draft, trees: Mapping[str, Node], found: Findings) -> None:
    """Note what is wrong with every expression, with its cell."""
    places = _places(draft)
    questions = questions_of(draft, trees)
    around = _circles(draft, trees)
    for at, page in enumerate(draft.pages):
        before = places.get((at, -1), 0)
        _one(draft, trees, page.name, "relevant", page.relevant, before, questions, around, found, condition=True)
        for nr, row in enumerate(page.rows):
            here = places[at, nr]
            one = (draft, trees, row.name)
            _one(*one, "relevant", row.relevant, here, questions, around, found, condition=True)
            _one(*one, "calculation", row.calculation, here, questions, around, found)
            _one(*one, "constraint", row.constraint, here + 1, questions, around, found, condition=True)
            _one(*one, "choice_filter", row.choice_filter, here, questions, around, found, condition=True)
            _fitting(draft, row, found)


def questions_of(draft: Draft, trees: Mapping[str, Node]) -> dict[str, Question]:
    """Give what every row is to an expression, in order."""
    known: dict[str, Question] = {}
    for row in draft.rows():
        if row.type in ("select_one", "select_multiple"):
            kind = ONE_OF if row.type == "select_one" else SOME_OF
            known[row.name] = Question(kind, tuple(one.value for one in row.choices))
        elif row.type == "calculate":
            known[row.name] = _calculated(trees.get(row.calculation), known)
        else:
            known[row.name] = Question(_KINDS.get(row.type, WORDS))
    return known


def _calculated(node: Node | None, known: Mapping[str, Question]) -> Question:
    if node is None:
        return Question(ANY)
    leaves = _leaves(node)
    if leaves and all(one[0] == tree.TEXT for one in leaves):
        return Question(ONE_OF, tuple(dict.fromkeys(one[1] for one in leaves)))
    return Question(kind_of(node, Known(known)))


def _leaves(node: Node) -> list[Node]:
    """Give what an expression of nested ifs can give."""
    if node[0] == tree.CALL and node[1] == "if" and len(node) == 5:
        return _leaves(node[3]) + _leaves(node[4])
    return [node]


def _places(draft: Draft) -> dict[tuple[int, int], int]:
    places: dict[tuple[int, int], int] = {}
    count = 0
    for at, page in enumerate(draft.pages):
        places[at, -1] = count
        for nr, _ in enumerate(page.rows):
            places[at, nr] = count
            count += 1
    return places


def _circles(draft: Draft, trees: Mapping[str, Node]) -> frozenset[str]:
    """Name the rows that need themselves, straight or by way of others."""
    needs: dict[str, set[str]] = {}
    for page in draft.pages:
        of_page = _asked(page.relevant, trees)
        for row in page.rows:
            needs[row.name] = of_page | _asked(row.relevant, trees) | _asked(row.calculation, trees)
    pages = {page.name: {row.name for row in page.rows} for page in draft.pages}
    for page in draft.pages:  # a page that waits for its own question never comes
        needs[page.name] = {page.name} if _asked(page.relevant, trees) & pages[page.name] else set()
    return frozenset(name for name in needs if _reaches(name, needs))


def _asked(written: str, trees: Mapping[str, Node]) -> set[str]:
    return set(tree.answers(trees[written])) if written in trees else set()


def _reaches(start: str, needs: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(needs[start])
    while waiting:
        one = waiting.pop()
        if one == start:
            return True
        if one not in seen:
            seen.add(one)
            waiting.extend(needs.get(one, ()))
    return False


def _one(
    draft: Draft,
    trees: Mapping[str, Node],
    name: str,
    column: str,
    written: str,
    before: int,
    questions: Mapping[str, Question],
    circles: frozenset[str],
    found: Findings,
    *,
    condition: bool = False,
) -> None:
    node = trees.get(written)
    if node is None:
        return
    cell = draft.cell(name, column)
    here = questions.get(name) if column == "constraint" else None
    columns = draft.choice_columns if column == "choice_filter" else frozenset()
    for problem in problems(node, Known(questions, here, columns), condition=condition):
        note = found.warning if problem.warning else found.error
        note(cell, problem.code, problem.what, problem.remedy)
    order = list(questions)
    notes = {row.name for row in draft.rows() if row.type == "note"}
    for asked in sorted(tree.answers(node)):
        if asked in notes:
            found.error(cell, "reference_note", f"${{{asked}}} is a note and has no answer", "name a question")
        if asked not in questions or order.index(asked) < before:
            continue
        if name in circles:
            found.error(cell, "cycle", f"{name} needs itself by way of ${{{asked}}}", "take one of the references out")
        else:
            found.error(
                cell, "reference_later", f"${{{asked}}} is asked later than it is needed here",
                "move the question up, or this row down",
            )  # fmt: skip


def _fitting(draft: Draft, row: Row, found: Findings) -> None:
    """Columns that mean nothing for the type of their row."""
    if row.constraint and row.type in ("note", "calculate", "hidden"):
        found.error(
            draft.cell(row.name, "constraint"), "constraint_useless", f"a {row.type} has no answer to constrain",
            "take the constraint out",
        )  # fmt: skip
    if row.choice_filter and not row.choices:
        found.error(
            draft.cell(row.name, "choice_filter"), "filter_useless", "this row has no answers to filter",
            "take the filter out",
        )  # fmt: skip
    if row.calculation and row.type != "calculate":
        found.error(
            draft.cell(row.name, "calculation"), "calculation_useless", f"a {row.type} is answered, not calculated",
            "make it a calculate, or take the calculation out",
        )  # fmt: skip
    if row.required and row.type in ("note", "calculate", "hidden"):
        found.warning(
            draft.cell(row.name, "required"), "required_useless", f"a {row.type} cannot be required", "leave it empty"
        )
