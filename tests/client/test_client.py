"""The signed-in workstation: lanes, notices, the light, the password asked for again, and a clean end."""

import threading

import pytest

from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.base.notices import Notice
from caller_app.client import Client
from caller_app.store.unit import Unit
from caller_app.supervise import board
from tests.client.house import PATIENCE, House, until
from tests.store import rig
from tests.support.centre import PASSWORD


def ready(house: House, count: int = 1) -> tuple[list[str], Client]:
    cases = house.rig.cases(house.project, count, to=house.anna)
    client = house.sign_in()
    until(client, lambda light: light.list_as_of is not None and light.state == "all_sent")
    return cases, client


def test_what_is_recorded_is_told_sent_and_shown_as_sent(house: House) -> None:
    cases, client = ready(house)
    heard: list[Notice] = []
    client.notices.subscribe(heard.append)
    item = client.read(lambda view: view.item(cases[0])).result(PATIENCE)
    client.write(lambda unit: unit.record(rig.attempt(item))).result(PATIENCE)
    until(client, lambda light: light.unsent == 0 and len(house.rig.item(cases[0]).attempts) == 1)
    mine = [one for one in heard if one.by == "me"]
    assert mine and mine[0].ids == {cases[0]}
    assert any(one.by == "centre" and "outbox" in one.kinds for one in heard)


def test_a_refusal_reaches_the_one_who_asked(house: House) -> None:
    _cases, client = ready(house)

    def refuse(unit: Unit) -> None:
        raise Refused("Not like this.")

    with pytest.raises(Refused, match="Not like this"):
        client.write(refuse).result(PATIENCE)


@pytest.mark.expects_log("bug in lane write: ZeroDivisionError")
def test_a_bug_in_a_command_is_logged_by_its_place_and_records_nothing(house: House) -> None:
    _cases, client = ready(house)

    def fails(unit: Unit) -> float:
        unit.record(rig.note(rig.item(1)))
        return 1 / 0

    with pytest.raises(ZeroDivisionError):
        client.write(fails).result(PATIENCE)
    assert client.standing().unsent == 0


@pytest.mark.expects_log("a subscriber failed")
def test_a_listener_that_fails_does_not_undo_what_was_recorded(house: House, caplog: pytest.LogCaptureFixture) -> None:
    cases, client = ready(house)
    item = client.read(lambda view: view.item(cases[0])).result(PATIENCE)

    def fails(one: Notice) -> None:
        raise ValueError("a patient's name")

    leave = client.notices.subscribe(fails)
    change_id = client.write(lambda unit: unit.record(rig.attempt(item))).result(PATIENCE)
    leave()
    kept = client.read(lambda view: [one.change_id for one in view.my_changes(cases[0])]).result(PATIENCE)
    assert kept == [change_id]
    assert "a patient's name" not in caplog.text


def test_each_lane_has_its_own_thread_and_name(house: House) -> None:
    _cases, client = ready(house)
    names = {
        client.write(lambda _unit: threading.current_thread().name).result(PATIENCE),
        client.read(lambda _view: threading.current_thread().name).result(PATIENCE),
        client.job(lambda: threading.current_thread().name).result(PATIENCE),
        client.ask(lambda _api: threading.current_thread().name).result(PATIENCE),
    }
    assert {name.split("_")[0] for name in names} == {"write", "read", "files", "ask"}


def test_with_the_cable_pulled_the_light_says_so_and_recording_goes_on(house: House) -> None:
    cases, client = ready(house)
    item = client.read(lambda view: view.item(cases[0])).result(PATIENCE)
    house.cut = True
    client.write(lambda unit: unit.record(rig.attempt(item))).result(PATIENCE)
    light = until(client, lambda light: light.state == "offline" and light.unsent == 1)
    assert light.oldest_unsent_at == house.clock.now()
    assert "1 entry" in light.sentence
    house.cut = False
    client.nudge()
    until(client, lambda light: light.state == "all_sent")


def test_a_sign_in_that_ran_out_is_renewed_by_the_password_without_touching_the_outbox(house: House) -> None:
    cases, client = ready(house)
    item = client.read(lambda view: view.item(cases[0])).result(PATIENCE)
    house.clock.pass_by(hours=13)
    client.write(lambda unit: unit.record(rig.attempt(item))).result(PATIENCE)
    until(client, lambda light: light.state == "sign_in" and light.unsent == 1)
    with pytest.raises(Refused):
        client.sign_in_again("wrong").result(PATIENCE)
    assert client.standing().unsent == 1
    client.sign_in_again(PASSWORD).result(PATIENCE)
    until(client, lambda light: light.state == "all_sent" and light.unsent == 0)
    assert len(house.rig.item(cases[0]).attempts) == 1


def test_a_case_on_screen_is_kept_until_the_caller_lets_go(house: House) -> None:
    cases, client = ready(house, 2)
    client.hold(cases[0])
    house.rig.reassign(house.anna, house.ben)
    client.nudge()

    def shown() -> set[str]:
        ids = client.read(lambda view: set(view.lists.exec_driver_sql("SELECT case_id FROM shown").scalars()))
        return ids.result(PATIENCE)

    until(client, lambda _light: shown() == {cases[0]})
    assert client.read(lambda view: view.taken_away(cases[0])).result(PATIENCE) is not None
    client.hold(None)
    until(client, lambda _light: shown() == set())


def test_a_clock_that_is_off_is_said_and_nothing_else(house: House) -> None:
    from tests.support.clock import StoppedClock

    wrong = StoppedClock()
    wrong.turn_wall(hours=2)
    house.clock = wrong
    house.rig.case(house.project, to=house.anna)
    client = house.sign_in()
    light = until(client, lambda light: light.clock_off_minutes != 0)
    assert light.clock_off_minutes == 120
    assert "2 hours fast" in light.sentence


def test_a_supervisor_asks_and_moves_cases(house: House) -> None:
    cases = house.rig.cases(house.project, 3, to=house.anna)
    house.rig.user("sue", role="supervisor")
    client = house.sign_in("sue")
    seen = client.ask(board.board).result(PATIENCE)
    assert {line.shown_name: line.open_cases for line in seen.callers}["Anna"] == 3
    lines = client.ask(board.caller_cases, user_id=house.anna.user_id).result(PATIENCE)
    assert {line.case_id for line in lines.lines} == set(cases)
    moved = client.ask(
        board.reassign, from_user=house.anna.user_id, to_user=house.ben.user_id, why="holiday", case_ids=cases[:2]
    ).result(PATIENCE)
    assert moved.moved == 2
    assert client.ask(board.corrections).result(PATIENCE).total == 0


def test_a_caller_may_not_ask_the_supervisor_s_questions(house: House) -> None:
    _cases, client = ready(house)
    with pytest.raises(Refused):
        client.ask(board.board).result(PATIENCE)


def test_a_question_without_the_centre_says_so(house: House) -> None:
    _cases, client = ready(house)
    house.cut = True
    with pytest.raises(CentreUnreachable, match="works only with the centre") as caught:
        client.ask(board.board).result(PATIENCE)
    assert "sent later" not in caught.value.sentence  # a move of cases is not kept here as recorded work is


def test_closing_finishes_what_was_asked_and_ends_every_thread(house: House) -> None:
    cases, client = ready(house)
    item = client.read(lambda view: view.item(cases[0])).result(PATIENCE)
    house.cut = True
    futures = [client.write(lambda unit: unit.record(rig.note(item))) for _ in range(5)]
    house.leave(client)
    assert all(future.done() for future in futures)
    again = house.sign_in()
    assert until(again, lambda light: light.unsent == 5).unsent == 5


def test_no_request_is_made_under_a_write_lock(house: House) -> None:
    _cases, client = ready(house)
    store = client._store
    with store.outbox.write(), pytest.raises(RuntimeError, match="write lock"):
        store.assert_free()
    store.assert_free()
