"""The log: what looks like patient data, a key or a token is taken out; the last lines stay in memory."""

import logging
from pathlib import Path

import pytest

from caller_app.base.logs import KEPT_LINES, RotatingFile, redact, start_logs, stop_logs


@pytest.mark.parametrize(
    "secret",
    [
        "9990000018",
        "999 000 0018",
        "999-000-0018",
        "07700 900123",
        "+447700900123",
        "01632 960123",
        "NR1 1AA",
        "Bearer abcdefgh12345678",
        "password=hunter2hunter2",
        "token: 0123456789abcdef",
        "x'" + "ab" * 32 + "'",
        "ab" * 32,
    ],
)
def test_what_looks_like_a_secret_is_taken_out(secret: str) -> None:
    line = redact(f"before {secret} after")
    assert secret not in line
    assert "before" in line and "after" in line


@pytest.mark.parametrize(
    "harmless",
    ["pass: pushed 3, pulled 112, removed 0", "case 01a20172-7059-7589-8407-cbfb9b0bd342", "2026-03-03 10:00:00,123"],
)
def test_ids_and_counts_stay(harmless: str) -> None:
    assert redact(harmless) == harmless


def test_arguments_and_tracebacks_are_redacted_too_and_the_last_lines_are_kept(tmp_path: Path) -> None:
    root = logging.getLogger()
    level = root.level
    memory = start_logs(tmp_path)
    log = logging.getLogger("test.logs")
    try:
        for number in range(KEPT_LINES + 20):
            log.info("line %d of %s", number, "07700 900123")
        try:
            raise ValueError("9990000018")
        except ValueError:
            log.info("failed", exc_info=True)
    finally:
        stop_logs()
        root.setLevel(level)
    written = (tmp_path / "caller-app.log").read_text(encoding="utf-8")
    for text in (written, "\n".join(memory.lines())):
        assert "07700 900123" not in text
        assert "9990000018" not in text
        assert "ValueError" in text
    assert len(memory.lines()) == KEPT_LINES


def test_a_full_log_is_set_aside_and_only_the_newest_few_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "caller-app.log"
    file = RotatingFile(path, most_bytes=100, kept=2)
    try:
        for number in range(12):
            file.handle(logging.makeLogRecord({"msg": f"line {number:02} " + "x" * 40}))
    finally:
        file.close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["caller-app.log.1", "caller-app.log.2"]
    lines = [one.split(" x")[0] for one in path.with_name("caller-app.log.1").read_text(encoding="utf-8").splitlines()]
    assert lines == ["line 09", "line 10", "line 11"]
    file = RotatingFile(path, most_bytes=100, kept=2)
    file.handle(logging.makeLogRecord({"msg": "the next start"}))
    file.close()
    assert path.read_text(encoding="utf-8") == "the next start\n"
