"""The scripts of a project: the versions with who did what, and the rehearsal of a workbook before anybody hears it."""

from pathlib import Path

from PySide6.QtCore import QItemSelection, QSignalBlocker, QStandardPaths, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from caller_app.base.clock import london_day
from caller_app.protocol.scripts import ScriptProject, ScriptVersion
from caller_app.supervise.rehearsal import Rehearsal
from ui.a11y import label_for
from ui.asking import AskingScreen
from ui.delegates.cells import Cells
from ui.messages import tell
from ui.models.paged import PagedTable
from ui.screens.scripts.columns import version_columns
from ui.screens.scripts.presenter import ScriptsPresenter
from ui.screens.scripts.rehearsal_view import RehearsalView
from ui.screens.scripts.step_dialog import StepDialog
from ui.screens.scripts.version_sheet import VersionSheet
from ui.screens.scripts.walking import WalkPresenter
from ui.tasks import Desk
from ui.widgets.buttons import button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.empty import EmptyState
from ui.widgets.panes import SideBySide, scrolling
from ui.widgets.tables import Table
from ui.widgets.texts import Text

_WORKBOOKS = "Excel workbooks (*.xlsx)"


class ScriptsScreen(AskingScreen):
    """Two pages: the versions, and a rehearsal."""

    ask_every_ms = 60_000

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._clock = desk.clock
        self.presenter = ScriptsPresenter(self, desk.work(self), desk.clock)
        self.rehearsal = RehearsalView(today=lambda: london_day(desk.clock.now()))
        self.rehearsal.use(WalkPresenter(self.rehearsal, desk.work(self), desk.clock))
        self.rehearsal.left.connect(self._leave_rehearsal)
        self.rehearsal.add_wanted.connect(self.presenter.on_add)
        self.rehearsal.read_again_wanted.connect(self.presenter.on_read_again)
        self.rehearsal.save_wanted.connect(self._save_findings)
        self.model: PagedTable[ScriptVersion] = PagedTable(
            version_columns(desk.clock), lambda row: row.version_id, parent=self
        )
        self.pages = QStackedWidget()
        self.pages.addWidget(self._lay_versions())
        self.pages.addWidget(self.rehearsal)
        self.page("Scripts").addWidget(self.pages)
        back = QShortcut(QKeySequence("Esc"), self.rehearsal)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self._leave_rehearsal)

    def _lay_versions(self) -> QWidget:
        self.project = ChoiceBox(24)
        self.project.activated.connect(self._project_chosen)
        words = Text("Project", "field")
        label_for(words, self.project)
        self.open = button("Check a workbook …", self.open_file, kind="primary", icon="search")
        self.open.setEnabled(False)  # it is checked against a project, and none is known yet
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(words)
        line.addWidget(self.project, 1)
        line.addWidget(self.open)
        self.table = Table("Versions, the one in use first, then the newest")
        self.table.setModel(self.model)
        self.table.setItemDelegate(Cells(self.table))
        self.table.set_columns((0, 120, 144, 120), stretch=0)
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.table.opened.connect(lambda _index: self.presenter.on_rehearse_version())
        self.empty = EmptyState("clock", "Not known yet", "The centre has not answered.")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        self.sheet = VersionSheet()
        self.sheet.act_pressed.connect(self.open_step)
        self.sheet.rehearse_wanted.connect(self.presenter.on_rehearse_version)
        self.sheet.save_wanted.connect(self.open_save)
        beside = scrolling(self.sheet, accessible="The chosen version", framed=True)
        split = SideBySide((self.stack, 0), (beside, 360), shares=(660, 660))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self.head("Scripts", ask=self._ask_or_read_again))
        column.addWidget(self.banner)
        column.addLayout(line)
        column.addWidget(split, 1)
        return page

    # ---- life ---------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """Gone to again: the list may be old."""
        if self.presenter.answer is not None:
            self.presenter.refresh()
        self.panes()[0].setFocus()

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        if self.in_rehearsal:
            return self.rehearsal.panes()
        acts = [one for one in self.sheet.buttons if one.isVisible() and one.isEnabled()]
        return [self.table, *acts[:1], self.project, self.open, self.refresh]

    @property
    def in_rehearsal(self) -> bool:
        """Tell whether a workbook is being rehearsed."""
        return self.pages.currentWidget() is self.rehearsal

    def _ask_or_read_again(self) -> None:
        if self.in_rehearsal:
            self.presenter.on_read_again()
        else:
            self.presenter.refresh()

    def _project_chosen(self, at: int) -> None:
        self.presenter.on_project(str(self.project.itemData(at)))

    def _chosen(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        row = self.model.row(rows[0].row()) if rows else None
        if row is not None and row.version_id != self.presenter.chosen:
            self.presenter.on_chosen(row.version_id)

    def open_file(self) -> None:
        """Choose a workbook from the disk."""
        picker = QFileDialog(self, "Choose a workbook", _documents(), _WORKBOOKS)
        picker.setFileMode(QFileDialog.FileMode.ExistingFile)
        picker.fileSelected.connect(lambda name: self.presenter.on_file(Path(name)))
        picker.open()

    def open_save(self) -> None:
        """Choose where a version's workbook is saved."""
        version = self.presenter.version(self.presenter.chosen)
        if version is not None:
            name = f"{version.form_id}_{version.version}.xlsx"
            self._pick_new("Save the workbook", name).fileSelected.connect(
                lambda chosen: self.presenter.on_save_workbook(Path(chosen))
            )

    def _save_findings(self) -> None:
        rehearsal = self.presenter.rehearsal
        if rehearsal is not None:
            name = f"{Path(rehearsal.file_name).stem}_findings.xlsx"
            self._pick_new("Save the list", name).fileSelected.connect(
                lambda chosen: self.rehearsal.presenter.save_findings(Path(chosen))
            )

    def _pick_new(self, title: str, name: str) -> QFileDialog:
        picker = QFileDialog(self, title, _documents(), _WORKBOOKS)
        picker.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        picker.setDefaultSuffix("xlsx")
        picker.selectFile(name)
        picker.open()
        return picker

    def open_step(self, code: str) -> None:
        """Ask, then take a step."""
        act, version = self.presenter.act_of(code), self.presenter.version(self.presenter.chosen)
        if act is None or version is None:
            return
        dialog = StepDialog(self, version, act)
        self.ask_in(dialog, self.presenter.on_step)

    def _leave_rehearsal(self) -> None:
        if self.in_rehearsal:
            self.pages.setCurrentIndex(0)
            self.presenter.on_left_rehearsal()
            self.table.setFocus()

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_projects(self, projects: tuple[ScriptProject, ...], chosen: str | None) -> None:
        """Show which projects there are."""
        listed = [(one.name, one.project_id) for one in projects]
        if listed != [(self.project.itemText(at), self.project.itemData(at)) for at in range(self.project.count())]:
            with QSignalBlocker(self.project):
                self.project.clear()
                for name, project_id in listed:
                    self.project.addItem(name, project_id)
        self.project.setCurrentIndex(next((at for at, (_, one) in enumerate(listed) if one == chosen), -1))
        self.open.setEnabled(chosen is not None)

    def show_versions(self, versions: tuple[ScriptVersion, ...]) -> None:
        """Show the versions; the chosen one stays chosen."""
        self.model.show_all(versions)
        known = self.presenter.answer is not None
        if known and not self.project.count():
            self.empty.say("No project yet", "A project is made with the centre's command line.", icon="board")
        elif known:
            self.empty.say(
                "No script yet", "Check a workbook, walk it, and add it: somebody else then approves it.", icon="note"
            )
        self.stack.setCurrentWidget(self.table if versions else self.empty)
        if versions:
            at = next((at for at, one in enumerate(versions) if one.version_id == self.presenter.chosen), None)
            if at is not None or not self.table.selectionModel().hasSelection():
                self.table.selectRow(at or 0)

    def show_version(self, version: ScriptVersion | None) -> None:
        """Show one version in full."""
        self.sheet.show_version(version, self._clock.now())

    def show_reading(self, reading: bool) -> None:
        """Show that a workbook is being read."""
        for part in (self.open, self.sheet.rehearse, self.rehearsal.again):
            part.setEnabled(not reading)
        if reading and not self.in_rehearsal:
            self.banner.say("Reading and checking the workbook …", "info")
        elif self.banner.sentence().startswith("Reading"):
            self.banner.clear()

    def show_rehearsal(self, rehearsal: Rehearsal, *, from_disk: bool) -> None:
        """Show what a workbook is like."""
        self.pages.setCurrentWidget(self.rehearsal)
        self.rehearsal.show_rehearsal(rehearsal, from_disk=from_disk)

    def show_refused(self, fault: Exception) -> None:
        """Say what went wrong where it is looked at."""
        tell(fault, banner=self.rehearsal.banner if self.in_rehearsal else self.banner)

    def show_adding(self, adding: bool) -> None:
        """Show that the centre is being asked to take a version."""
        self.rehearsal.show_adding(adding)

    def show_added(self, sentence: str) -> None:
        """Back to the versions, where the new one is chosen."""
        self.pages.setCurrentIndex(0)
        self.say_done(sentence)
        self.table.setFocus()

    def show_saved(self, path: Path) -> None:
        """Say where it was saved."""
        self.say_done(f"Saved as {path.name}.")

    def show_stepping(self, stepping: bool) -> None:
        """Show that the centre is being asked."""
        if self._dialog is not None:
            self._dialog.show_stepping(stepping)

    def show_step_refused(self, fault: Exception) -> None:
        """Say in the dialog what is missing or went wrong."""
        self.say_refused(fault)

    def show_stepped(self, sentence: str, *, mine: bool) -> None:
        """Say what was done, and by whom where it was somebody else."""
        self.say_done(sentence, "good" if mine else "info")
        self.table.setFocus()


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
