"""Starts the peers' servers and lets a fresh client of theirs pull or push, each in a process of its own.

Every client prints its own seconds: from the call that synchronises to its return, with its files open already. Node's
and Python's start are in no figure.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers.installed import HERE, Node

SECONDS = 600


@contextmanager
def node_server(node: Node, script: str, records: Path, folder: Path) -> Iterator[str]:
    """Serve the records by a script of ours; gives its address once all of them are there."""
    folder.mkdir()
    command = [node.program, str(HERE / script), "serve", str(records), str(folder)]
    server = subprocess.Popen(command, env=node.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.communicate(timeout=30)


def node_client(node: Node, script: str, what: str, url: str, folder: Path, count: int, *more: Path) -> float:
    """Give the seconds a script's client needs to pull or to push, and see that all of it arrived."""
    folder.mkdir()
    return _told([node.program, str(HERE / script), what, url, str(folder), *map(str, more)], node.environment, count)


@contextmanager
def anki_server(python: str, folder: Path) -> Iterator[str]:
    """Run Anki's own sync server with one account; gives its address."""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"SYNC_USER1": "bench:bench", "SYNC_BASE": str(folder), "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port),
                "MAX_SYNC_PAYLOAD_MEGS": "1000", "RUST_LOG": "anki=error"}  # fmt: skip
    server = subprocess.Popen(
        [python, "-m", "anki.syncserver"], env={**os.environ, **settings}, stdout=subprocess.DEVNULL
    )
    try:
        _listens(server, port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(30)


def anki_work(python: str, what: str, url: str, folder: Path, count: int, *more: Path) -> float:
    """Give the seconds that one sync of Anki's takes, and see that all notes are there."""
    folder.mkdir(exist_ok=True)
    return _told([python, str(HERE / "anki_work.py"), what, url, str(folder), *map(str, more)], dict(os.environ), count)


def _told(command: list[str], environment: dict[str, str], count: int) -> float:
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=SECONDS)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["count"] == count, (command[1:3], found, count)
    return float(found["seconds"])


def _listens(server: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
    raise RuntimeError("Anki's sync server does not listen")
