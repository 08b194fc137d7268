"""Settings: look, text size, dialling. Each acts at once; the screen reads the one table of settings."""

from typing import Any

from PySide6.QtWidgets import QApplication, QComboBox, QVBoxLayout, QWidget

from ui.a11y import name
from ui.remember import SETTINGS
from ui.tasks import Desk
from ui.theme.live import look
from ui.widgets.forms import Form
from ui.widgets.panes import Pane, scrolling
from ui.widgets.texts import Text

_GROUPS = (("Look", ("theme", "text_percent")), ("Calling", ("tel_links",)))


class SettingsScreen(QWidget):
    """What this computer remembers; nothing here is about patients."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._remembered = desk.settings
        self.combos: dict[str, QComboBox] = {}
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(16)
        column.addWidget(Text("Settings", "title"))
        column.addWidget(Text("For this computer; each takes effect at once.", "quiet"))
        for title, keys in _GROUPS:
            pane = Pane(gap=16)
            pane.setMaximumWidth(720)
            pane.column.addWidget(Text(title, "section"))
            form = Form()
            for key in keys:
                form.add(key, SETTINGS[key].title, self._combo(key), hint=SETTINGS[key].help)
            pane.column.addWidget(form)
            column.addWidget(pane)
        client = desk.client
        pane = Pane(gap=4)
        pane.setMaximumWidth(720)
        pane.column.addWidget(Text("Signed in", "section"))
        pane.column.addWidget(Text(f"{client.me.shown_name} ({client.me.role}) at {client.server_name}", wrap=True))
        if client.demo_key_in_file:
            pane.column.addWidget(
                Text(
                    "This is a demo profile: the key of its files lies in a file, not in the key store.",
                    "quiet",
                    wrap=True,
                )
            )
        column.addWidget(pane)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(page, accessible="Settings"))

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        return list(self.combos.values())

    def _combo(self, key: str) -> QComboBox:
        setting = SETTINGS[key]
        made = QComboBox()
        name(made, setting.title)
        for value, words in setting.choices:
            made.addItem(words, value)
        made.setCurrentIndex(max(0, made.findData(self._remembered.get(key))))
        made.activated.connect(lambda _at: self.on_chosen(key, made.currentData()))
        self.combos[key] = made
        return made

    def on_chosen(self, key: str, value: Any) -> None:
        """Keep the value and wear it."""
        self._remembered.set(key, value)
        app = QApplication.instance()
        if key in ("theme", "text_percent") and isinstance(app, QApplication):
            look.wear(app, self._remembered.get("theme"), self._remembered.get("text_percent"))
