"""A workstation's outbox as the first release left it: made by its own migration and filled by hand."""

import hashlib
from pathlib import Path

from caller_app.base.clock import to_text
from caller_app.base.ids import new_id
from caller_app.domain.calls import CallDraft
from caller_app.protocol.codec import encode
from caller_app.store import migrate
from caller_app.store.engine import CipherFile
from tests.store import rig
from tests.support.clock import StoppedClock

_ROW = (
    "INSERT INTO outbox(dseq, change_id, act_id, kind, schema, rec_kind, rec_id, occurred_at, mono_ns, boot_id,"
    " utc_offset, payload, sha256, state, lane, tries, recorded_at)"
    " VALUES (?,?,?,?,?,1,?,?,1,'b',0,?,?,'PENDING',?,0,?)"
)


def make(folder: Path, count: int) -> list[str]:
    """Make one with so many pending changes and two open calls; gives the ids of the changes."""
    folder.mkdir(parents=True, exist_ok=True)
    now = to_text(StoppedClock().now())
    ids: list[str] = []
    file = CipherFile(folder / "outbox.db", rig.KEY)
    try:
        with file.write() as connection:
            run = connection.exec_driver_sql
            migrate.upgrade(connection, "0001")
            run("PRAGMA user_version = 1")
            run(
                "INSERT INTO identity(one, device_id, user_id, server_id, next_dseq) VALUES (1, 'd', ?, ?, ?)",
                (rig.ME.user_id, rig.SERVER, count + 1),
            )
            for dseq in range(1, count + 1):
                change = rig.note(rig.item(dseq % 9 + 1), f"note {dseq} " + "x" * 300)
                payload = encode(change)
                ids.append(new_id())
                mark = hashlib.sha256(payload).digest()
                run(
                    _ROW,
                    (dseq, ids[-1], change.act_id, change.kind, change.schema, change.case_id, now, payload, mark,
                     change.lane, now),
                )  # fmt: skip
            for number in (1, 2):
                case = rig.item(number).case_id
                draft = CallDraft(call_id="c", case_id=case, opened_at=StoppedClock().now(), page=number)
                run("INSERT INTO draft VALUES (?,?,?)", (case, encode(draft).decode(), now))
    finally:
        file.close()
    return ids
