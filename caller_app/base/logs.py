"""The workstation's log: a rotating file, the last 500 lines in memory, and a redaction filter.

The filter is the second line, not the first: nothing at INFO or above may be given names, numbers or words of
patients. It takes out what looks like an NHS number, a telephone number, a postcode, a key or a token all the same.
"""

import logging
import re
from collections import deque
from pathlib import Path

KEPT_LINES = 500
MOST_BYTES = 1_000_000
KEPT_FILES = 3
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s %(message)s"
_PATTERNS = (
    re.compile(r"(?i)(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"(?i)\b(password|token|key|secret)\b(\s*[=:]\s*)\S+"),
    re.compile(r"(?i)x'[0-9a-f]{32,}'|\b[0-9a-f]{64}\b"),
    re.compile(r"(?<![\w-])(?:\+44|0044|0)[\s-]?\d(?:[\s-]?\d){8,10}(?![\w-])"),
    re.compile(r"(?<![\w-])\d{3}[\s-]?\d{3}[\s-]?\d{4}(?![\w-])"),
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"),
)
_GONE = "[removed]"


def redact(text: str) -> str:
    """Take out of a line what looks like patient data, a key or a token."""
    for pattern in _PATTERNS:
        text = pattern.sub(_GONE, text)
    return text


class Redacting(logging.Formatter):
    """Formats a line whole (arguments and traceback included), then redacts it."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class RotatingFile(logging.FileHandler):
    """A log file that is set aside when it is full; the library's own brings sockets and pickle into the start."""

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES, kept: int = KEPT_FILES) -> None:
        super().__init__(path, encoding="utf-8", delay=True)
        self._path, self._most, self._kept = path, most_bytes, kept

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        # Closing it brings the stream back at the next line: FileHandler opens where there is none.
        if self.stream is not None and self.stream.tell() >= self._most:
            self.stream.close()
            self.stream = None
            self._set_aside()

    def _set_aside(self) -> None:
        names = [self._path, *(self._path.with_name(f"{self._path.name}.{at}") for at in range(1, self._kept + 1))]
        try:
            for older, newer in zip(reversed(names), reversed(names[:-1]), strict=False):
                if newer.exists():
                    newer.replace(older)
        except OSError:  # held by another program: go on writing into the full one
            return


class LastLines(logging.Handler):
    """Keeps the last lines for a crash report."""

    def __init__(self, count: int = KEPT_LINES) -> None:
        super().__init__()
        self._lines: deque[str] = deque(maxlen=count)

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))

    def lines(self) -> tuple[str, ...]:
        """Give the kept lines, oldest first."""
        return tuple(self._lines)


def start_logs(folder: Path, *, level: int = logging.INFO) -> LastLines:
    """Send the log to a rotating file in `folder` and give the handler that holds the last lines."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    formatter = Redacting(_FORMAT)
    file = RotatingFile(folder / "caller-app.log")
    memory = LastLines()
    root = logging.getLogger()
    for handler in (file, memory):
        handler.setFormatter(formatter)
        root.addHandler(handler)
    root.setLevel(level)
    # Statements and pool chatter of libraries carry values and addresses; they are never wanted in this file.
    for noisy in ("sqlalchemy", "urllib3", "requests", "keyring", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return memory


def stop_logs() -> None:
    """Close what `start_logs` opened."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler.formatter, Redacting):
            root.removeHandler(handler)
            handler.close()
