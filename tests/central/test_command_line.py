"""The commands an operator types, on an embedded centre of their own: real processes, the real service."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.centre import root_of

ROOT = root_of(Path(__file__))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder outside pytest's own, which other accounts (the database's) may not enter."""
    with tempfile.TemporaryDirectory(prefix="caller-central-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def command(
    *words: str, folder: Path | None = None, stdin: str = "", **settings: str
) -> "subprocess.CompletedProcess[str]":
    place = ["--embedded", "--data-dir", str(folder / "centre")] if folder else []
    return subprocess.run(
        [sys.executable, "-m", "caller_app.central", *words, *place], input=stdin, capture_output=True, text=True,
        cwd=ROOT, env=environment(**settings), check=False, timeout=120,
    )  # fmt: skip


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CALLER_CENTRAL_")}
    return {**kept, "CALLER_CENTRAL_TEST_MODE": "1", **settings}


def done(result: "subprocess.CompletedProcess[str]") -> str:
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_centre_is_set_up_served_backed_up_and_stopped(folder: Path) -> None:
    assert "was empty" in done(command("migrate", folder=folder))
    assert "already" in done(command("migrate", folder=folder))
    made = done(command("create-user", "anna", "--shown-name", "Anna", "--role", "caller", folder=folder))
    password = made.rsplit(" ", 1)[1].strip()
    taken = command("create-user", "ANNA", "--shown-name", "A", "--role", "caller", folder=folder)
    assert (taken.returncode, taken.stdout) == (1, "")
    assert taken.stderr == "caller-central: This sign-in name is in use already.\n"
    given = command("create-user", "sam", "--shown-name", "Sam", "--role", "supervisor", "--password-stdin",
                    folder=folder, stdin="a good long password\n")  # fmt: skip
    assert "a good long password" not in done(given)
    service = subprocess.Popen(
        [sys.executable, "-m", "caller_app.central", "serve", "--embedded", "--data-dir", str(folder / "centre"),
         "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment(),
    )  # fmt: skip
    try:
        assert service.stdout is not None
        line = service.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:")
        url = line.removeprefix("listening on ").strip()
        with requests.Session() as session:
            session.trust_env = False
            signed = session.post(f"{url}/v1/sign-in", json={"name": "anna", "password": password}, timeout=30)
            assert signed.json()["shown_name"] == "Anna"
            beside = json.loads(done(command("show", "--json", folder=folder)))
            assert (beside["accounts"], beside["audit_chain"]) == (2, "whole")
            assert session.get(f"{url}/health", timeout=30).json() == {"status": "ok"}
            backup = folder / "backup.dump"
            assert "stop-list key" in done(command("backup", "--out", str(backup), folder=folder))
            again = command("backup", "--out", str(backup), folder=folder)
            assert (again.returncode, "exists already" in again.stderr) == (1, True)
    finally:
        service.send_signal(signal.SIGTERM)
        _, said = service.communicate(timeout=60)
    assert service.returncode == 0, said
    events = [json.loads(one)["event"] for one in said.splitlines()]
    assert "answered" in events
    assert not (folder / "centre" / "postgres" / "postmaster.pid").exists()  # the database stopped with its last user


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show",), 1, "No database is named"),
        (("show", "--embedded"), 1, "--data-dir"),
        (("show", "--database-url", "postgresql://nobody@127.0.0.1:1/x"), 3, "cannot be reached"),
        (("serve", "--host", "0.0.0.0"), 1, "plain HTTP"),  # noqa: S104 - it has to be refused
        (("serve", "--tls-cert", "x.pem"), 1, "belong together"),
        (("frobnicate",), 2, ""),
        ((), 2, ""),
    ],
)
def test_what_cannot_be_done_ends_with_a_sentence_and_its_code(words: tuple[str, ...], code: int, said: str) -> None:
    result = command(*words, CALLER_CENTRAL_STOP_LIST_KEY="ab" * 32)
    assert result.returncode == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr
