"""What an operator may get wrong ends in one plain sentence, and what is stopped half way leaves nothing half done."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from caller_app.base.clock import SystemClock, london_day
from caller_app.central import cli
from caller_app.central.db import writing
from caller_app.central.rules import practices
from caller_app.domain.practices import Practice
from tests.central.test_command_line import ROOT, command, environment
from tests.central.test_intake import cohort, person
from tests.support.centre import KEY, Rig

SECRET = "a-password-of-the-database"
PATIENCE = 60.0
_WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def told(result: "subprocess.CompletedProcess[str]", code: int) -> str:
    """Give the one sentence a refused command said."""
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert SECRET not in result.stderr
    (line,) = result.stderr.splitlines()
    return line


def test_an_address_of_a_database_that_cannot_be_read_is_refused_without_its_password() -> None:
    url = f"postgresql://nobody:{SECRET}@127.0.0.1:notaport/x"
    said = told(command("show", "--database-url", url, CALLER_CENTRAL_STOP_LIST_KEY="ab" * 32), 1)
    assert "does not read as postgresql://" in said


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = told(command("show", "--embedded", "--data-dir", str(tmp_path / "file")), 1)
    assert str(tmp_path / "file") in said
    assert "--data-dir" in said


def test_a_port_that_is_none_is_wrong_usage() -> None:
    for port in ("99999", "-1", "http"):
        result = command("serve", f"--port={port}")
        assert result.returncode == 2
        assert "is not a port from 0 to 65535" in result.stderr


def test_files_that_are_no_certificate_are_named(tmp_path: Path) -> None:
    cert = tmp_path / "cert.pem"
    cert.write_text("not a certificate")
    said = told(command("serve", "--tls-cert", str(cert), "--tls-key", str(cert)), 1)
    assert str(cert) in said
    assert "PEM" in said


def test_a_workbook_given_as_the_list_of_practices_is_refused_in_words() -> None:
    said = told(command("import-practices", str(ROOT / "resources" / "demo" / "cohort_demo.xlsx")), 1)
    assert "epraccur.csv" in said
    assert "Error" not in said


def test_a_fault_of_the_program_is_named_by_its_place_and_never_by_its_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_words: list[str]) -> int:
        raise ValueError("Key (nhs_number)=(9990000018) already exists")

    monkeypatch.setattr(cli, "_command", fails)
    assert cli.main(["show"]) == cli.FAULT
    said = capsys.readouterr().err
    assert "ValueError < fails" in said
    assert "999" not in said
    assert "Traceback" not in said


def test_an_import_that_is_stopped_half_way_leaves_nothing_and_says_so(centre: Rig, tmp_path: Path) -> None:
    practice = Practice("D82001", "SAMPLE SURGERY", ("1 High Street",), "NR1 1AA", "01632 960010", "A", "4", None, None)
    writing(centre.engine, lambda conn: practices.load(conn, [practice], now=centre.clock.now()))
    project = centre.project()
    today = london_day(SystemClock().now()).isoformat()
    with centre.as_owner() as conn:  # holds the import at its first case, after people were written
        conn.execute(text("LOCK TABLE cases IN SHARE MODE"))
        taking = subprocess.Popen(
            [sys.executable, "-m", "caller_app.central", "import-cohort",
             str(cohort(tmp_path, "a.csv", *(person(n) for n in range(1, 6)))), "--project", project.name,
             "--source", "a practice", "--legal-basis", "direct care", "--extracted-on", today,
             "--opt-outs-applied-on", today, "--database-url", centre.url],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            env=environment(CALLER_CENTRAL_STOP_LIST_KEY=KEY.hex()),
        )  # fmt: skip
        try:
            assert waits_for_the_lock(centre, taking)
            taking.send_signal(signal.SIGTERM)
            said, why = taking.communicate(timeout=PATIENCE)
        finally:
            taking.kill()
            taking.wait()
    assert (taking.returncode, said) == (cli.STOPPED, ""), why
    assert why.splitlines()[-1] == "caller-central: Stopped. What this command had not finished was not written."
    for table in ("cohort_batch", "person", "cases", "rec_body WHERE kind = 1"):
        assert centre.ask(f"SELECT count(*) FROM {table}")[0][0] == 0


def waits_for_the_lock(centre: Rig, process: "subprocess.Popen[str]") -> bool:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        with centre.as_owner() as conn:
            if conn.execute(text(_WAITING)).first() is not None:
                return True
        threading.Event().wait(0.05)
    return False
