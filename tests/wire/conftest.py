"""Real processes around a real database: the centre by its command, workstations told what to do, bad lines."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from caller_app.central.embedded import Embedded
from caller_app.domain.staff import User
from tests.support.centre import TEMPLATE, WORKER, _execute, centre, database_server, empty_database
from tests.wire.cluster import home_for_clusters
from tests.wire.programs import Workstation
from tests.wire.team import Team

__all__ = ["centre", "database_server", "empty_database"]


@pytest.fixture(scope="session")
def clusters() -> Iterator[Path]:
    """Give the folder of the clusters a test may kill; whatever still runs there at the end is stopped."""
    with home_for_clusters() as home:
        yield home


@pytest.fixture(scope="session")
def shared_team(database_server: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """Make the team once; tests take it by `team`."""
    name = f"team{WORKER}"
    _execute(database_server, f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
    team = Team(database_server.server.get_uri(database=name), tmp_path_factory.mktemp("team"))
    yield team
    team.close()
    _execute(database_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def team(shared_team: Team) -> Team:
    """Give the team; a test begins with `at_work` and ends with `all_is_well`."""
    return shared_team


@pytest.fixture
def workstation(tmp_path: Path) -> Iterator[Callable[..., Workstation]]:
    """Make workstations of this test's own: `workstation(url, user, server_id)`."""
    made: list[Workstation] = []

    def make(url: str, user: User, server_id: str) -> Workstation:
        made.append(Workstation(url, user, server_id, tmp_path / f"workstation-{len(made)}"))
        return made[-1]

    yield make
    for one in made:
        one.close()
