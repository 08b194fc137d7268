"""A line between workstation and centre that is cut every so often: `python -m benchmarks.cutting_line PORT SECONDS`.

Runs in a process of its own, so that its work is not the workstation's. Prints the port it listens on; at the end of
its input it prints how many bytes it brought to the workstation and how often it was cut. SECONDS 0 never cuts.

Loopback brings a page in a moment and the workstation reads it for ten: a cut by the clock alone would mostly meet a
line at rest and cost nothing. So a cut that is due waits for the next bytes to the workstation, lets half of them
through, and takes the line away under them.
"""

import contextlib
import socket
import sys
import threading
import time

_pairs: list[tuple[socket.socket, socket.socket]] = []
_lock = threading.Lock()
_brought = [0]
_cuts = [0]
_due = threading.Event()


def main(argv: list[str]) -> int:
    centre, every = int(argv[0]), float(argv[1])
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, centre), daemon=True).start()
    if every:
        threading.Thread(target=_ask_for_cuts, args=(every,), daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    sys.stdin.read()
    print(_brought[0], _cuts[0], flush=True)
    return 0


def _accept(listener: socket.socket, centre: int) -> None:
    while True:
        near, _ = listener.accept()
        far = socket.create_connection(("127.0.0.1", centre))
        with _lock:
            _pairs.append((near, far))
        threading.Thread(target=_carry, args=(near, far, False), daemon=True).start()
        threading.Thread(target=_carry, args=(far, near, True), daemon=True).start()


def _carry(here: socket.socket, there: socket.socket, down: bool) -> None:
    with contextlib.suppress(OSError):
        while data := here.recv(256 * 1024):
            cut = down and _taken()
            passed = data[: len(data) // 2] if cut else data
            there.sendall(passed)
            if down:
                _brought[0] += len(passed)
            if cut:
                _cut()
    for one in (here, there):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _ask_for_cuts(every: float) -> None:
    while True:
        time.sleep(every)
        _due.set()


def _taken() -> bool:
    """Take the cut that is due, if one is: whoever takes it makes it."""
    with _lock:
        due = _due.is_set()
        _due.clear()
    return due


def _cut() -> None:
    with _lock:
        _cuts[0] += 1
        cut = _pairs[:]
        _pairs.clear()
    for pair in cut:
        for one in pair:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)  # closing alone would leave a thread that reads from it waiting
            with contextlib.suppress(OSError):
                one.close()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
