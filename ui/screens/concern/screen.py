"""I am worried about this person: three large choices, then the page of the one chosen. No form before help.

What a reader would get wrong: this page works with nobody identified, offline, and with no call open. Esc goes back one
step and in the end to the call, which waits as it was.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from caller_app.queries.rows import DangerDetails, HelpRoute
from ui.screens.concern.presenter import ConcernPresenter, Kept
from ui.screens.concern.route_view import RouteView
from ui.tasks import Desk
from ui.widgets.buttons import button
from ui.widgets.help_choice import HelpChoice
from ui.widgets.panes import row, scrolling
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame


class ConcernScreen(QWidget):
    """The choices and the routes."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # for its keys; Tab goes to what is on it
        self.setAccessibleName("I am worried about this person")
        self._routes: tuple[HelpRoute, ...] = ()
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(12)
        self._title = Text("", "title", wrap=True)
        self._back = button("Back to the call", self._went_back, icon="chevron-left", keys="Esc")
        top = row(gap=12)
        top.addWidget(self._title, 1)
        top.addWidget(self._back)
        box.addLayout(top)
        self._choices = [HelpChoice(str(at + 1)) for at in range(3)]
        page = SnugFrame()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for at, choice in enumerate(self._choices):
            choice.clicked.connect(lambda _checked=False, at=at: self._choose(at))
            column.addWidget(choice, 1)
        column.addWidget(
            Text(
                "Help comes first: nothing has to be filled in, and the call stays open behind this page.",
                "quiet",
                wrap=True,
            )
        )
        self.route = RouteView()
        self.stack = QStackedWidget()
        self.stack.addWidget(scrolling(page, accessible="What is happening?"))
        self.stack.addWidget(self.route)
        box.addWidget(self.stack, 1)
        client = desk.client
        self.presenter = ConcernPresenter(
            self, desk.work(self), is_online=lambda: client.standing().state in ("all_sent", "sending", "unsent")
        )
        self.route.reveal_pressed.connect(self.presenter.on_reveal_pressed)
        self.route.saved.connect(self.presenter.on_saved)

    def open_for(self, case_id: str | None, raised: str = "") -> None:
        """F12; at once to the route that the script of the call asks for, where it asks for one."""
        self.presenter.open_for(case_id)
        if raised:
            self.presenter.on_route_chosen(raised)

    def panes(self) -> list[QWidget]:
        """List the places F6 goes round."""
        return [self._back, self.stack]

    # ---- what the presenter asks ---------------------------------------------------------------------------------

    def show_choices(self, routes: tuple[HelpRoute, ...], shown_name: str) -> None:
        turned = self.stack.currentIndex() != 0 or self._routes == ()
        self._routes = routes
        self._title.setText(f"I am worried about {shown_name}" if shown_name else "I am worried about this person")
        for choice, route in zip(self._choices, routes, strict=False):
            choice.fill(route.title, route.when)
        self.stack.setCurrentIndex(0)
        self._back.setText("Back to the call")
        if turned or not self.isAncestorOf(self.focusWidget() or self):
            self._choices[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_route(self, route: HelpRoute, kept: Kept | None) -> None:
        self.route.show_route(route)
        self.route.set_kept(kept=kept is not None and kept.route == route.route)
        self.stack.setCurrentIndex(1)
        self._back.setText("Back to the choices")
        self.route.focus()

    def show_danger(self, details: DangerDetails | None) -> None:
        self.route.show_danger(details)

    def show_kept(self, _kept: Kept, sentence: str) -> None:
        self.route.show_kept(sentence, offline="nobody has been told" in sentence)

    def show_refusal(self, sentence: str) -> None:
        self.route.show_refusal(sentence)

    def set_saving(self, saving: bool) -> None:
        self.route.set_saving(saving)

    def close_panel(self) -> None:
        self.closed.emit()

    # ---- keys ----------------------------------------------------------------------------------------------------

    def _choose(self, at: int) -> None:
        if at < len(self._routes):
            self.presenter.on_route_chosen(self._routes[at].route)

    def _went_back(self) -> None:
        self.presenter.on_back()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = "123".find(event.text()) if event.text() else -1
        if event.key() == Qt.Key.Key_Escape:
            self.presenter.on_back()
        elif self.stack.currentIndex() == 0 and at >= 0:
            self._choose(at)
        elif self.stack.currentIndex() == 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            here = next((n for n, one in enumerate(self._choices) if one.hasFocus()), None)
            if here is not None:
                self._choose(here)
        elif self.stack.currentIndex() == 0 and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            here = next((n for n, one in enumerate(self._choices) if one.hasFocus()), 0)
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._choices[(here + step) % 3].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)
