"""Structured JSON logs on stderr: ids, counts, codes and times only, never a name, number, note or body.

The `refuse_words` step is the second line, not the first: it drops every field that is not on the short list.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# What a line may say. A new field is added here on purpose, or it does not appear.
FIELDS = frozenset(
    {
        "event", "level", "timestamp", "request_id", "method", "route", "status", "code", "user_id", "device_id",
        "change_id", "review_id", "case_id", "batch_id", "count", "changes", "verdict", "reason", "epoch", "server_id",
        "ms", "fault", "where", "address", "sealed", "judged", "task", "swept", "collected", "records", "bytes",
    }
)  # fmt: skip


def refuse_words(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what is not on the list of fields, and say that something was dropped."""
    dropped = [name for name in line if name not in FIELDS]
    for name in dropped:
        del line[name]
    if dropped:
        line["fault"] = "a log line held a field that is not allowed"
    return line


def setup_logs(level: str = "info") -> None:
    """Send our lines as JSON to stderr; other libraries' warnings keep their own form."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            refuse_words,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def where(fault: BaseException) -> str:
    """Say where a fault arose, file:line of our innermost frame; its text may hold data, so it is left out."""
    place = ""
    step = fault.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename.replace("\\", "/")
        if "/caller_app/" in name:
            place = f"caller_app/{name.rsplit('/caller_app/', 1)[1]}:{step.tb_lineno}"
        step = step.tb_next
    return place


log = structlog.get_logger("caller_app.central")
