"""Two callers, a supervisor who moves cases while they are offline: all sides agree in the end and nothing is lost."""

import pytest
import requests

from caller_app.base.errors import CentreUnreachable
from caller_app.base.ids import new_id
from caller_app.domain.changes import NoteAdded
from tests.sync.world import World


def test_a_list_comes_down_and_an_outcome_goes_up(world: World) -> None:
    anna = world.user("anna")
    cases = world.rig.cases(world.project, 3, to=anna)
    device = world.device(anna)
    first = device.sync()
    assert first.registered
    assert device.cases() == set(cases)
    assert device.store.read(lambda view: view.project(world.project.project_id)) is not None
    change_id = device.attempt(cases[0])
    assert device.unsent() == 1
    outcome = device.sync()
    assert outcome.pushed == 1
    assert outcome.unsent == 0
    item = world.rig.item(cases[0])
    assert [one.attempt_id for one in item.attempts] == [change_id]
    assert device.item(cases[0]) == item
    assert [row.verdict for row in device.outbox()] == ["applied"]
    world.settle()
    world.assert_converged()


def test_work_done_offline_arrives_after_the_case_was_moved(world: World) -> None:
    anna, ben = world.user("anna"), world.user("ben")
    cases = world.rig.cases(world.project, 4, to=anna)
    one, two = world.device(anna), world.device(ben)
    world.settle()
    one.line.cut = True
    change_id = one.attempt(cases[0])
    assert one.item(cases[0]).counted_attempts == 1
    world.clock.pass_by(minutes=5)
    world.rig.reassign(anna, ben, cases[:2])
    two.sync()
    assert two.cases() == set(cases[:2])
    one.line.cut = False
    world.settle()
    world.assert_converged()
    assert one.cases() == set(cases[2:])
    assert [attempt.attempt_id for attempt in two.item(cases[0]).attempts] == [change_id]
    assert two.item(cases[0]).attempts[0].caller == anna.shown_name
    assert one.outbox()[0].verdict == "applied_review"


def test_a_removed_case_leaves_no_trace_in_the_list_and_a_receipt_at_the_centre(world: World) -> None:
    anna, ben = world.user("anna"), world.user("ben")
    cases = world.rig.cases(world.project, 2, to=anna, family_name="Uniquename")
    device = world.device(anna)
    world.settle()
    world.rig.reassign(anna, ben)
    device.sync()
    assert device.cases() == set()
    for table, column in (("shown_words", "words"), ("shown_parts", "parts"), ("record", "body")):
        found = device.store.read(
            lambda view, table=table, column=column: view.lists.exec_driver_sql(
                f"SELECT count(*) FROM {table} WHERE {column} LIKE '%niquename%'"
            ).scalar()
        )
        assert found == 0
    gone = world.rig.ask("SELECT max(seq) FROM visibility WHERE user_id = :u AND gone", u=anna.user_id)[0][0]
    pulled = world.rig.ask("SELECT pulled_seq FROM device WHERE user_id = :u", u=anna.user_id)[0][0]
    assert pulled >= gone
    logged = device.store.read(lambda view: view.outbox.exec_driver_sql("SELECT why, acked FROM purge_log").all())
    assert [tuple(row) for row in logged] == [("reassigned", 1)] * len(cases)


def test_unsent_work_on_a_removed_case_stays_and_is_sent(world: World) -> None:
    anna, ben = world.user("anna"), world.user("ben")
    case = world.rig.case(world.project, to=anna)
    device = world.device(anna)
    world.settle()

    def refuse_push(request: object) -> None:
        if "/v1/push" in (getattr(request, "path_url", "") or ""):
            raise requests.ConnectionError("cut")

    device.attempt(case)
    world.rig.reassign(anna, ben)
    device.line.before = refuse_push
    with pytest.raises(CentreUnreachable):
        device.sync()
    assert device.unsent() == 1
    device.line.before = None
    world.settle()
    assert device.cases() == set()
    assert device.unsent() == 0
    assert len(world.rig.item(case).attempts) == 1


def test_a_case_that_is_open_stays_until_its_wrap_up_is_saved(world: World) -> None:
    anna, ben = world.user("anna"), world.user("ben")
    case = world.rig.case(world.project, to=anna)
    device = world.device(anna)
    world.settle()
    device.store.on_screen = case
    world.rig.reassign(anna, ben)
    device.sync()
    assert device.cases() == {case}
    assert device.store.read(lambda view: view.taken_away(case)) == "passed to a colleague"
    held = world.rig.ask("SELECT held FROM device WHERE user_id = :u", u=anna.user_id)[0][0]
    assert [str(one) for one in held] == [case]
    device.attempt(case)
    device.store.on_screen = None
    device.sync()
    assert device.cases() == set()
    assert world.rig.ask("SELECT held FROM device WHERE user_id = :u", u=anna.user_id)[0][0] == []
    assert len(world.rig.item(case).attempts) == 1
    world.settle()
    world.assert_converged()


def test_a_case_held_too_long_goes_after_thirty_minutes(world: World) -> None:
    anna, ben = world.user("anna"), world.user("ben")
    case = world.rig.case(world.project, to=anna)
    device = world.device(anna)
    world.settle()
    device.store.on_screen = case
    world.rig.reassign(anna, ben)
    device.sync()
    world.clock.pass_by(minutes=31)
    device.sign_in().sync()
    assert device.cases() == set()


def test_a_clock_set_back_while_a_case_is_held_does_not_keep_it_for_a_day(world: World) -> None:
    from tests.support.clock import StoppedClock

    anna, ben = world.user("anna"), world.user("ben")
    case = world.rig.case(world.project, to=anna)
    device = world.device(anna, clock=StoppedClock())
    world.settle()
    device.store.on_screen = case
    world.rig.reassign(anna, ben)
    device.sync()
    device.clock.turn_wall(days=-1)
    device.sync()
    assert device.cases() == {case}
    for clock in (world.clock, device.clock):
        clock.pass_by(minutes=31)
    device.sign_in().sync()
    assert device.cases() == set()


def test_a_quiet_list_is_read_again_every_ten_minutes_though_the_clock_was_set_back(world: World) -> None:
    from tests.support.clock import StoppedClock

    anna = world.user("anna")
    world.rig.case(world.project, to=anna)
    device = world.device(anna, clock=StoppedClock())
    world.settle()
    device.clock.turn_wall(days=-1)
    before = device.line.paths.count("/v1/pull")
    device.sync()
    assert device.line.paths.count("/v1/pull") == before + 1


def test_a_stop_recorded_offline_by_someone_who_lost_the_case_holds_at_once(world: World) -> None:
    anna, ben = world.user("anna"), world.user("ben")
    case = world.rig.case(world.project, to=anna)
    one, two = world.device(anna), world.device(ben)
    world.settle()
    one.line.cut = True
    one.attempt(case, "D03", facts={"words": "do not ring"})
    world.rig.reassign(anna, ben)
    two.sync()
    assert two.cases() == {case}
    one.line.cut = False
    world.settle()
    assert two.cases() == set()
    world.assert_converged()


def test_a_second_device_of_the_same_person_sees_what_the_first_recorded(world: World) -> None:
    anna = world.user("anna")
    case = world.rig.case(world.project, to=anna)
    one, two = world.device(anna), world.device(anna)
    world.settle()
    one.attempt(case)
    two.record(NoteAdded(case_id=case, act_id=new_id(), words="Ring after ten"))
    world.settle()
    world.assert_converged()
    for device in (one, two):
        item = device.item(case)
        assert item.counted_attempts == 1
        assert [note.words for note in item.notes] == ["Ring after ten"]
