"""One process per profile: a lock the system itself drops when its holder dies, however it dies.

What a reader would get wrong: the file staying behind means nothing; only the lock on it counts. The number written in
it is for the sentence a second process shows.
"""

import os
import sys
from pathlib import Path
from typing import IO

from caller_app.base.errors import Refused, Unavailable

_NO_WRITING = "This program cannot write to its data folder: not allowed, or no room. Nothing was opened; ask IT."


class ProfileLock:
    """Held from opening a profile to closing it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock; raises Refused naming the process that has it."""
        try:
            file = self._path.open("a+", encoding="ascii")
        except OSError:
            raise Unavailable(_NO_WRITING) from None
        try:
            _lock(file)
        except OSError:
            holder = self._holder()
            file.close()
            who = f" (process {holder})" if holder else ""
            raise Refused(
                f"This program is already open for you on this computer{who}. Use that window, or close it first."
            ) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()  # closing drops the lock on every system
            self._file = None

    def _holder(self) -> str:
        try:
            return self._path.read_text(encoding="ascii").strip()[:10]
        except OSError:  # the locked region cannot be read on Windows
            return ""


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(1_000_000)  # beyond the number, which others may read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
