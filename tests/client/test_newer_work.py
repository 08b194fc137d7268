"""An older program over a newer one's work: the light says so plainly, what waits is sent, nothing can be recorded."""

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.copies import note_copy
from caller_app.queries.lists import my_list, next_case
from caller_app.queries.outbox import OF_NEWER, entries
from caller_app.queries.outbox_export import outbox_sheet
from caller_app.store.profile import key_of
from tests.client.house import PATIENCE, House, until
from tests.store import newer_file, rig


@pytest.mark.expects_log("push only")
def test_a_person_is_told_that_calls_need_the_newer_program_and_what_waits_is_sent(house: House) -> None:
    cases = house.rig.cases(house.project, 2, to=house.anna)
    client = house.sign_in()
    until(client, lambda light: light.state == "all_sent" and light.list_as_of is not None)
    house.cut = True
    client.write(lambda unit: unit.record(rig.attempt(unit.item(cases[0])))).result(PATIENCE)
    profile = client._profile
    house.leave(client)
    key = key_of(profile, house.secrets)
    newer_file.migrate(profile.folder, key)
    newer_file.add(profile.folder, cases[1], key=key)

    client = house.sign_in()
    light = until(client, lambda light: light.needs_newer and light.unsent == 2)
    assert light.state == "trouble"
    assert light.sentence.startswith("Your saved work was written by a newer version")
    assert "calls need the newer version" in light.sentence
    house.cut = False
    client.nudge()
    until(client, lambda light: light.unsent == 0 and light.needs_newer)
    assert len(house.rig.item(cases[0]).attempts) == 1

    assert client.read(my_list).result(PATIENCE) == ()
    assert client.read(next_case).result(PATIENCE) is None
    titles = [row.title for row in client.read(entries).result(PATIENCE)]
    assert titles == [OF_NEWER, "Call: No answer"]
    assert len(client.read(outbox_sheet, with_words=True).result(PATIENCE).rows) == 2
    for refused in (
        client.write(lambda unit: unit.record(rig.note(rig.item(1)))),
        client.write(note_copy, with_words=True),
    ):
        with pytest.raises(Refused, match="newer version"):
            refused.result(PATIENCE)
