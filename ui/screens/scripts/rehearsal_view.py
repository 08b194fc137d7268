"""A rehearsal: the head with what can be done, and below it the findings, the example patients, or the walk."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from caller_app.supervise.rehearsal import Rehearsal, Walked
from ui.messages import tell
from ui.screens.scripts.found_views import EndingsView, FindingsView
from ui.screens.scripts.walk_view import WalkView
from ui.screens.scripts.walking import WalkPresenter
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.elided import ElidedLabel
from ui.widgets.filter_row import FilterRow
from ui.widgets.texts import Text

_LOOKS = (("findings", "What was found"), ("examples", "Example patients"), ("walk", "Walk it"))


class RehearsalView(QWidget):
    """Shows one workbook; `left` goes back to the versions."""

    left = Signal()
    add_wanted = Signal()
    read_again_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, *, today: Callable[[], date]) -> None:
        super().__init__()
        self.presenter: WalkPresenter  # set by the screen
        self.title = ElidedLabel()
        self.title.setProperty("text_role", "title")
        self.says = Text("", "quiet", wrap=True)
        self.back = button("Back to the versions", self.left.emit, icon="chevron-left", keys="Esc")
        self.again = button("Read it again", self.read_again_wanted.emit, icon="refresh", keys="F5")
        self.add = button("Add it as a draft", self.add_wanted.emit, kind="primary", icon="plus")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        head.addWidget(self.again)
        head.addWidget(self.add)
        self.banner = Banner(closable=True)
        self.looks = FilterRow("What to look at", _LOOKS)
        self.looks.chosen.connect(self.look_at)
        self.findings = FindingsView()
        self.findings.save_wanted.connect(self.save_wanted)
        self.findings.copied.connect(self._copied)
        self.endings = EndingsView()
        self.endings.walk_wanted.connect(self.walk_example)
        self.walking = WalkView(today=today)
        self.stack = QStackedWidget()
        self._by_key: dict[str, QWidget] = {
            "findings": self.findings, "examples": self.endings, "walk": self.walking,
        }  # fmt: skip
        for one in self._by_key.values():
            self.stack.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        for part in (self.says, self.banner, self.looks):
            column.addWidget(part)
        column.addWidget(self.stack, 1)

    def use(self, presenter: WalkPresenter) -> None:
        """Take the one who decides the walk."""
        self.presenter = presenter
        self.walking.patient_chosen.connect(presenter.on_patient)
        self.walking.begun_anew.connect(presenter.on_begin_anew)
        self.walking.given_typed.connect(presenter.on_given)
        self.walking.language_chosen.connect(presenter.on_language)
        page = self.walking.page
        page.answered.connect(presenter.on_answered)
        page.typed.connect(presenter.on_typed)
        page.moved.connect(presenter.on_moved)

    def show_rehearsal(self, rehearsal: Rehearsal, *, from_disk: bool) -> None:
        """Show a workbook that was read."""
        checked = rehearsal.checked
        named = f"{checked.title or rehearsal.file_name}, version {checked.version or 'not given'}"
        self.title.setText(named)
        self.title.setAccessibleName(named)
        self.says.setText(_summary(rehearsal, from_disk=from_disk))
        self.add.setVisible(from_disk)
        self.again.setVisible(from_disk)
        self.add.setEnabled(rehearsal.may_be_added)
        why_not = "" if rehearsal.may_be_added else "Put the errors right first"
        self.add.setToolTip(why_not)
        self.add.setAccessibleDescription(why_not)
        self.banner.clear()
        self.findings.show_rehearsal(rehearsal)
        self.endings.show_rehearsal(rehearsal)
        self.walking.show_rehearsal(rehearsal)
        self.looks.show_count("findings", len(rehearsal.findings) + checked.left_out)
        self.looks.show_count("examples", len(rehearsal.endings))
        self.looks.buttons["walk"].setEnabled(rehearsal.runner is not None)
        self.presenter.begin(rehearsal)
        wrong = bool(checked.errors) or any(not one.as_expected for one in rehearsal.endings)
        only_examples = rehearsal.runner is not None and bool(rehearsal.endings) and not _other_errors(rehearsal)
        self.look_at("examples" if wrong and only_examples else "findings" if rehearsal.findings else "walk")

    def look_at(self, key: str) -> None:
        """Show the findings, the examples or the walk, and stand on it."""
        self.looks.press(key)
        self.stack.setCurrentWidget(self._by_key[key])
        self.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def first(self) -> QWidget:
        """Give what takes the keys of what is looked at."""
        shown = self.stack.currentWidget()
        if shown is self.walking:
            return self.walking.page
        if shown is self.endings:
            return self.endings.table if self.endings.model.rowCount() else self.looks.buttons["examples"]
        return self.findings.table if self.findings.model.rowCount() else self.looks.buttons["findings"]

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        inside = [self.walking.patient] if self.stack.currentWidget() is self.walking else []
        return [self.first(), *inside, self.looks.buttons[self.looks.key()], self.back]

    def walk_example(self, at: int) -> None:
        """Walk as an example patient."""
        self.walking.choose_patient(at)
        self.look_at("walk")

    def show_adding(self, adding: bool) -> None:
        """Show that the centre is being asked."""
        rehearsal = self.presenter.rehearsal
        self.add.setEnabled(not adding and rehearsal is not None and rehearsal.may_be_added)

    # ---- as the presenter of the walk asks --------------------------------------------------------------------------

    def show_walk(self, walked: Walked, at: int) -> None:
        """Show where the walk stands."""
        self.walking.show_walk(walked, at)

    def show_given(self, values: dict[str, str]) -> None:
        """Show what the sample patient brings."""
        self.walking.show_given(values)

    def say_missing(self, sentence: str, line: str) -> None:
        """Say why a page cannot be left yet."""
        self.walking.page.say_missing(sentence, line)

    def show_saved(self, path: Path) -> None:
        """Say where the list was written."""
        self.banner.say(f"Saved as {path.name}.", "good")

    def show_refused(self, fault: Exception) -> None:
        """Say what went wrong."""
        tell(fault, banner=self.banner)

    def _copied(self, count: int) -> None:
        self.banner.say(f"{count} findings copied." if count != 1 else "1 finding copied.", "good")


def _other_errors(rehearsal: Rehearsal) -> bool:
    return any(not one.code.startswith("example_") for one in rehearsal.checked.errors)


def _summary(rehearsal: Rehearsal, *, from_disk: bool) -> str:
    checked = rehearsal.checked
    errors, warnings = len(checked.errors) + checked.left_out, len(checked.findings) - len(checked.errors)
    said = [f"{rehearsal.file_name}: {_count(errors, 'error')}, {_count(warnings, 'warning')}."]
    if rehearsal.endings:
        right = sum(one.as_expected for one in rehearsal.endings)
        said.append(f"{right} of {len(rehearsal.endings)} example patients end as expected.")
    if from_disk and rehearsal.may_be_added:
        said.append("It can be added to the versions; the centre checks it again.")
    elif from_disk:
        said.append("It cannot be added yet. Put it right in Excel, save it there, and read it again.")
    return " ".join(said)


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"
