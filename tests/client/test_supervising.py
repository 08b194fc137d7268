"""A supervisor's decision reaches the callers, through real clients at both ends and the real centre between them."""

from caller_app.base.ids import new_id
from caller_app.client import Client
from caller_app.domain.changes import AttemptRecorded
from caller_app.queries.outbox import detail, entries
from caller_app.queries.standing import standing
from caller_app.queries.told import left_list, notices
from caller_app.store.unit import Unit
from caller_app.supervise.reviews import review, reviews, settle_review
from caller_app.supervise.workstations import records_to_go, revoke_workstation, workstations
from tests.client.house import PATIENCE, House, until
from tests.support.station import Station, attempt


def ended(case_id: str) -> AttemptRecorded:
    return AttemptRecorded(case_id=case_id, act_id=new_id(), outcome="D01", facts={"reason": "not_given"})


def late(house: House, case_id: str) -> tuple[Client, Station]:
    """Anna ends a case, without the centre, that has gone to Ben and that Ben has rung."""
    anna = house.sign_in()
    until(anna, lambda light: light.list_as_of is not None and light.state == "all_sent")
    house.cut = True
    house.rig.clock.pass_by(minutes=5)
    house.rig.reassign(house.anna, house.ben)
    ben = Station(house.rig, "ben").sign_in()
    ben.pushed(attempt(case_id))
    house.rig.clock.pass_by(minutes=5)

    def record(unit: Unit) -> None:
        unit.record(ended(case_id))

    anna.write(record).result(PATIENCE)
    house.cut = False
    anna.nudge()
    until(anna, lambda light: light.in_review == 1 and light.unsent == 0)
    return anna, ben


def test_what_a_supervisor_settles_comes_back_to_who_recorded_it_and_to_who_has_the_case(house: House) -> None:
    house.rig.user("sam", role="supervisor")
    (case_id,) = house.rig.cases(house.project, 1, to=house.anna)
    anna, ben = late(house, case_id)
    (row,) = anna.read(entries, kept="review").result(PATIENCE)
    assert row.reason == "recorded after the person was passed to a colleague"
    until(anna, lambda _light: anna.read(left_list).result(PATIENCE) != ())
    (gone,) = anna.read(left_list).result(PATIENCE)
    assert (gone.why, gone.entries) == ("passed to a colleague", 1)

    sam = house.sign_in("sam")
    page = sam.ask(reviews, group="results").result(PATIENCE)
    (line,) = page.lines
    assert page.open_by_group["results"] == 1
    sheet = sam.ask(review, review_id=line.review_id).result(PATIENCE)
    assert [act.code for act in sheet.acts] == ["late_only", "take"]
    done = sam.ask(settle_review, review_id=line.review_id, act="take", why="she rang back").result(PATIENCE)
    assert done.done
    again = sam.ask(settle_review, review_id=line.review_id, act="take", why="she rang back").result(PATIENCE)
    assert (again.done, again.by) == (False, "Sam"), "a repeated request does nothing and says who did it"
    assert sam.ask(reviews).result(PATIENCE).total == 0
    assert sam.ask(reviews, show="settled").result(PATIENCE).lines[0].settled_as == "take"

    anna.nudge()
    until(anna, lambda light: light.in_review == 0 and light.told_at != ())
    (told,) = [one for one in anna.read(notices).result(PATIENCE) if one.change_id == row.change_id]
    assert told.words == "A late result: a supervisor has looked at it, and it was taken over."
    assert anna.read(detail, change_id=row.change_id).result(PATIENCE).row.state == "looked at: it was taken over"
    assert anna.read(standing).result(PATIENCE).in_review == 0
    assert ben.catch_up()[case_id]["status"] == "closed"


def test_the_supervisor_sees_when_a_workstation_took_a_move_and_takes_it_out_of_use(house: House) -> None:
    house.rig.user("sam", role="supervisor")
    house.rig.cases(house.project, 2, to=house.anna)
    anna = house.sign_in()
    until(anna, lambda light: light.list_as_of is not None and light.state == "all_sent")
    sam = house.sign_in("sam")
    until(sam, lambda light: light.state == "all_sent")
    house.rig.reassign(house.anna, house.ben)
    before = sam.ask(workstations).result(PATIENCE)
    device = before.orders[0].devices[0].device_id

    def to_go() -> int:
        return next(one.to_go for one in sam.ask(workstations).result(PATIENCE).lines if one.device_id == device)

    anna.nudge()
    until(anna, lambda _light: len(anna.read(left_list).result(PATIENCE)) == 2)
    anna.nudge()
    until(anna, lambda _light: to_go() == 0)
    after = sam.ask(workstations).result(PATIENCE)
    assert after.orders[0].devices[0].taken_at is not None
    assert sam.ask(records_to_go, device_id=device).result(PATIENCE).total == 0
    assert after.own_device is not None and after.own_device != device
    assert sam.ask(revoke_workstation, device_id=device, why="lost").result(PATIENCE).done
    assert not sam.ask(revoke_workstation, device_id=device, why="lost").result(PATIENCE).done


def test_a_push_says_what_is_still_unsent_when_it_has_arrived(house: House) -> None:
    (case_id,) = house.rig.cases(house.project, 1, to=house.anna)
    anna = house.sign_in()
    until(anna, lambda light: light.list_as_of is not None and light.state == "all_sent")
    house.cut = True
    for _ in range(3):
        anna.write(lambda unit: unit.record(ended(case_id))).result(PATIENCE)
    until(anna, lambda light: light.unsent == 3)
    house.cut = False
    house.rig.clock.pass_by(minutes=1)
    anna.nudge()
    until(anna, lambda light: light.unsent == 0)
    (row,) = house.rig.ask("SELECT unsent_said, unsent_said_at FROM device")
    assert (row.unsent_said, row.unsent_said_at) == (0, house.rig.clock.now())
