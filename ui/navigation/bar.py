"""The bar on top of the signed-in window: places, what must not be overlooked, how sending stands, who works.

What a reader would get wrong: the bar gives way itself (`fit`), it may never make the window wider than the screen.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from ui.a11y import name
from ui.navigation.places import PLACES_IN_BAR, Place
from ui.theme.live import tokens
from ui.widgets.buttons import button
from ui.widgets.chips import Chip
from ui.widgets.sync_light import SyncLight


class Bar(QFrame):
    """Empty until somebody has signed in: `fill` puts in what this person may go to."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("pane", "bar")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(8, 0, 8, 0)
        self._line.setSpacing(4)
        self._group = QButtonGroup(self)
        self._titles: dict[str, str] = {}
        self._short: dict[str, str] = {}
        self._news: dict[str, str] = {}
        self._marks: list[tuple[Chip, str, str]] = []
        self._shown_name = ""
        self.tabs: dict[str, QPushButton] = {}
        self.light = SyncLight()
        self.who = button("", kind="quiet", icon="user")
        self._menu = QMenu(self.who)
        self.who.setMenu(self._menu)
        name(self, "Places and state")

    def prepare(self, go: Callable[[str], object]) -> None:
        """Make every tab, unseen; `fill` shows those of whoever has signed in."""
        for key, place in PLACES_IN_BAR.items():
            made = button(place.title, partial(go, key), kind="tab", icon=place.icon, checkable=True)
            made.hide()
            self._titles[key], self.tabs[key] = place.title, made
            self._short[key] = place.short or place.title
            self._group.addButton(made)
            self._line.addWidget(made)
        self._line.addStretch(1)
        self._line.addWidget(self.light)
        self._line.addSpacing(4)
        self._line.addWidget(self.who)

    def fill(self, client: Any, places: Mapping[str, Place], go: Callable[[str], object]) -> None:
        """Show the places of a person, the marks of their profile, and their name."""
        if not self.tabs:
            self.prepare(go)
        for key in PLACES_IN_BAR:
            if key in places:
                self.tabs[key].show()
            else:
                gone = self.tabs.pop(key)
                self._group.removeButton(gone)
                self._line.removeWidget(gone)
                gone.deleteLater()
        before = self._line.indexOf(self.light)
        for words, short in reversed(marks_of(client)):
            chip = Chip(words, "caution")
            chip.setToolTip(words)
            self._marks.insert(0, (chip, words, short))
            self._line.insertWidget(before, chip)
            self._line.insertSpacing(before + 1, 8)
        self._shown_name = client.me.shown_name
        self.who.setToolTip(name(self.who, f"Signed in: {self._shown_name}").accessibleName())

    def fill_menu(self, actions: list[QAction], leave: Callable[[], object]) -> None:
        """Put what can always be done under the name."""
        self._menu.addActions(actions)
        self._menu.addSeparator()
        self._menu.addAction("Sign out", leave)

    def mark(self, key: str) -> None:
        """Show where one is; a place without a tab marks none."""
        tab = self.tabs.get(key)
        if tab is not None:
            tab.setChecked(True)
            return
        self._group.setExclusive(False)
        for one in self.tabs.values():
            one.setChecked(False)
        self._group.setExclusive(True)

    def note(self, key: str, more: str) -> None:
        """Say beside a place's title what is new there; nothing where `more` is empty."""
        tab = self.tabs.get(key)
        if tab is not None and self._news.get(key, "") != more:
            self._news[key] = more
            name(tab, self._words_of(key))

    def _words_of(self, key: str) -> str:
        more = self._news.get(key)
        return f"{self._titles[key]} ({more})" if more else self._titles[key]

    def fit(self, width: int) -> None:
        """Shorten what the bar says until it fits: the marks, the icons, the words, then icons alone, last the name."""
        metrics, icon = self.who.fontMetrics(), QSize(tokens().icon + tokens().half, tokens().icon)
        wide = 20 * metrics.averageCharWidth()
        self.who.setText(metrics.elidedText(self._shown_name, Qt.TextElideMode.ElideRight, wide))
        for key, tab in self.tabs.items():
            tab.setText(self._words_of(key))
            tab.setIconSize(icon)
        for chip, words, _short in self._marks:
            chip.show_state(words, "caution")
        if self.minimumSizeHint().width() > width:
            for chip, _words, short in self._marks:
                chip.show_state(short, "caution")
        if self.minimumSizeHint().width() > width:
            for tab in self.tabs.values():
                tab.setIconSize(QSize(0, 0))  # words are read, icons are guessed
        for key in sorted(self.tabs, key=lambda one: len(self._short[one]) - len(self._titles[one])):
            if self.minimumSizeHint().width() <= width or self._short[key] == self._titles[key]:
                break
            more = self._news.get(key)
            self.tabs[key].setText(f"{self._short[key]} ({more})" if more else self._short[key])
        if self.minimumSizeHint().width() > width:
            for tab in self.tabs.values():
                tab.setText("")
                tab.setIconSize(icon)
        if self.minimumSizeHint().width() > width:
            self.who.setText("")


def marks_of(client: Any) -> list[tuple[str, str]]:
    """Give what must not be overlooked about this profile, in full and short."""
    marks = []
    if client.test_mode:
        marks.append(("Test mode: invented people", "Test mode"))
    if client.demo_key_in_file:
        marks.append(("Demo: key kept in a file", "Demo"))
    return marks
