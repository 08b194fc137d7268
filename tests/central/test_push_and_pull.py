"""What is pushed is stored once, judged once and shown; what is pulled is complete, in order and one's own."""

from tests.support.centre import Rig
from tests.support.station import Station, attempt


def test_an_assigned_case_comes_down_with_its_project_before_it(centre: Rig) -> None:
    anna = centre.user("anna")
    project = centre.project()
    case_id = centre.case(project, to=anna)
    shown = Station(centre, "anna").sign_in().catch_up()
    assert list(shown) == [project.project_id, case_id]
    assert shown[case_id]["assign_gen"] == 1


def test_an_attempt_is_applied_and_the_case_comes_back_with_it(centre: Rig) -> None:
    anna = centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    (result,) = station.pushed(attempt(case_id))
    assert (result["verdict"], result["dup"], result["ver"]) == ("applied", False, 3)
    shown = station.catch_up()
    assert [one["outcome"] for one in shown[case_id]["attempts"]] == ["C01"]
    assert centre.ask("SELECT outcome, counted, late FROM attempt") == [("C01", True, False)]
