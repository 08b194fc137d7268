"""What a line can do to a message: lost, cut, altered, answered by another. Nothing is lost, nothing counts twice."""

import io
import re
from collections.abc import Callable

import pytest
import requests
from urllib3 import HTTPResponse

from caller_app.base.errors import CentreUnreachable, SignInNeeded
from caller_app.sync.faults import Busy, CentreFailed
from tests.sync.world import Device, World

After = Callable[[requests.PreparedRequest, requests.Response], requests.Response]


def answered(
    response: requests.Response, body: bytes, *, status: int | None = None, kind: str | None = None, **headers: str
) -> requests.Response:
    """Put another answer in the place of one."""
    response.headers.pop("Content-Encoding", None)
    if kind is not None:
        response.headers["Content-Type"] = kind
    response.headers.update(headers)
    response.status_code = status or response.status_code
    response.raw = HTTPResponse(body=io.BytesIO(body), preload_content=False, decode_content=False)
    response._content = False
    response._content_consumed = False  # type: ignore[attr-defined]
    return response


def on_path(path: str, work: After, *, times: int = 1) -> After:
    """Do something to the first replies of a path."""
    left = [times]

    def after(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        if (request.path_url or "").split("?")[0] == path and left[0]:
            left[0] -= 1
            return work(request, response)
        return response

    return after


def lose(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
    raise requests.ConnectionError("reply lost")


def one_case(device: Device) -> str:
    return min(device.cases())


def test_a_lost_reply_is_sent_again_and_counts_once(world: World, device: Device) -> None:
    case = one_case(device)
    change_id = device.attempt(case)
    device.line.after = on_path("/v1/push", lose)
    with pytest.raises(CentreUnreachable):
        device.sync()
    assert [row.state for row in device.outbox()] == ["PENDING"]
    assert len(world.rig.item(case).attempts) == 1
    outcome = device.sync()
    assert outcome.pushed == 1
    assert [one.attempt_id for one in world.rig.item(case).attempts] == [change_id]
    assert [row.verdict for row in device.outbox()] == ["applied"]
    assert world.rig.ask("SELECT count(*) FROM change")[0][0] == 1


def test_a_lost_request_leaves_the_entry_as_it_was(world: World, device: Device) -> None:
    device.attempt(one_case(device))
    device.line.cut = True
    with pytest.raises(CentreUnreachable):
        device.sync()
    rows = device.outbox()
    assert [(row.state, row.tries) for row in rows] == [("PENDING", 0)]
    device.line.cut = False
    device.sync()
    assert [row.change_id for row in device.outbox()] == [row.change_id for row in rows]
    assert device.unsent() == 0


@pytest.mark.parametrize("kind", ["text/html", "application/json", "text/plain"])
def test_a_page_of_the_network_with_status_200_settles_nothing(world: World, device: Device, kind: str) -> None:
    device.attempt(one_case(device))

    def portal(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        return answered(response, b"<html>Welcome to the guest network</html>", status=200, kind=kind)

    device.line.after = on_path("/v1/push", portal)
    with pytest.raises(CentreUnreachable) as caught:
        device.sync()
    assert caught.value.portal == (kind == "text/html")
    assert device.unsent() == 1
    device.sync()
    assert device.unsent() == 0


def test_a_redirect_is_not_followed_and_settles_nothing(world: World, device: Device) -> None:
    device.attempt(one_case(device))

    def away(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        return answered(response, b"", status=302, kind="text/plain", Location="https://elsewhere.test/login")

    device.line.after = on_path("/v1/push", away)
    with pytest.raises(CentreUnreachable) as caught:
        device.sync()
    assert caught.value.portal
    assert device.unsent() == 1
    assert "/login" not in device.line.paths


def test_a_receipt_without_our_request_id_settles_nothing(world: World, device: Device) -> None:
    device.attempt(one_case(device))

    def stale(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        body = response.content.replace(str(request.headers["X-Request-Id"]).encode(), b"another-request-id")
        return answered(response, body)

    device.line.after = on_path("/v1/push", stale)
    with pytest.raises(CentreUnreachable):
        device.sync()
    assert device.unsent() == 1


def test_another_centre_at_the_same_address_settles_nothing(world: World, device: Device) -> None:
    device.attempt(one_case(device))
    device.api.server_id = "another-centre"
    with pytest.raises(CentreUnreachable, match="Another centre"):
        device.sync()
    assert device.unsent() == 1


def test_a_spent_token_is_renewed_without_a_password(world: World, device: Device) -> None:
    device.attempt(one_case(device))
    world.clock.pass_by(minutes=16)
    outcome = device.sync()
    assert outcome.pushed == 1
    assert "/v1/refresh" in device.line.paths


def test_a_sign_in_that_ran_out_asks_for_the_password_and_leaves_the_outbox_alone(world: World, device: Device) -> None:
    device.attempt(one_case(device))
    world.clock.pass_by(hours=13)
    with pytest.raises(SignInNeeded):
        device.sync()
    assert [(row.state, row.tries) for row in device.outbox()] == [("PENDING", 0)]
    device.attempt(one_case(device))  # recording goes on
    device.sign_in()
    assert device.sync().pushed == 2


def test_a_sign_in_that_runs_out_between_push_and_pull_keeps_the_receipts(world: World, device: Device) -> None:
    device.attempt(one_case(device))

    def ended(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        world.clock.pass_by(hours=13)
        return response

    device.line.after = on_path("/v1/push", ended)
    with pytest.raises(SignInNeeded):
        device.sync()
    assert [row.state for row in device.outbox()] == ["ACKED"]


def cut_at(place: int) -> After:
    def cut(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        whole = response.content
        return answered(response, whole[: place % (len(whole) + 1)])

    return cut


def test_a_page_cut_anywhere_changes_nothing(world: World) -> None:
    anna = world.user("anna")
    world.rig.cases(world.project, 2, to=anna)
    device = world.device(anna)
    device.line.after = on_path("/v1/pull", lose)
    with pytest.raises(CentreUnreachable):
        device.sync()
    sizes: list[int] = []

    def measure(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        sizes.append(len(response.content))
        raise requests.ConnectionError("measured")

    device.line.after = on_path("/v1/pull", measure)
    with pytest.raises(CentreUnreachable):
        device.sync()
    # Every line end and its neighbours, and places spread over the whole page.
    for place in sorted({*range(0, sizes[0], max(sizes[0] // 40, 1)), 1, sizes[0] - 1, sizes[0] - 2}):
        device.line.after = on_path("/v1/pull", cut_at(place))
        with pytest.raises(CentreUnreachable):
            device.sync()
        assert device.cursor() == 0
        assert device.cases() == set()
    device.line.after = None
    world.settle()
    world.assert_converged()


def test_a_page_with_one_flipped_bit_changes_nothing(world: World) -> None:
    anna = world.user("anna")
    world.rig.cases(world.project, 2, to=anna)
    device = world.device(anna)

    def flip(place: int) -> After:
        def work(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
            body = bytearray(response.content)
            body[place % len(body)] ^= 1
            return answered(response, bytes(body))

        return work

    for place in range(40, 4_000, 97):
        device.line.after = on_path("/v1/pull", flip(place))
        with pytest.raises(CentreUnreachable):
            device.sync()
        assert device.cases() == set()
    device.line.after = None
    world.settle()
    world.assert_converged()


def test_a_busy_centre_says_for_how_long(world: World, device: Device) -> None:
    device.attempt(one_case(device))

    def busy(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        asked = str(request.headers["X-Request-Id"])
        body = f'{{"type":"t","title":"t","status":503,"code":"busy","retry_after":7,"request_id":"{asked}"}}'.encode()
        return answered(response, body, status=503, kind="application/problem+json")

    device.line.after = on_path("/v1/push", busy)
    with pytest.raises(Busy) as caught:
        device.sync()
    assert caught.value.retry_after == 7
    assert device.unsent() == 1


def test_nothing_patient_or_secret_is_logged_by_a_pass(
    world: World, device: Device, caplog: pytest.LogCaptureFixture
) -> None:
    import logging

    caplog.set_level(logging.DEBUG)
    case = one_case(device)
    item = device.item(case)
    assert item is not None
    device.attempt(case, note="Rang the daughter")
    device.sync()
    tokens = device.credentials.tokens
    assert tokens is not None
    written = caplog.text + repr(tokens) + repr(device.credentials) + repr(device.api)
    for secret in (tokens.access, tokens.refresh, item.patient.nhs_number, item.patient.family_name, "daughter"):
        assert secret not in written


@pytest.mark.expects_log("the centre lost changes")
def test_a_centre_that_goes_on_saying_that_it_lacks_what_it_was_sent_is_tried_later(
    world: World, device: Device
) -> None:
    """A standing that stays old (a replica behind its primary, it may be) must not make one pass of endless replays."""
    ids = [device.attempt(min(device.cases())) for _ in range(2)]
    device.sync()

    def forgetful(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        if not str(request.path_url).startswith(("/v1/push", "/v1/head")):
            return response
        return answered(response, re.sub(rb'"last_seq":\d+', b'"last_seq":1', response.content))

    device.line.after = forgetful
    device.sync()  # asks for the head, and hears it there: what is retained goes again in the next pass
    asked = len(device.line.paths)
    with pytest.raises(CentreFailed):
        device.sync()
    assert device.line.paths[asked:].count("/v1/push") == 4
    device.line.after = None
    device.sync()
    assert [(row.change_id, row.verdict) for row in device.outbox()] == [(one, "applied") for one in ids]
    assert world.rig.ask("SELECT count(*) FROM change") == [(2,)]
