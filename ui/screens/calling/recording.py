"""Recording a result: the code, what it asks, the receipt, undo, and the other number.

What a reader would get wrong: nothing here says "recorded" before the write has come back. Between the key and the
receipt no second result can start, so a key pressed twice records once.
"""

from collections.abc import Callable
from typing import Any

from caller_app.base.errors import Refused
from caller_app.commands.attempts import RecordedAct, record_attempt, supersede_attempt
from caller_app.commands.corrections import CorrectionSaid
from caller_app.domain.derived import contradiction, refusal
from caller_app.queries.catalogue import outcome_form
from caller_app.queries.offer_rows import Offer
from caller_app.queries.rows import OutcomeForm
from ui.messages import sentence_of
from ui.screens.calling.view import CallingView, CallState, Place
from ui.tasks import Work

# Shown before they are recorded although they may ask nothing: the neutral text, how a number is known to be wrong,
# and died (two steps on purpose).
SHOWN_FIRST = frozenset({"C03", "P02", "S01"})
# How a number is known to be wrong, keys 1 to 4: value, words, and the evidence and source it stands for.
WRONG_NUMBER = (
    ("someone_else", "Somebody else answered", "household_said", "third_party"),
    ("business", "A business or a fax", "household_said", "third_party"),
    ("moved", "The person has moved", "household_said", "third_party"),
    ("network", "The network said so", "dead_line", "network"),
)
WORRY_NOTE = "The note holds a word that may mean danger. Are you worried about this person?"
WORRY_GATEKEEPER = "Somebody kept you from speaking to them. Are you worried about this person?"
# "Ask again?" turns one decline into the other.
ASK_AGAIN = {"D01": "D02", "D02": "D01"}


class Recording:
    """From the key on an outcome to the receipt."""

    def __init__(
        self,
        view: CallingView,
        work: Work,
        state: CallState,
        *,
        go_next: Callable[[], None],
        reopen: Callable[[str], None],
        go_on: Callable[[], None],
    ) -> None:
        self._view = view
        self._work = work
        self._state = state
        self._go_next = go_next
        self._reopen = reopen
        self._go_on = go_on  # a result was refused: the call goes on
        self._undoable: tuple[str, str] | None = None  # (attempt, case)
        self._undoing = False
        self._other: str | None = None
        self.dial_when_open: str | None = None

    # ---- choosing ------------------------------------------------------------------------------------------------

    def on_pad_wanted(self) -> None:
        """F9: every code, by group or by search."""
        if self._ready():
            self._view.clear_refusals()
            self._view.show_derived(self._state.path)
            self._view.turn_to("pad")

    def on_end_reached(self) -> None:
        """The script has come to its end: the result its answers lead to, else every code there is."""
        path = self._state.path
        if path.finished and path.outcome in self._state.outcomes:
            self.on_outcome_chosen(path.outcome)
        else:
            self.on_pad_wanted()

    def on_decline_wanted(self) -> None:
        """F8: the decline that fits this moment of the call; verified people decline this time, others altogether."""
        outcomes = self._state.outcomes
        codes = [code for code in ("D01", "D02", "D03") if code in outcomes and outcomes[code].possible]
        codes.sort(key=lambda code: code != self._state.path.outcome)  # the one the answers say, where they say one
        self.on_outcome_chosen(codes[0] if codes else "D01")

    def on_outcome_chosen(self, code: str) -> None:
        """A code was chosen by key or on the pad: record it at once where it asks nothing, else show its form."""
        if not self._ready():
            return
        outcome = self._state.outcomes.get(code)
        if outcome is None:
            return
        self._view.clear_refusals()
        if not outcome.possible:
            self._view.show_refusal("pad", f"{outcome.label}: {outcome.why_not}")
            return
        path = self._state.path
        if contradiction(path.outcome, code, finished=path.finished):
            self._view.show_refusal("pad", refusal(path.outcome_label, outcome.label, path.reason))
            return
        if not outcome.asks and code not in SHOWN_FIRST:
            self._record(code, {})
            return
        case_id = self._state.case_id
        self._work.read(
            outcome_form,
            case_id=case_id,
            code=code,
            latest="form",
            done=lambda form: self._show_form(form, case_id),
            failed=lambda error: self._refused(error, "pad"),
        )

    def _show_form(self, form: OutcomeForm, case_id: str | None) -> None:
        if case_id != self._state.case_id or not self._ready():
            return
        self._state.form = form
        other = self._state.outcomes.get(ASK_AGAIN.get(form.code, ""))
        card = self._state.card
        self._view.show_form(
            form,
            alternative=other if other is not None and other.possible else None,
            evidence=tuple((value, words) for value, words, *_ in WRONG_NUMBER) if form.code == "P02" else (),
            wordings=_wordings(card.offers) if card is not None else {},
        )
        self._view.turn_to("form")

    def on_form_submitted(self, facts: dict[str, Any], how_known: str = "") -> None:
        """Enter in the form: record with what was filled in, and for a wrong number how that is known."""
        form = self._state.form
        if form is None or not self._ready():
            return
        corrections: tuple[CorrectionSaid, ...] = ()
        if form.code == "P02":
            known = next((one for one in WRONG_NUMBER if one[0] == how_known), None)
            if known is None:
                self._view.show_refusal("form", "Choose how you know: keys 1 to 4.", "evidence")
                return
            _, _, evidence, source = known
            values = {"number_on_record": facts.get("number_used") or self._number(), "how_known": how_known}
            corrections = (CorrectionSaid(type="PHONE_WRONG", values=values, source=source, evidence=evidence),)
        apart = {one.name for one in form.referral}
        referral = {name: value for name, value in facts.items() if name in apart}
        self._record(form.code, {name: facts[name] for name in facts if name not in apart}, corrections, referral)

    def _number(self) -> str | None:
        card = self._state.card
        return (card.dialled_number if card is not None else None) or self._state.chosen_number

    def on_alternative_wanted(self) -> None:
        """May we ask again? turned the answer round: the sister code, what was filled in stays."""
        form = self._state.form
        if form is not None and form.code in ASK_AGAIN:
            self.on_outcome_chosen(ASK_AGAIN[form.code])

    # ---- recording -----------------------------------------------------------------------------------------------

    def _ready(self) -> bool:
        state = self._state
        return state.card is not None and state.opened and not state.recording and not state.finished

    def _record(
        self,
        code: str,
        facts: dict[str, Any],
        corrections: tuple[CorrectionSaid, ...] = (),
        referral: dict[str, str] | None = None,
    ) -> None:
        state = self._state
        card = state.card
        assert card is not None  # noqa: S101 - _ready() said so
        self._view.hand_over_typed()
        state.recording = True
        self._view.set_recording(True)
        number = facts.get("number_used") or self._number()
        place: Place = "form" if state.form is not None and state.form.code == code else "pad"
        self._work.write(
            record_attempt,
            case_id=card.case_id,
            outcome=code,
            number=number,
            facts=facts,
            note=state.note.strip() or None,
            corrections=corrections,
            referral=referral or None,
            done=lambda act: self._recorded(act, card.case_id, code),
            failed=lambda error: self._refused(error, place),
        )

    def _recorded(self, act: RecordedAct, case_id: str, code: str) -> None:
        state = self._state
        state.recording = False
        state.finished = True
        state.form = None
        # Stops, a death and risk hold until the supervisor says otherwise: no Undo that would only be refused.
        self._undoable = (act.attempt_id, case_id) if act.undo_until is not None else None
        self._view.set_recording(False)
        self._view.show_receipt(act.sentence, undo=self._undoable is not None)
        if act.hints:
            self._view.show_banner(" ".join(act.hints))
        worry = WORRY_NOTE if act.offer_concern else WORRY_GATEKEEPER if code == "T02" else ""
        if worry:
            # Stay with this person: F12 must be about them, not about whoever comes next.
            self._other = None
            self._view.offer_help(act.sentence, worry)
            self._view.turn_to("after")
        elif act.other_number is not None:
            self._other = act.other_number
            self._view.offer_other_number(act.sentence, act.other_number)
            self._view.turn_to("after")
        else:
            self._go_next()

    # ---- the other number ----------------------------------------------------------------------------------------

    def on_other_number_taken(self) -> None:
        """Enter after a number that failed: the same person again, on the next-best number."""
        case_id, number = self._state.case_id, self._other
        if case_id is not None and number is not None and self._state.finished:
            self._other = None
            self.dial_when_open = number
            self._reopen(case_id)

    def on_next_wanted(self) -> None:
        """N after a number that failed, or the next-patient key between calls."""
        if self._state.case_id is None or self._state.finished:
            self._other = None
            self._go_next()

    # ---- undo ----------------------------------------------------------------------------------------------------

    def on_undo_pressed(self) -> None:
        """Take the last result back while its receipt is shown."""
        if self._undoable is None or self._undoing or self._state.recording:
            return
        attempt_id, case_id = self._undoable
        self._undoing = True
        self._work.write(
            supersede_attempt,
            attempt_id=attempt_id,
            done=lambda _: self._undone(case_id),
            failed=self._not_undone,
        )

    def _undone(self, case_id: str) -> None:
        self._undoing = False
        self._undoable = None
        self._view.show_receipt("Taken back. The person is open again; record what really happened.", undo=False)
        self._state.finished = self._state.finished or self._state.case_id == case_id
        self._reopen(case_id)

    def _not_undone(self, error: Exception) -> None:
        self._undoing = False
        self._refused(error, "card")

    def on_receipt_gone(self) -> None:
        """The ten seconds are over; My day corrects an earlier call."""
        if not self._undoing:
            self._undoable = None

    # ---- errors --------------------------------------------------------------------------------------------------

    def _refused(self, error: Exception, place: Place) -> None:
        self._state.recording = False
        self._view.set_recording(False)
        self._view.hide_receipt()
        self._go_on()
        if isinstance(error, Refused):
            self._view.show_refusal(place, error.sentence, error.field)
        else:
            self._view.show_banner(sentence_of(error))


def _wordings(offers: tuple[Offer, ...]) -> dict[str, str]:
    """Give what has to be read out before a pathway is agreed: the wording, what is shared, with whom."""
    texts = {}
    for offer in offers:
        shared = ", ".join(one.replace("_", " ") for one in offer.shared_fields)
        told = f"Shared with {offer.shared_with or 'the service'}: {shared}." if shared else ""
        texts[offer.pathway] = "\n".join(part for part in (offer.consent_wording or "", told) if part)
    return texts
