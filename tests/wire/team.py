"""Two callers at a served centre, shared by tests that leave it as they found it: processes take seconds to start.

Their requests go over a line that a test can spoil, or lead elsewhere. `at_work` begins a test, `all_is_well` ends it.
"""

from pathlib import Path

from tests.support.centre import Rig, make_rig
from tests.wire.audit import converged, once_each
from tests.wire.programs import CentreProcess, Workstation
from tests.wire.proxy import CLEAR, Line


class Team:
    """A centre's process, Ann's and Ben's workstations, and a line from each to it (`line` is Ann's)."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.rig: Rig = make_rig(database_url)
        self.served = CentreProcess(database_url).start()
        self.line, self.bens_line = Line(self.served.port), Line(self.served.port)
        self._project = self.rig.project(max_attempts=6)
        self.anna, self.ben = self.rig.user("anna"), self.rig.user("ben")
        known = self.rig.centre.standing.server_id
        self.ann, self.benjamin = (
            Workstation(line.url, user, known, folder / user.name).sign_in()
            for line, user in ((self.line, self.anna), (self.bens_line, self.ben))
        )

    def at_work(self, count: int = 1) -> list[str]:
        """Put everything right and give Ann new cases that her workstation has."""
        self._put_right()
        cases = self.rig.cases(self._project, count, to=self.anna)
        self.ann.settle()
        return cases

    def bens(self, count: int) -> list[str]:
        """Give Ben new cases that his workstation has."""
        cases = self.rig.cases(self._project, count, to=self.ben)
        self.benjamin.settle()
        return cases

    def all_is_well(self) -> None:
        """With the line in order, nothing recorded is missing or doubled and the lists are the centre's."""
        self._put_right()
        for station in (self.ann, self.benjamin):
            station.settle()
        once_each(self.rig, self.ann, self.benjamin)
        converged(self.rig, self.ann, self.benjamin)

    def changes(self) -> int:
        """Count the changes the centre holds."""
        return int(self.rig.ask("SELECT count(*) FROM change")[0][0])

    def close(self) -> None:
        """End every process."""
        for station in (self.ann, self.benjamin):
            station.close()
        self.line.close()
        self.bens_line.close()
        self.served.close()
        self.rig.close()

    def _put_right(self) -> None:
        if not self.served.runs():
            self.served.start()
        for line in (self.line, self.bens_line):
            line.target_port = self.served.port
            line.weather = CLEAR
        self.ann.ask("patience", seconds=30)
