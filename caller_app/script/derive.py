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
class Ends:
    """What one row on the path leads to: outcome codes in the order they count, pathways, and a help route."""

    row: str
    codes: tuple[str, ...]
    pathways: tuple[str, ...]
    raises: str


@dataclass(frozen=True, slots=True)
class Concluded:
    """What the answers lead to; `because` names the row whose answer decided, `contradicts` nothing else."""

    outcome: str = ""
    because: str = ""  # the row that set the outcome
    pathways: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()


def ends_of(row: Row, picked: Sequence[Choice]) -> Ends | None:
    """Give what a row shown with these answers picked leads to; None where that is nothing."""
    said = [choice.sets_outcome for choice in picked if choice.sets_outcome]
    pathways = tuple(place for place in (row.pathway, *(choice.pathway for choice in picked)) if place)
    if not (row.sets_outcome or said or pathways or row.raises):
        return None
    codes = [row.sets_outcome] if row.sets_outcome else []
    if said:
        # An overriding code counts even where it is not the one its question is read as.
        codes += [code for code in said if code in OVERRIDING] + [_of_one_question(said)]
    return Ends(row.name, tuple(codes), pathways, row.raises)


def conclude(ends: Sequence[Ends]) -> Concluded:
    """Derive outcome, pathways and help routes from what the rows on the path lead to, in their order."""
    set_by = [(code, one.row) for one in ends for code in one.codes]
    outcome, because = _decided(set_by)
    return Concluded(
        outcome,
        because,
        tuple(dict.fromkeys(place for one in ends for place in one.pathways)),
        tuple(dict.fromkeys(one.raises for one in ends if one.raises)),
    )


def _of_one_question(codes: Sequence[str]) -> str:
    return next((code for code in AMONG_SEVERAL if code in codes), codes[-1])


def _decided(set_by: Sequence[tuple[str, str]]) -> tuple[str, str]:
    for code in OVERRIDING:
        for found, row in reversed(set_by):
            if found == code:
                return found, row
    return set_by[-1] if set_by else ("", "")
