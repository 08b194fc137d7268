"""What a finished script concludes: the outcome, the pathways taken, the help routes to open.

What a reader would get wrong: the outcome is derived, not chosen. A row sets its code when it is shown, an answer when
it is picked, and only while its question is on the path (domain: how a script leads to an outcome). Some codes override
every other, in their order; otherwise the last one set along the path counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from caller_app.domain.derived import OVERRIDING
from caller_app.script.script import Choice, Row

HELP_ROUTES = {"IMMEDIATE_RISK": "immediate", "CLINICAL_RISK": "distress", "SAFEGUARDING": "safeguarding"}
AMONG_SEVERAL = ("A01", "A03", "A07", "A02", "A05", "A06", "A04")


@dataclass(frozen=True, slots=True)
class Said:
    """A row on the path and the answers picked in it."""

    row: Row
    picked: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Concluded:
    """What the answers lead to; `because` names the row whose answer decided, `contradicts` nothing else."""

    outcome: str = ""
    because: str = ""  # the row that set the outcome
    pathways: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()


def conclude(said: Sequence[Said]) -> Concluded:
    """Derive outcome, pathways and help routes from the rows on the path."""
    set_by: list[tuple[str, str]] = []
    pathways: list[str] = []
    raises: list[str] = []
    for one in said:
        if one.row.sets_outcome:
            set_by.append((one.row.sets_outcome, one.row.name))
        codes = [choice.sets_outcome for choice in one.picked if choice.sets_outcome]
        if codes:
            set_by.append((_of_one_question(codes), one.row.name))
            # An overriding code counts even where it is not the first of its question.
            set_by[-1:-1] = [(code, one.row.name) for code in codes if code in OVERRIDING]
        pathways += [place for place in (one.row.pathway, *(choice.pathway for choice in one.picked)) if place]
        if one.row.raises:
            raises.append(one.row.raises)
    outcome, because = _decided(set_by)
    return Concluded(outcome, because, tuple(dict.fromkeys(pathways)), tuple(dict.fromkeys(raises)))


def _of_one_question(codes: Sequence[str]) -> str:
    return next((code for code in AMONG_SEVERAL if code in codes), codes[-1])


def _decided(set_by: Sequence[tuple[str, str]]) -> tuple[str, str]:
    for code in OVERRIDING:
        for found, row in reversed(set_by):
            if found == code:
                return found, row
    return set_by[-1] if set_by else ("", "")
