"""The numbers of one person as a list model: what each is, and what happened on it so far."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from caller_app.domain.items import Number
from caller_app.domain.phones import show as show_phone

NumberRole = int(Qt.ItemDataRole.UserRole)
BestRole = NumberRole + 1
SaidRole = NumberRole + 2

Index = QModelIndex | QPersistentModelIndex

_STATES = {
    "untried": "never tried",
    "ok": "worked before",
    "wrong": "wrong number: never ring for this person",
    "dead": "not in service",
    "barred": "blocks our calls",
}


def said_of(number: Number) -> str:
    """Say what is known of a number in words."""
    words = []
    kind = number.label or ("" if number.kind == "unknown" else number.kind)
    if kind:
        words.append(kind)
    if number.state == "no_answer":
        words.append("no answer" if number.no_answers < 2 else f"no answer {number.no_answers} times")
    else:
        words.append(_STATES.get(number.state, number.state))
    if number.shared:
        words.append("shared: other people answer too")
    if not number.verified:
        words.append("told to us on a call")
    if number.extension:
        words.append(f"extension {number.extension}")
    return " · ".join(words)


def may_ring(number: Number) -> bool:
    """Tell whether this number may be tried at all."""
    return number.dialable and number.state not in ("wrong", "dead")


class NumbersModel(QAbstractListModel):
    """Numbers in the order of the record; the best one is marked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers: tuple[Number, ...] = ()
        self._best: str | None = None

    def show(self, numbers: tuple[Number, ...], best: str | None) -> None:
        """Take the numbers of a person."""
        if (numbers, best) != (self._numbers, self._best):
            self.beginResetModel()
            self._numbers, self._best = numbers, best
            self.endResetModel()

    def at(self, index: Index) -> Number | None:
        """Give the number of an index."""
        return self._numbers[index.row()] if index.isValid() and index.row() < len(self._numbers) else None

    def index_of(self, e164: str | None) -> QModelIndex:
        """Give the index of a number; the first where it is not there."""
        at = next((n for n, one in enumerate(self._numbers) if one.e164 == e164), 0)
        return self.index(at)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._numbers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        number = self.at(index)
        if number is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return show_phone(number.e164)
        if role == NumberRole:
            return number
        if role == BestRole:
            return number.e164 == self._best
        if role == SaidRole:
            return said_of(number)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            best = ", best number now" if number.e164 == self._best else ""
            return f"{show_phone(number.e164)}, {said_of(number)}{best}"
        return None
