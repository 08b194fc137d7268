"""The life of a call on the screen: open, dial, leave, next. Recording and details have their own files.

What a reader would get wrong: the next card is on the screen before its opening is on disk (it was read ahead), but
nothing can be dialled or recorded until it is. `state.opened` says so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from caller_app.base.errors import Refused
from caller_app.commands.calls import leave_call, open_call, park_call, record_dial, take_incoming
from caller_app.commands.referrals import withdraw_referral
from caller_app.queries.cards import card as read_card
from caller_app.queries.catalogue import outcome_pad
from caller_app.queries.lists import next_case
from caller_app.queries.rows import Card, PadGroup
from ui.messages import sentence_of
from ui.screens.calling.details import Details
from ui.screens.calling.identity import IdentityCheck
from ui.screens.calling.listing import Listing
from ui.screens.calling.recording import Recording
from ui.screens.calling.script_steps import ScriptSteps
from ui.screens.calling.view import CallingView, CallState
from ui.tasks import Work


@dataclass(slots=True)
class Ahead:
    """The next person, read while this one is on the line."""

    case_id: str
    card: Card | None = None
    pad: tuple[PadGroup, ...] | None = None


class CallingPresenter:
    """Decides what the caller's window shows; each part of it has its own collaborator."""

    def __init__(self, view: CallingView, work: Work, *, hold: Callable[[str | None], object]) -> None:
        self._view = view
        self._work = work
        self._hold = hold
        self._ahead: Ahead | None = None
        self._answering = False  # they rang us: nothing is to be dialled, the script comes first
        self._resume = False  # at the start a call that a crash broke off is taken up again without a word
        self.state = CallState()
        self.listing = Listing(view, work, self.state, arrived=self._list_arrived)
        self.identity = IdentityCheck(view, work, self.state, self.reread)
        self.script = ScriptSteps(view, work, self.state, finish=self._finish, reread=self.reread)
        self.details = Details(view, work, self.state, self.reread)
        self.recording = Recording(
            view, work, self.state, go_next=self.go_next, reopen=self.on_person_opened, go_on=self.script.show_again
        )

    def _finish(self) -> None:
        self.recording.on_end_reached()

    # ---- start and notices ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the list and rest; a call that was cut short lies at the top of the list."""
        self._rest()
        self._resume = True
        self.listing.refresh()
        self._read_ahead()

    def on_notice(self, kinds: Iterable[str], ids: Iterable[str], by: str) -> None:
        """Rows changed on this workstation: look again at what is shown."""
        kinds = frozenset(kinds)
        if not kinds & {"list", "case", "project"}:
            return
        case_id = self.state.case_id
        if by == "centre":
            if case_id is not None and not self.state.finished and (not ids or case_id in frozenset(ids)):
                self.reread()
            self._ahead = None
        # The list may wait a moment: the next card comes first, and a burst of notices is one question.
        self._view.look_again_soon()

    def on_time_to_look(self) -> None:
        """The moment is over: the list, its figures and who comes next."""
        self.listing.refresh()
        if not self.state.recording:
            self._read_ahead()

    def on_withdrawal(
        self, referral_id: str, reason: str, given_by: str, *, done: Callable[[], object],
        failed: Callable[[Exception], object],
    ) -> None:  # fmt: skip
        """The person no longer wants what they took up: recorded at once, also without the centre."""
        case_id = self.state.case_id

        def recorded(_change_id: str) -> None:
            done()
            self._view.show_receipt("Withdrawn: recorded.", undo=False)
            if self.state.case_id == case_id:
                self.reread()

        self._work.write(
            withdraw_referral, case_id=case_id, referral_id=referral_id, reason=reason, given_by=given_by,
            done=recorded, failed=failed,
        )  # fmt: skip

    # ---- opening ------------------------------------------------------------------------------------------------

    def on_person_opened(self, case_id: str) -> None:
        """The caller chose a person from the list."""
        self._open(case_id, open_call)

    def on_incoming_taken(self, case_id: str) -> None:
        """The person rang us: take the call on the same record."""
        self._open(case_id, take_incoming)

    def _open(self, case_id: str, deed: Callable[..., object]) -> None:
        if self.state.recording:
            return
        if self.state.case_id == case_id and not self.state.finished:
            self._view.turn_to("script")
            self._view.focus_numbers()
            return
        self._leave()
        if self.state.case_id != case_id:
            self.recording.dial_when_open = None
        ahead, self._ahead = self._ahead, None
        at_once = ahead.card if ahead is not None and ahead.case_id == case_id else None
        self._begin(case_id, card_follows=at_once is not None)
        self._answering = deed is take_incoming
        self._view.clear_refusals()
        self._view.hide_banner()
        if ahead is not None and at_once is not None:
            self._show_pad(case_id, ahead.pad or ())
            self._present(at_once, first=True)
        self._work.write(
            deed,
            case_id=case_id,
            done=lambda _: self._opened(case_id),
            failed=lambda error: self._not_opened(case_id, error),
        )

    def _begin(self, case_id: str | None, *, card_follows: bool = False) -> None:
        """Begin anew for a person, or for nobody: nothing of the last one stays in any widget."""
        self.state.begin(case_id)
        self.script.begin()
        self._hold(case_id)
        self._view.forget(card_follows=card_follows)
        self._view.mark_open(case_id)

    def _opened(self, case_id: str) -> None:
        if self.state.case_id != case_id:
            return
        self.state.opened = True
        self.reread()
        self._read_ahead()

    def _not_opened(self, case_id: str, error: Exception) -> None:
        if self.state.case_id == case_id:
            self._begin(None)
            self._rest()
            self.listing.refresh()
        self._say(error)

    def reread(self) -> None:
        """Ask again for the open card and for what may be recorded now."""
        case_id = self.state.case_id
        if case_id is None:
            return
        # First what may be recorded, then the card: whoever sees the new card may press a key on it.
        self._work.read(outcome_pad, case_id=case_id, latest="pad", done=lambda pad: self._show_pad(case_id, pad))
        self._work.read(read_card, case_id=case_id, latest="card", done=self._card_read, failed=self._say)

    def _card_read(self, card: Card) -> None:
        if card.case_id != self.state.case_id or self.state.finished:
            return
        self._present(card, first=self.state.card is None)

    def _present(self, card: Card, *, first: bool) -> None:
        state = self.state
        failed_now = state.card is not None and not state.card.identity.failed and card.identity.failed
        passed_now = state.card is not None and not state.card.identity.passed and card.identity.passed
        was_open = state.card is not None and state.card.call_id is not None
        given_back = state.card is not None and state.card.taken_away and not card.taken_away
        state.card = card
        resumed = card.call_id is not None and not was_open
        if resumed:
            # The draft on disk says where the call stands: a restarted window resumes at the same step.
            # What was answered while it was being read is newer than it.
            state.answers = {**card.answers, **state.answers}
            state.note = str(state.answers.pop("note", "") or state.note)
        if state.chosen_number not in {number.e164 for number in card.numbers}:
            state.chosen_number = card.dialled_number or card.best_number
        self._view.show_card(card, note=state.note)
        self.script.on_card(card, resumed=resumed, decided=passed_now or failed_now)
        self.identity.shown(card)
        if card.taken_away:
            why = card.taken_away[:1].upper() + card.taken_away[1:]
            self._view.show_banner(f"{why}. Finish the call and save it as usual; then the person leaves your list.")
        elif given_back:
            self._view.hide_banner()
        self.listing.show_counts()
        if self.recording.dial_when_open is not None and state.opened and card.call_id is not None:
            number, self.recording.dial_when_open = self.recording.dial_when_open, None
            self._view.turn_to("script")
            self.on_dial_pressed(number or None)
        elif first:
            self._view.turn_to("script")
            if not self._answering:
                self._view.focus_numbers()
        elif passed_now:
            self._view.turn_to("script")
            differing = [one.title.lower() for one in card.identity.fields if one.tick == "differs"]
            if differing:
                self._view.show_banner(f"Go on. What differed can be put right with E: {', '.join(differing)}.")
        elif failed_now:
            self._view.focus_identity()

    def _show_pad(self, case_id: str, pad: tuple[PadGroup, ...]) -> None:
        if case_id == self.state.case_id:
            self.state.outcomes = {one.code: one for group in pad for one in group.outcomes}
            self._view.show_pad(pad)

    # ---- dialling -----------------------------------------------------------------------------------------------

    def on_number_chosen(self, number: str) -> None:
        """Another number was highlighted."""
        self.state.chosen_number = number

    def on_dial_pressed(self, number: str | None = None) -> None:
        """Hand a number to the dialler: the highlighted one, else the best; refused in place where it is held back."""
        card = self.state.card
        if card is None or self.state.finished:
            return
        wanted = number or self.state.chosen_number or card.best_number
        if not self.state.opened:
            # The key came before the opening was on disk: it is kept, not lost. Empty: the best number, once known.
            self.recording.dial_when_open = wanted or ""
            return
        if wanted is None:
            self._view.show_refusal("card", "There is no number left to ring. Record what happened, or see Details.")
            return
        if not card.may_dial:
            self._view.show_refusal("card", card.hold_reason or "This person may not be rung now.")
            return
        self._view.clear_refusals()
        case_id = card.case_id
        self._work.write(
            record_dial,
            case_id=case_id,
            number=wanted,
            done=lambda _: self._dialled(case_id, wanted),
            failed=lambda error: self._say(error, in_place=True),
        )

    def _dialled(self, case_id: str, number: str) -> None:
        if self.state.case_id != case_id:
            return
        self.state.chosen_number = number
        self._view.hand_over_number(number)
        self._view.turn_to("script")
        self.reread()

    # ---- leaving and going on ------------------------------------------------------------------------------------

    def on_left(self) -> None:
        """The caller puts this person down; what is half done waits at the top of the list."""
        if self.state.case_id is not None and not self.state.recording:
            self._leave()
            self._begin(None)
            self._rest()
            self.listing.refresh()

    def _leave(self) -> None:
        state = self.state
        if state.case_id is None or state.finished:
            return
        self.script.flush()
        deed = park_call if state.in_progress else leave_call
        self._work.write(deed, case_id=state.case_id, failed=self._say)

    def go_next(self) -> None:
        """Show the next person; the one read ahead at once, else whoever the list puts first."""
        ahead = self._ahead
        if ahead is not None and ahead.card is not None and ahead.case_id != self.state.case_id:
            self.on_person_opened(ahead.case_id)
            return
        self._work.read(next_case, after=self.state.case_id, latest="next", done=self._next_found, failed=self._say)

    def _next_found(self, case_id: str | None) -> None:
        if case_id is not None and case_id != self.state.case_id:
            self.on_person_opened(case_id)
            return
        self._begin(None)
        self._rest()

    def _rest(self) -> None:
        self._say_rest()
        self._view.turn_to("rest")
        self.listing.show_counts()

    def _say_rest(self) -> None:
        ahead = self._ahead.case_id if self._ahead is not None else None
        first = next((row for row in self.listing.unsearched if row.case_id == ahead), None) or self.listing.first()
        counts = self.listing.counts
        if first is not None:
            sentence = "Ready when you are."
        elif counts is not None and counts.total == 0:
            sentence = "Your list is empty. People arrive here when your supervisor assigns them to you."
        elif counts is not None:
            sentence = "Nobody can be rung right now. The list says for each person when and why."
        else:
            sentence = "Reading your list."
        self._view.show_rest(sentence, first)

    def _list_arrived(self) -> None:
        """While nobody is open the resting page names who comes next; the focus stays where it is."""
        if self.state.case_id is None:
            self._say_rest()

    # ---- reading ahead -------------------------------------------------------------------------------------------

    def _read_ahead(self) -> None:
        after = self.state.case_id
        self._work.read(next_case, after=after, latest="ahead", done=lambda found: self._ahead_found(found, after))

    def _ahead_found(self, case_id: str | None, after: str | None) -> None:
        if case_id is None or after != self.state.case_id:
            return
        ahead = self._ahead = Ahead(case_id)
        self._list_arrived()
        self._work.read(
            read_card, case_id=case_id, latest="ahead card", done=lambda card: self._ahead_card(ahead, card)
        )
        self._work.read(outcome_pad, case_id=case_id, latest="ahead pad", done=lambda pad: self._ahead_pad(ahead, pad))

    def _ahead_card(self, ahead: Ahead, card: Card) -> None:
        ahead.card = card
        resume, self._resume = self._resume, False
        if resume and card.call_id is not None and self.state.case_id is None:
            self.on_person_opened(ahead.case_id)

    def _ahead_pad(self, ahead: Ahead, pad: tuple[PadGroup, ...]) -> None:
        ahead.pad = pad

    # ---- errors --------------------------------------------------------------------------------------------------

    def _say(self, error: Exception, *, in_place: bool = False) -> None:
        if in_place and isinstance(error, Refused):
            self._view.show_refusal("card", error.sentence, error.field)
        else:
            self._view.show_banner(sentence_of(error))
