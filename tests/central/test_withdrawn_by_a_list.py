"""A practice's new list says that a person must not be rung: their cases are stopped, the closed ones too."""

from datetime import datetime

import pytest

from caller_app.base.ids import new_id
from caller_app.central.db import writing
from caller_app.central.rules import feed, withdrawals
from caller_app.domain.changes import AttemptSuperseded
from tests.support.centre import Rig
from tests.support.station import Station, attempt


def says_stop(centre: Rig, case_id: str, why: str = "import_opt_out") -> None:
    nhs = centre.item(case_id).patient.nhs_number
    now: datetime = centre.clock.now()

    def work(conn: object) -> None:
        feed.write(conn, withdrawals.close_cases(conn, {nhs: why}, now=now))  # type: ignore[arg-type]

    writing(centre.engine, work)


@pytest.fixture
def called(centre: Rig) -> tuple[Station, str, str]:
    """A case that a result has closed: who rang, the case, the result."""
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    (first,) = station.pushed(attempt(case_id, "D01"))
    assert centre.item(case_id).status == "closed"
    return station, case_id, first["id"]


def test_a_result_that_is_undone_after_the_list_said_no_opens_nothing(
    centre: Rig, called: tuple[Station, str, str]
) -> None:
    station, case_id, first = called
    says_stop(centre, case_id)
    station.pushed(AttemptSuperseded(case_id=case_id, act_id=new_id(), attempt_id=first, reason="wrong key"))
    item = centre.item(case_id)
    assert item.status == "closed"
    assert item.status_why == "the practice's list says the person must not be rung"


def test_a_second_result_that_disagrees_opens_nothing_either(centre: Rig, called: tuple[Station, str, str]) -> None:
    station, case_id, _ = called
    says_stop(centre, case_id)
    station.pushed(attempt(case_id, "P02"))
    assert centre.item(case_id).status == "closed"


def test_a_record_that_became_sensitive_is_withheld_where_the_case_was_closed(
    centre: Rig, called: tuple[Station, str, str]
) -> None:
    _, case_id, _ = called
    says_stop(centre, case_id, withdrawals.SENSITIVE)
    item = centre.item(case_id)
    assert (item.patient.address_lines, item.patient.postcode, item.numbers) == ((), None, ())


def test_the_same_list_again_writes_nothing(centre: Rig, called: tuple[Station, str, str]) -> None:
    _, case_id, _ = called
    says_stop(centre, case_id)
    before = centre.ask("SELECT ver FROM rec_ver WHERE id = :c", c=case_id)
    says_stop(centre, case_id)
    assert centre.ask("SELECT ver FROM rec_ver WHERE id = :c", c=case_id) == before
