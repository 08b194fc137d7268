"""Moving cases: which, to whom, what it will do, why; then one verb."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QGridLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from caller_app.protocol.supervision import CallerLine, CaseLine
from ui.dialogs.base import Dialog
from ui.screens.board.presenter import WHY_LONGEST, Preview
from ui.widgets.forms import Form
from ui.widgets.panes import Pane
from ui.widgets.texts import Text

Asked = tuple[CaseLine, ...] | None


class ReassignDialog(Dialog):
    """Shows the preview as the choices change; `confirmed` carries taker, cases (None: all) and the reason."""

    confirmed = Signal(object, object, str)

    def __init__(
        self,
        parent: QWidget,
        giver: CallerLine,
        takers: tuple[CallerLine, ...],
        chosen: tuple[CaseLine, ...],
        preview: Callable[[int | None, Asked], Preview | None],
    ) -> None:
        super().__init__(parent, f"Move people from {giver.shown_name}", width=560)
        self._chosen, self._preview = chosen, preview
        self.form = Form()
        which = QWidget()
        column = QVBoxLayout(which)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.all = QRadioButton(f"Everybody still open ({giver.open_cases})")
        self.some = QRadioButton(f"Only the selected ({len(chosen)})")
        self.some.setEnabled(bool(chosen))
        if not chosen:
            self.some.setText("Only the selected (none is selected in the list)")
        group = QButtonGroup(self)
        for one in (self.all, self.some):
            group.addButton(one)
            column.addWidget(one)
        (self.some if chosen else self.all).setChecked(True)
        self.form.add("which", "Who is moved", which)
        self.taker = QComboBox()
        self.taker.addItem("Choose a caller", None)
        for line in takers:
            self.taker.addItem(f"{line.shown_name} ({line.open_cases} open)", line.user_id)
        self.form.add("taker", "To", self.taker)
        self.why = QLineEdit()
        self.why.setMaxLength(WHY_LONGEST)
        self.why.setPlaceholderText("For example: on leave until Monday")
        self.form.add("why", "Why", self.why, hint="Both callers see it. No patient's name or illness here, please.")
        self.body.addWidget(self.form)
        self.pane = Pane("sunken", margin=12, gap=4)
        self.pane.column.addWidget(Text("What this will do", "overline"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        self._names = [Text(), Text()]
        self._counts = [Text("", "section"), Text("", "section")]
        for at in range(2):
            grid.addWidget(self._names[at], at, 0)
            grid.addWidget(self._counts[at], at, 1)
        grid.setColumnStretch(2, 1)
        self.pane.column.addLayout(grid)
        self._notes = Text("", "quiet", wrap=True)
        self.pane.column.addWidget(self._notes)
        self.body.addWidget(self.pane)
        self.add_cancel()
        self.deed = self.add_button("Move", self._press, kind="primary")
        self.all.toggled.connect(lambda _on: self.show_preview())
        self.taker.currentIndexChanged.connect(lambda _at: self._taker_chosen())
        self.show_preview()
        self.taker.setFocus()

    def asked(self) -> Asked:
        """Give the cases to move; None means all that are open."""
        return None if self.all.isChecked() else self._chosen

    def show_preview(self) -> None:
        """Show what it would do now."""
        one = self._preview(self.taker.currentData(), self.asked())
        self.pane.setVisible(one is not None)
        if one is None:
            self.deed.setText("Move")
        else:
            self.deed.setText("Move 1 person" if one.cases == 1 else f"Move {one.cases} people")
            self._names[0].setText(one.giver)
            self._counts[0].setText(f"{one.giver_before}  →  {one.giver_after} open")
            self._names[1].setText(one.taker)
            self._counts[1].setText(f"{one.taker_before}  →  {one.taker_after} open")
            self._notes.setText("\n".join(one.notes))
        self.deed.setAccessibleName(self.deed.text())
        self.fit()

    def show_moving(self, moving: bool) -> None:
        """Show that the centre is being asked."""
        self.deed.setEnabled(not moving)
        if moving:
            self.deed.setText("Moving …")
        else:
            self.show_preview()

    def _taker_chosen(self) -> None:
        self.form.clear_error("taker")
        self.show_preview()

    def _press(self) -> None:
        self.form.clear_errors()
        self.banner.clear()
        self.confirmed.emit(self.taker.currentData(), self.asked(), self.why.text())
