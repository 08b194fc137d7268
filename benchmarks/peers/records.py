"""The same records for everybody: what the centre holds for a person, a JSON object a line, its columns laid out.

The peers get the columns ready made; our own workstation has to take them out of each document.
"""

import json
from pathlib import Path

from caller_app.base.clock import SystemClock, to_text
from caller_app.base.ids import new_id
from caller_app.domain.changes import AttemptRecorded
from caller_app.domain.staff import User
from caller_app.protocol.codec import decode_item, plain
from caller_app.store import shown


def write_records(documents: list[tuple[str, int, str]], me: User, path: Path) -> None:
    """Write every document with the columns that a list sorts, filters and searches by."""
    names = [name.strip() for name in shown.COLUMNS.split(",")][1:]  # without the number of the row
    with path.open("w", encoding="utf-8") as file:
        for record_id, ver, body in documents:
            row = shown.shown_row(decode_item(body), ver, me=me, pending=False, parked=False, body=body)
            columns = dict(zip(names, row, strict=True))
            del columns["case_id"]
            file.write(json.dumps({"id": record_id, **columns}) + "\n")


def write_attempts(documents: list[tuple[str, int, str]], count: int, path: Path) -> None:
    """Write one unanswered call for each of so many documents: what our own workstation records and pushes."""
    now = to_text(SystemClock().now())
    with path.open("w", encoding="utf-8") as file:
        for case_id, _ver, _body in documents[:count]:
            made = AttemptRecorded(case_id=case_id, act_id=new_id(), outcome="C01", number="+447700900123")
            line = {"id": new_id(), "case_id": case_id, "kind": made.kind, "occurred_at": now,
                    "data": json.dumps(plain(made))}  # fmt: skip
            file.write(json.dumps(line) + "\n")
