"""What the presenters of the caller's window ask of the screen, and the state they share.

What a reader would get wrong: the screen holds no decision. A pane is shown because a presenter turned to it, and the
focus goes with it: `turn_to` is the only way the middle of the window changes.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from caller_app.queries.rows import (
    Card,
    CorrectionForm,
    ListCounts,
    ListRow,
    Objection,
    OutcomeForm,
    PadGroup,
    PadOutcome,
    ScriptPath,
)

Pane = Literal["rest", "script", "details", "pad", "form", "correction", "what_if", "after"]
Place = Literal["card", "identity", "script", "pad", "form", "correction", "after", "note", "list"]


class CallingView(Protocol):
    """The screen as its presenters see it."""

    def show_counts(self, counts: ListCounts, *, with_project: bool) -> None: ...
    def show_list(self, rows: tuple[ListRow, ...], *, more: bool, search: str) -> None: ...
    def add_to_list(self, rows: tuple[ListRow, ...], *, more: bool) -> None: ...
    def look_again_soon(self) -> None: ...
    def mark_open(self, case_id: str | None) -> None: ...
    def show_rest(self, sentence: str, next_row: ListRow | None) -> None: ...
    def show_card(self, card: Card, *, note: str) -> None: ...
    def show_script(self, path: ScriptPath, page: int, answers: dict[str, Any], *, settled: bool) -> None: ...
    def hand_over_typed(self) -> None: ...
    def show_objections(self, found: tuple[Objection, ...]) -> None: ...
    def show_derived(self, path: ScriptPath) -> None: ...
    def forget(self, *, card_follows: bool) -> None: ...
    def show_pad(self, groups: tuple[PadGroup, ...]) -> None: ...
    def show_form(
        self,
        form: OutcomeForm,
        *,
        alternative: PadOutcome | None,
        evidence: tuple[tuple[str, str], ...],
        wordings: dict[str, str],
    ) -> None: ...
    def show_correction(self, form: CorrectionForm) -> None: ...
    def offer_other_number(self, sentence: str, number: str) -> None: ...
    def turn_to(self, pane: Pane) -> None: ...
    def focus_numbers(self) -> None: ...
    def focus_identity(self) -> None: ...
    def hand_over_number(self, number: str) -> None: ...
    def show_receipt(self, sentence: str, *, undo: bool) -> None: ...
    def hide_receipt(self) -> None: ...
    def show_refusal(self, place: Place, sentence: str, field: str | None = None) -> None: ...
    def clear_refusals(self) -> None: ...
    def show_banner(self, sentence: str) -> None: ...
    def hide_banner(self) -> None: ...
    def set_recording(self, recording: bool) -> None: ...
    def offer_help(self, done: str, worry: str) -> None: ...


@dataclass(slots=True)
class CallState:
    """What the open call knows beyond its card; begun anew for every person."""

    case_id: str | None = None
    card: Card | None = None
    outcomes: dict[str, PadOutcome] = field(default_factory=dict)
    form: OutcomeForm | None = None
    path: ScriptPath = field(default_factory=ScriptPath)
    page: int = 0
    language: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    chosen_number: str | None = None
    opened: bool = False  # the open call is on disk: numbers may be dialled
    recording: bool = False  # a result is on its way to disk: no second one may start
    finished: bool = False  # the result is on disk, the person is still shown

    def begin(self, case_id: str | None) -> None:
        """Forget the last person whole."""
        fresh = CallState(case_id=case_id)
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))

    @property
    def in_progress(self) -> bool:
        """Tell whether leaving now would leave something half done."""
        card = self.card
        if card is None or self.finished:
            return False
        return bool(card.dialled_number or self.answers or self.note or card.identity.revealed or card.identity.passed)
