"""Every picture of the gallery, held to what nobody should have to look for: names, tab order, focus, nothing clipped.

The gallery draws each screen in each of its states, so a new screen is held to this by being drawn.
"""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from tests.support import gallery
from tests.support.gallery import PICTURES, Stage
from tests.support.qt import dressed
from ui.widgets.elided import ElidedLabel

gallery.load()
SMALL = 1366, 768


def top_of(window: QWidget) -> QWidget:
    """Give what takes the keys: the window, or the dialog open over it."""
    dialogs = [one for one in window.findChildren(QDialog) if one.isVisible()]
    return dialogs[-1] if dialogs else window


def visible(window: QWidget) -> list[QWidget]:
    """Give what can be seen of what takes the keys."""
    return [
        one for one in top_of(window).findChildren(QWidget) if one.isVisible() and not one.visibleRegion().isEmpty()
    ]


def path_of(widget: QWidget) -> str:
    words = []
    one: QWidget | None = widget
    while one is not None:
        words.append(type(one).__name__ + (f"({one.objectName()})" if one.objectName() else ""))
        one = one.parentWidget()
    return " < ".join(words[:5])


def check_names(window: QWidget) -> list[str]:
    """Every control says what it is."""
    nameless = []
    for one in visible(window):
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled():
            spoken = QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name).strip()
            if not spoken or (isinstance(one, QComboBox | QAbstractItemView) and not one.accessibleName()):
                nameless.append(f"nameless: {path_of(one)}")
            if isinstance(one, QComboBox) and not is_labelled(one):
                nameless.append(f"no label: {path_of(one)}")
    return nameless


def is_labelled(control: QWidget) -> bool:
    """On Linux a combo box answers with its value as its name, and its label only as what it is labelled by."""
    relations = QAccessible.queryAccessibleInterface(control).relations()
    return any(kind & QAccessible.RelationFlag.Label for _other, kind in relations)


def check_tab_order(window: QWidget) -> list[str]:
    """Every control is reached by Tab."""
    wanted = {
        one
        for one in visible(window)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled() and one.focusProxy() is None
    }
    top = top_of(window)
    reached, one = set(), top.nextInFocusChain()
    while one is not top and one not in reached:
        reached.add(one)
        one = one.nextInFocusChain()
    return [f"not reached by Tab: {path_of(one)}" for one in wanted - reached]


def check_same_names(window: QWidget) -> list[str]:
    """No two buttons side by side have the same name."""
    seen: set[tuple[QWidget | None, str]] = set()
    twice = []
    for one in visible(window):
        if isinstance(one, QPushButton) and one.isEnabled():
            key = (one.parentWidget(), one.accessibleName() or one.text())
            if key in seen:
                twice.append(f"the same name twice, {key[1]!r}: {path_of(one)}")
            seen.add(key)
    return twice


def check_words(window: QWidget) -> list[str]:
    """No words are cut off; what scrolls may be partly out of sight, what is too small for its words has lost them."""
    cut = []
    for one in visible(window):
        if isinstance(one, ElidedLabel):
            continue
        if isinstance(one, QLabel) and one.text() and one.textFormat() == Qt.TextFormat.PlainText:
            wide = max(map(one.fontMetrics().horizontalAdvance, one.text().split("\n")))
            if one.wordWrap():
                if one.height() + 2 < one.heightForWidth(one.width()):
                    cut.append(f"too low for {one.text()[:40]!r}: {path_of(one)}")
            elif wide > one.contentsRect().width() + 2:
                cut.append(f"too narrow for {one.text()[:40]!r}: {path_of(one)}")
        elif isinstance(one, QPushButton) and one.text():
            if one.sizeHint().width() > one.width() + 2 or one.sizeHint().height() > one.height() + 2:
                cut.append(f"button too small for {one.text()!r}: {path_of(one)}")
        elif isinstance(one, QLineEdit) and one.height() + 2 < one.sizeHint().height():
            cut.append(f"field too low, {one.accessibleName()!r}: {path_of(one)}")
    return cut


def check_overlap(window: QWidget) -> list[str]:
    """No label lies over another."""
    by_parent: dict[QWidget | None, list[QLabel]] = {}
    for one in visible(window):
        if isinstance(one, QLabel) and one.text():
            by_parent.setdefault(one.parentWidget(), []).append(one)
    return [
        f"{one.text()[:30]!r} lies over {other.text()[:30]!r}: {path_of(one)}"
        for labels in by_parent.values()
        for at, one in enumerate(labels)
        for other in labels[at + 1 :]
        if one.geometry().adjusted(1, 1, -1, -1).intersects(other.geometry().adjusted(1, 1, -1, -1))
    ]


def check_size(window: QWidget) -> list[str]:
    """The window fits the smallest screen we promise."""
    least = window.minimumSizeHint()
    if least.width() > SMALL[0] or least.height() > SMALL[1] or (window.width(), window.height()) != SMALL:
        return [f"needs {least.width()} x {least.height()}, is {window.width()} x {window.height()}"]
    return []


def check_title(window: QWidget) -> list[str]:
    """No title names a patient."""
    return [] if window.windowTitle() in ("", "Caller", "caller-app") else [f"title {window.windowTitle()!r}"]


def check_focus(window: QWidget) -> list[str]:
    """One of each kind of control looks different with the focus than without."""
    top = top_of(window)
    top.activateWindow()
    elsewhere = QWidget(top)
    elsewhere.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    elsewhere.show()
    tried: set[tuple[str, str]] = set()
    unseen = []
    for one in visible(window):
        kind = (type(one).__name__, str(one.property("kind") or one.property("part") or ""))
        fits = one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled() and one.focusProxy() is None
        if not fits or kind in tried or one is elsewhere or one.visibleRegion().boundingRect() != one.rect():
            continue
        tried.add(kind)
        elsewhere.setFocus()
        without = one.grab().toImage()
        one.setFocus(Qt.FocusReason.TabFocusReason)
        if QApplication.focusWidget() is one and one.isVisible() and one.grab().toImage() == without:
            unseen.append(f"focus cannot be seen: {path_of(one)}")
    return unseen


# One picture of each screen, by the first word of its name.
ONE_OF_EACH = sorted({re.split("[-_]", name)[0]: name for name in sorted(PICTURES, reverse=True)}.values())

CHECKS = (
    check_names,
    check_tab_order,
    check_same_names,
    check_words,
    check_overlap,
    check_size,
    check_title,
    check_focus,
)


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_every_screen_in_every_state_is_named_reachable_whole_and_shows_its_focus(
    name: str, tmp_path: Path, qapp: QApplication
) -> None:
    stage = Stage(tmp_path)
    made = PICTURES[name][0](stage)
    window = made.parentWidget().window() if isinstance(made, QDialog) else made.window()
    window.resize(*SMALL)
    window.show()
    stage.settle()
    problems = [problem for check in CHECKS for problem in check(window)]
    window.close()
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("theme", ["dark", "high_contrast"])
@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_every_screen_wears_every_theme(theme: str, name: str, tmp_path: Path, qapp: QApplication) -> None:
    dressed(theme)
    stage = Stage(tmp_path)
    window = PICTURES[name][0](stage).window()
    window.resize(*SMALL)
    window.show()
    stage.settle()
    ground = window.grab().toImage().pixelColor(2, SMALL[1] - 3)
    assert ground.lightness() < 80
    window.close()


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_at_twice_the_text_size_every_word_is_whole_or_scrolls_into_view(
    name: str, tmp_path: Path, qapp: QApplication
) -> None:
    dressed("light", 200)
    stage = Stage(tmp_path)
    made = PICTURES[name][0](stage)
    window = made.parentWidget().window() if isinstance(made, QDialog) else made.window()
    window.resize(*SMALL)
    window.show()
    stage.settle()
    problems = [problem for check in (check_words, check_overlap, check_size) for problem in check(window)]
    window.close()
    assert not problems, "\n".join(problems)
