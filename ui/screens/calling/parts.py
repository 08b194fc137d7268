"""The caller's window laid out: list, card, offers, bar, each in its place. No presenter, no person.

What a reader would get wrong: it is built in parts, from the outside in, each child inside its parent from the start.
Built the other way round Qt would ask the style sheet anew for everything inside each time a part is put into another.
"""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from caller_app.base.clock import london_day
from ui.screens.calling.after_view import AfterView, RestView
from ui.screens.calling.card_pane import CardPane
from ui.screens.calling.correction_editor import CorrectionEditor
from ui.screens.calling.header import Header
from ui.screens.calling.list_pane import ListPane
from ui.screens.calling.outcome_bar import OutcomeBar
from ui.screens.calling.outcome_form import OutcomeFormView
from ui.screens.calling.outcome_pad import OutcomePad
from ui.screens.calling.side_pane import SidePane
from ui.screens.calling.view import Pane
from ui.screens.calling.what_if_pane import WhatIfPane
from ui.tasks import Desk
from ui.widgets.banner import Banner
from ui.widgets.yielding_area import RestStack


class CallingParts(QWidget):
    """Holds the parts; `lay_out` makes one after the other."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.what_if: WhatIfPane | None = None  # made when it is first asked for
        self._labels: dict[str, str] = {"C06": "Maximum attempts reached"}
        self._clock, self._settings = desk.clock, desk.settings

    def lay_out(self) -> Iterator[QWidget]:
        """Make the parts, each a few milliseconds' work, and put them in their places."""
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.setSpacing(8)
        self.header = Header(self)
        self.toast = self.header.receipt
        box.addWidget(self.header)
        self.banner = Banner(self, closable=True)
        box.addWidget(self.banner)
        yield self.header
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        box.addWidget(self.splitter, 1)
        self.list_pane = ListPane(self.splitter)
        yield self.list_pane
        self.middle = QStackedWidget(self.splitter)
        self.rest = RestView(self.middle)
        self.middle.addWidget(self.rest)
        yield self.rest
        self.card_pane = CardPane(tel_links=self._tel_links, today=self._today, parent=self.middle)
        self.middle.addWidget(self.card_pane)
        yield self.card_pane
        self.stack = RestStack(self.card_pane)
        # Not as tall as the tallest form: each of them scrolls.
        self.stack.setMinimumHeight(190)
        self.stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.card_pane.column.addWidget(self.stack, 1)
        for part in self.card_pane.make_pages(self.stack):
            self.stack.addWidget(part)
            yield part
        self.pad = OutcomePad(self.stack)
        self.form = OutcomeFormView(today=self._today, parent=self.stack)
        self.stack.addWidget(self.pad)
        self.stack.addWidget(self.form)
        yield self.form
        self.editor = CorrectionEditor(today=self._today, parent=self.stack)
        self.after = AfterView(self.stack)
        self.stack.addWidget(self.editor)
        self.stack.addWidget(self.after)
        yield self.editor
        self.side = SidePane(self._labels, self.splitter)
        self.list_pane.setMinimumWidth(220)
        self.side.setMinimumWidth(240)
        self.middle.setMinimumWidth(480)
        for at, share in enumerate((1, 4, 1)):  # names and offers gain a little on a wide screen
            self.splitter.setStretchFactor(at, share)
        self.splitter.setSizes([292, 776, 290])
        yield self.side
        self.bar = OutcomeBar(self)
        box.addWidget(self.bar)
        yield self.bar

    def what_if_pane(self) -> WhatIfPane:
        """Give the answers to objections, made the first time."""
        if self.what_if is None:
            self.what_if = WhatIfPane(self.stack)
            self.what_if.given_up.connect(lambda: self.turn_to("script"))
            self.stack.addWidget(self.what_if)
        return self.what_if

    def turn_to(self, pane: Pane) -> None:
        """Show another part in the middle; what that means is for whoever puts the parts to use."""
        raise NotImplementedError

    def _today(self) -> Any:
        return london_day(self._clock.now())

    def _tel_links(self) -> bool:
        return bool(self._settings.get("tel_links"))
