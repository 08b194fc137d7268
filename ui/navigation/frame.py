"""Everything after sign-in: the bar with its places and the sync light, and the screens behind it.

What a reader would get wrong: screens do not know each other; what leads from one to the next is wired here and only
here. A screen is built when it is first gone to. Every screen takes a `Desk`; those with a method `start()` have it
called once, those with `on_notice(notice)` hear of altered rows, those with `shown()` of being gone to.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from caller_app.base.notices import Notice
from caller_app.domain.staff import may
from caller_app.queries.rows import Standing
from ui.a11y import load_voice
from ui.actions import action, commands
from ui.messages import tell
from ui.navigation.bar import Bar
from ui.navigation.places import PLACES, Place, calling_screen
from ui.tasks import Desk
from ui.widgets.banner import Banner

if TYPE_CHECKING:
    from ui.dialogs.password import PasswordDialog
    from ui.screens.calling.screen import CallingScreen

_AT_ONCE = 25
_LIGHT_EVERY_MS = 20_000
_WITHOUT_CENTRE = (
    "Opened without the centre, with the password kept on this computer. What you record is kept here and sent when "
    "the centre can be reached."
)


class Navigation(QWidget):
    """The signed-in window."""

    signed_out = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.places: dict[str, Place] = {}
        self._screens: dict[str, QWidget] = {}
        self._ahead: CallingScreen | None = None
        self.here = ""
        self._before_concern = ""
        self._password: PasswordDialog | None = None
        self._said: tuple[str, str] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._bar = Bar(self)
        self._tabs, self.light = self._bar.tabs, self._bar.light
        column.addWidget(self._bar)
        self._banner_space = QWidget(self)
        self.banner = Banner(self._banner_space, closable=True)
        holder = QHBoxLayout(self._banner_space)
        holder.setContentsMargins(8, 8, 8, 0)
        holder.addWidget(self.banner)
        self._banner_space.hide()
        self.banner.closed.connect(self._banner_space.hide)
        column.addWidget(self._banner_space)
        self.stack = QStackedWidget(self)
        column.addWidget(self.stack, 1)
        if desk.client is not None:
            self.enter()

    # ---- before and after somebody has signed in -----------------------------------------------------------------

    def prepare(self) -> bool:
        """Lay out one more part of the caller's screen, behind sign-in; False when nothing is left. Nobody is known."""
        if self._ahead is None:
            self._bar.prepare(self.go)
            self._ahead = calling_screen(self.desk, self.stack)
            self._ahead.hide()  # else it is shown with its parent, and Qt shows no part that comes later
            return True
        return self._ahead.prepare()

    def rehearse(self, size: QSize) -> Iterator[QWidget]:
        """Dress and paint once, unseen, what was laid out; showing it for the first time is then as quick as later."""
        load_voice()
        self.resize(size)
        for at, one in enumerate(self.findChildren(QWidget)):
            one.ensurePolished()
            if at % _AT_ONCE == 0:
                yield one
        if self._ahead is not None:
            self._ahead.resize(size)
            self._ahead.grab()
            yield self._ahead

    def enter(self) -> None:
        """Somebody has signed in: show what they may go to and hear of what alters."""
        client = self.desk.client
        self.places = {one.key: one for one in PLACES if one.needs is None or may(client.me.role, one.needs)}
        self._deeds: dict[str, tuple[str, Callable[[], object]]] = {
            "sign_in": ("Sign in", self.ask_password),
            "trouble": ("I have told my supervisor", client.heard_alarm),
        }
        self._bar.fill(client, self.places, self.go)
        self._make_actions()
        self.light.clicked.connect(self._light_pressed)
        self.desk.tasks.unhandled = lambda _owner, fault: self.show_fault(fault)
        self.desk.bridge.noticed.connect(self.on_notice)
        self._unsubscribe = client.notices.subscribe(self.desk.bridge.notice)
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
        self._bar.mark(key)
        _call(screen, "shown")
        # Not left behind on the tab: the next key belongs to the screen.
        self._focus_here()
        return screen

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_here()

    def _focus_here(self) -> None:
        screen, focus = self.stack.currentWidget(), self.focus()
        # What is not shown (a list that is empty) takes no key: Qt would put the focus on the first tab instead.
        if self.isVisible() and screen is not None and not (screen.isAncestorOf(focus) and focus.isVisible()):
            self._cycle(1)

    def built(self, key: str) -> QWidget:
        """Give a screen, built if it was not."""
        made: Any = self._screens.get(key)
        if made is None:
            if key == "calling" and self._ahead is not None:
                made, self._ahead = self._ahead, None
                made.enter()
            else:
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
        elif key == "board":
            screen.review_wanted.connect(self.open_review)
            screen.referrals_wanted.connect(self.open_referrals)
        elif key == "standing":
            screen.looked.connect(self.refresh_light)
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

    def open_review(self, review_id: str) -> None:
        """From the board to a case that waits for a decision."""
        desk: Any = self.go("reviews")
        desk.open_case(review_id)

    def open_referrals(self) -> None:
        """From the board to the referrals that have to be cancelled with a service."""
        desk: Any = self.go("referrals")
        desk.show_state("cancel_due")

    def open_concern(self) -> None:
        """F12, from anywhere: about the person of the open call where there is one."""
        calling: Any = self._screens.get("calling")
        concern: Any = self.go("concern")
        concern.open_for(
            calling.case_id if calling is not None else None, raised=calling.raised if calling is not None else ""
        )

    # ---- what is always there -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bar.fit(self.width())

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
        self._bar.fill_menu([send, palette, keys, settings], self.signed_out.emit)

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
        from ui.dialogs.palette import PaletteDialog

        PaletteDialog(self, commands(self)).open()

    def show_keys(self) -> None:
        """Shift+F1."""
        from ui.dialogs.keys import KeysDialog

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
        self._bar.note("standing", self._news(standing))
        self._bar.fit(self.width())
        wanted = self._wanted(standing)
        # Said once per change: closed by hand, it stays closed until something else is the matter.
        if wanted != self._said:
            self._said = wanted
            if wanted is None:
                self._hush()
            else:
                deed = () if standing.needs_newer else self._deeds.get(standing.state, ())
                self._say(*wanted, *deed)

    def _news(self, standing: Standing) -> str:
        """Say how many notices of the centre are new since the person last looked."""
        if not standing.told_at:
            return ""
        from ui.screens.standing.seen import unseen_words

        return unseen_words(standing.told_at, self.desk.settings, self.desk.client.me.user_id)

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
        from ui.dialogs.password import PasswordDialog

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


def _call(screen: object, method: str, *facts: object) -> None:
    found = getattr(screen, method, None)
    if found is not None:
        found(*facts)
