"""Where things lie: the data folder of this installation, and the data files that ship with the program.

What a reader would get wrong: `resources/` and `alembic/` lie beside the packages in the source tree, inside
`caller_app/_data` once installed (a top-level `alembic/` in site-packages would overlay the library), and under the
bundle's folder when frozen. Everyone asks here.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "CALLER_APP_HOME"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one installation for one user of the machine."""

    home: Path

    @property
    def profiles(self) -> Path:
        """Give the folder that holds one folder per (centre, person)."""
        return self.home / "profiles"

    @property
    def logs(self) -> Path:
        """Give the folder of the log files."""
        return self.home / "logs"

    @property
    def centre_file(self) -> Path:
        """Give the file that remembers the centre and who signed in last; no patient data."""
        return self.home / "centre.json"

    def make(self) -> "Paths":
        """Create the folders, readable by their owner only."""
        for folder in (self.home, self.profiles, self.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self


def user_paths(environment: Mapping[str, str] | None = None) -> Paths:
    """Give the data folder: `CALLER_APP_HOME` where it is set, else the system's place for program data."""
    environment = os.environ if environment is None else environment
    wanted = environment.get(HOME_VARIABLE, "").strip()
    if wanted:
        return Paths(Path(wanted).expanduser().absolute())
    import platformdirs

    return Paths(Path(platformdirs.user_data_dir("caller-app", appauthor=False)))


def _data_root(name: str) -> Path:
    if getattr(sys, "frozen", False):
        bundle = Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent))
        return bundle / "caller_app" / "_data" / name
    package = Path(__file__).resolve().parent.parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name


def resource_path(name: str) -> Path:
    """Give the path of a shipped data file ("outcomes.csv", "packs/nhs_health_check.xlsx")."""
    return _data_root("resources") / name


def resource_text(name: str) -> str:
    """Read a shipped text file as UTF-8."""
    return resource_path(name).read_text(encoding="utf-8")


def alembic_path(name: str) -> Path:
    """Give the folder of one migration environment ("workstation", "central")."""
    return _data_root("alembic") / name
