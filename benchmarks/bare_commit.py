"""The least a recording can cost on this disk: one row, one SQLCipher transaction with synchronous=FULL, nothing else.

Same settings as the writing connection of store/engine.py, through the bare driver: no SQLAlchemy, no rules.
"""

import time
from pathlib import Path

import sqlcipher3.dbapi2 as driver

_ROW = ("aaaaaaaa-0000-4000-8000-000000000001", "attempt_recorded", "x" * 600)


class BareCommit:
    """One file with one table; `seconds()` commits one more row."""

    def __init__(self, path: Path) -> None:
        self._raw = driver.connect(str(path), isolation_level=None, check_same_thread=False)
        run = self._raw.execute
        run(f"PRAGMA key = \"x'{bytes(range(32)).hex()}'\"")
        run("PRAGMA cipher_memory_security = OFF")
        run("PRAGMA auto_vacuum = INCREMENTAL")
        run("PRAGMA journal_mode = WAL").fetchall()
        run("PRAGMA synchronous = FULL")
        run("PRAGMA secure_delete = ON").fetchall()
        run("PRAGMA cache_size = -16000")
        run("CREATE TABLE one (number INTEGER PRIMARY KEY, id TEXT, kind TEXT, payload TEXT)")
        self.seconds()

    def seconds(self) -> float:
        """Give the seconds one row takes, from BEGIN to the end of COMMIT."""
        began = time.perf_counter()
        self._raw.execute("BEGIN IMMEDIATE")
        self._raw.execute("INSERT INTO one(id, kind, payload) VALUES (?, ?, ?)", _ROW)
        self._raw.execute("COMMIT")
        return time.perf_counter() - began

    def close(self) -> None:
        """Close the file."""
        self._raw.close()
