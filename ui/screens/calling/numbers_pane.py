"""The person's numbers: highlight, Enter rings. Once rung, the number stands large and the list folds away.

What a reader would get wrong: ringing hands the number over (copied, or a tel: link where that is switched on); the
program does not telephone. The clipboard is cleared after a minute, if it still holds the number.
"""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from caller_app.domain.phones import show as show_phone
from caller_app.queries.rows import Card
from ui.delegates.number_row import NumberDelegate
from ui.models.numbers import NumbersModel
from ui.theme.live import follow, tokens
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.fold import FoldLayout
from ui.widgets.tables import Rows
from ui.widgets.texts import Text

CLEAR_AFTER_MS = 60_000
MOST_ROWS = 4


class NumbersPane(QWidget):
    """Numbers before the call, the number during it."""

    dial_pressed = Signal(str)
    number_chosen = Signal(str)

    def __init__(self, *, tel_links: Callable[[], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tel_links = tel_links
        self._copied = ""
        self._unfolded = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)

        self._strip = QFrame()
        self._strip.setProperty("pane", "sunken")
        row = FoldLayout(self._strip, giving=1, gap=16)
        row.setContentsMargins(12, 3, 8, 3)
        self._big = Text("", "display", selectable=True)
        self._handed = Text("", "small", wrap=True)
        self._fold = button("Other numbers", self._unfold, kind="quiet", icon="chevron-down")
        row.addWidget(self._big)
        row.addWidget(self._handed)
        row.addWidget(self._fold)
        box.addWidget(self._strip)

        line = QHBoxLayout()
        line.setSpacing(8)
        self.model = NumbersModel(self)
        self.list = Rows("Telephone numbers")
        self.list.setModel(self.model)
        self.list.setItemDelegate(NumberDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.opened.connect(lambda _: self._ring())
        self.list.selectionModel().currentChanged.connect(self._chosen)
        line.addWidget(self.list, 1)
        self._button = button(
            "Ring", self._ring, kind="primary", keys="Enter", accessible="Ring the highlighted number"
        )
        line.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(line)

        self._none = Text("There is no number on our record. Record the result with F9.", "quiet", wrap=True)
        box.addWidget(self._none)
        self._hold = Banner()
        box.addWidget(self._hold)

        self._clear = QTimer(self)
        self._clear.setSingleShot(True)
        self._clear.timeout.connect(self.clear_clipboard)
        follow(self, self._size)

    def show_card(self, card: Card) -> None:
        """Show the numbers of a person, or the one that was rung."""
        if card.call_id is None:
            self._wait()
            return
        if card.dialled_number is None:
            self._unfolded = False
        self.model.show(card.numbers, card.best_number)
        chosen = card.dialled_number or card.best_number
        if not self.list.currentIndex().isValid() and card.numbers:
            self.list.setCurrentIndex(self.model.index_of(chosen))
        folded = card.dialled_number is not None and not self._unfolded
        self._strip.setVisible(card.dialled_number is not None)
        if card.dialled_number is not None:
            self._big.setText(show_phone(card.dialled_number))
            self._big.setAccessibleName(f"Number rung: {self._big.text()}")
        self._fold.setVisible(folded)
        self.list.setVisible(bool(card.numbers) and not folded)
        self._button.setVisible(bool(card.numbers) and not folded)
        self._button.setEnabled(card.may_dial)
        self._none.setVisible(not card.numbers)
        if card.may_dial:
            self._hold.clear()
        else:
            self._hold.say(card.hold_reason or "This person may not be rung now.", "caution")
        self._size()

    def forget(self) -> None:
        """Hold nothing of anybody any more; the clipboard keeps its minute."""
        self._wait()

    def _wait(self) -> None:
        """The card is on its way to being opened: the numbers come in a moment, nothing may move until then."""
        self.model.show((), None)
        self._unfolded = False
        self._big.setText("")
        self._big.setAccessibleName("")
        for part in (self._strip, self._none, self._fold):
            part.hide()
        self._hold.clear()
        self.list.show()
        self._button.show()
        self._button.setEnabled(False)

    def focus(self) -> bool:
        """Put the focus on the numbers; tells whether there are any to stand on."""
        if self.list.isVisibleTo(self):
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def hand_over(self, number: str) -> None:
        """Give a number to the dialler: copy it (cleared after a minute), or open a tel: link where that is on."""
        self._unfolded = False
        self._copied = show_phone(number)
        if self._tel_links():
            QDesktopServices.openUrl(QUrl(f"tel:{number}"))
            self._handed.setText("Handed to the telephone.")
            return
        QGuiApplication.clipboard().setText(self._copied)
        self._clear.start(CLEAR_AFTER_MS)
        self._handed.setText("Copied. The clipboard is cleared after one minute.")

    def clear_clipboard(self) -> None:
        """Take the number off the clipboard, unless something else stands there by now."""
        clipboard = QGuiApplication.clipboard()
        if self._copied and clipboard.text() == self._copied:
            clipboard.clear()
        self._copied = ""
        self._handed.setText("")

    def _ring(self) -> None:
        number = self.model.at(self.list.currentIndex())
        if number is not None:
            self.dial_pressed.emit(number.e164)

    def _chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        number = self.model.at(index)
        if number is not None:
            self.number_chosen.emit(number.e164)

    def _unfold(self) -> None:
        self._unfolded = True
        self._fold.hide()
        self.list.show()
        self._button.show()
        self._size()
        self.focus()

    def _size(self) -> None:
        rows = max(1, min(MOST_ROWS, self.model.rowCount()))
        self.list.setFixedHeight(rows * (tokens().row + 4) + 4)
