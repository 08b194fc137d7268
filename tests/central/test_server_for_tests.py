"""The PostgreSQL of the tests lies where a second test session of the same person cannot shut it out."""

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from caller_app.central.embedded import Embedded
from tests.support import centre

SOCKET_PATH_LENGTH = 103  # bytes: the shortest limit of the systems we run on (macOS)


def test_the_server_does_not_lie_in_a_folder_that_pytest_closes(
    database_server: Embedded, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if isinstance(database_server.server, centre._Given):
        pytest.skip("a server that was started elsewhere")
    data = Path(database_server.server.pgdata).resolve()
    assert tmp_path_factory.getbasetemp().resolve().parent not in data.parents


def test_its_socket_has_a_path_short_enough_to_be_opened(database_server: Embedded) -> None:
    folder = make_url(database_server.url).query.get("host")
    if not isinstance(folder, str) or not folder.startswith("/"):
        pytest.skip("reached over the network, without a socket")
    assert len(f"{folder}/.s.PGSQL.5432".encode()) <= SOCKET_PATH_LENGTH
