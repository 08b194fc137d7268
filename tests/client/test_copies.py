"""A copy for support is written down at the centre: who made it, on which workstation, about whom."""

from caller_app.commands.copies import note_copy
from tests.client.house import PATIENCE, House, until
from tests.store import rig


def audited(house: House) -> list[tuple[int, str]]:
    rows = house.rig.ask("SELECT user_id, rec_id, device_id FROM audit WHERE what = 'copied' ORDER BY audit_id")
    assert all(row.device_id for row in rows)
    return [(row.user_id, str(row.rec_id)) for row in rows]


def test_a_copy_leaves_a_line_in_the_centres_audit_also_where_it_was_made_offline(house: House) -> None:
    cases = house.rig.cases(house.project, 3, to=house.anna)
    client = house.sign_in()
    until(client, lambda light: light.state == "all_sent" and light.list_as_of is not None)
    for case_id in cases[:2]:
        client.write(lambda unit, at=case_id: unit.record(rig.attempt(unit.item(at)))).result(PATIENCE)
    until(client, lambda light: light.unsent == 0)
    house.cut = True
    assert client.write(note_copy, with_words=True).result(PATIENCE) == 2
    house.rig.reassign(house.anna, house.ben, [cases[0]])  # what was copied stays copied
    house.cut = False
    client.nudge()
    until(client, lambda light: light.unsent == 0 and light.state == "all_sent")
    anna = house.anna.user_id
    assert sorted(audited(house)) == sorted([(anna, cases[0]), (anna, cases[1])])
    assert client.write(note_copy, with_words=False).result(PATIENCE) == 0
    until(client, lambda light: light.unsent == 0 and len(audited(house)) == 3)
    assert client.standing().in_review == 0
