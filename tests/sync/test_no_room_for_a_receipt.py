"""A disk full just when the receipt comes, or when the line breaks: with room again the same program goes on."""

from typing import Any

import pytest
import requests

from caller_app.base.errors import Unavailable
from caller_app.base.ids import new_id
from caller_app.domain.changes import NoteAdded
from tests.sync.world import Device, World

ROOM = 2**32 - 2  # pages: what SQLite allows where nobody says otherwise


def bounded(device: Device, pages: int | None) -> None:
    """Let the outbox grow no further, or again as it likes."""
    raw: Any = device.store.outbox._opened().connection.dbapi_connection
    there = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {there if pages is None else pages}").fetchall()


@pytest.mark.parametrize("answered", [True, False])
def test_what_could_not_be_written_down_is_sent_again_by_the_next_pass(
    world: World, device: Device, answered: bool
) -> None:
    case_id = min(device.cases())
    ids = [device.record(NoteAdded(case_id=case_id, act_id=new_id(), words="w" * 200)) for _ in range(80)]

    def meanwhile(request: requests.PreparedRequest, response: Any) -> Any:
        if "/v1/push" in str(request.path_url):
            bounded(device, None)
            if not answered:
                raise requests.ConnectionError("the line broke")
        return response

    device.line.after = meanwhile
    if answered:
        with pytest.raises(Unavailable):
            device.sync()
        assert {row.state for row in device.outbox()} == {"SENT"}
    else:
        with pytest.raises(Unavailable):
            device.sync()
    device.line.after = None
    bounded(device, ROOM)
    device.sync()
    assert {(row.state, row.verdict) for row in device.outbox()} == {("ACKED", "applied")}
    stored = world.rig.ask("SELECT change_id::text FROM device_seq ORDER BY dseq")
    assert [row[0] for row in stored] == ids
    assert device.unsent() == 0
