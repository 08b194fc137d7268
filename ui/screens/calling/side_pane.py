"""The right-hand pane: offers, timeline, notes. Offers and timeline fill only when identity has been confirmed.

The note belongs to this call: it is saved as it is typed and recorded with the result.
"""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from caller_app.base.clock import london
from caller_app.domain.items import PastAttempt
from caller_app.domain.phones import show as show_phone
from caller_app.queries.offer_rows import Offer, ReferralRow
from caller_app.queries.rows import Card
from ui.a11y import name
from ui.screens.calling.taken_up import TakenUp
from ui.theme.live import follow, set_tone, tokens
from ui.widgets.chips import Chip
from ui.widgets.elided import ElidedLabel
from ui.widgets.line_pool import LinePool
from ui.widgets.panes import row, scrolling
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame

NOTE_LIMIT = 300


class OfferRow(QFrame):
    """One pathway option: whether it fits, and because of what."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "offer")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 6)
        box.setSpacing(2)
        self._chip = Chip("")
        self._title = Text("", "field", wrap=True)
        self._because = Text("", "quiet", wrap=True)
        self._how = Text("", "small", wrap=True)
        box.addWidget(self._title)
        box.addLayout(row(self._chip, None))
        box.addWidget(self._because)
        box.addWidget(self._how)

    def fill(self, number: int, offer: Offer) -> None:
        """Show one offer."""
        tone, word = {True: ("good", "fits"), False: ("", "does not fit"), None: ("caution", "ask first")}[offer.ok]
        because = offer.because
        if offer.underway:
            tone, word, because = "info", "taken up already", offer.underway
        self._chip.show_state(word, tone, icon="cross" if offer.ok is False and not offer.underway else None)
        self._title.setText(f"{number}  {offer.title}")
        self._because.setText(because)
        contact = offer.contact.replace(" ", "\u00a0")  # a number that is read out is not broken over two lines
        how = " ".join(part for part in (offer.what, offer.how, contact) if part)
        self._how.setText(how)
        self._how.setVisible(bool(how) and offer.ok is not False and not offer.underway)
        self._how.setToolTip("\n".join(part for part in (_whom(offer), _owner(offer)) if part))
        self.setAccessibleName(f"{offer.title}: {word}. {because} {how}")


def _whom(offer: Offer) -> str:
    return f"For: {'; '.join(offer.whom)}" if offer.whom else ""


def _owner(offer: Offer) -> str:
    return f"Run by {offer.owner}" if offer.owner else ""


class PastRow(QFrame):
    """One earlier attempt."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 2, 0, 4)
        box.setSpacing(0)
        self._what = Text("", wrap=True)
        self._who = Text("", "small", wrap=True)
        self._note = Text("", "quiet", wrap=True)
        for part in (self._what, self._who, self._note):
            box.addWidget(part)

    def fill(self, one: PastAttempt, label: str) -> None:
        """Show an attempt; one taken back stays in sight and says so."""
        at = london(one.at)
        self._what.setText(f"{at:%-d %b}  {label}{'  (taken back)' if one.superseded else ''}")
        set_tone(self._what, "")
        parts = [f"{at:%a %H:%M}", one.caller, show_phone(one.number) if one.number else ""]
        if one.late:
            parts.append("came in late")
        self._who.setText(" · ".join(part for part in parts if part))
        self._note.setText(f"“{one.note}”" if one.note else "")
        self._note.setVisible(bool(one.note))
        self.setAccessibleName(f"{self._what.text()}, {self._who.text()} {self._note.text()}")


class NoteBox(QPlainTextEdit):
    """The note of this call; says when it was left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class SidePane(QFrame):
    """Offers and timeline scroll together; the note stands below them."""

    note_typed = Signal(str)
    note_paused = Signal()
    withdraw_wanted = Signal(ReferralRow)

    def __init__(self, label_of: "dict[str, str]", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label_of = label_of
        self.setProperty("pane", "true")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        inside = SnugFrame()
        self.area = scrolling(inside, accessible="Offers and timeline")
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.addWidget(self.area, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        self._masked = Text("Offers and timeline open here once identity is confirmed.", "quiet", wrap=True)
        column.addWidget(self._masked)
        self._offers_head = Text("Offers", "section")
        self._offers: LinePool[OfferRow] = LinePool(OfferRow, gap=4)
        self._no_offers = Text("No offer is set up for this project.", "quiet", wrap=True)
        self._taken_up = TakenUp()
        self._taken_up.withdraw_wanted.connect(self.withdraw_wanted)
        self._past_head = Text("Timeline", "section")
        self._past: LinePool[PastRow] = LinePool(PastRow, gap=4)
        self._no_past = Text("Never rung before.", "quiet", wrap=True)
        self._notes_head = Text("Earlier notes", "section")
        self._notes: LinePool[Text] = LinePool(lambda _: Text("", "quiet", wrap=True), gap=4)
        for part in (self._taken_up, self._offers_head, self._offers, self._no_offers):
            column.addWidget(part)
        column.addSpacing(8)
        for part in (self._past_head, self._past, self._no_past, self._notes_head, self._notes):
            column.addWidget(part)
        column.addStretch(1)
        foot = QFrame(self)
        foot.setProperty("pane", "foot")
        below = QVBoxLayout(foot)
        below.setContentsMargins(14, 8, 14, 12)
        below.setSpacing(6)
        self._count = Text("", "small")
        heading = ElidedLabel("Note of this call")
        heading.setProperty("text_role", "field")
        below.addLayout(row(heading, None, self._count))
        self.note = name(NoteBox(), "Note of this call", f"At most {NOTE_LIMIT} characters, nothing clinical")
        self.note.setPlaceholderText("Nothing clinical, no numbers. Not sent to the practice.")
        self.note.setTabChangesFocus(True)
        follow(self.note, lambda: self.note.setFixedHeight(tokens().type_body * 5 + 24))
        self.note.textChanged.connect(self._typed)
        self.note.left.connect(self.note_paused)
        below.addWidget(self.note)
        self._refusal = Text("", "error", wrap=True)
        self._refusal.hide()
        below.addWidget(self._refusal)
        box.addWidget(foot)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(700)
        self._pause.timeout.connect(self.note_paused)

    def show_card(self, card: Card) -> None:
        """Fill what identity has opened."""
        verified = card.identity.passed
        self._masked.setVisible(not verified)
        for part in (self._offers_head, self._past_head):
            part.setVisible(verified)
        self._taken_up.show_rows(card.referrals if verified else ())
        offers = card.offers if verified else ()
        for number, (view, offer) in enumerate(zip(self._offers.take(len(offers)), offers, strict=True), 1):
            view.fill(number, offer)
        self._no_offers.setVisible(verified and not offers)
        past = card.timeline if verified else ()
        for line, one in zip(self._past.take(len(past)), past, strict=True):
            line.fill(one, self._label_of.get(one.outcome, one.outcome))
        self._no_past.setVisible(verified and not past)
        notes = card.notes if verified else ()
        self._notes_head.setVisible(bool(notes))
        for text, words in zip(self._notes.take(len(notes)), notes, strict=True):
            text.setText(words)

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        for pool in (self._offers, self._past, self._notes):
            pool.take(0)
        self._taken_up.show_rows(())
        self.note.blockSignals(True)
        self.note.clear()
        self.note.blockSignals(False)
        self.show_refusal("")

    def show_note(self, words: str) -> None:
        """Show the note as it is kept, unless it is being typed."""
        if not self.note.hasFocus() and self.note.toPlainText() != words:
            self.note.blockSignals(True)
            self.note.setPlainText(words)
            self.note.blockSignals(False)
        self._say_count(self.note.toPlainText())

    def stop(self) -> None:
        """Wait for nothing any more."""
        self._pause.stop()

    def show_refusal(self, sentence: str) -> None:
        """Show or clear what was refused about the note."""
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))

    def _typed(self) -> None:
        words = self.note.toPlainText()
        if len(words) > NOTE_LIMIT:
            cursor = self.note.textCursor()
            self.note.blockSignals(True)
            self.note.setPlainText(words[:NOTE_LIMIT])
            self.note.blockSignals(False)
            cursor.setPosition(min(cursor.position(), NOTE_LIMIT))
            self.note.setTextCursor(cursor)
            words = words[:NOTE_LIMIT]
        self._say_count(words)
        self.note_typed.emit(words)
        self._pause.start()

    def _say_count(self, words: str) -> None:
        self._count.setText(f"{len(words)} of {NOTE_LIMIT}")
