"""Everything after sign-in: the bar with its places and the sync light, and the screens behind it.

What a reader would get wrong: screens do not know each other; what leads from one to the next is wired here and only
here. A screen is built when it is first gone to. Every screen takes a `Desk`; those with a method `start()` have it
called once, those with `on_notice(notice)` hear of altered rows, those with `shown()` of being gone to.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from caller_app.base.notices import Notice
from caller_app.domain.staff import may
from caller_app.queries.rows import Standing
from ui.a11y import name
from ui.actions import action, commands
from ui.dialogs.keys import KeysDialog
from ui.dialogs.palette import PaletteDialog
from ui.dialogs.password import PasswordDialog
from ui.messages import tell
from ui.navigation.places import PLACES
from ui.tasks import Desk
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.chips import Chip
from ui.widgets.sync_light import SyncLight

_LIGHT_EVERY_MS = 20_000
_WITHOUT_CENTRE = (
    "Opened without the centre, with the password kept on this computer. What you record is kept here and sent when "
    "the centre can be reached."
)


class Navigation(QWidget):
    """The signed-in window."""

    signed_out = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        client = desk.client
        self.places = {one.key: one for one in PLACES if one.needs is None or may(client.me.role, one.needs)}
        self._screens: dict[str, QWidget] = {}
        self.here = ""
        self._before_concern = ""
        self._password: PasswordDialog | None = None
        self._said: tuple[str, str] | None = None
        self._deeds: dict[str, tuple[str, Callable[[], object]]] = {
            "sign_in": ("Sign in", self.ask_password),
            "trouble": ("I have told my supervisor", client.heard_alarm),
        }

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_bar())
        self.banner = Banner(closable=True)
        holder = QHBoxLayout()
        holder.setContentsMargins(8, 8, 8, 0)
        holder.addWidget(self.banner)
        self._banner_space = QWidget()
        self._banner_space.setLayout(holder)
        self._banner_space.hide()
        self.banner.closed.connect(self._banner_space.hide)
        column.addWidget(self._banner_space)
        self.stack = QStackedWidget()
        column.addWidget(self.stack, 1)
        self._make_actions()

        desk.tasks.unhandled = lambda _owner, fault: self.show_fault(fault)
        desk.bridge.noticed.connect(self.on_notice)
        self._unsubscribe = client.notices.subscribe(desk.bridge.notice)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh_light)
        self._timer.start(_LIGHT_EVERY_MS)
        self.refresh_light()

    # ---- going --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Go to the first place of this role."""
        self.go(next(key for key, one in self.places.items() if one.tab))

    def go(self, key: str) -> QWidget:
        """Show a place, building its screen the first time."""
        if key == "concern" and self.here != "concern":
            self._before_concern = self.here
        self.here = key
        screen = self.built(key)
        self.stack.setCurrentWidget(screen)
        tab = self._tabs.get(key)
        if tab is not None:
            tab.setChecked(True)
        else:
            self._group.setExclusive(False)
            for one in self._tabs.values():
                one.setChecked(False)
            self._group.setExclusive(True)
        _call(screen, "shown")
        # Not left behind on the tab: the next key belongs to the screen.
        self._focus_here()
        return screen

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_here()

    def _focus_here(self) -> None:
        screen = self.stack.currentWidget()
        if self.isVisible() and screen is not None and not screen.isAncestorOf(self.focus()):
            self._cycle(1)

    def built(self, key: str) -> QWidget:
        """Give a screen, built if it was not."""
        made = self._screens.get(key)
        if made is None:
            made = self.places[key].build(self.desk)
            self._screens[key] = made
            self.stack.addWidget(made)
            self._wire(key, made)
            _call(made, "start")
        return made

    def _wire(self, key: str, screen: Any) -> None:
        """Lead from one screen to another: the only place that knows two of them."""
        if key == "lookup":
            screen.call_taken.connect(self.take_incoming)
        elif key == "calling":
            screen.worried.connect(self.open_concern)
            screen.lookup_wanted.connect(lambda: self.go("lookup"))
        elif key == "my_day":
            screen.person_wanted.connect(self.open_person)
        elif key == "concern":
            screen.closed.connect(lambda: self.go(self._before_concern or "calling"))

    def take_incoming(self, case_id: str) -> None:
        """Somebody rang us: take the call on their record."""
        calling: Any = self.go("calling")
        calling.take_incoming(case_id)

    def open_person(self, case_id: str) -> None:
        """From My day to the card of the person."""
        calling: Any = self.go("calling")
        calling.open_person(case_id)

    def open_concern(self) -> None:
        """F12, from anywhere: about the person of the open call where there is one."""
        calling: Any = self._screens.get("calling")
        concern: Any = self.go("concern")
        concern.open_for(calling.case_id if calling is not None else None)

    # ---- what is always there -----------------------------------------------------------------------------------

    def _make_bar(self) -> QFrame:
        client = self.desk.client
        bar = self._bar = QFrame()
        bar.setProperty("pane", "bar")
        # The bar gives way itself (`_fit_bar`): it may never make the window wider than the screen.
        bar.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(bar)
        line.setContentsMargins(8, 0, 8, 0)
        line.setSpacing(4)
        self._group = QButtonGroup(self)
        self._tabs = {}
        for key, place in self.places.items():
            if place.tab:
                tab = button(place.title, partial(self.go, key), kind="tab", icon=place.icon, checkable=True)
                self._tabs[key] = tab
                self._group.addButton(tab)
                line.addWidget(tab)
        line.addStretch(1)
        self._marks = []
        for words, short in marks_of(client):
            chip = Chip(words, "caution")
            chip.setToolTip(words)
            self._marks.append((chip, words, short))
            line.addWidget(chip)
            line.addSpacing(8)
        self.light = SyncLight()
        self.light.clicked.connect(self._light_pressed)
        line.addWidget(self.light)
        shown_name = client.me.shown_name
        self.who = button(shown_name, kind="quiet", icon="user", accessible=f"Signed in: {shown_name}")
        self.who.setToolTip(f"Signed in: {shown_name}")
        menu = QMenu(self.who)
        self.who.setMenu(menu)
        self._menu = menu
        line.addSpacing(4)
        line.addWidget(self.who)
        name(bar, "Places and state")
        return bar

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bar()

    def _fit_bar(self) -> None:
        """Shorten what the bar says until it fits: the marks, then the tabs to their icons, then the name."""
        shown_name = self.desk.client.me.shown_name
        metrics = self.who.fontMetrics()
        self.who.setText(metrics.elidedText(shown_name, Qt.TextElideMode.ElideRight, 20 * metrics.averageCharWidth()))
        for key, tab in self._tabs.items():
            tab.setText(self.places[key].title)
        for chip, words, _short in self._marks:
            chip.show_state(words, "caution")
        if self._bar.minimumSizeHint().width() > self.width():
            for chip, _words, short in self._marks:
                chip.show_state(short, "caution")
        if self._bar.minimumSizeHint().width() > self.width():
            for tab in self._tabs.values():
                tab.setText("")
        if self._bar.minimumSizeHint().width() > self.width():
            self.who.setText("")

    def _make_actions(self) -> None:
        for key, place in self.places.items():
            act = self.open_concern if key == "concern" else (lambda at=key: self.go(at))
            made = action(self, place.shortcut, act)
            tab = self._tabs.get(key)
            if tab is not None:
                tab.setToolTip(made.toolTip())
        palette = action(self, "commands", self.show_commands)
        keys = action(self, "keys", self.show_keys)
        send = action(self, "send_now", self.desk.client.nudge)
        action(self, "next_pane", lambda: self._cycle(1))
        action(self, "previous_pane", lambda: self._cycle(-1))
        settings = next(one for one in self.actions() if one.objectName() == "go_settings")
        for one in (send, palette, keys, settings):
            self._menu.addAction(one)
        self._menu.addSeparator()
        self._menu.addAction("Sign out", self.signed_out.emit)

    def _cycle(self, by: int) -> None:
        screen: Any = self.stack.currentWidget()
        panes: list[QWidget] = [one for one in getattr(screen, "panes", list)() if one.isVisible() and one.isEnabled()]
        if not panes:
            return
        inside = next((at for at, one in enumerate(panes) if one.hasFocus() or one.isAncestorOf(self.focus())), None)
        at = (inside + by) % len(panes) if inside is not None else 0
        panes[at].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus(self) -> QWidget:
        """Give the widget with the focus, or this one."""
        return self.window().focusWidget() or self

    def show_commands(self) -> None:
        """Ctrl+K."""
        PaletteDialog(self, commands(self)).open()

    def show_keys(self) -> None:
        """Shift+F1."""
        KeysDialog(self, supervisor=may(self.desk.client.me.role, "see_board")).open()

    # ---- state --------------------------------------------------------------------------------------------------

    def on_notice(self, notice: Notice) -> None:
        """Rows altered: the light and every built screen look again."""
        self.refresh_light()
        for screen in self._screens.values():
            _call(screen, "on_notice", notice)

    def refresh_light(self) -> None:
        """Show how sending stands; ages grow although nothing happens."""
        standing = self.desk.client.standing()
        self.light.show_standing(standing, self.desk.clock.now())
        self._fit_bar()
        wanted = self._wanted(standing)
        # Said once per change: closed by hand, it stays closed until something else is the matter.
        if wanted != self._said:
            self._said = wanted
            if wanted is None:
                self._hush()
            else:
                self._say(*wanted, *self._deeds.get(standing.state, ()))

    def _wanted(self, standing: Standing) -> tuple[str, str] | None:
        """Give the sentence that goes across the window, with its tone."""
        if standing.state == "sign_in":
            return "Your sign-in has run out. Go on calling; sign in again to send.", "caution"
        if standing.state == "portal":
            return standing.sentence, "caution"
        if standing.state == "trouble":
            return standing.sentence, "danger"
        if self.desk.client.offline_since is not None:
            return (
                _WITHOUT_CENTRE,
                "info",
            )
        return None

    def _say(self, sentence: str, tone: str, deed: str = "", act: Callable[[], object] | None = None) -> None:
        self.banner.say(sentence, tone, deed=deed, act=act)
        self._banner_space.show()

    def _hush(self) -> None:
        self.banner.clear()
        self._banner_space.hide()

    def show_fault(self, fault: Exception) -> None:
        """Show what nobody else showed."""
        tell(fault, banner=self.banner)
        self._banner_space.show()

    def _light_pressed(self) -> None:
        if self.desk.client.standing().state == "sign_in":
            self.ask_password()
        else:
            self.go("standing")

    # ---- signing in again ---------------------------------------------------------------------------------------

    def ask_password(self) -> None:
        """Ask for the password again; everything stays open behind it."""
        if self._password is not None:
            return
        client = self.desk.client
        dialog = PasswordDialog(self, client.me.shown_name, client.standing().unsent)
        self._password = dialog

        def closed() -> None:
            self._password = None

        def done(_nothing: object) -> None:
            dialog.accept()
            self.refresh_light()

        def failed(fault: Exception) -> None:
            dialog.show_refusal(lambda: tell(fault, banner=dialog.banner, form=dialog.form))

        dialog.given.connect(lambda words: self.desk.tasks.watch(dialog, client.sign_in_again(words), done, failed))
        dialog.finished.connect(closed)
        dialog.open()

    def close_down(self) -> None:
        """Hear nothing more; the window goes."""
        self._timer.stop()
        self._unsubscribe()
        self.desk.bridge.noticed.disconnect(self.on_notice)
        for screen in self._screens.values():
            _call(screen, "close_down")


def marks_of(client: Any) -> list[tuple[str, str]]:
    """Give what must not be overlooked about this profile, in full and short."""
    marks = []
    if client.test_mode:
        marks.append(("Test mode: invented people", "Test mode"))
    if client.demo_key_in_file:
        marks.append(("Demo: key kept in a file", "Demo"))
    return marks


def _call(screen: object, method: str, *facts: object) -> None:
    found = getattr(screen, method, None)
    if found is not None:
        found(*facts)
