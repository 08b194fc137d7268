"""Makes the i-th statement fail: at a workstation's driver, or at the centre's; nothing of ours is replaced.

What a reader would get wrong: a commit at the centre can also fail after it was done, when the line to the database
breaks at that moment; then the centre says that it failed what it has in fact stored.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import sqlcipher3.dbapi2 as driver

LOCKED = "database is locked"
BROKEN = "disk I/O error"


class Plan:
    """Which statement fails, and whether it came to that."""

    def __init__(self) -> None:
        self._at = 0
        self._seen = 0
        self._words = LOCKED
        self._armed = False

    @contextmanager
    def failing(self, at: int, words: str = LOCKED) -> Iterator[None]:
        self._at, self._seen, self._words, self._armed = at, 0, words, True
        try:
            yield
        finally:
            self._armed = False

    @property
    def failed(self) -> bool:
        """Tell whether there were as many statements."""
        return self._seen >= self._at

    def is_now(self) -> bool:
        """Count a statement and tell whether it is the one."""
        if not self._armed:
            return False
        self._seen += 1
        return self._seen == self._at

    def pass_by(self) -> None:
        """Let a workstation's statement pass, or fail it."""
        if self.is_now():
            raise driver.OperationalError(self._words)


def at_workstations(monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Count the statements of every SQLCipher connection opened from now on."""
    plan = Plan()

    class Cursor(driver.Cursor):  # type: ignore[misc]
        def execute(self, *given: Any) -> Any:
            plan.pass_by()
            return super().execute(*given)

        def executemany(self, *given: Any) -> Any:
            plan.pass_by()
            return super().executemany(*given)

    class Connection(driver.Connection):  # type: ignore[misc]
        def cursor(self, *_factory: Any) -> Any:
            return super().cursor(Cursor)

        def execute(self, *given: Any) -> Any:
            return self.cursor().execute(*given)

        def executemany(self, *given: Any) -> Any:
            return self.cursor().executemany(*given)

        def commit(self) -> None:
            plan.pass_by()
            super().commit()

    connect = driver.connect
    monkeypatch.setattr(driver, "connect", lambda *given, **more: connect(*given, factory=Connection, **more))
    return plan


def at_the_centre(monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Count the statements and commits of every connection to PostgreSQL; a commit counts twice: before and after."""
    plan = Plan()
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit

    def fail() -> None:
        if plan.is_now():
            raise psycopg.OperationalError("the connection is lost")

    def failing_execute(self: Any, *given: Any, **more: Any) -> Any:
        fail()
        return execute(self, *given, **more)

    def failing_commit(self: Any) -> None:
        fail()
        commit(self)
        fail()

    monkeypatch.setattr(psycopg.Cursor, "execute", failing_execute)
    monkeypatch.setattr(psycopg.Connection, "commit", failing_commit)
    return plan
