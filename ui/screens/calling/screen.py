"""The caller's window: list, card with script, offers, and the bar of results. Shows; the presenters decide.

What a reader would get wrong: nothing here opens a dialog. Forms, pad, correction and the other number take the place
of the script and give it back, so that the focus is always on the next action.
"""

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from caller_app.base.notices import Notice
from caller_app.queries.rows import Card, CorrectionForm, ListCounts, ListRow, OutcomeForm, PadGroup, PadOutcome
from caller_app.queries.script_rows import Objection, ScriptPath
from ui.actions import action
from ui.screens.calling.parts import CallingParts
from ui.screens.calling.presenter import CallingPresenter
from ui.screens.calling.view import Pane, Place
from ui.screens.calling.withdrawal import ask_withdrawal
from ui.tasks import Desk

WIDE = 1600
BUSY_SHOWS_MS = 150
SOON_MS = 120


class CallingScreen(CallingParts):
    """One window, nothing on top of it. Laid out before anybody has signed in, it knows nobody until `enter`."""

    worried = Signal()
    lookup_wanted = Signal()

    presenter: CallingPresenter

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._desk = desk
        self._outcomes: dict[str, PadOutcome] = {}
        self._pane: Pane = "rest"
        self._closed = False
        self._slow = QTimer(self, singleShot=True, interval=BUSY_SHOWS_MS)
        self._slow.timeout.connect(lambda: self._show_busy(True))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._rest_of_layout = self.lay_out()
        if desk.client is not None:
            self.enter()

    def prepare(self) -> bool:
        """Lay out one more part; False when nothing is left. Between the parts a key press is answered."""
        return next(self._rest_of_layout, None) is not None

    def enter(self) -> None:
        """Somebody has signed in: from now on there is a list to show."""
        while self.prepare():
            pass
        self.presenter = CallingPresenter(self, self._desk.work(self), hold=self._desk.client.hold)
        self._wire()
        self._keys()
        self._soon.timeout.connect(self.presenter.on_time_to_look)

    def _wire(self) -> None:
        one = self.presenter
        self.list_pane.searched.connect(one.listing.on_searched)
        self.list_pane.person_opened.connect(one.on_person_opened)
        self.list_pane.more_wanted.connect(one.listing.on_more_wanted)
        self.rest.opened.connect(one.on_person_opened)
        card = self.card_pane
        card.head.left.connect(one.on_left)
        card.numbers.dial_pressed.connect(one.on_dial_pressed)
        card.numbers.number_chosen.connect(one.on_number_chosen)
        card.identity.reveal_pressed.connect(one.identity.on_reveal_pressed)
        card.identity.ticked.connect(one.identity.on_ticked)
        card.identity.done.connect(self._focus_script)
        card.identity.unconfirmed_pressed.connect(lambda: one.recording.on_outcome_chosen("R02"))
        card.details.chosen.connect(one.details.on_detail_chosen)
        card.script.page_moved.connect(one.script.on_page_moved)
        card.script.line_wanted.connect(one.script.on_line_wanted)
        card.script.answered.connect(one.script.on_answered)
        card.script.typed.connect(one.script.on_typed)
        card.script.language_wanted.connect(one.script.on_language_wanted)
        card.script.help_wanted.connect(self.worried)
        card.script.identity_wanted.connect(self._identity_wanted)
        card.script.what_if_wanted.connect(self._what_if)
        card.script.details_wanted.connect(one.details.on_details_wanted)
        card.details.given_up.connect(lambda: self.turn_to("script"))
        self.side.note_typed.connect(one.script.on_note_typed)
        self.side.note_paused.connect(one.script.flush)
        self.side.withdraw_wanted.connect(lambda row: ask_withdrawal(self, one, row))
        self.pad.outcome_chosen.connect(one.recording.on_outcome_chosen)
        self.pad.given_up.connect(lambda: self.turn_to("script"))
        self.form.submitted.connect(one.recording.on_form_submitted)
        self.form.alternative_wanted.connect(one.recording.on_alternative_wanted)
        self.form.given_up.connect(lambda: self.turn_to("script"))
        self.editor.submitted.connect(one.details.on_submitted)
        self.editor.given_up.connect(lambda: self.turn_to("script"))
        self.after.other_taken.connect(one.recording.on_other_number_taken)
        self.after.worried.connect(self.worried)
        self.after.next_wanted.connect(one.recording.on_next_wanted)
        self.bar.pressed.connect(self._bar_pressed)
        self.bar.worried.connect(self.worried)
        self.toast.ended.connect(one.recording.on_receipt_gone)

    def _keys(self) -> None:
        for name in ("no_answer", "voicemail", "wrong_number", "call_back", "declined", "finish"):
            action(self, name, lambda name=name: self._bar_pressed(name))
        action(self, "what_if", self._what_if)
        action(self, "died", lambda: self.presenter.recording.on_outcome_chosen("S01"))
        action(self, "save_and_next", self._save_and_next)
        action(self, "undo", self._undo, inside_only=True)
        action(self, "to_list", self.list_pane.focus)
        action(self, "to_timeline", lambda: self.side.area.setFocus(Qt.FocusReason.ShortcutFocusReason))

    def start(self) -> None:
        """Show the list for the first time."""
        self.presenter.start()

    def take_incoming(self, case_id: str) -> None:
        """Someone rang us: the call goes on on their record."""
        self.presenter.on_incoming_taken(case_id)

    def open_person(self, case_id: str) -> None:
        """Open a person from another screen."""
        self.presenter.on_person_opened(case_id)

    def on_notice(self, notice: Notice) -> None:
        """Rows changed on this workstation."""
        self.presenter.on_notice(notice.kinds, notice.ids, notice.by)

    def shown(self) -> None:
        """Come back to where the call stands; a concern that was recorded meanwhile opens its result."""
        self.turn_to(self._pane)
        self.presenter.reread()

    def close_down(self) -> None:
        """The window goes: what was typed is kept, nothing more is asked, the number leaves the clipboard."""
        self.presenter.script.flush()
        self._closed = True
        self._soon.stop()
        self._slow.stop()
        self.side.stop()
        self.list_pane.search.blockSignals(True)
        self.card_pane.numbers.clear_clipboard()

    def panes(self) -> list[QWidget]:
        """List the places F6 goes round."""
        middle: dict[Pane, QWidget] = {
            "rest": self.rest, "script": self.card_pane.script, "after": self.after, "pad": self.pad.search,
            "form": self.form.stand(), "correction": self.editor.stand(), "details": self.card_pane.details.stand(),
            "what_if": self.stack.currentWidget(),
        }  # fmt: skip
        return [
            self.list_pane.list,
            middle[self._pane],
            self.side.area,
            self.side.note,
            self.bar.buttons["no_answer"],
        ]

    @property
    def raised(self) -> str:
        """Name the help route that the answers of the open call ask for."""
        path = self.presenter.state.path
        return path.raises[-1] if path.raises and self.presenter.state.case_id is not None else ""

    @property
    def case_id(self) -> str | None:
        """Name whom F12 is about: the open card, else the highlighted row."""
        if self.presenter.state.case_id is not None:
            return self.presenter.state.case_id
        row = self.list_pane.selected()
        return row.case_id if row is not None else None

    # ---- what the presenters ask ---------------------------------------------------------------------------------

    def show_counts(self, counts: ListCounts, *, with_project: bool) -> None:
        self.header.show_counts(counts, with_project=with_project)
        self.list_pane.show_counts(counts)

    def show_list(self, rows: tuple[ListRow, ...], *, more: bool, search: str) -> None:
        self.list_pane.show_rows(rows, more=more, search=search)

    def look_again_soon(self) -> None:
        if not self._closed and not self._soon.isActive():
            self._soon.start(SOON_MS)

    def add_to_list(self, rows: tuple[ListRow, ...], *, more: bool) -> None:
        self.list_pane.add_rows(rows, more=more)

    def mark_open(self, case_id: str | None) -> None:
        self.list_pane.mark_open(case_id)

    def show_rest(self, sentence: str, next_row: ListRow | None) -> None:
        self.rest.show_rest(sentence, next_row)

    def show_card(self, card: Card, *, note: str) -> None:
        self.card_pane.show_card(card)
        self.side.show_card(card)
        self.side.show_note(note)

    def forget(self, *, card_follows: bool) -> None:
        for part in (self.form, self.editor, self.after, self.pad):
            part.forget()
        self.card_pane.script.let_go()
        if self.what_if is not None:
            self.what_if.forget()
        if not card_follows:  # else the next card overwrites every part in the same breath
            self.card_pane.forget()
            self.side.forget()

    def show_script(self, path: ScriptPath, page: int, answers: dict[str, Any], *, settled: bool) -> None:
        self.card_pane.script.show_script(path, page, answers, settled=settled)

    def hand_over_typed(self) -> None:
        self.card_pane.script.hand_over()

    def show_objections(self, found: tuple[Objection, ...]) -> None:
        self.what_if_pane().show_objections(found)

    def show_derived(self, path: ScriptPath) -> None:
        self.pad.show_derived(path)

    def show_pad(self, groups: tuple[PadGroup, ...]) -> None:
        self._outcomes = {one.code: one for group in groups for one in group.outcomes}
        self._labels.update({code: one.label for code, one in self._outcomes.items()})
        self.pad.show_pad(groups)
        self._show_possible()
        card = self.presenter.state.card
        if card is not None and card.timeline:
            self.side.show_card(card)

    def show_form(
        self,
        form: OutcomeForm,
        *,
        alternative: PadOutcome | None,
        evidence: tuple[tuple[str, str], ...],
        wordings: dict[str, str],
    ) -> None:
        self.form.show_form(form, alternative=alternative, evidence=evidence, wordings=wordings)

    def show_correction(self, form: CorrectionForm) -> None:
        self.editor.show_form(form)

    def offer_other_number(self, sentence: str, number: str) -> None:
        self.after.show_other(sentence, number)

    def turn_to(self, pane: Pane) -> None:
        self._pane = pane
        self.middle.setCurrentWidget(self.rest if pane == "rest" else self.card_pane)
        # The pad shows every result at once: on a narrow screen it takes the room of the offers for these seconds.
        self.side.setVisible(pane != "rest" and not (pane == "pad" and self.width() < WIDE))
        if pane != "rest":
            shown: QWidget = {
                "script": self.card_pane.script, "details": self.card_pane.details, "pad": self.pad, "form": self.form,
                "correction": self.editor, "after": self.after, "what_if": self.what_if or self.card_pane.script,
            }[pane]  # fmt: skip
            self.stack.setCurrentWidget(shown)
            self.card_pane.make_room(pane)
        self._show_possible()
        focus = {
            "rest": self.rest.focus, "script": self._focus_script, "pad": self.pad.open, "form": self.form.focus,
            "details": self.card_pane.details.focus, "correction": self.editor.focus, "after": self.after.setFocus,
            "what_if": lambda: self.what_if_pane().focus(),
        }  # fmt: skip
        focus[pane]()

    def focus_numbers(self) -> None:
        if not self.card_pane.numbers.focus():
            self._focus_script()

    def focus_identity(self) -> None:
        self.card_pane.focus_identity()

    def hand_over_number(self, number: str) -> None:
        self.card_pane.numbers.hand_over(number)

    def show_receipt(self, sentence: str, *, undo: bool) -> None:
        if undo:
            self.toast.say(sentence, deed="Undo", act=self.presenter.recording.on_undo_pressed, keys="Ctrl+Z")
        else:
            self.toast.say(sentence)

    def hide_receipt(self) -> None:
        self.toast.end()

    def show_refusal(self, place: Place, sentence: str, field: str | None = None) -> None:
        if place == "form" and self._pane == "form":
            self.form.say(sentence, field)
        elif place == "correction" and self._pane == "correction":
            self.editor.say(sentence, field)
        elif place == "identity":
            self.card_pane.identity.show_refusal(sentence)
        elif place == "pad" and self._pane == "pad":
            self.pad.say(sentence)
        elif place == "script":
            self.card_pane.script.say(sentence, field)
        elif field == "note":
            self.side.show_refusal(sentence)
        else:
            self.banner.say(sentence, "caution")

    def clear_refusals(self) -> None:
        self.form.say("")
        self.editor.say("")
        self.card_pane.identity.show_refusal("")
        self.card_pane.script.say("", None)
        self.side.show_refusal("")
        self.banner.clear()

    def show_banner(self, sentence: str) -> None:
        self.banner.say(sentence, "caution")

    def hide_banner(self) -> None:
        self.banner.clear()

    def offer_help(self, done: str, worry: str) -> None:
        self.after.show_worry(done, worry)

    def set_recording(self, recording: bool) -> None:
        # Greyed only where the disk is slow: a flicker at every key tells nobody anything, and painting it while the
        # row is being committed holds the interpreter, and with it the commit.
        if recording:
            self._slow.start()
        else:
            self._slow.stop()
            self._show_busy(False)

    def _show_busy(self, busy: bool) -> None:
        self.bar.set_busy(busy)
        self.form.set_busy(busy)

    # ---- keys ----------------------------------------------------------------------------------------------------

    def _show_possible(self) -> None:
        self.bar.show_possible(self._outcomes, call_open=self._pane not in ("rest", "after"))

    def _bar_pressed(self, name: str) -> None:
        record = self.presenter.recording
        deeds = {
            "no_answer": lambda: record.on_outcome_chosen("C01"),
            "voicemail": lambda: record.on_outcome_chosen("C03"),
            "wrong_number": lambda: record.on_outcome_chosen("P02"),
            "call_back": lambda: record.on_outcome_chosen("R01"),
            "declined": record.on_decline_wanted,
            "finish": record.on_pad_wanted,
        }
        deeds[name]()

    def _what_if(self) -> None:
        if self._pane == "what_if":
            self.turn_to("script")
        else:
            self.presenter.script.on_what_if()

    def _save_and_next(self) -> None:
        if self._pane == "form":
            self.form.submit()
        elif self._pane == "after":
            self.presenter.recording.on_next_wanted()
        elif self._pane == "script":
            self.presenter.recording.on_end_reached()

    def _undo(self) -> None:
        self.presenter.recording.on_undo_pressed()

    def _identity_wanted(self) -> None:
        self.presenter.identity.on_reveal_pressed()
        self.focus_identity()

    def _focus_script(self) -> None:
        if self._pane == "script":
            self.card_pane.script.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._pane not in ("rest", "after"):
            self.turn_to("script")
            return
        super().keyPressEvent(event)
