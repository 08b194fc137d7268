"""One copy of the program per data folder: a lock file guards, a local socket only says "come to the front".

What a reader would get wrong: the lock is the guard, not the socket. The socket's message is fixed and its length is
checked; anything else is dropped. Qt's network part is loaded when it is needed, after the window was painted.
"""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_FRONT = b"front\n"
_WAIT_MS = 500
_LISTENS_MS = 1_500
_ANSWER_MS = 3_000


class AlreadyRunning(Exception):
    """Another copy holds the folder; `told` says that it was asked to come to the front."""

    def __init__(self, pid: int, *, told: bool) -> None:
        super().__init__(f"process {pid}")
        self.pid = pid
        self.told = told


class SingleInstance(QObject):
    """Holds the lock of a data folder as long as it lives."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._lock = QLockFile(str(folder / "window.lock"))
        # Only a holder that no longer runs makes a lock stale, never its age: a shift is long.
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None
        self._front: Callable[[], object] = lambda: None

    def take(self) -> None:
        """Take the folder; raises AlreadyRunning (the other copy was asked to the front), OSError for no room."""
        if self._lock.tryLock(0):
            return
        if self._lock.error() != QLockFile.LockError.LockFailedError:  # nobody has it: it cannot be written
            raise OSError(errno.EIO, "a file cannot be written there", str(self._folder))
        pid, _host, _program = self._lock.getLockInfo()
        raise AlreadyRunning(int(pid), told=self._ask_for_front())

    def listen(self, front: Callable[[], object]) -> None:
        """Have `front` called when a second copy was started."""
        from PySide6.QtNetwork import QLocalServer

        self._front = front
        name = socket_name(self._folder)
        QLocalServer.removeServer(name)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.setMaxPendingConnections(4)
        server.newConnection.connect(self._connected)
        if server.listen(name):
            self._server = server

    def release(self) -> None:
        """Give the folder back."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _connected(self) -> None:
        server = self._server
        connection = server.nextPendingConnection() if server is not None else None
        if connection is None:
            return

        def read() -> None:
            if connection.bytesAvailable() < len(_FRONT):
                return
            words = bytes(connection.read(64).data())
            connection.disconnectFromServer()
            if words == _FRONT:
                self._front()

        connection.readyRead.connect(read)
        connection.disconnected.connect(connection.deleteLater)
        read()

    def _ask_for_front(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        connection = QLocalSocket()
        until = QDeadlineTimer(_LISTENS_MS)
        connection.connectToServer(socket_name(self._folder))
        # A program started twice at once: the first has the lock already and listens once its window is painted.
        while not connection.waitForConnected(_WAIT_MS):
            if until.hasExpired():
                return False
            threading.Event().wait(0.02)
            connection.connectToServer(socket_name(self._folder))
        connection.write(_FRONT)
        if not connection.waitForBytesWritten(_WAIT_MS):
            return False
        # The system takes the words for a copy that hangs as well; only one that runs reads them and hangs up.
        hung_up = QLocalSocket.LocalSocketState.UnconnectedState
        told = connection.state() == hung_up or connection.waitForDisconnected(_ANSWER_MS)
        connection.abort()
        return told


def socket_name(folder: Path) -> str:
    """Name the socket of a folder and a user of the machine."""
    import hashlib

    who = f"{os.getuid() if hasattr(os, 'getuid') else os.environ.get('USERNAME', '')}"
    return "caller-app-" + hashlib.sha256(f"{who}|{folder.resolve()}".encode()).hexdigest()[:24]
