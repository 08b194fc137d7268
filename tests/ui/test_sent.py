"""What is sent: filters, search, words only when asked for, notices and their badge, what left, a copy for support."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from caller_app.base.clock import to_text
from caller_app.base.errors import Refused
from caller_app.base.notices import notice
from caller_app.commands.copies import note_copy
from caller_app.queries.outbox import detail, entries
from caller_app.queries.outbox_export import OutboxSheet, outbox_sheet, save_sheet
from caller_app.queries.told import notices
from tests.support.clock import StoppedClock
from tests.support.gallery_window import NOTICES, client_with, fill_outbox, outbox_rows
from tests.support.qt import NOW, FakeClient, desk_of, standing
from ui.navigation import Navigation
from ui.remember import Remembered
from ui.screens.standing.seen import unseen, unseen_words

TOLD = tuple(to_text(one.at) for one in NOTICES)


class Page:
    """The page in its window."""

    def __init__(self, qtbot: QtBot, folder: Path, client: FakeClient) -> None:
        self.qtbot, self.client = qtbot, client
        self.window = Navigation(desk_of(client, StoppedClock(), folder))
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.window.go("standing")
        self.screen: Any = self.window.built("standing")
        qtbot.waitUntil(lambda: self.screen.detail.title.text() != "" or self.screen.model.rowCount() == 0)

    def filter(self, key: str) -> None:
        self.screen.filters.buttons[key].click()
        self.qtbot.wait(0)

    def shown(self) -> list[str]:
        model = self.screen.model
        return [model.index(row, 2).data() for row in range(model.rowCount())]

    def words(self) -> str:
        return str(self.screen.detail._words.accessibleDescription())


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Page:
    return Page(qtbot, tmp_path, client_with(told_at=TOLD))


def test_each_filter_says_how_much_it_shows_and_shows_that(page: Page) -> None:
    buttons = page.screen.filters.buttons
    page.qtbot.waitUntil(lambda: buttons["all"].text() == "Everything 40")
    assert [buttons[key].text() for key in ("waiting", "review", "sent", "told")] == [
        "Waiting 13", "Being looked at 7", "Received 20", "From the centre (3 new)",
    ]  # fmt: skip
    page.filter("review")
    page.qtbot.waitUntil(lambda: page.screen.model.rowCount() == 7)
    assert set(page.shown()) == {"Call: Declined, wants a letter"}
    page.filter("waiting")
    page.qtbot.waitUntil(lambda: page.screen.model.rowCount() == 13)
    assert page.screen.model.index(0, 4).data() == "none yet"


def test_a_search_keeps_what_fits_and_esc_brings_all_back(page: Page) -> None:
    page.screen.search.setFocus()
    page.qtbot.keyClicks(page.screen.search, "concern")
    page.qtbot.keyClick(page.screen.search, Qt.Key.Key_Return)
    page.qtbot.waitUntil(lambda: set(page.shown()) == {"Concern raised"})
    page.qtbot.keyClicks(page.screen.search, "zzz")
    page.qtbot.keyClick(page.screen.search, Qt.Key.Key_Return)
    page.qtbot.waitUntil(lambda: page.screen.stack.currentWidget() is page.screen.empty)
    assert page.screen.empty.accessibleName().startswith("Nothing matches")
    page.qtbot.keyClick(page.screen.search, Qt.Key.Key_Escape)
    page.qtbot.waitUntil(lambda: page.screen.model.rowCount() == 40)


def test_the_way_of_a_change_is_there_at_once_and_its_words_only_when_asked_for(page: Page) -> None:
    screen = page.screen
    screen.table.selectRow(3)
    page.qtbot.waitUntil(lambda: screen.detail.title.text() == "Call: Declined, wants a letter")
    assert "Receipt number: 01890a5d" in screen.detail._way.accessibleDescription()
    assert screen.detail._why.text() == "Recorded after the person was passed to a colleague."
    assert page.words() == "" and screen.detail._about.text() == ""
    screen.table.setFocus()
    page.qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    assert "07700 900123" in page.words()
    assert screen.detail._about.text() == "Ruth Oyelaran-Whitcombe"
    assert screen.detail.reveal.text() == "Hide what was recorded"
    screen.table.selectRow(4)
    page.qtbot.waitUntil(lambda: screen.detail.title.text() == "Callback promised")
    assert page.words() == "" and screen.detail._about.text() == "", "the next one is closed again"


def test_a_refresh_keeps_the_chosen_line_and_what_was_opened(page: Page) -> None:
    screen = page.screen
    screen.table.selectRow(3)
    page.qtbot.waitUntil(lambda: screen.detail.title.text() == "Call: Declined, wants a letter")
    screen.detail.press()
    screen.presenter.refresh()
    page.qtbot.wait(0)
    assert screen.table.currentIndex().row() == 3
    assert "07700 900123" in page.words()


def test_new_notices_stand_in_the_bar_until_they_have_been_looked_at(page: Page) -> None:
    tab = page.window._tabs["standing"]
    assert tab.accessibleName() == "What is sent (3 new)"
    page.filter("told")
    page.qtbot.waitUntil(lambda: page.screen.told.rowCount() == 3)
    assert page.screen.told.index(1, 1).data() == "A colleague put a detail right for one of your people."
    assert tab.accessibleName() == "What is sent"
    page.qtbot.waitUntil(lambda: page.screen.filters.buttons["told"].text() == "From the centre")
    page.client.now_standing = standing(told_at=("2026-03-03T10:30:00.000000Z", *TOLD))
    page.window.refresh_light()
    assert tab.accessibleName() == "What is sent (1 new)"


def test_a_notice_about_something_recorded_shows_it_and_one_about_nothing_does_not(page: Page) -> None:
    page.filter("told")
    page.qtbot.waitUntil(lambda: page.screen.detail.title.text() == "Call: Declined, wants a letter")
    assert page.screen.detail._said.text() == NOTICES[0].words
    page.screen.told_table.selectRow(1)
    page.qtbot.waitUntil(lambda: page.screen.detail.title.text() == "")
    assert page.screen.detail._said.text() == NOTICES[1].words
    page.filter("all")
    page.qtbot.waitUntil(page.screen.detail._said.isHidden)


def test_what_left_the_list_is_told_without_a_name(page: Page) -> None:
    page.filter("left")
    page.qtbot.waitUntil(lambda: page.screen.left.rowCount() == 3)
    row = [page.screen.left.index(0, column).data() for column in range(5)]
    assert row == ["09:40", "Passed to a colleague", "2 are kept here", "not confirmed yet", "3f9a11c2"]
    assert not page.screen.beside.isVisible()


def test_an_empty_page_says_what_will_stand_there(qtbot: QtBot, tmp_path: Path) -> None:
    client = client_with()
    fill_outbox(client, ())
    client.set(notices, ())
    page = Page(qtbot, tmp_path, client)
    for key, words in (("all", "Nothing has been recorded"), ("waiting", "Nothing waits"), ("told", "No notices")):
        page.filter(key)
        qtbot.waitUntil(lambda words=words: page.screen.empty.accessibleName().startswith(words))


def export(page: Page, folder: Path, *, words: bool = False) -> Any:
    sheet = OutboxSheet(("No.",), (("1",),), (), (), words)
    page.client.set(note_copy, 1)
    page.client.set(outbox_sheet, sheet)
    page.client.set(save_sheet, lambda folder, name, **_sheet: folder / name)
    page.screen.open_export()
    dialog = page.screen._dialog
    dialog.folder.setText(str(folder))
    dialog.words.setChecked(words)
    return dialog


def test_support_gets_no_words_about_people_unless_somebody_says_so(page: Page, tmp_path: Path) -> None:
    dialog = export(page, tmp_path)
    assert not dialog.words.isChecked()
    assert "nothing about any person" in dialog.warning.sentence()
    dialog.words.setChecked(True)
    assert "will name patients" in dialog.warning.sentence()
    dialog.words.setChecked(False)
    dialog.deed.click()
    page.qtbot.waitUntil(lambda: page.screen.banner.sentence() != "")
    asked = dict(page.client.asked)
    assert page.client.names()[-3:] == ["note_copy", "outbox_sheet", "save_sheet"], "written down before it is made"
    assert asked["note_copy"] == {"with_words": False}
    assert asked["outbox_sheet"] == {"with_words": False}
    assert asked["save_sheet"]["name"] == "caller-outbox-20260303-1000.xlsx"
    assert page.screen.banner.sentence().startswith("Saved as caller-outbox-20260303-1000.xlsx in ")
    assert page.screen.banner.sentence().endswith("is written down and sent to the centre.")
    assert page.screen._dialog is None


def test_a_copy_that_cannot_be_written_stays_asked_for(page: Page, tmp_path: Path) -> None:
    dialog = export(page, tmp_path, words=True)
    page.client.set(save_sheet, Refused("There is no such folder.", field="folder"))
    dialog.text.setChecked(True)
    dialog.deed.click()
    page.qtbot.waitUntil(lambda: dialog.form.error_of("folder") == "There is no such folder.")
    assert dialog.deed.isEnabled() and dialog.isVisible()
    page.client.set(save_sheet, lambda folder, name, **_sheet: folder / name)
    dialog.deed.click()
    page.qtbot.waitUntil(lambda: "caller-outbox-20260303-1000.txt" in page.screen.banner.sentence())
    assert dict(page.client.asked)["outbox_sheet"] == {"with_words": True}


def test_where_a_newer_programs_work_waits_only_a_copy_without_words_is_made(page: Page, tmp_path: Path) -> None:
    page.client.now_standing = standing("trouble", needs_newer=True)
    page.screen.presenter.show_figures()
    dialog = export(page, tmp_path)
    assert not dialog.words.isEnabled()
    assert "stay out" in dialog.warning.sentence()
    dialog.words.setChecked(True)  # and where somebody got round it
    page.client.set(note_copy, Refused("Your saved work was written by a newer version of this program."))
    dialog.deed.click()
    page.qtbot.waitUntil(lambda: "newer version" in dialog.banner.sentence())
    assert "outbox_sheet" not in page.client.names()
    dialog.words.setChecked(False)
    dialog.deed.click()
    page.qtbot.waitUntil(lambda: page.screen.banner.sentence().startswith("Saved as"))
    assert page.screen.banner.sentence().endswith("It is not encrypted."), "it claims no line that cannot be written"


def test_when_the_receipt_comes_the_change_that_is_shown_says_so_and_opened_words_stay_open(page: Page) -> None:
    screen = page.screen
    before = outbox_rows(40)
    at = next(number for number, one in enumerate(before) if one.received_at is None)
    screen.table.selectRow(at)
    page.qtbot.waitUntil(lambda: screen.detail.title.text() == before[at].title)
    screen.detail.press()
    assert "Receipt of the centre: none yet" in screen.detail._way.accessibleDescription()
    received = replace(before[at], state="accepted", verdict="applied", received_at=NOW)
    fill_outbox(page.client, (*before[:at], received, *before[at + 1 :]))
    page.client.notices.post(notice("outbox", by="centre"))
    page.qtbot.waitUntil(lambda: screen.model.index(at, 3).data() == "Accepted")
    page.qtbot.waitUntil(lambda: "Receipt of the centre: 3 Mar" in screen.detail._way.accessibleDescription())
    assert screen.detail._state.words() == "Accepted"
    assert "07700 900123" in page.words(), "what was laid open stays open"
    page.client.set(detail, None)  # erased a day later, while it is still shown
    page.client.notices.post(notice("outbox", by="centre"))
    page.qtbot.waitUntil(lambda: screen.detail.title.text() == "")
    assert page.words() == ""


def test_f6_reaches_every_part(page: Page) -> None:
    page.screen.table.setFocus()
    seen = []
    for _ in range(4):
        page.qtbot.keyClick(page.window.focus(), Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    assert seen == [page.screen.filters.buttons["all"], page.screen.search, page.screen.send, page.screen.table]


def test_a_late_answer_to_another_filter_is_dropped(page: Page) -> None:
    page.client.pause()
    page.screen.filters.buttons["review"].click()
    page.screen.filters.buttons["all"].click()
    page.client.let_through()
    page.qtbot.waitUntil(lambda: page.screen.model.rowCount() == 40)
    page.client.set(entries, outbox_rows(40)[:2])
    assert page.screen.filters.key() == "all"


def test_what_was_seen_is_kept_for_each_person(tmp_path: Path) -> None:
    settings = Remembered(tmp_path / "window.json")
    assert unseen(TOLD, settings, 7) == 3
    settings.set("notices_seen", {"7": TOLD[1]})
    kept = Remembered(tmp_path / "window.json")
    assert (unseen(TOLD, kept, 7), unseen(TOLD, kept, 8)) == (1, 3)
    assert unseen_words((TOLD[0],) * 25, kept, 8) == "20+ new"
