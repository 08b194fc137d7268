"""Coming in: which centre, wrong passwords, the first sign-in, and a restart with the cable pulled."""

import io

import pytest
import requests
from urllib3 import HTTPResponse

from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.client import Doorway
from caller_app.client.unlock import TRIES
from tests.client.house import PATIENCE, House, until
from tests.store import rig
from tests.support.asgi_adapter import AsgiAdapter
from tests.support.centre import BASE, PASSWORD


@pytest.mark.parametrize(
    "url", ["http://centre.test", "ftp://centre.test", "https://a:b@centre.test", "https://", "::"]
)
def test_an_address_that_is_not_safe_is_refused(house: House, url: str) -> None:
    with pytest.raises(Refused):
        house.door().check_centre(url).result(PATIENCE)


def test_a_centre_says_its_name(house: House) -> None:
    info = house.door().check_centre(BASE).result(PATIENCE)
    assert info.name == "Test centre"
    assert info.test_mode


def test_a_page_of_the_network_is_no_centre(house: House) -> None:
    def portal(_request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        response.headers["Content-Type"] = "text/html"
        response.raw = HTTPResponse(body=io.BytesIO(b"<html>hello</html>"), preload_content=False)
        response._content = False
        return response

    door = Doorway(house.paths, house.clock, house.secrets, transport=lambda: AsgiAdapter(house.rig.app, after=portal))
    try:
        with pytest.raises(CentreUnreachable) as caught:
            door.check_centre(BASE).result(PATIENCE)
        assert caught.value.portal
    finally:
        door.close()


def test_the_first_run_remembers_nothing_and_later_ones_the_centre_and_the_name(house: House) -> None:
    fresh = Doorway(house.paths, house.clock, house.secrets)
    try:
        assert fresh.remembered() is None
    finally:
        fresh.close()
    house.leave(house.sign_in())
    remembered = house.door().remembered()
    assert remembered is not None
    assert (remembered.url, remembered.last_name) == (BASE, "anna")


def test_a_person_signs_in_and_their_list_comes(house: House) -> None:
    cases = house.rig.cases(house.project, 3, to=house.anna)
    client = house.sign_in()
    assert client.me == house.anna
    assert client.test_mode
    assert client.offline_since is None
    assert not client.demo_key_in_file
    standing = until(client, lambda light: light.state == "all_sent" and light.list_as_of is not None)
    assert standing.unsent == 0
    ids = client.read(lambda view: set(view.lists.exec_driver_sql("SELECT case_id FROM shown").scalars()))
    assert ids.result(PATIENCE) == set(cases)


def test_a_wrong_password_is_refused_and_opens_nothing(house: House) -> None:
    with pytest.raises(Refused, match="not right"):
        house.sign_in(password="wrong")
    assert list(house.paths.profiles.iterdir()) == []


def test_a_locked_account_is_told_so(house: House) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            house.sign_in(password="wrong")
    with pytest.raises(Refused, match=r"(?i)lock"):
        house.sign_in()


def test_an_account_that_sees_no_patients_opens_nothing(house: House) -> None:
    house.rig.user("ada", role="administrator")
    with pytest.raises(Refused, match="sees no patients"):
        house.sign_in("ada")


def test_with_the_cable_pulled_the_person_last_signed_in_goes_on(house: House) -> None:
    case = house.rig.case(house.project, to=house.anna)
    client = house.sign_in()
    until(client, lambda light: light.list_as_of is not None)
    house.leave(client)
    house.cut = True
    house.clock.pass_by(hours=3)
    again = house.sign_in()
    assert again.offline_since == house.clock.now()
    until(again, lambda light: light.state == "offline")
    item = again.read(lambda view: view.item(case)).result(PATIENCE)
    assert item is not None
    again.write(lambda unit: unit.record(rig.attempt(item))).result(PATIENCE)
    until(again, lambda light: light.unsent == 1)
    # The centre is back: the sign-in of the morning still counts, nobody is asked for anything.
    house.cut = False
    again.nudge()
    until(again, lambda light: light.state == "all_sent" and light.unsent == 0)
    assert again.offline_since is None
    assert len(house.rig.item(case).attempts) == 1


def test_offline_a_wrong_password_opens_nothing_and_five_end_it(house: House) -> None:
    house.leave(house.sign_in())
    house.cut = True
    for _ in range(TRIES):
        with pytest.raises(Refused, match="not right"):
            house.sign_in(password="wrong")
    with pytest.raises(Refused, match="Too many"):
        house.sign_in()
    house.cut = False
    house.leave(house.sign_in())
    house.cut = True
    house.leave(house.sign_in())


def test_offline_nobody_else_gets_in(house: House) -> None:
    house.leave(house.sign_in())
    house.cut = True
    with pytest.raises(CentreUnreachable, match="only Anna") as caught:
        house.sign_in("ben")
    assert "go on working" not in caught.value.sentence


def test_offline_the_door_closes_twelve_hours_after_the_last_sign_in(house: House) -> None:
    house.leave(house.sign_in())
    house.cut = True
    house.clock.pass_by(hours=11, minutes=59)
    house.leave(house.sign_in())
    house.clock.pass_by(minutes=2)
    with pytest.raises(Refused, match="12 hours"):
        house.sign_in()


def test_setting_the_clock_back_gains_nothing(house: House) -> None:
    house.leave(house.sign_in())
    house.cut = True
    house.clock.pass_by(hours=11)
    house.leave(house.sign_in())
    house.clock.turn_wall(hours=-10)
    with pytest.raises(Refused, match="set back"):
        house.sign_in()
    house.clock.turn_wall(hours=10)
    house.clock.pass_by(hours=2)
    house.clock.turn_wall(hours=-2)  # as if no time had passed: the monotonic clock knows better
    with pytest.raises(Refused, match="12 hours"):
        house.sign_in()


def test_a_computer_nobody_signed_in_on_cannot_be_opened_offline(house: House) -> None:
    house.cut = True
    with pytest.raises(CentreUnreachable, match="first sign-in on this computer needs the centre") as caught:
        house.sign_in()
    assert "go on working" not in caught.value.sentence  # there is nothing here to work on


def test_two_people_on_one_computer_share_nothing(house: House) -> None:
    hers = house.rig.case(house.project, to=house.anna)
    his = house.rig.case(house.project, to=house.ben)
    seen = {}
    for name in ("anna", "ben"):
        client = house.sign_in(name)
        until(client, lambda light: light.list_as_of is not None)
        ids = client.read(lambda view: set(view.lists.exec_driver_sql("SELECT case_id FROM shown").scalars()))
        seen[name] = ids.result(PATIENCE)
        house.leave(client)
    assert seen == {"anna": {hers}, "ben": {his}}
    assert len(list(house.paths.profiles.iterdir())) == 2


def test_the_same_person_twice_at_once_is_refused(house: House) -> None:
    house.sign_in()
    with pytest.raises(Refused, match="already open"):
        house.sign_in()


def test_neither_password_nor_key_stands_in_a_file(house: House) -> None:
    client = house.sign_in()
    until(client, lambda light: light.list_as_of is not None)
    house.leave(client)
    keys = [value for name, value in house.secrets._held.items() if name.endswith("/key")]
    assert len(keys) == 1
    for path in house.paths.home.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            for secret in (PASSWORD, keys[0]):
                assert secret.encode() not in raw
            assert bytes.fromhex(keys[0]) not in raw
