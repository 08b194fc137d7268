"""Every refusal is a problem document with our code and the request's id, and says nothing of the inside."""

import logging

import pytest
from sqlalchemy import text

from tests.support.centre import BASE, Rig
from tests.support.station import Station


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("DELETE", "/v1/pull", 405, "method_not_allowed"),
        ("GET", "/v1/pull", 401, "sign_in_needed"),
        ("GET", "/v1/pull?cursor=-1", 400, "malformed"),
        ("GET", "/v1/pull?mode=sideways", 400, "malformed"),
        ("GET", "/v1/supervise/callers/x/cases", 404, "not_found"),
        ("POST", "/v1/sign-in", 400, "malformed"),
        ("POST", "/v1/push", 401, "sign_in_needed"),
    ],
)
def test_a_refusal_is_a_problem_document(centre: Rig, method: str, path: str, status: int, code: str) -> None:
    reply = centre.session().request(method, BASE + path, data=b"{", headers={"X-Request-Id": "request-12345"})
    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "application/problem+json"
    body = reply.json()
    assert (body["status"], body["code"], body["request_id"]) == (status, code, "request-12345")
    assert reply.headers["X-Request-Id"] == "request-12345"
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("odd", ["short", "has space in it", "x" * 65, "semi;colon;"])
def test_an_unsound_request_id_is_replaced(centre: Rig, odd: str) -> None:
    reply = centre.session().get(BASE + "/v1/hello", headers={"X-Request-Id": odd})
    assert reply.headers["X-Request-Id"] == reply.json()["request_id"] != odd


def test_a_fault_of_ours_says_nothing_of_itself_and_is_logged_with_its_place(
    centre: Rig, capsys: pytest.CaptureFixture[str]
) -> None:
    centre.user("sam", role="supervisor")
    station = Station(centre, "sam").sign_in()
    with centre.as_owner() as conn:
        conn.execute(text("DROP TABLE concern_addition, concern CASCADE"))
    reply = station.get("/v1/supervise/board")
    assert (reply.status_code, reply.json()["code"]) == (500, "bug")
    assert "concern" not in reply.text
    said = capsys.readouterr().out
    assert "rules/board.py" in said
    assert "ProgrammingError" in said


def test_a_database_that_is_away_is_said_to_be_so(centre: Rig) -> None:
    centre.close()
    centre.centre.engine = _nowhere()
    reply = centre.session().post(BASE + "/v1/sign-in", json={"name": "a", "password": "b"})
    assert (reply.status_code, reply.json()["code"]) == (503, "busy")
    assert int(reply.headers["Retry-After"]) > 0
    health = centre.session().get(BASE + "/health")
    assert (health.status_code, health.json()["code"]) == (503, "busy")


def _nowhere() -> object:
    from caller_app.central.db import make_engine

    return make_engine("postgresql://nobody@127.0.0.1:1/nothing")


def test_a_compressed_request_is_not_read(centre: Rig) -> None:
    centre.user("anna")
    station = Station(centre, "anna").sign_in()
    reply = station.post("/v1/push", b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert (reply.status_code, reply.json()["code"]) == (415, "unsupported_media")


def test_health_and_hello_need_no_sign_in(centre: Rig) -> None:
    assert centre.session().get(BASE + "/health").json() == {"status": "ok"}
    hello = centre.session().get(BASE + "/v1/hello").json()
    assert (hello["name"], hello["protocol"], hello["test_mode"]) == ("Test centre", 1, True)
    assert hello["server_id"] == centre.centre.standing.server_id


def test_the_log_lines_hold_ids_and_counts_only() -> None:
    from caller_app.central.logs import refuse_words

    line = refuse_words(None, "info", {"event": "answered", "status": 200, "patient": "Pat Example"})
    assert line == {"event": "answered", "status": 200, "fault": "a log line held a field that is not allowed"}
    assert logging.getLogger("caller_app.central").handlers == []
