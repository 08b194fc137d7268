"""Decides the board: who has how much, when they last reached anybody, what needs attention; moves cases.

What a reader would get wrong: everything here is the centre's and has an age. Where the centre cannot be reached the
last answer stays on the screen and says of when it is; it is never shown as now.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from caller_app.base.clock import Clock, from_text
from caller_app.base.errors import Refused
from caller_app.protocol.supervision import Board, CallerLine, CaseLine, CaseLines, Reassigned
from caller_app.supervise.board import board, caller_cases, reassign
from ui.asking import AnswerAge
from ui.tasks import OwnWork
from ui.widgets.sync_light import age

PAGE = 200
WHY_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What moving would do, before it is done."""

    cases: int
    giver: str
    giver_before: int
    giver_after: int
    taker: str
    taker_before: int
    taker_after: int
    notes: tuple[str, ...]


class BoardView(Protocol):
    """The screen as its presenter sees it."""

    def show_board(self, board: Board) -> None: ...
    def show_age(self, sentence: str, *, old: bool) -> None: ...
    def show_caller(self, caller: CallerLine | None) -> None: ...
    def show_cases(self, offset: int, lines: tuple[CaseLine, ...], total: int) -> None: ...
    def show_failure(self, fault: Exception) -> None: ...
    def clear_failure(self) -> None: ...
    def show_moving(self, moving: bool) -> None: ...
    def show_move_refused(self, fault: Exception) -> None: ...
    def show_moved(self, sentence: str, *, waiting: bool) -> None: ...


class BoardPresenter:
    """The supervisor's desk."""

    def __init__(self, view: BoardView, work: OwnWork, clock: Clock) -> None:
        self._view, self._work, self._clock = view, work, clock
        self._age = AnswerAge(view, clock, nothing="Nothing to show yet")
        self.board: Board | None = None
        self.caller_id: int | None = None
        self._asking = False
        self._moving = False

    # ---- the board ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask the centre again; one question at a time."""
        if self._asking:
            return
        self._asking = True
        self._work.ask(board, done=self._answered, failed=self._failed)

    def show_age(self) -> None:
        """Say of when this is."""
        self._age.show()

    def _answered(self, answer: Board) -> None:
        self._asking = False
        self.board = answer
        self._age.came(answer.as_of)
        self._view.show_board(answer)
        if self.caller_id is not None and self.caller(self.caller_id) is None:
            self.on_caller_chosen(None)
        elif self.caller_id is not None:
            self._view.show_caller(self.caller(self.caller_id))
            self.on_cases_wanted(0)

    def _failed(self, fault: Exception) -> None:
        self._asking = False
        self._age.failed(fault, old_says_it=True)

    def caller(self, user_id: int) -> CallerLine | None:
        """Give one caller of the board."""
        callers = self.board.callers if self.board is not None else []
        return next((one for one in callers if one.user_id == user_id), None)

    # ---- one caller's list --------------------------------------------------------------------------------------

    def on_caller_chosen(self, user_id: int | None) -> None:
        """Show a caller's list."""
        if user_id == self.caller_id:
            return
        self.caller_id = user_id
        self._view.show_caller(self.caller(user_id) if user_id is not None else None)
        self._view.show_cases(0, (), 0)
        if user_id is not None:
            self.on_cases_wanted(0)

    def on_cases_wanted(self, offset: int) -> None:
        """Ask for one page of the list."""
        user_id = self.caller_id
        if user_id is None:
            return

        def done(answer: CaseLines) -> None:
            if user_id == self.caller_id:
                self._view.show_cases(offset, tuple(answer.lines), answer.total)

        def failed(fault: Exception) -> None:
            if user_id == self.caller_id:
                self._view.show_failure(fault)

        self._work.ask(
            caller_cases, done=done, failed=failed, latest=f"cases {offset}", user_id=user_id, offset=offset, limit=PAGE
        )

    # ---- moving -------------------------------------------------------------------------------------------------

    def takers(self) -> tuple[CallerLine, ...]:
        """Give who could take cases over from the chosen caller, the least laden first."""
        callers = self.board.callers if self.board is not None else []
        return tuple(sorted((one for one in callers if one.user_id != self.caller_id), key=lambda one: one.open_cases))

    def preview(self, taker_id: int | None, chosen: tuple[CaseLine, ...] | None) -> Preview | None:
        """Say what moving would do; `chosen` None means every open case."""
        giver = self.caller(self.caller_id) if self.caller_id is not None else None
        taker = self.caller(taker_id) if taker_id is not None else None
        if giver is None or taker is None:
            return None
        cases = giver.open_cases if chosen is None else len(chosen)
        promised = giver.callbacks_open if chosen is None else sum(1 for one in chosen if one.promised_at)
        return Preview(
            cases=cases,
            giver=giver.shown_name,
            giver_before=giver.open_cases,
            giver_after=max(0, giver.open_cases - cases),
            taker=taker.shown_name,
            taker_before=taker.open_cases,
            taker_after=taker.open_cases + cases,
            notes=_notes(giver, taker, promised, self._clock.now()),
        )

    def on_move(self, taker_id: int | None, chosen: tuple[CaseLine, ...] | None, why: str) -> None:
        """Move cases after the supervisor has confirmed."""
        reason = " ".join(why.split())
        if self._moving or self.caller_id is None:
            return
        if taker_id is None:
            self._view.show_move_refused(Refused("Choose who takes these people over.", field="taker"))
            return
        if chosen is not None and not chosen:
            self._view.show_move_refused(Refused("Nobody is selected. Select people in the list, or move everybody."))
            return
        if not reason:
            self._view.show_move_refused(
                Refused("Say why: both callers see it, and it is kept with the record.", field="why")
            )
            return
        giver, taker = self.caller(self.caller_id), self.caller(taker_id)
        self._moving = True
        self._view.show_moving(True)

        def done(answer: Reassigned) -> None:
            self._moving = False
            self._view.show_moving(False)
            self._view.show_moved(
                moved_words(answer, giver.shown_name if giver else "", taker.shown_name if taker else ""),
                waiting=answer.devices_waiting > 0,
            )
            self.refresh()

        def failed(fault: Exception) -> None:
            self._moving = False
            self._view.show_moving(False)
            self._view.show_move_refused(fault)

        self._work.ask(
            reassign,
            done=done,
            failed=failed,
            from_user=self.caller_id,
            to_user=taker_id,
            why=reason[:WHY_LONGEST],
            case_ids=None if chosen is None else [one.case_id for one in chosen],
        )


def moved_words(answer: Reassigned, giver: str, taker: str) -> str:
    """Say what was moved and which workstations have not taken it yet."""
    people = "1 person" if answer.moved == 1 else f"{answer.moved} people"
    words = f"Moved {people} from {giver} to {taker}"
    if answer.promises:
        words += f", with {_callbacks(answer.promises)}"
    words += "."
    if answer.devices_waiting:
        devices = "1 workstation" if answer.devices_waiting == 1 else f"{answer.devices_waiting} workstations"
        words += f" {devices} of {giver} will hear of it when next in touch; what is recorded there still arrives."
    return words


def _callbacks(count: int) -> str:
    return "1 promised callback" if count == 1 else f"{count} promised callbacks"


def _notes(giver: CallerLine, taker: CallerLine, promised: int, now: datetime) -> tuple[str, ...]:
    notes = []
    if promised:
        notes.append(f"{_callbacks(promised)} will be {taker.shown_name}'s to keep.")
    if giver.unsent_said:
        said = f", {age(from_text(giver.unsent_said_at), now)} ago" if giver.unsent_said_at else ""
        notes.append(
            f"{giver.shown_name}'s workstation last said that {giver.unsent_said} results are unsent{said}. "
            "They still arrive and count."
        )
    else:
        notes.append(f"Whatever {giver.shown_name} has recorded and not yet sent still arrives and counts.")
    return tuple(notes)
