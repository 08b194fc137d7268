"""What every test is held to: no stray warning in a log, no thread left behind, no socket beyond this machine."""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Before Qt is imported anywhere: no window may appear, and the picture is the same on every machine.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "expects_log(text): a log line of WARNING or above holding this text is meant")
    config.addinivalue_line("markers", "keeps_threads(prefix): threads whose name starts so may outlive the test")


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_stray_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Any unexpected log line of WARNING or above fails the test that caused it."""
    listener = _Listener()
    logging.getLogger().addHandler(listener)
    yield
    logging.getLogger().removeHandler(listener)
    expected = [mark.args[0] for mark in request.node.iter_markers("expects_log")]
    stray = [line for line in listener.lines if not any(text in line for text in expected)]
    assert not stray, "unexpected log lines: " + "\n".join(stray)


@pytest.fixture(autouse=True)
def no_leaked_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """A thread started by a test ends with it; two seconds of grace, then it has leaked."""
    before = set(threading.enumerate())
    yield
    kept = tuple(mark.args[0] for mark in request.node.iter_markers("keeps_threads"))
    until = time.monotonic() + 2.0
    while True:
        # The worker of a session's in-process centre lives as long as the session does.
        new = [
            one
            for one in set(threading.enumerate()) - before
            if one.is_alive() and not one.name.startswith(("session-", *kept))
        ]
        if not new or time.monotonic() > until:
            break
        new[0].join(0.05)
    assert not new, f"threads left behind: {[one.name for one in new]}"


_real_connect = socket.socket.connect


def _connect_on_this_machine(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = str(address[0])
        if not (host.startswith("127.") or host in ("::1", "localhost")):
            raise OSError(f"tests may not reach {host}: only this machine")
    _real_connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def only_this_machine() -> Iterator[None]:
    """No test may open a socket to anything but this machine."""
    socket.socket.connect = _connect_on_this_machine  # type: ignore[method-assign]
    yield
    socket.socket.connect = _real_connect  # type: ignore[method-assign]
