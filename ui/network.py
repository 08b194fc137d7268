"""Hears from the operating system that a network came up, so that what waits goes at once and not when a pause ends.

What a reader would get wrong: nothing depends on it. Where Qt finds nobody to ask, or what it says is wrong, sync asks
at its own times as before; that a network is gone is never believed, for the centre may answer all the same.
"""

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer

log = logging.getLogger(__name__)

AFTER_MS = 1_000  # looking for whom to ask may take a moment: not while the window opens


class NetworkEar(QObject):
    """Calls `up` whenever the machine can reach more than it could before."""

    def __init__(self, parent: QObject, up: Callable[[], None]) -> None:
        super().__init__(parent)
        self._up = up
        self._reach = 0
        QTimer.singleShot(AFTER_MS, self, self.listen)

    def listen(self, information: Any = None) -> bool:
        """Begin to listen to the system, where Qt knows how; tells whether it does."""
        information = information or _of_the_system()
        if information is None:
            log.info("nobody tells when a network comes up")
            return False
        self._reach = _reach_of(information.reachability())
        information.reachabilityChanged.connect(self._changed)
        return True

    def _changed(self, reachability: Any) -> None:
        before, self._reach = self._reach, _reach_of(reachability)
        if self._reach > max(before, 1):
            self._up()


def _reach_of(reachability: Any) -> int:
    """Give how far one can reach: 0 unknown, 1 nowhere, 2 this network, 3 this site, 4 everywhere."""
    return int(reachability.value)


def _of_the_system() -> Any:
    from PySide6.QtNetwork import QNetworkInformation

    return QNetworkInformation.instance() if QNetworkInformation.loadDefaultBackend() else None
