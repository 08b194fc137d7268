"""The middle while a card is open: head, numbers, identity check, and the place of script, details and forms."""

from collections.abc import Callable, Iterator
from datetime import date

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from caller_app.queries.rows import Card
from ui.screens.calling.card_view import CardHead
from ui.screens.calling.detail_grid import DetailGrid
from ui.screens.calling.identity_panel import IdentityView
from ui.screens.calling.numbers_pane import NumbersPane
from ui.screens.calling.script_view import ScriptView
from ui.screens.calling.view import Pane
from ui.theme.live import tokens
from ui.widgets.yielding_area import SnugFrame, YieldingArea

FLOOR = 200
LEAST, TALL = 190, 290  # of what lies below the head


class CardPane(QWidget):
    """Holds the parts of the card; `column` takes the stack of script, details and forms at its end."""

    def __init__(
        self, *, tel_links: Callable[[], bool], today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._today = today
        self._card: Card | None = None
        self._pane: Pane = "script"
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        top = SnugFrame()
        self._area = YieldingArea(top, floor=FLOOR, accessible="Card")
        self.column.addWidget(self._area)
        inside = QVBoxLayout(top)
        inside.setContentsMargins(15, 7, 15, 9)
        inside.setSpacing(6)
        self.head = CardHead(top)
        self.numbers = NumbersPane(tel_links=tel_links, parent=top)
        self.identity = IdentityView(top)
        for part in (self.head, self.numbers, self.identity):
            inside.addWidget(part)

    def make_pages(self, stack: QStackedWidget) -> Iterator[QWidget]:
        """Make what of the card takes turns with the forms, inside the stack they share."""
        self.script = ScriptView(today=self._today, parent=stack)
        yield self.script
        self.details = DetailGrid(stack)
        yield self.details

    def show_card(self, card: Card) -> None:
        """Fill every part from the card."""
        self._card = card
        self.head.show_card(card)
        self.numbers.show_card(card)
        self.identity.show_panel(card.identity)
        self.details.show_details(card.details)
        self.make_room(self._pane)

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        self._card = None
        self.head.forget()
        self.numbers.forget()
        self.identity.forget()
        self.details.show_details(())
        self.script.forget()

    def focus_identity(self) -> None:
        """Go to the identity check, in sight also where the card scrolls."""
        self.identity.focus()
        focused = self.window().focusWidget()
        if focused is not None and self.identity.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused)

    def _share_out(self, *, talking: bool) -> None:
        """Where the text is large the script takes the height, once they are talking: the head scrolls."""
        stack = self.column.itemAt(1).widget() if self.column.count() > 1 else None
        if stack is not None:
            stack.setMinimumHeight(min(tokens().type_read * 10, TALL) if talking else LEAST)
            self._area.set_floor(FLOOR - (TALL - LEAST) if talking else FLOOR)

    def make_room(self, pane: Pane) -> None:
        """A form needs the height: the identity check stands back while it is open."""
        self._pane = pane
        card = self._card
        if card is None:
            return
        open_script = pane == "script"
        self.head.set_compact(not open_script)
        checking = card.identity.revealed and not card.identity.passed
        self._share_out(talking=open_script and card.identity.passed)
        self.numbers.setVisible(open_script and not checking)
        self.identity.setVisible(open_script and not card.identity.passed)
