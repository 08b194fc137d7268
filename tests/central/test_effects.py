"""What a judged change leaves in the tables: once, by its id, and nothing that does not belong there."""

from caller_app.base.ids import new_id
from caller_app.domain.changes import Accessed, AttemptSuperseded, ConcernAdded, ConcernRaised, NoteAdded
from tests.support.centre import Rig
from tests.support.station import Station, attempt


def ready(centre: Rig) -> tuple[Station, str]:
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    return Station(centre, "anna").sign_in(), case_id


def test_an_undone_attempt_stays_in_history_and_has_no_effect_any_more(centre: Rig) -> None:
    station, case_id = ready(centre)
    before = centre.item(case_id)
    (first,) = station.pushed(attempt(case_id, "C01"))
    station.pushed(AttemptSuperseded(case_id=case_id, act_id=new_id(), attempt_id=first["id"], reason="wrong key"))
    item = centre.item(case_id)
    assert (item.status, item.counted_attempts, item.not_before) == (before.status, 0, before.not_before)
    assert [(one.outcome, one.superseded) for one in item.attempts] == [("C01", True)]
    rows = centre.ask("SELECT attempt_id, superseded_by IS NOT NULL, counted FROM attempt")
    assert rows == [(first["id"], True, False)]
    assert centre.ask("SELECT last_outcome, counted_attempts FROM cases") == [(None, 0)]


def test_a_look_is_written_down_and_changes_no_record(centre: Rig) -> None:
    station, case_id = ready(centre)
    ver = centre.ask("SELECT ver FROM rec_ver WHERE id = :c", c=case_id)
    (result,) = station.pushed(Accessed(case_id=case_id, act_id=new_id(), what="check_panel"))
    assert result["verdict"] == "applied"
    assert centre.ask("SELECT ver FROM rec_ver WHERE id = :c", c=case_id) == ver
    rows = centre.ask(
        "SELECT what, rec_id, device_id FROM audit WHERE rec_id = :c AND device_id IS NOT NULL", c=case_id
    )
    assert rows == [("check_panel", case_id, station.device)]


def test_a_note_is_kept_with_its_author(centre: Rig) -> None:
    station, case_id = ready(centre)
    (result,) = station.pushed(NoteAdded(case_id=case_id, act_id=new_id(), words="Rings back after work."))
    assert centre.ask("SELECT note_id, words, restricted FROM note") == [
        (result["id"], "Rings back after work.", False)
    ]
    assert [one.words for one in centre.item(case_id).notes] == ["Rings back after work."]


def test_a_concern_can_only_be_added_to(centre: Rig) -> None:
    station, case_id = ready(centre)
    raised = ConcernRaised(case_id=case_id, act_id=new_id(), route="immediate", words="he fell", told=("999",))
    (first,) = station.pushed(raised)
    station.pushed(ConcernAdded(case_id=case_id, act_id=new_id(), concern_id=first["id"], words="ambulance there"))
    assert centre.ask("SELECT concern_id, words, told FROM concern") == [(first["id"], "he fell", ["999"])]
    assert centre.ask("SELECT concern_id, words FROM concern_addition") == [(first["id"], "ambulance there")]
    assert centre.item(case_id).status == "supervisor"


def test_the_audit_of_a_call_holds_codes_and_ids_only(centre: Rig) -> None:
    station, case_id = ready(centre)
    station.pushed(attempt(case_id, "C01", note="His daughter Jo is in"))
    patient = centre.item(case_id).patient
    trail = str(centre.ask("SELECT what, detail FROM audit"))
    assert "attempt_recorded" in trail
    for secret in ("daughter", patient.family_name, patient.nhs_number, "+447700900001"):
        assert secret not in trail
