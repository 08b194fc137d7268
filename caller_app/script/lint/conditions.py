"""Conditions, constraints, calculations and filters: what each may refer to, and what it can never be.

What a reader would get wrong: a script is worked out in the order of its sheet, so a condition may only look at what
stands above it. Two calculations that need each other are a circle, and so is one that needs itself.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from caller_app.script.draft import Draft
from caller_app.script.expressions import tree
from caller_app.script.expressions.checking import ONE_OF, SOME_OF, Known, Question, kind_of, problems
from caller_app.script.expressions.functions import ANY, MOMENT, NUMBER, WORDS
from caller_app.script.expressions.tree import Node
from caller_app.script.findings import Findings
from caller_app.script.script import Row

_KINDS = {"integer": NUMBER, "decimal": NUMBER, "date": MOMENT, "text": WORDS, "hidden": ANY}


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every expression of a draft is held against, worked out once."""

    draft: Draft
    trees: Mapping[str, Node]
    questions: Mapping[str, Question]
    order: Mapping[str, int]
    notes: frozenset[str]
    circles: frozenset[str]


def check(draft: Draft, trees: Mapping[str, Node], found: Findings) -> None:
    """Note what is wrong with every expression, with its cell."""
    questions = questions_of(draft, trees)
    ground = _Ground(
        draft=draft,
        trees=trees,
        questions=questions,
        order={name: nr for nr, name in enumerate(questions)},
        notes=frozenset(row.name for row in draft.rows() if row.type == "note"),
        circles=in_circles(_needs(draft, trees)),
    )
    here = 0
    for page in draft.pages:
        _one(ground, page.name, "relevant", page.relevant, here, found, condition=True)
        for row in page.rows:
            if found.enough:
                return
            _one(ground, row.name, "relevant", row.relevant, here, found, condition=True)
            _one(ground, row.name, "calculation", row.calculation, here, found)
            _one(ground, row.name, "constraint", row.constraint, here + 1, found, condition=True)
            _one(ground, row.name, "choice_filter", row.choice_filter, here, found, condition=True)
            _fitting(draft, row, found)
            here += 1


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
    if node[0] == tree.ANSWER and node[1] in known:
        return known[node[1]]  # a copy of another row is what that one is
    kind = kind_of(node, Known(known))
    return Question(ANY if kind in (ONE_OF, SOME_OF) else kind)  # which answers it may be is not known


def _leaves(node: Node) -> list[Node]:
    """Give what an expression of nested ifs can give."""
    if node[0] == tree.CALL and node[1] == "if" and len(node) == 5:
        return _leaves(node[3]) + _leaves(node[4])
    return [node]


def _needs(draft: Draft, trees: Mapping[str, Node]) -> dict[str, AbstractSet[str]]:
    needs: dict[str, AbstractSet[str]] = {}
    for page in draft.pages:
        of_page = _asked(page.relevant, trees)
        for row in page.rows:
            needs[row.name] = of_page | _asked(row.relevant, trees) | _asked(row.calculation, trees)
    for page in draft.pages:  # a page that waits for its own question never comes
        own = _asked(page.relevant, trees) & {row.name for row in page.rows}
        needs[page.name] = {page.name} if own else set()
    return needs


def _asked(written: str, trees: Mapping[str, Node]) -> frozenset[str]:
    return tree.answers(trees[written]) if written in trees else frozenset()


def in_circles(needs: Mapping[str, AbstractSet[str]]) -> frozenset[str]:
    """Name those that need themselves, straight or by way of others (Tarjan 1972, without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: list[str] = []
    held: set[str] = set()
    circles: set[str] = set()
    for start in needs:
        walk = [(start, iter(needs[start]))] if start not in number else []
        while walk:
            name, onward = walk[-1]
            if name not in number:
                number[name] = low[name] = len(number)
                open_.append(name)
                held.add(name)
            following = next((one for one in onward if one in needs), None)
            if following is None:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[name])
                if low[name] == number[name]:
                    together = [open_.pop()]
                    while together[-1] != name:
                        together.append(open_.pop())
                    held.difference_update(together)
                    if len(together) > 1 or name in needs[name]:
                        circles.update(together)
            elif following not in number:
                walk.append((following, iter(needs[following])))
            elif following in held:
                low[name] = min(low[name], number[following])
    return frozenset(circles)


def _one(
    ground: _Ground, name: str, column: str, written: str, before: int, found: Findings, *, condition: bool = False
) -> None:
    node = ground.trees.get(written)
    if node is None:
        return
    cell = ground.draft.cell(name, column)
    here = ground.questions.get(name) if column == "constraint" else None
    columns = ground.draft.choice_columns if column == "choice_filter" else frozenset()
    for problem in problems(node, Known(ground.questions, here, columns), condition=condition):
        note = found.warning if problem.warning else found.error
        note(cell, problem.code, problem.what, problem.remedy)
        if found.enough:
            return
    for asked in sorted(tree.answers(node)):
        if asked in ground.notes:
            found.error(cell, "reference_note", f"${{{asked}}} is a note and has no answer", "name a question")
        if ground.order.get(asked, -1) < before:
            continue
        if name in ground.circles:
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
