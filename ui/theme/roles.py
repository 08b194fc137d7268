"""Numbers under which a model answers what a delegate paints; both sides read them here."""

from PySide6.QtCore import Qt

TONE_ROLE = int(Qt.ItemDataRole.UserRole) + 1  # "", "danger", "caution", "good", "info", "quiet"
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 2  # the frozen row itself
