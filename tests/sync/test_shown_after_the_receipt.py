"""What has its receipt is not shown as waiting any more, also where no new version of its case follows."""

import pytest

from caller_app.base.ids import new_id
from caller_app.domain.changes import Change, ConcernAdded, ConcernRaised, NoteAdded
from tests.sync.world import Device


def waiting(device: Device) -> set[str]:
    return set(
        device.store.read(
            lambda view: view.lists.exec_driver_sql("SELECT case_id FROM shown WHERE pending = 1").scalars()
        )
    )


def raised(device: Device, case_id: str) -> str:
    return device.record(
        ConcernRaised(case_id=case_id, act_id=new_id(), route="distress", words="w", told=("the duty lead",))
    )


@pytest.mark.parametrize("kind", ["addition", "note"])
def test_a_change_that_may_not_move_its_case_is_not_waiting_once_it_has_its_receipt(device: Device, kind: str) -> None:
    case_id = min(device.cases())
    concern_id = raised(device, case_id)
    device.sync()
    assert waiting(device) == set()
    added: Change = NoteAdded(case_id=case_id, act_id=new_id(), words="w")
    if kind == "addition":
        added = ConcernAdded(case_id=case_id, act_id=new_id(), concern_id=concern_id, words="more")
    device.record(added)
    assert waiting(device) == {case_id}
    device.sync()
    assert waiting(device) == set()
