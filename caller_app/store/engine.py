"""Opening one encrypted SQLite file: key first, one writer, readers that never wait for it.

What a reader would get wrong: SQLAlchemy's `sqlite` dialect is handed `sqlcipher3` by a creator, so no key ever
stands in a URL, a log or a repr; the driver's own transaction handling is off and every transaction begins explicitly
(`BEGIN IMMEDIATE` to write, `BEGIN` to read); and parameters, which are patient data, are hidden in error texts.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool, StaticPool

from caller_app.base.errors import Unavailable
from caller_app.base.threads import refuse_here

OLDEST_SQLITE = (3, 51, 3)  # earlier ones can corrupt a WAL file (sqlite.org/wal.html#walresetbug)
BUSY_MS = 5_000


class NoRoom(Unavailable):
    """The disk is full."""


class Damaged(Unavailable):
    """The file cannot be read as what it was: damaged, or the key is not its key."""


def sqlite_error() -> type[Exception]:
    """Give the class of the driver's own faults."""
    import sqlcipher3.dbapi2 as driver

    fault: type[Exception] = driver.Error
    return fault


def conflict_error() -> type[Exception]:
    """Give the class of the driver's fault for a row that is there already (bulk statements only)."""
    import sqlcipher3.dbapi2 as driver

    fault: type[Exception] = driver.IntegrityError
    return fault


def is_of_a_file(fault: BaseException) -> bool:
    """Tell whether a fault came from the database beneath, and not from what was done with its rows."""
    return isinstance(fault, (sa.exc.DBAPIError, sqlite_error()))


# The last: a search table that cannot read its own beginning.
_DAMAGED = ("not a database", "malformed", "corrupt", "hmac", "vtable constructor failed")


def as_trouble(fault: BaseException) -> Exception | None:
    """Give the family of a driver's fault; None where it is a bug."""
    words = str(fault.orig if isinstance(fault, sa.exc.DBAPIError) else fault).lower()
    if "is full" in words or "disk i/o error" in words:
        return NoRoom("There is no room left on this computer's disk. Free some space; what was saved is safe.")
    if any(sign in words for sign in _DAMAGED):
        return Damaged("A local file of this program is damaged. It will be set aside and put right at the next start.")
    if "locked" in words or "busy" in words:
        return Unavailable("Another program holds a local file. Nothing was saved; try again in a moment.")
    if "readonly" in words or "read-only" in words or "unable to open" in words:
        return Unavailable("This program may not write to its data folder. Nothing was saved; ask IT.")
    return None


class CipherFile:
    """One SQLCipher file: a single writing connection behind a lock, and a few reading ones."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._closed = False
        self._writer = _engine(path, key, writing=True)
        self._readers = _engine(path, key, writing=False)
        self._write_connection: Connection | None = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Hold the write lock and one immediate transaction; commits on leaving, rolls back on any fault."""
        refuse_here()
        with self._lock, troubles_named():
            self._owner = threading.get_ident()
            try:
                with self._opened().begin():
                    yield self._opened()
            finally:
                self._owner = None
                self._end_what_is_open()

    @contextmanager
    def alone(self) -> Iterator["Alone"]:
        """Hold the write lock without a transaction: nobody writes meanwhile, so what is read stays true to the end."""
        refuse_here()
        with self._lock, troubles_named():
            self._owner = threading.get_ident()
            try:
                connection = self._opened()
                yield Alone(connection)
                if connection.in_transaction():
                    raise RuntimeError("a transaction was begun in passing: read with `quick` here")
            finally:
                self._owner = None
                self._end_what_is_open()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Hold one consistent view of the file."""
        refuse_here()
        self._refuse_closed()
        with troubles_named(), self._readers.connect() as connection, connection.begin():
            # BEGIN alone takes no view yet: the first look does.
            quick(connection, "SELECT 1 FROM sqlite_master LIMIT 1")
            yield connection

    def _end_what_is_open(self) -> None:
        """Leave no transaction open, or nobody could begin another: none begun in passing, none of a failed commit.

        A commit that failed is over for SQLAlchemy; for the file it may not be.
        """
        connection = self._write_connection
        if connection is None or connection.closed:
            return
        if connection.in_transaction():
            connection.rollback()
        raw = _driver(connection)
        if raw.in_transaction:
            raw.rollback()

    def is_written_here(self) -> bool:
        """Tell whether the calling thread holds the write lock; it may make no request meanwhile."""
        return self._owner == threading.get_ident()

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file and empty it, so that removed pages do not live on there."""
        refuse_here()
        with self._lock, troubles_named():
            raw = self._opened().connection.dbapi_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                raw.execute("PRAGMA incremental_vacuum").fetchall()

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            self._closed = True
            if self._write_connection is not None:
                self._write_connection.close()
                self._write_connection = None
            self._readers.dispose()
            self._writer.dispose()

    def _opened(self) -> Connection:
        self._refuse_closed()
        if self._write_connection is None:
            self._write_connection = self._writer.connect()
        return self._write_connection

    def _refuse_closed(self) -> None:
        # A thread left behind at closing must not open the file again: another process may have it by then.
        if self._closed:
            raise Unavailable("The local files are closed.")

    def __repr__(self) -> str:
        return f"CipherFile({self.path.name})"


class Alone:
    """The writing connection of a held file: `quick` reads on it, `commit` writes everything at once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def commit(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
        """Run some statements as one short transaction, straight on the driver; all of them are kept, or none."""
        raw = _driver(self.connection)
        raw.execute("BEGIN IMMEDIATE")
        try:
            for statement, values in statements:
                raw.execute(statement, values)
            raw.execute("COMMIT")
        except BaseException:
            if raw.in_transaction:  # a full disk has rolled back by itself
                raw.execute("ROLLBACK")
            raise


def quick(connection: Connection, statement: str, values: Sequence[Any] = ()) -> list[Any]:
    """Run one statement of the hot path (recording, bulk) straight on the driver, inside the open transaction."""
    rows: list[Any] = _driver(connection).execute(statement, values).fetchall()
    return rows


def bulk(connection: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> int:
    """Run one statement for many rows straight on the driver, inside the open transaction; gives how many it met."""
    return int(_driver(connection).executemany(statement, rows).rowcount)


def at_once(connection: Connection, into: str, columns: str, rows: Sequence[Sequence[str | int | None]]) -> None:
    """Put many rows into a table as one statement, inside the open transaction: `INSERT INTO` or `… OR REPLACE INTO`.

    The rows go as JSON, which the file's own code takes apart: the interpreter is free for another thread all the
    while, where a row at a time would pass it to and fro.
    """
    values = ", ".join(f"value->>{number}" for number in range(columns.count(",") + 1))
    quick(connection, f"{into}({columns}) SELECT {values} FROM jsonb_each(?)", (as_json(rows),))


def as_json(rows: Sequence[Sequence[str | int | None]]) -> str:
    """Give rows as a statement takes them apart with `jsonb_each`."""
    return str(msgspec.json.encode(rows), "utf-8")


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


@contextmanager
def troubles_named() -> Iterator[None]:
    """Turn a driver's fault into the family it belongs to; its words and values go no further."""
    try:
        yield
    except (sa.exc.DBAPIError, sqlite_error()) as fault:
        trouble = as_trouble(fault)
        if trouble is None:
            raise
        raise trouble from None


def _engine(path: Path, key: bytes, *, writing: bool) -> Engine:
    import sqlcipher3.dbapi2 as driver

    if driver.sqlite_version_info < OLDEST_SQLITE:
        raise RuntimeError(f"SQLite {driver.sqlite_version} is too old: at least 3.51.3 is needed")

    def connect() -> Any:
        raw = driver.connect(str(path), isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000)
        try:
            raw.execute("PRAGMA cipher_log_level = NONE")
            raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            raw.execute("PRAGMA cipher_memory_security = OFF")
            if writing:
                raw.execute("PRAGMA auto_vacuum = INCREMENTAL")
                raw.execute("PRAGMA journal_mode = WAL").fetchall()
                raw.execute("PRAGMA synchronous = FULL")
                raw.execute("PRAGMA secure_delete = ON").fetchall()
                raw.execute("PRAGMA foreign_keys = ON")
                raw.execute("PRAGMA wal_autocheckpoint = 1000").fetchall()
            else:
                raw.execute("PRAGMA query_only = ON")
            raw.execute("PRAGMA cache_size = -16000")
            raw.execute("PRAGMA temp_store = MEMORY")
            raw.execute(f"PRAGMA busy_timeout = {BUSY_MS}").fetchall()
        except BaseException:
            raw.close()
            raise
        return raw

    options: dict[str, Any] = (
        {"poolclass": StaticPool} if writing else {"poolclass": QueuePool, "pool_size": 2, "max_overflow": 6}
    )
    engine = sa.create_engine(
        "sqlite+pysqlite://",
        module=driver,
        creator=connect,
        hide_parameters=True,
        **options,
    )
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        quick(connection, begin)

    return engine
