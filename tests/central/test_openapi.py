"""The service keeps to its own OpenAPI document, whatever is thrown at it (Schemathesis, a short run)."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.centre import BASE, Rig
from tests.support.station import Station

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def document(centre: Rig) -> Iterator[tuple[Station, dict[str, object]]]:
    centre.user("sam", role="supervisor")
    station = Station(centre, "sam").sign_in()
    yield station, centre.session().get(f"{BASE}/schema").json()


def test_the_document_names_every_route_with_its_problems(centre: Rig) -> None:
    schema = centre.session().get(f"{BASE}/schema").json()
    assert schema["openapi"].startswith("3.1")
    assert {"/health", "/v1/hello", "/v1/sign-in", "/v1/push", "/v1/pull", "/v1/head", "/v1/supervise/board"} <= set(
        schema["paths"]
    )
    push = schema["paths"]["/v1/push"]["post"]
    assert {"200", "401", "409", "410", "413", "422"} <= set(push["responses"])
    assert "application/problem+json" in push["responses"]["409"]["content"]
    assert "cdn" not in centre.session().get(f"{BASE}/schema").text


def test_nothing_thrown_at_it_gets_an_undocumented_answer(document: tuple[Station, dict[str, object]]) -> None:
    station, raw = document
    faults: list[str] = []
    answered: set[int] = set()
    for found in schemathesis.openapi.from_dict(raw).get_all_operations():
        station.sign_in()  # one of the operations signs out
        faults.extend(_thrown_at(found.ok(), station, answered))
    assert faults == [], "\n\n".join(faults)
    assert {200, 400, 401, 410, 422} <= answered


def _thrown_at(operation: Any, station: Station, answered: set[int]) -> list[str]:
    headers = {"Authorization": f"Bearer {station.token}", "X-CallSync": "1", "X-Device": station.device}

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def throw(case: schemathesis.Case) -> None:
        response = case.call(base_url=BASE, session=station.session, headers=headers)
        answered.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    try:
        throw()
    except BaseExceptionGroup as group:
        return [f"{operation.label}: {str(one)[:800]}" for one in group.exceptions]
    except AssertionError as fault:
        return [f"{operation.label}: {str(fault)[:1500]}"]
    return []
