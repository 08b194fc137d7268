"""First pages of lists, asked for on the service's own loop: a short question needs no thread to wait for it.

Two connections of their own, opened when the service starts. What a reader would get wrong: this is a short cut, never
the only way. Where no connection is free, one broke, the database is slow, or anything about the request is unusual,
the answer is None, and the request takes the ordinary way on a thread, with its retries and its words for every fault.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Any

import psycopg
import structlog
from psycopg import sql
from psycopg.rows import namedtuple_row
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from caller_app.central.db import reading
from caller_app.central.rules import first_page
from caller_app.central.rules.pulls import Served, Wanted

log = structlog.get_logger("caller_app.central")

CONNECTIONS = 2
_LIMITS = "-c timezone=UTC -c lock_timeout=200ms -c statement_timeout=2000ms"
_OPEN_AGAIN_AFTER = 5.0  # seconds

_Connection = psycopg.AsyncConnection[Any]


class FirstPages:
    """Serves short first pages between `open` and `close`, both called on the loop that serves the requests."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._free: list[_Connection] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._is_open = False

    async def open(self) -> None:
        """Begin; a database that cannot be reached now is tried again, and meanwhile nothing is served here."""
        self._is_open = True
        for _ in range(CONNECTIONS):
            self._connect_beside(at_once=True)
        await asyncio.gather(*self._opening)

    async def close(self) -> None:
        """Give the connections back."""
        self._is_open = False
        for one in self._opening:
            one.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        while self._free:
            await self._free.pop().close()

    async def serve(self, authorization: str | None, wanted: Wanted, *, epoch: str, now: datetime) -> Served | None:
        """Give what a short first page serves; None where the request has to take the ordinary way."""
        if not self._free:
            return None
        asked = first_page.question(authorization, wanted, epoch=epoch, now=now)
        if asked is None:
            return None
        connection = self._free.pop()
        try:
            cursor = connection.cursor(row_factory=namedtuple_row, binary=True)
            row = await (await cursor.execute(first_page.ASK, asked, prepare=True)).fetchone()
        except psycopg.Error as fault:
            log.info("a first page takes the ordinary way", because=type(fault).__name__)
            row = None
        finally:
            await self._give_back(connection)
        return first_page.served(row, asked)

    async def _give_back(self, connection: _Connection) -> None:
        idle = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        if self._is_open and idle and not connection.closed:
            self._free.append(connection)
            return
        await connection.close()
        if self._is_open:
            self._connect_beside()

    def _connect_beside(self, *, at_once: bool = False) -> None:
        task = asyncio.get_running_loop().create_task(self._connect(0.0 if at_once else _OPEN_AGAIN_AFTER))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _connect(self, after: float) -> None:
        await asyncio.sleep(after)
        with suppress(psycopg.Error, SQLAlchemyError):
            connection = await psycopg.AsyncConnection.connect(
                self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
                autocommit=True,
                connect_timeout=5,
                tcp_user_timeout=3_000,
                application_name="caller-central",
                options=_LIMITS,
            )
            try:
                await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(await self._role())))
            except BaseException:
                await connection.close()
                raise
            self._free.append(connection)
            return
        if self._is_open:
            self._connect_beside()

    async def _role(self) -> str:
        """Name the role the other connections work under."""

        def ask() -> str:
            with reading(self._engine) as conn:
                return str(conn.execute(text("SELECT current_user")).scalar_one())

        return await asyncio.to_thread(ask)
