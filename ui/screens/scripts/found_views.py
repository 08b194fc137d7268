"""What a rehearsal found: the list of findings with cell and remedy, and the table of example patients."""

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from caller_app.script.examples import Ending
from caller_app.script.findings import Finding
from caller_app.supervise.rehearsal import Rehearsal
from ui.delegates.cells import Cells
from ui.models.paged import PagedTable
from ui.screens.scripts.columns import GRAVE, ending_columns, finding_columns
from ui.widgets.buttons import button
from ui.widgets.empty import EmptyState
from ui.widgets.tables import Table
from ui.widgets.texts import Text


class _Listing(Table):
    """A table whose rows can be copied."""

    copied = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
            event.accept()
            return
        super().keyPressEvent(event)


class FindingsView(QWidget):
    """The findings in the order of the sheets; the chosen one in full below."""

    save_wanted = Signal()
    copied = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.model: PagedTable[Finding] = PagedTable(
            finding_columns(), lambda row: (row.cell, row.code, row.what), parent=self
        )
        self.table = _Listing("What was found, in the order of the sheets", several=True)
        self.table.setModel(self.model)
        self.table.setItemDelegate(Cells(self.table))
        self.table.set_columns((120, 96, 0, 360), stretch=2)
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.table.copied.connect(self._copy)
        self.clean = EmptyState("good", "Nothing was found", "The workbook can be added as it is.")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.clean)
        self.stack.addWidget(self.table)
        self.full = Text("", wrap=True, selectable=True)
        self.left_out = Text("", "quiet", wrap=True)
        self.copy = button("Copy", self._copy, icon="copy", keys="Ctrl+C", accessible="Copy what was found")
        self.save = button("Save the list …", self.save_wanted.emit, icon="note")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.full, 1)
        foot.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.stack, 1)
        column.addWidget(self.left_out)
        column.addLayout(foot)

    def show_rehearsal(self, rehearsal: Rehearsal) -> None:
        """Show what was found in a workbook."""
        found = rehearsal.findings
        self.model.show_all(found)
        self.stack.setCurrentWidget(self.table if found else self.clean)
        left_out = rehearsal.checked.left_out
        self.left_out.setText(f"{left_out} more are left out. Put these right first." if left_out else "")
        self.left_out.setVisible(bool(left_out))
        for part in (self.copy, self.save):
            part.setVisible(bool(found))
        self.full.setText("")
        if found:
            self.table.selectRow(0)

    def _chosen(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        row = self.model.row(rows[0].row()) if rows else None
        self.full.setText(f"{row.sentence} ({GRAVE[row.severity]}: {row.code})" if row is not None else "")

    def _copy(self) -> None:
        """Copy the rows that are chosen; all where it is one, as most people mean the list."""
        chosen = [self.model.row(one.row()) for one in self.table.selectionModel().selectedRows()]
        rows = [one for one in chosen if one is not None] if len(chosen) > 1 else self.model.known()
        lines = ["\t".join((one.cell, GRAVE[one.severity], one.what, one.remedy)) for one in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.copied.emit(len(lines))


class EndingsView(QWidget):
    """The example patients: where each should end and where it does."""

    walk_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._labels: dict[str, str] = {}
        self.model: PagedTable[Ending] = PagedTable(
            ending_columns(self._labels), lambda row: (row.example.cell, row.example.name), parent=self
        )
        self.table = Table("Example patients and where they end")
        self.table.setModel(self.model)
        self.table.setItemDelegate(Cells(self.table))
        self.table.set_columns((0, 112, 128, 128, 176, 176), stretch=0)
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.table.opened.connect(lambda index: self.walk_wanted.emit(index.row()))
        self.none = EmptyState("users", "No example patients", "")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.none)
        self.stack.addWidget(self.table)
        self.full = Text("", wrap=True, selectable=True)
        self.walk = button("Walk as this patient", self._walk, icon="chevron-right", keys="Enter")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.full, 1)
        foot.addWidget(self.walk, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.stack, 1)
        column.addLayout(foot)

    def show_rehearsal(self, rehearsal: Rehearsal) -> None:
        """Show where the examples of a workbook end."""
        self._labels.clear()
        self._labels.update(rehearsal.pathways)
        self.model.show_all(rehearsal.endings)
        self.stack.setCurrentWidget(self.table if rehearsal.endings else self.none)
        self.walk.setVisible(bool(rehearsal.endings))
        if rehearsal.runner is None:
            self.none.say("They cannot be walked yet", "Put the errors right first.", icon="warning")
        else:
            self.none.say(
                "No example patients",
                "Add a sheet named examples to the workbook: one sample patient a row, a column for each value and "
                "answer, and the outcome the call has to end in. They are walked whenever it is checked.",
                icon="users",
            )
        self.full.setText("")
        if rehearsal.endings:
            first = next((at for at, one in enumerate(rehearsal.endings) if not one.as_expected), 0)
            self.table.selectRow(first)

    def _row(self) -> int | None:
        rows = self.table.selectionModel().selectedRows()
        return rows[0].row() if rows else None

    def _walk(self) -> None:
        at = self._row()
        if at is not None:
            self.walk_wanted.emit(at)

    def _chosen(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        at = self._row()
        row = self.model.row(at) if at is not None else None
        self.full.setText(_in_full(row) if row is not None else "")


def _in_full(row: Ending) -> str:
    if row.stopped:
        return f"{row.example.name} {row.stopped}. ({row.example.cell})"
    if row.as_expected:
        return f"{row.example.name} ends as expected."
    said = []
    if row.outcome_differs:
        said.append(f"ends with {row.outcome or 'no outcome'}, expected {row.example.outcome or 'no outcome'}")
    if row.pathways_differ:
        said.append(f"leads to {' '.join(row.pathways) or 'no pathway'}, expected {' '.join(row.example.pathways)}")
    return f"{row.example.name} {' and '.join(said)}. ({row.example.outcome_cell})"
