"""The engine and the ways to use it: a write with retry, a consistent read, a plain statement, the driver itself.

`writing` runs the whole work again after a deadlock or serialisation failure, so the work must be a function of the
connection alone. Ids come back as text (a uuid loader is registered), instants as aware UTC. `together` is for the hot
paths: what is asked inside goes to the database in one journey, and rows are read after the block.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from psycopg import Connection as PgConnection
from psycopg import Error as PgError
from psycopg.types.string import TextLoader
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from caller_app.base.errors import Refused, Unavailable
from caller_app.central import arrays

POOL = 16
SERVICE_ROLE = "caller_service"
TRIES = 3
ASK_AFTER_SECONDS = 1.0  # a connection that rested longer is asked whether it still lives before it is used
_AGAIN = {"40001", "40P01", "55P03"}  # serialisation failure, deadlock, lock not available

T = TypeVar("T")


BUSY = "The centre is busy just now. The program asks again by itself."


class Busy(Unavailable):
    """The database has no room for this request just now; asking again later is right."""


def make_engine(
    url: str,
    *,
    pool: int = POOL,
    lock_ms: int = 10_000,
    statement_seconds: int = 60,
    ask_after: float = ASK_AFTER_SECONDS,
) -> Engine:
    """Make the engine for a PostgreSQL address; opens no connection yet."""
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):  # said without the address, which may hold a password
        raise Refused(
            "The database address does not read as postgresql://NAME:PASSWORD@HOST:PORT/DATABASE. Inside a password, "
            "write @ as %40, : as %3A, / as %2F and # as %23."
        ) from None
    engine = create_engine(
        address,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=5,
        pool_use_lifo=True,  # the connection used last is alive and has its statements prepared
        hide_parameters=True,  # a fault that is logged may not quote a person
        connect_args={
            "connect_timeout": 5,
            "application_name": "caller-central",
            "options": (
                f"-c timezone=UTC -c lock_timeout={lock_ms}ms -c statement_timeout={statement_seconds}s "
                "-c idle_in_transaction_session_timeout=30s"
            ),
        },
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: PgConnection[Any], record: Any) -> None:
        connection.adapters.register_loader("uuid", TextLoader)  # text, as the driver reads texts: hundreds a push
        arrays.register(connection)
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkin")
    def _returned(_connection: object, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: PgConnection[Any], record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info["rests_since"] < ask_after:
            return
        try:
            connection.autocommit = True  # a transaction given back would take every prepared statement with it
            connection.execute("")
            connection.autocommit = False
        except PgError as fault:
            raise InvalidatePoolError from fault  # the pool makes a new connection instead

    return engine


def as_service(engine: Engine) -> bool:
    """Work from now on under the role that cannot alter what was received; tells whether this database has it."""
    with engine.connect() as connection:
        there = connection.execute(
            text(
                "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :r AND pg_has_role(current_user, oid, 'MEMBER') "
                "AND has_table_privilege(oid, 'change', 'INSERT'))"
            ),
            {"r": SERVICE_ROLE},
        ).scalar_one()
    if not there:
        return False

    @event.listens_for(engine, "connect")
    def _lower(connection: PgConnection[Any], _record: Any) -> None:
        connection.execute(f"SET ROLE {SERVICE_ROLE}")
        connection.commit()

    engine.dispose()  # what is connected already has the owner's rights
    return True


def writing(engine: Engine, work: Callable[[Connection], T], *, one_view: bool = False) -> T:
    """Run work in one transaction, again up to three times where the database asks for it.

    With `one_view` everything read inside is of the same instant (REPEATABLE READ).
    """
    for left in reversed(range(TRIES)):
        try:
            with engine.connect() as connection:
                if one_view:
                    connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    return work(connection)
        except DBAPIError as fault:
            if not left or not may_run_again(fault):
                raise
            time.sleep(0.02 * (TRIES - left))
    raise AssertionError("the last try either returned or raised")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open one REPEATABLE READ, read-only snapshot: everything asked inside is of the same instant."""
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """Lend a connection for a question or two, each of its own instant: nothing is begun, nothing to be ended."""
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def together(connection: Connection) -> Iterator[PgConnection[Any]]:
    """Lend the driver's own connection inside the open transaction: statements go out together, without waiting.

    The cursors' rows may be read once the block has ended. Faults come out as SQLAlchemy's, as everywhere here. What is
    executed inside through SQLAlchemy goes out together too, but gives neither rows nor counts: only for writes.
    """
    first: BaseException | None = None
    with driver(connection) as raw:
        try:
            with raw.pipeline():
                try:
                    yield raw
                except BaseException as fault:  # noqa: BLE001 - raised below: the driver would log what else failed, in full
                    first = fault
        except PgError:
            if first is None:
                raise
        if first is not None:
            raise first


@contextmanager
def driver(connection: Connection) -> Iterator[PgConnection[Any]]:
    """Lend the driver's own connection inside the open transaction."""
    raw: Any = connection.connection.driver_connection
    try:
        yield raw
    except PgError as fault:
        if raw.closed:
            connection.invalidate(fault)
        raise DBAPIError.instance(
            "", None, fault, PgError, hide_parameters=True, connection_invalidated=raw.closed
        ) from None


def by_keys(connection: Connection) -> None:
    """Have every statement of this transaction find its rows by their keys, with a plan that is made once.

    For the hot paths, whose statements all name their rows by a key. A planner that takes a table for small, as it does
    with one it has not counted yet, reads the whole of it, and keeps to that for as long as it keeps the plan.
    """
    with driver(connection) as raw:
        raw.execute(_BY_KEYS, prepare=True)


_BY_KEYS = "SELECT " + ", ".join(
    f"set_config('{name}', '{value}', true)"
    for name, value in (
        ("enable_seqscan", "off"),
        ("enable_hashjoin", "off"),
        ("enable_mergejoin", "off"),
        ("plan_cache_mode", "force_generic_plan"),
    )
)


def for_driver(statement: str) -> str:
    """Write a statement's `:name` parameters in the driver's own way."""
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement)


def may_run_again(fault: DBAPIError) -> bool:
    """Tell whether a fault is the kind that goes away when the transaction runs again."""
    return getattr(fault.orig, "sqlstate", None) in _AGAIN


def is_away(fault: DBAPIError) -> bool:
    """Tell whether the database went away or has no means left: nothing more may be done in this transaction."""
    state = getattr(fault.orig, "sqlstate", None)
    return isinstance(fault, OperationalError) and (state is None or state[:2] in {"08", "53"} or state[:3] == "57P")


def trouble(fault: SQLAlchemyError) -> Unavailable | None:
    """Say what a database fault is to whoever asked: busy, away, or (None) a fault of ours."""
    if isinstance(fault, PoolTimeout):
        return Busy(BUSY)
    if isinstance(fault, DBAPIError) and may_run_again(fault):
        return Busy(BUSY)
    state = getattr(getattr(fault, "orig", None), "sqlstate", None)
    away = isinstance(fault, OperationalError) and (state is None or state[:2] in {"08", "53", "57"})
    if away or (isinstance(fault, DBAPIError) and fault.connection_invalidated):
        return Unavailable("The centre's database cannot be reached. The program tries again by itself.")
    return None
