"""The import contracts hold, and leave nothing out: a new part of the window must say where in the order it stands."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def test_every_import_contract_is_kept() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in ran.stdout


def test_no_contract_lets_an_import_pass_by_name() -> None:
    assert [
        one["name"] for one in CONTRACTS if "ignore_imports" in one or "unmatched_ignore_imports_alerting" in one
    ] == []


def test_every_part_of_the_window_has_its_layer() -> None:
    ordered = next(one for one in CONTRACTS if one.get("containers") == ["ui"])
    assert ordered["exhaustive"] is True
    named = {name.strip() for layer in ordered["layers"] for name in layer.split("|")}
    parts = {path.stem for path in (ROOT / "ui").glob("*.py")} | {
        path.parent.name for path in (ROOT / "ui").glob("*/__init__.py")
    }
    assert named == parts - {"__init__"}
