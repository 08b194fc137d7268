"""Requests with a part spoiled: whatever bytes a field, a header or an address holds, it is no fault of the centre.

Beside tests/central/test_openapi.py, which throws what its document allows: here are bytes that are no text, numbers
beyond every column, halves of characters, depths nobody reads. Seeded: a failure names its request.
"""

import base64
import hashlib
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from caller_app.base.ids import new_id
from tests.support.centre import BASE, PASSWORD, Rig
from tests.support.spoiling import spoiled
from tests.support.station import Station, attempt

ROUNDS = 60
IN_ADDRESS = (
    "%00",
    "%ff%fe",
    "-1",
    "9223372036854775808",
    "1e9",
    "x" * 3_000,
    "%ed%a0%80",
    "null",
    "..%2f..",
    "'",
    "%",
)

Body = Callable[[Station, list[str]], dict[str, Any]]


def opaque(station: Station, _cases: list[str]) -> dict[str, Any]:
    raw = b"not json"
    told = {"bytes64": base64.b64encode(raw).decode(), "sha256": hashlib.sha256(raw).hexdigest()}
    return station.batch([{"id": new_id(), "seq": 1, **told}])


BODIES: dict[str, Body] = {
    "/v1/sign-in": lambda _s, _c: {"name": "sam", "password": PASSWORD},
    "/v1/refresh": lambda _s, _c: {"refresh_token": "r" * 43},
    "/v1/register": lambda _s, _c: {"app": "test 1", "proto_min": 1, "proto_max": 1},
    "/v1/push": lambda s, c: {**s.batch([s.envelope(attempt(one, note="n")) for one in c]), "acked_beyond": [[2, 3]]},
    "/v1/push/opaque": opaque,
    "/v1/held": lambda s, _c: {"device": s.device, "changes": [{"id": new_id(), "seq": 1}]},
    "/v1/supervise/reassign": lambda _s, c: {"case_ids": c, "to_user_id": 1, "why": "away"},
    "/v1/supervise/reviews/{id}/settle": lambda _s, _c: {"act": "noted", "note": "n"},
    "/v1/supervise/referrals/{id}/move": lambda _s, _c: {"state": "sent", "note": "n"},
    "/v1/supervise/scripts/add": lambda _s, _c: {"workbook": base64.b64encode(b"PK").decode(), "name": "s"},
    "/v1/supervise/scripts/{id}/step": lambda _s, _c: {"step": "review", "words": "n"},
    "/v1/supervise/workstations/{id}/revoke": lambda _s, _c: {},
}
ADDRESSES = {
    "/v1/pull": ("cursor", "token", "epoch", "mode", "held", "limit", "empty"),
    "/v1/head": ("wait", "unsent"),
    "/v1/supervise/corrections": ("practice", "since", "project"),
    "/v1/supervise/reviews": ("project", "state", "after"),
    "/v1/supervise/referrals": ("project", "state", "after"),
    "/v1/supervise/callers/{id}/cases": ("project",),
}


@pytest.fixture
def asked(centre: Rig) -> Iterator[tuple[Station, list[str]]]:
    """A supervisor who has a list of their own too."""
    sam = centre.user("sam", role="supervisor")
    yield Station(centre, "sam").sign_in(), centre.cases(centre.project(), 3, to=sam)


def answered(reply: Any, what: object) -> None:
    assert reply.status_code < 500, f"{what}: {reply.status_code} {reply.text[:300]}"
    if reply.status_code >= 400:
        assert reply.json()["code"] != "bug", what


@pytest.mark.parametrize("path", BODIES)
def test_a_spoiled_body_is_refused_or_set_aside(asked: tuple[Station, list[str]], path: str) -> None:
    station, cases = asked
    chance = random.Random(path)
    for number in range(ROUNDS):
        sent = spoiled(BODIES[path](station, cases), chance)
        answered(station.post(path.replace("{id}", new_id()), sent), (path, number, sent[:200]))


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_spoiled_address_is_refused(asked: tuple[Station, list[str]], path: str) -> None:
    station, _cases = asked
    for name in ADDRESSES[path]:
        for odd in IN_ADDRESS:
            place = path.replace("{id}", odd if "{id}" in path and len(odd) < 100 else "1")
            answered(station.get(f"{place}?{name}={odd}"), (place, name, odd))
            answered(station.get(f"{place}?{odd}={odd}&{name}&{name}=1&{name}=2"), (place, name, odd, "twice"))


@pytest.mark.parametrize("header", ["Authorization", "X-Device", "X-Request-Id", "If-None-Match", "Accept-Encoding"])
@pytest.mark.parametrize("odd", ["", "Bearer", "Bearer \xff\xfe", "x" * 7_000, '"', "\xe9:", "Bearer a.b.c", ",,,;q=x"])
def test_a_spoiled_header_is_refused_or_passed_over(asked: tuple[Station, list[str]], header: str, odd: str) -> None:
    station, _cases = asked
    for path in ("/v1/head", "/v1/pull?cursor=0&mode=snapshot", "/v1/supervise/board"):
        headers = {**station.headers(), header: odd}
        answered(station.session.get(BASE + path, headers=headers), (path, header, odd))
