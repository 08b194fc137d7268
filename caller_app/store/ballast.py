"""A megabyte set aside beside the outbox, given up when the disk is full so that the outcome in hand can be saved."""

import os
import shutil
from pathlib import Path

SIZE = 1024 * 1024
_ROOM_TO_RESTORE = 16 * SIZE


class Ballast:
    """The file and whether it was given up."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ballast"

    def lay_down(self) -> bool:
        """Set the room aside where there is plenty; tells whether it is there."""
        try:
            if self._path.exists() and self._path.stat().st_size == SIZE:
                return True
            if shutil.disk_usage(self._path.parent).free < _ROOM_TO_RESTORE:
                return False
            with self._path.open("wb") as out:
                # Random bytes: a file of noughts takes no room on file systems that compress or leave holes.
                out.write(os.urandom(SIZE))
                out.flush()
                os.fsync(out.fileno())
        except OSError:
            self.give_up()
            return False
        return True

    def give_up(self) -> bool:
        """Free the room; tells whether there was any to free."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True
