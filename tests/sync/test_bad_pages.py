"""Pages that are whole and hashed, and wrong in what they say: each has a defined answer, and harms nothing else."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from caller_app.base.errors import CentreUnreachable
from caller_app.base.ids import new_id
from caller_app.protocol.limits import RECORD_BYTES
from tests.sync.test_bad_lines import answered, on_path
from tests.sync.world import Device, World

Lines = list[dict[str, Any]]
Wrong = Callable[[Lines], None]

NO_TEXT = "stands for bytes that are no text"


@pytest.fixture
def device(world: World) -> Device:
    anna = world.user("anna")
    world.rig.cases(world.project, 4, to=anna)
    device = world.device(anna)
    device.sync()
    world.rig.cases(world.project, 3, to=anna)  # what the next page brings
    return device


def altered(device: Device, wrong: Wrong, *, times: int = 1) -> None:
    """Alter the next page and close it again with the right count and hash, as a centre gone wrong would send it."""

    def after(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        lines = [json.loads(line) for line in response.content.splitlines()]
        wrong(lines)
        written = [json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines[:-1]]
        said = [line.replace(NO_TEXT.encode(), b"\xff\xfe") for line in written]
        lines[-1]["sha256"] = hashlib.sha256(b"".join(said)).hexdigest()
        return answered(response, b"".join(said) + json.dumps(lines[-1]).encode() + b"\n")

    device.line.after = on_path("/v1/pull", after, times=times)


def set_of(device: Device) -> tuple[set[str], int]:
    return device.cases(), device.cursor()


def out_of_order(lines: Lines) -> None:
    lines[1], lines[2] = lines[2], lines[1]


def the_same_number_twice(lines: Lines) -> None:
    lines[2]["s"] = lines[1]["s"]


def a_number_already_passed(lines: Lines) -> None:
    lines[1]["s"] = 1


def a_number_beyond_the_page(lines: Lines) -> None:
    lines[-2]["s"] = lines[0]["to"] + 5


def a_page_that_goes_back(lines: Lines) -> None:
    lines[0]["from"] -= 2


def a_count_that_is_wrong(lines: Lines) -> None:
    lines[0]["n"] += 1


def two_ends(lines: Lines) -> None:
    lines[0]["n"] += 1
    lines.insert(2, dict(lines[-1]))


def a_line_of_no_kind_at_all(lines: Lines) -> None:
    lines[1]["t"] = "take"


def a_field_of_another_type(lines: Lines) -> None:
    lines[1]["v"] = "three"


def a_number_beyond_every_column(lines: Lines) -> None:
    lines[1]["v"] = 2**63


def a_watermark_below_nothing(lines: Lines) -> None:
    lines[0]["last_seq"] = -(2**63) - 1


def an_id_that_is_no_text(lines: Lines) -> None:
    lines[1]["id"] = NO_TEXT


@pytest.mark.parametrize(
    "wrong",
    [
        out_of_order, the_same_number_twice, a_number_already_passed, a_number_beyond_the_page, a_page_that_goes_back,
        a_count_that_is_wrong, two_ends, a_line_of_no_kind_at_all, a_field_of_another_type,
        a_number_beyond_every_column, a_watermark_below_nothing, an_id_that_is_no_text,
    ],
)  # fmt: skip
def test_a_page_that_contradicts_itself_is_not_applied_and_is_asked_for_again(
    world: World, device: Device, wrong: Wrong
) -> None:
    before = set_of(device)
    altered(device, wrong)
    with pytest.raises(CentreUnreachable):
        device.sync()
    assert set_of(device) == before
    world.settle()
    world.assert_converged()


@pytest.mark.expects_log("too large to be kept")
def test_a_document_too_large_leaves_the_list_and_the_rest_of_the_page_goes_on(world: World, device: Device) -> None:
    large = ""

    def grow(lines: Lines) -> None:
        nonlocal large
        large = lines[1]["id"]
        lines[1]["b"]["padding"] = "x" * (2 * RECORD_BYTES)

    altered(device, grow)
    device.sync()
    assert len(device.cases()) == 6
    assert large not in device.cases()


@pytest.mark.expects_log("a record cannot be read")
@pytest.mark.parametrize("place", ["given_name", "nhs_number"])
def test_a_document_that_is_no_text_is_passed_over_and_the_rest_of_the_page_goes_on(
    world: World, device: Device, place: str
) -> None:
    odd = ""

    def spoil(lines: Lines) -> None:
        nonlocal odd
        odd = lines[1]["id"]
        lines[1]["b"]["patient"][place] = NO_TEXT

    altered(device, spoil)
    device.sync()
    assert len(device.cases()) == 6
    assert odd not in device.cases()
    assert device.item(odd) is None


@pytest.mark.expects_log("a record cannot be read")
def test_a_document_that_cannot_be_read_is_passed_over_and_named_by_its_id_only(
    world: World, device: Device, caplog: pytest.LogCaptureFixture
) -> None:
    def spoil(lines: Lines) -> None:
        lines[1]["b"] = {"case_id": 7, "patient": {"given_name": "Secretname"}}

    altered(device, spoil)
    device.sync()
    assert len(device.cases()) == 6
    assert "Secretname" not in caplog.text


@pytest.mark.expects_log("a record cannot be read")
def test_a_document_that_says_it_is_another_case_is_shown_as_neither(world: World, device: Device) -> None:
    swapped: list[str] = []

    def swap(lines: Lines) -> None:
        swapped.extend((lines[1]["id"], lines[2]["id"]))
        lines[1]["b"], lines[2]["b"] = lines[2]["b"], lines[1]["b"]

    altered(device, swap)
    device.sync()
    assert len(device.cases()) == 5
    assert not device.cases() & set(swapped)


@pytest.mark.expects_log("a record cannot be read")
def test_a_document_with_a_time_beyond_the_calendar_is_passed_over(world: World, device: Device) -> None:
    def spoil(lines: Lines) -> None:
        lines[1]["b"]["not_before"] = "0001-01-01T00:00:00+23:59"

    altered(device, spoil)
    device.sync()
    assert len(device.cases()) == 6
    device.restart()  # shown rows that are missing are derived anew at each start: this one is passed over then too
    assert len(device.cases()) == 6


def test_a_document_of_an_unknown_kind_is_kept_as_it_came_and_shown_nowhere(world: World, device: Device) -> None:
    other = new_id()

    def strange(lines: Lines) -> None:
        lines[-2].update(k=99, id=other, b={"from": "the future"})

    altered(device, strange)
    device.sync()
    assert len(device.cases()) == 6
    assert json.loads(device.bodies()[other][1]) == {"from": "the future"}


def test_a_removal_of_what_was_never_here_is_no_fault(world: World, device: Device) -> None:
    def remove(lines: Lines) -> None:
        one = lines[-2]
        lines[-2] = {"t": "gone", "k": one["k"], "s": one["s"], "id": new_id(), "why": "a reason of the future"}

    altered(device, remove)
    device.sync()
    assert len(device.cases()) == 6


def test_a_document_that_comes_twice_under_rising_numbers_ends_as_the_later_one(world: World, device: Device) -> None:
    def twice(lines: Lines) -> None:
        lines[2].update(id=lines[1]["id"], b={**lines[1]["b"], "priority": 7}, v=lines[1]["v"] + 1)

    altered(device, twice)
    device.sync()
    assert len(device.cases()) == 6
    twin = [one for name in device.cases() if (one := device.item(name)) is not None and one.priority == 7]
    assert len(twin) == 1


def test_the_same_page_twice_changes_nothing_the_second_time(world: World, device: Device) -> None:
    kept: list[bytes] = []

    def keep(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        kept.append(response.content)
        return answered(response, kept[0])

    device.line.after = on_path("/v1/pull", keep)
    device.sync()
    before = set_of(device)
    world.rig.case(world.project, to=device.user)

    def again(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        return answered(response, kept[0])  # with the echo of an earlier question

    device.line.after = on_path("/v1/pull", again)
    with pytest.raises(CentreUnreachable):
        device.sync()
    assert set_of(device) == before
    world.settle()
    world.assert_converged()
