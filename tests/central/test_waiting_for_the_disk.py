"""What is acknowledged is on disk first; only the receipt of a pull, which may be forgotten, does not wait for it."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from caller_app.central.rules import feed
from tests.support.centre import Rig
from tests.support.station import Station, attempt, read_page


def not_waiting(centre: Rig, deed: Callable[[], Any]) -> list[str]:
    """Give what the transactions that did not wait for the disk altered, while a deed was done."""
    altered: list[str] = []
    lazy: set[int] = set()

    class Watched(psycopg.Cursor[Any]):
        """Sees every statement, however it was asked for."""

        def execute(self, query: Any, *values: Any, **how: Any) -> Any:
            statement = str(query)
            if "synchronous_commit" in statement:
                lazy.add(id(self.connection))
            elif id(self.connection) in lazy and statement.split(maxsplit=1)[0] in (
                "INSERT", "UPDATE", "DELETE", "WITH",
            ):  # fmt: skip
                altered.append(" ".join(statement.split()[:2]))
            return super().execute(query, *values, **how)

    def lent(connection: Any, *_more: Any) -> None:
        connection.cursor_factory = Watched

    def ended(conn: Any) -> None:
        lazy.discard(id(conn.connection.dbapi_connection))

    event.listen(centre.engine, "checkout", lent)
    event.listen(centre.engine, "commit", ended)
    try:
        deed()
    finally:
        event.remove(centre.engine, "checkout", lent)
        event.remove(centre.engine, "commit", ended)
        centre.engine.dispose()  # no connection keeps the watch
    return altered


def test_a_pull_only_notes_its_receipt_without_waiting(centre: Rig) -> None:
    anna = centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    station = Station(centre, "anna").sign_in()
    assert not_waiting(centre, station.pull) == ["UPDATE device"]
    assert not_waiting(centre, lambda: station.push(attempt(case_id))) == []
    assert not_waiting(centre, lambda: Station(centre, "anna").sign_in()) == []


@pytest.mark.parametrize("over", [-2, -1, 0])
def test_a_page_is_the_same_whether_it_is_read_at_once_or_in_portions(centre: Rig, over: int) -> None:
    anna = centre.user("anna")
    ids = centre.cases(centre.project(), feed.ROWS_AT_ONCE + over, to=anna)
    station = Station(centre, "anna").sign_in()
    lines = read_page(station.pull().content)[1]
    assert len(lines) == len(ids) + 1  # and the project
    assert {one["id"] for one in lines} >= set(ids)
    numbers = [one["s"] for one in lines]
    assert numbers == sorted(set(numbers))
