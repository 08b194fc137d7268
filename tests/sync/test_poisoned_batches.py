"""One change the centre cannot take, or fails on: soon alone, at last plain bytes, and nobody is held up for long."""

from collections import Counter

import msgspec
import pytest
import requests

from caller_app.sync.faults import Busy, CentreFailed, Rejected
from caller_app.sync.push import ALONE_TRIES
from tests.sync.test_bad_lines import After, answered
from tests.sync.world import Device, World


def said(request: requests.PreparedRequest, response: requests.Response, status: int, code: str) -> requests.Response:
    asked = str(request.headers["X-Request-Id"])
    body = f'{{"type":"t","title":"t","status":{status},"code":"{code}","request_id":"{asked}"}}'.encode()
    return answered(response, body, status=status, kind="application/problem+json")


def failing_on(change_id: str, *, opaque_too: bool = False) -> After:
    """A centre with a fault of its own on one change; it stored the batch all the same."""

    def after(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        path = request.path_url or ""
        if not path.startswith("/v1/push") or change_id.encode() not in bytes(request.body or b""):
            return response
        return response if "opaque" in path and not opaque_too else said(request, response, 500, "bug")

    return after


def slots(device: Device, most: int = 30) -> int:
    """Sync once per slot until nothing waits; gives how many slots failed."""
    failed = 0
    for _ in range(most):
        try:
            device.sync()
        except CentreFailed:
            failed += 1
        if device.unsent() == 0:
            return failed
    raise AssertionError("it never got through")


@pytest.mark.expects_log("sent as plain bytes")
@pytest.mark.expects_log("cannot be read here")
def test_a_body_that_cannot_be_read_is_alone_at_the_third_try_and_ends_with_a_supervisor(
    world: World, device: Device
) -> None:
    case = min(device.cases())
    ids = [device.attempt(case) for _ in range(3)]
    with device.store.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET payload = ? WHERE change_id = ?", (b"{not json", ids[1]))
    assert slots(device) == 3
    rows = {row.change_id: (row.verdict, row.reason) for row in device.outbox()}
    assert rows[ids[1]] == ("quarantined", "opaque")
    assert rows[ids[0]][0] != "quarantined"
    assert rows[ids[2]][0] != "quarantined"
    assert world.rig.ask("SELECT class FROM review_case WHERE change_id = CAST(:c AS uuid)", c=ids[1]) == [("opaque",)]


@pytest.mark.expects_log("sent as plain bytes")
def test_a_centre_that_fails_on_one_change_is_worked_around(world: World, device: Device) -> None:
    case = min(device.cases())
    ids = [device.attempt(case) for _ in range(5)]
    device.line.after = failing_on(ids[2])
    assert slots(device) == ALONE_TRIES
    assert len(world.rig.item(case).attempts) == 5  # it had been stored: the receipt only never came


@pytest.mark.expects_log("sent as plain bytes")
def test_the_rest_of_a_big_batch_is_through_as_soon_as_the_bad_one_is_set_apart(world: World, device: Device) -> None:
    case = min(device.cases())
    ids = [device.attempt(case) for _ in range(60)]
    device.line.after = failing_on(ids[37])
    for _ in range(ALONE_TRIES):
        with pytest.raises(CentreFailed):
            device.sync()
    device.sync()
    assert device.unsent() == 0
    assert Counter(row.state for row in device.outbox()) == {"ACKED": 60}


@pytest.mark.expects_log("sent as plain bytes")
@pytest.mark.parametrize("status", [500, 422, 413, 400])
def test_a_centre_that_takes_nothing_hears_once_per_slot_and_no_entry_goes_twice_in_it(
    world: World, device: Device, status: int
) -> None:
    case = min(device.cases())
    for _ in range(30):
        device.attempt(case)

    def refuses(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        pushed = (request.path_url or "").startswith("/v1/push")
        return said(request, response, status, "malformed") if pushed else response

    device.line.after = refuses
    for _ in range(12):
        sent: list[str] = []
        device.line.before = lambda request, sent=sent: sent.append((request.path_url or "").split("?")[0])  # type: ignore[misc]
        with pytest.raises((CentreFailed, Rejected)):
            device.sync()
        assert len([one for one in sent if one.startswith("/v1/push")]) == 1
        assert sent[1:2] == ["/v1/head"]  # whether a stop or a removal came meanwhile, it is asked once all the same
        assert set(sent[2:]) <= {"/v1/pull"}
    assert sent[2:] == []
    assert device.unsent() == 30  # nothing counts as sent, nothing is dropped


@pytest.mark.parametrize("status", [500, 503, 422])
def test_a_centre_that_fails_on_what_is_sent_still_delivers_what_left_the_list(
    world: World, device: Device, status: int
) -> None:
    """A push that fails does not end the pass: a stop or a removal may wait behind it (I8, I12)."""
    kept, gone, _third = sorted(device.cases())
    device.attempt(kept)
    device.attempt(kept)
    ben = world.user("ben")
    world.rig.reassign(device.user, ben, [gone])

    def refuses(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        pushed = (request.path_url or "").startswith("/v1/push")
        return said(request, response, status, "busy" if status == 503 else "bug") if pushed else response

    device.line.after = refuses
    with pytest.raises((CentreFailed, Busy)):
        device.sync()
    assert gone not in device.cases()
    assert device.unsent() == 2
    [(pulled,)] = world.rig.ask("SELECT pulled_seq FROM device WHERE user_id = :u", u=device.user.user_id)
    assert pulled == device.cursor()  # and its removal was receipted
    device.line.after = None
    device.sync()
    assert device.unsent() == 0


@pytest.mark.expects_log("sent as plain bytes")
@pytest.mark.expects_log("not taken even as plain bytes")
def test_what_is_not_taken_even_as_plain_bytes_rests_for_an_hour_and_blocks_no_list(
    world: World, device: Device
) -> None:
    bad = device.attempt(min(device.cases()))
    device.line.after = failing_on(bad, opaque_too=True)
    for _ in range(ALONE_TRIES + 1):
        with pytest.raises(CentreFailed):
            device.sync()
    new = world.rig.case(world.project, to=device.user)
    device.sync()
    assert new in device.cases()
    assert device.unsent() == 1
    device.line.after = None
    world.clock.pass_by(minutes=61)
    device.sync()
    assert device.unsent() == 0


@pytest.mark.expects_log("sent as plain bytes")
@pytest.mark.expects_log("not taken even as plain bytes")
@pytest.mark.expects_log("lease over")
def test_a_rest_written_by_a_clock_far_ahead_does_not_last_for_years(world: World, device: Device) -> None:
    bad = device.attempt(min(device.cases()))
    device.line.after = failing_on(bad, opaque_too=True)
    world.clock.turn_wall(days=3650)
    device.sign_in()
    for _ in range(ALONE_TRIES + 1):
        with pytest.raises(CentreFailed):
            device.sync()
    world.clock.turn_wall(days=-3650)
    device.sign_in()
    device.line.after = None
    device.sync()
    assert device.unsent() == 0


def test_what_comes_back_as_plain_bytes_is_word_for_word_what_was_recorded(world: World, device: Device) -> None:
    case = min(device.cases())
    bad = device.attempt(case, note="Rang the daughter")
    with device.store.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'SUSPECT'")
    device.sync()
    [(envelope,)] = world.rig.ask("SELECT envelope FROM change WHERE change_id = CAST(:c AS uuid)", c=bad)
    held = msgspec.json.decode(bytes(envelope))
    assert (held["id"], held["rec"], held["data"]["note"]) == (bad, case, "Rang the daughter")
