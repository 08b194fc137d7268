"""Is it still the design? Sizes of files, names, and words that may stand only in certain places."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    return [ROOT / line for line in listed if line and (ROOT / line).is_file()]


PYTHON = tracked("*.py")
OURS = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in ("caller_app", "ui")]


def test_the_tree_is_read() -> None:
    assert len(OURS) > 20


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_over_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_file_is_called_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    assert [path for path in PYTHON if path.stem in vague or vague & set(path.relative_to(ROOT).parts)] == []


def test_alembic_has_no_init_that_would_shadow_the_library() -> None:
    assert not list((ROOT / "alembic").rglob("__init__.py"))


# What may stand only where: (pattern, folders or files in which it may, why).
ONLY_IN = [
    (r"datetime\.now\(|time\.time\(\)|date\.today\(\)", ("caller_app/base/clock.py",), "time is injected"),
    (r"\bQThread\b|QThreadPool|QRunnable|moveToThread", (), "threads are Python's; Qt's are invisible to coverage"),
    (r"\.setStyleSheet\(", ("ui/theme/",), "one style sheet, on the application"),
    (r"\.exec\(", ("ui/main.py",), "nested event loops re-enter presenters"),
    (r"^\s*print\(", ("caller_app/central/", "caller_app/sync/cli"), "only command lines print"),
    (r"verify\s*=\s*False", (), "TLS is always checked"),
]


@pytest.mark.parametrize(("pattern", "places", "why"), ONLY_IN, ids=[row[2] for row in ONLY_IN])
def test_some_words_stand_only_where_they_belong(pattern: str, places: tuple[str, ...], why: str) -> None:
    found = []
    for path in OURS:
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(places) if places else False:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(pattern, line) and not line.lstrip().startswith("#"):
                found.append(f"{name}:{number}")
    assert not found, f"{why}: {found}"


def test_no_registry_host_stands_in_any_file() -> None:
    hosts = re.compile("|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "registry\\.npmjs", "deb\\.debian")))
    text_files = [path for path in tracked() if path.suffix not in (".xlsx", ".png", ".ttf", ".otf", ".ico")]
    assert [path for path in text_files if hosts.search(path.read_text(encoding="utf-8", errors="replace"))] == []


def test_no_path_of_one_machine_stands_in_any_file() -> None:
    odd = re.compile(r"(^|[^A-Za-z0-9_./-])/(wor" + r"k|root|home)/[A-Za-z.]")
    text_files = [path for path in tracked() if path.suffix in (".py", ".md", ".toml", ".txt", ".sh", ".ini", "")]
    assert [path for path in text_files if odd.search(path.read_text(encoding="utf-8", errors="replace"))] == []
