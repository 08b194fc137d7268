"""Who may in, for how long, and as what; tokens are kept as hashes and nothing tells a guesser which names exist."""

import hashlib

import pytest

from caller_app.base.errors import Refused
from caller_app.central.db import writing
from caller_app.central.rules import accounts
from tests.support.centre import PASSWORD, Rig
from tests.support.station import Station, attempt


def try_in(centre: Rig, name: str, password: str) -> tuple[int, str]:
    station = Station(centre, name, session=centre.session())
    reply = station.post("/v1/sign-in", {"name": name, "password": password})
    return reply.status_code, reply.json().get("code", "")


def test_a_right_password_opens_and_a_wrong_one_does_not(centre: Rig) -> None:
    centre.user("anna", shown_name="Anna Example")
    assert try_in(centre, "anna", "wrong wrong wrong") == (401, "wrong_password")
    station = Station(centre, "Anna", session=centre.session())  # capitals do not matter
    body = station.post("/v1/sign-in", {"name": "Anna", "password": PASSWORD}).json()
    assert (body["shown_name"], body["role"]) == ("Anna Example", "caller")


@pytest.mark.parametrize("name", ["anna", "nobody.of.that.name"])
def test_five_wrong_passwords_lock_a_name_whether_it_exists_or_not(centre: Rig, name: str) -> None:
    centre.user("anna")
    for _ in range(5):
        assert try_in(centre, name, "wrong wrong wrong") == (401, "wrong_password")
    assert try_in(centre, name, PASSWORD) == (423, "account_locked")
    centre.clock.pass_by(minutes=15, seconds=1)
    assert try_in(centre, name, PASSWORD)[0] == (200 if name == "anna" else 401)


def test_a_supervisor_can_have_a_lock_lifted(centre: Rig) -> None:
    centre.user("anna")
    for _ in range(6):
        try_in(centre, "anna", "wrong wrong wrong")
    writing(centre.engine, lambda conn: accounts.unlock(conn, name="anna", now=centre.clock.now()))
    assert try_in(centre, "anna", PASSWORD)[0] == 200


def test_a_right_password_forgets_the_wrong_ones(centre: Rig) -> None:
    centre.user("anna")
    for _ in range(3):
        for _ in range(4):
            try_in(centre, "anna", "wrong wrong wrong")
        assert try_in(centre, "anna", PASSWORD)[0] == 200


def test_an_access_token_lasts_a_quarter_of_an_hour_and_is_renewed_without_the_password(centre: Rig) -> None:
    centre.user("anna")
    station = Station(centre, "anna").sign_in()
    first = station.post("/v1/sign-in", {"name": "anna", "password": PASSWORD}).json()
    station.token = first["access_token"]
    centre.clock.pass_by(minutes=15)
    assert station.get("/v1/head").json()["code"] == "sign_in_needed"
    second = station.post("/v1/refresh", {"refresh_token": first["refresh_token"]}).json()
    station.token = second["access_token"]
    assert station.get("/v1/head").status_code == 200
    assert second["refresh_until"] == first["refresh_until"]


def test_a_refresh_whose_reply_was_lost_can_be_asked_for_again_for_two_minutes(centre: Rig) -> None:
    centre.user("anna")
    station = Station(centre, "anna").sign_in()
    first = station.post("/v1/sign-in", {"name": "anna", "password": PASSWORD}).json()
    old = {"refresh_token": first["refresh_token"]}
    assert station.post("/v1/refresh", old).status_code == 200
    assert station.post("/v1/refresh", old).status_code == 200
    centre.clock.pass_by(minutes=3)
    assert station.post("/v1/refresh", old).json()["code"] == "sign_in_needed"


def test_twelve_hours_after_the_password_it_is_asked_for_again(centre: Rig) -> None:
    centre.user("anna")
    station = Station(centre, "anna").sign_in()
    tokens = station.post("/v1/sign-in", {"name": "anna", "password": PASSWORD}).json()
    centre.clock.pass_by(hours=11, minutes=59)
    tokens = station.post("/v1/refresh", {"refresh_token": tokens["refresh_token"]}).json()
    assert tokens["access_until"] == tokens["refresh_until"]
    centre.clock.pass_by(minutes=1)
    reply = station.post("/v1/refresh", {"refresh_token": tokens["refresh_token"]})
    assert (reply.status_code, reply.json()["code"]) == (401, "sign_in_needed")


def test_signing_out_ends_both_tokens(centre: Rig) -> None:
    centre.user("anna")
    station = Station(centre, "anna").sign_in()
    tokens = station.post("/v1/sign-in", {"name": "anna", "password": PASSWORD}).json()
    station.token = tokens["access_token"]
    assert station.post("/v1/sign-out", b"").status_code == 200
    assert station.get("/v1/head").status_code == 401
    assert station.post("/v1/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_a_new_password_ends_every_session(centre: Rig) -> None:
    centre.user("anna")
    station = Station(centre, "anna").sign_in()
    writing(
        centre.engine,
        lambda conn: accounts.reset_password(conn, name="anna", password="another long one", now=centre.clock.now()),
    )
    assert station.get("/v1/head").status_code == 401
    assert try_in(centre, "anna", PASSWORD) == (401, "wrong_password")
    assert try_in(centre, "anna", "another long one")[0] == 200


def test_no_token_and_no_password_lies_in_the_database(centre: Rig) -> None:
    centre.user("anna")
    station = Station(centre, "anna").sign_in()
    tokens = station.post("/v1/sign-in", {"name": "anna", "password": PASSWORD}).json()
    stored = {bytes(row[0]) for row in centre.ask("SELECT access_sha256 FROM session")}
    assert hashlib.sha256(tokens["access_token"].encode()).digest() in stored
    dump = str(centre.ask("SELECT * FROM session")) + str(centre.ask("SELECT * FROM account"))
    assert tokens["access_token"] not in dump
    assert tokens["refresh_token"] not in dump
    assert PASSWORD not in dump
    assert centre.ask("SELECT password_hash FROM account")[0][0].startswith("$argon2id$")


def test_an_account_that_drains_hands_in_its_work_and_gets_no_list(centre: Rig) -> None:
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    writing(centre.engine, lambda conn: accounts.drain(conn, name="anna", now=centre.clock.now()))
    (result,) = station.pushed(attempt(case_id))
    assert (result["verdict"], result["reason"]) == ("applied_review", "author_disabled")
    assert station.pull().json()["code"] == "account_disabled"
    assert try_in(centre, "anna", PASSWORD)[0] == 200
    centre.clock.pass_by(days=30)
    assert try_in(centre, "anna", PASSWORD) == (403, "account_disabled")
    assert try_in(centre, "anna", "wrong wrong wrong") == (401, "wrong_password")


_ODD = ["", "Bearer", "Bearer ", "Basic YWxhZGRpbg==", "Bearer " + "x" * 5000, "bearer \udcff"]


@pytest.mark.parametrize("header", _ODD)
def test_an_odd_authorization_is_only_ever_a_sign_in_needed(centre: Rig, header: str) -> None:
    from caller_app.central.faults import Fault
    from caller_app.central.rules.access import identify

    with centre.engine.connect() as conn, pytest.raises(Fault) as caught:
        identify(conn, header, centre.clock.now())
    assert caught.value.code == "sign_in_needed"


@pytest.mark.parametrize(
    ("role", "path", "allowed"),
    [
        ("caller", "/v1/supervise/board", False),
        ("supervisor", "/v1/supervise/board", True),
        ("administrator", "/v1/supervise/board", False),
        ("caller", "/v1/supervise/corrections", False),
        ("supervisor", "/v1/supervise/corrections", True),
        ("caller", "/v1/supervise/callers/1/cases", False),
        ("supervisor", "/v1/supervise/callers/1/cases", True),
        ("administrator", "/v1/pull", False),
        ("caller", "/v1/pull", True),
    ],
)
def test_each_role_gets_what_is_its_own_and_nothing_else(centre: Rig, role: str, path: str, allowed: bool) -> None:
    centre.user("anna", role=role)
    reply = Station(centre, "anna").sign_in().get(path)
    if allowed:
        assert reply.status_code == 200
    else:
        assert (reply.status_code, reply.json()["code"]) == (403, "not_allowed")


def test_a_caller_may_not_move_cases(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    case_id = centre.case(centre.project(), to=anna)
    order = {"from_user": anna.user_id, "to_user": ben.user_id, "why": "because", "case_ids": None}
    assert Station(centre, "ben").sign_in().post("/v1/supervise/reassign", order).status_code == 403
    assert centre.ask("SELECT assignee FROM rec_ver WHERE id = :c", c=case_id) == [(anna.user_id,)]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": "a b"}),
        ("name", {"name": ""}),
        ("shown_name", {"shown_name": "  "}),
        ("role", {"role": "king"}),
        ("password", {"password": "short"}),
    ],
)
def test_an_account_is_refused_naming_what_is_wrong(centre: Rig, field: str, given: dict[str, str]) -> None:
    facts = {"name": "anna", "shown_name": "Anna", "role": "caller", "password": PASSWORD, **given}
    with pytest.raises(Refused) as caught:
        writing(centre.engine, lambda conn: accounts.create_user(conn, now=centre.clock.now(), **facts))
    assert caught.value.field == field


def test_a_name_in_use_is_refused_in_any_spelling(centre: Rig) -> None:
    centre.user("anna")
    with pytest.raises(Refused, match="in use"):
        centre.user("ANNA")
