"""What the caller's window decides: recording once, saying nothing too early, parking, undo, the other number."""

from dataclasses import replace
from typing import Any

import pytest

from caller_app.base.errors import Refused, Unavailable
from caller_app.commands.attempts import RecordedAct
from caller_app.queries.script_rows import ScriptPath
from tests.support import calling_rows as rows
from tests.ui.calling_world import World, world

ACT = RecordedAct("a1", ("a1",), "No answer: recorded.", None, rows.NOW)


@pytest.fixture
def calls() -> World:
    made = world()
    made.presenter.start()
    return made


def dialled(made: World, **changes: Any) -> World:
    """Open a person and ring."""
    made.answers["card"] = rows.card(**changes)
    made.presenter.on_person_opened("c2")
    made.presenter.on_dial_pressed()
    made.answers["card"] = rows.card(dialled_number=rows.HOME, dialled_at=rows.NOW, **changes)
    made.answers["outcome_pad"] = rows.pad(dialled=True)
    made.presenter.reread()
    made.view.said.clear()
    return made


def test_one_key_records_no_answer_and_shows_the_next_person(calls: World) -> None:
    dialled(calls)
    calls.answers["record_attempt"] = ACT
    calls.presenter.recording.on_outcome_chosen("C01")
    assert calls.last("record_attempt") == {
        "case_id": "c2", "outcome": "C01", "number": rows.HOME, "facts": {}, "note": None, "corrections": (),
        "referral": None,
    }  # fmt: skip
    assert calls.presenter.state.case_id == "c6"
    assert calls.last("open_call") == {"case_id": "c6"}


def test_nothing_says_recorded_before_it_is_on_disk(calls: World) -> None:
    dialled(calls)
    calls.held.add("record_attempt")
    calls.answers["record_attempt"] = ACT
    calls.presenter.recording.on_outcome_chosen("C01")
    assert calls.view.calls("show_receipt") == []
    assert calls.presenter.state.case_id == "c2"
    calls.let_go()
    assert calls.view.calls("show_receipt") == [(("No answer: recorded.",), {"undo": True})]


def test_a_key_pressed_twice_records_once(calls: World) -> None:
    dialled(calls)
    calls.held.add("record_attempt")
    calls.answers["record_attempt"] = ACT
    for _ in range(3):
        calls.presenter.recording.on_outcome_chosen("C01")
    calls.let_go()
    assert calls.names().count("record_attempt") == 1


def test_a_result_that_is_not_possible_says_why_and_records_nothing(calls: World) -> None:
    calls.answers["outcome_pad"] = rows.pad(dialled=False)
    calls.presenter.on_person_opened("c2")
    calls.presenter.recording.on_outcome_chosen("C01")
    assert "record_attempt" not in calls.names()
    ((_, sentence), _) = calls.view.calls("show_refusal")[-1]
    assert "Dial first" in sentence


def test_a_refused_result_stays_open_and_may_be_tried_again(calls: World) -> None:
    dialled(calls)
    calls.answers["record_attempt"] = Refused("The note is too long.", field="note")
    calls.presenter.recording.on_outcome_chosen("C01")
    assert calls.view.calls("show_refusal")[-1] == (("pad", "The note is too long.", "note"), {})
    assert calls.presenter.state.case_id == "c2"
    calls.answers["record_attempt"] = ACT
    calls.presenter.recording.on_outcome_chosen("C01")
    assert calls.view.calls("show_receipt")


def test_a_full_disk_is_said_and_the_person_stays(calls: World) -> None:
    dialled(calls)
    calls.answers["record_attempt"] = Unavailable("The disk is full. Nothing was recorded.")
    calls.presenter.recording.on_outcome_chosen("C01")
    assert calls.view.calls("show_banner")[-1] == (("The disk is full. Nothing was recorded.",), {})
    assert calls.view.calls("show_receipt") == []
    assert not calls.presenter.state.recording


def test_the_other_number_is_offered_and_rung_on_the_same_person(calls: World) -> None:
    dialled(calls)
    calls.answers["record_attempt"] = replace(ACT, other_number=rows.MOBILE)
    calls.presenter.recording.on_outcome_chosen("C01")
    assert calls.view.calls("turn_to")[-1] == (("after",), {})
    calls.answers["card"] = rows.card()
    calls.presenter.recording.on_other_number_taken()
    assert calls.last("open_call") == {"case_id": "c2"}
    assert calls.last("record_dial") == {"case_id": "c2", "number": rows.MOBILE}


def test_after_a_failed_number_the_next_person_is_one_key_away(calls: World) -> None:
    dialled(calls)
    calls.answers["record_attempt"] = replace(ACT, other_number=rows.MOBILE)
    calls.presenter.recording.on_outcome_chosen("C01")
    calls.presenter.recording.on_next_wanted()
    assert calls.presenter.state.case_id == "c6"


def test_a_wrong_number_needs_its_evidence_and_carries_it(calls: World) -> None:
    dialled(calls)
    calls.answers |= {"outcome_form": rows.form("P02"), "record_attempt": ACT}
    calls.presenter.recording.on_outcome_chosen("P02")
    calls.presenter.recording.on_form_submitted({"number_used": rows.HOME})
    assert "record_attempt" not in calls.names()
    calls.presenter.recording.on_form_submitted({"number_used": rows.HOME}, "network")
    (said,) = calls.last("record_attempt")["corrections"]
    assert (said.type, said.source, said.evidence) == ("PHONE_WRONG", "network", "dead_line")
    assert said.values == {"number_on_record": rows.HOME, "how_known": "network"}


def test_undo_supersedes_the_last_result_and_opens_the_person_again(calls: World) -> None:
    dialled(calls)
    calls.answers["record_attempt"] = ACT
    calls.presenter.recording.on_outcome_chosen("C01")
    calls.presenter.recording.on_undo_pressed()
    assert calls.last("supersede_attempt") == {"attempt_id": "a1"}
    assert calls.presenter.state.case_id == "c2"
    calls.presenter.recording.on_undo_pressed()
    assert calls.names().count("supersede_attempt") == 1


def test_undo_is_not_offered_for_what_only_the_supervisor_takes_back(calls: World) -> None:
    dialled(calls)
    calls.answers["record_attempt"] = replace(ACT, undo_until=None)
    calls.presenter.recording.on_outcome_chosen("C01")
    assert calls.view.calls("show_receipt") == [((ACT.sentence,), {"undo": False})]
    calls.presenter.recording.on_undo_pressed()
    assert "supersede_attempt" not in calls.names()


def test_undo_is_over_when_its_receipt_is_gone(calls: World) -> None:
    dialled(calls)
    calls.answers["record_attempt"] = ACT
    calls.presenter.recording.on_outcome_chosen("C01")
    calls.presenter.recording.on_receipt_gone()
    calls.presenter.recording.on_undo_pressed()
    assert "supersede_attempt" not in calls.names()


def test_leaving_an_untouched_card_closes_it(calls: World) -> None:
    calls.presenter.on_person_opened("c2")
    calls.presenter.on_left()
    assert calls.names()[-1] == "leave_call"
    assert calls.held_cases[-1] is None


def test_opening_somebody_else_parks_a_call_that_was_begun(calls: World) -> None:
    dialled(calls)
    calls.presenter.on_person_opened("c3")
    assert calls.names()[-2:] == ["park_call", "open_call"]
    assert calls.last("park_call") == {"case_id": "c2"}


def test_the_header_names_the_project_between_calls_only(calls: World) -> None:
    assert calls.view.calls("show_counts")[-1][1] == {"with_project": True}
    calls.presenter.on_person_opened("c2")
    assert calls.view.calls("show_counts")[-1][1] == {"with_project": False}
    calls.answers["card"] = rows.verified_card()
    calls.presenter.reread()
    assert calls.view.calls("show_counts")[-1][1] == {"with_project": True}


def test_a_call_that_a_crash_broke_off_is_taken_up_at_the_same_step() -> None:
    made = world()
    made.answers["card"] = rows.card("c6", call_id="call-9", page=1, answers={"who": "patient", "note": "so far"})
    made.presenter.start()
    assert made.presenter.state.case_id == "c6"
    assert (made.presenter.state.page, made.presenter.state.answers) == (1, {"who": "patient"})
    assert made.presenter.state.note == "so far"


def test_every_answer_is_saved_as_it_is_given_and_can_be_taken_back(calls: World) -> None:
    dialled(calls)
    calls.presenter.script.on_answered("who", "patient")
    assert calls.last("save_page") == {
        "case_id": "c2", "page": 0, "answers": {"who": "patient", "note": None}, "language": "",
    }  # fmt: skip
    calls.presenter.script.on_answered("who", "patient")
    assert calls.last("save_page")["answers"] == {"who": None, "note": None}


def test_a_note_is_saved_when_the_typing_pauses_and_recorded_with_the_result(calls: World) -> None:
    dialled(calls)
    calls.presenter.script.on_note_typed("Prefers afternoons")
    calls.presenter.script.flush()
    assert calls.last("save_page")["answers"] == {"note": "Prefers afternoons"}
    calls.answers["record_attempt"] = ACT
    calls.presenter.recording.on_outcome_chosen("C01")
    assert calls.last("record_attempt")["note"] == "Prefers afternoons"


def test_a_word_of_danger_in_the_note_offers_help(calls: World) -> None:
    dialled(calls)
    calls.answers["record_attempt"] = replace(ACT, offer_concern=True)
    calls.presenter.recording.on_outcome_chosen("C01")
    assert "danger" in calls.view.calls("offer_help")[-1][0][1]
    assert calls.presenter.state.case_id == "c2", "F12 must be about the person of the note"
    calls.presenter.recording.on_next_wanted()
    assert calls.presenter.state.case_id == "c6"


def test_a_gatekeeper_is_asked_about_before_the_next_person_comes(calls: World) -> None:
    dialled(calls)
    calls.answers |= {"record_attempt": ACT, "outcome_form": rows.form("T02")}
    calls.presenter.recording.on_outcome_chosen("T02")
    calls.presenter.recording.on_form_submitted({"relationship": "partner", "words": "She is out"})
    assert calls.view.calls("offer_help")
    assert calls.presenter.state.case_id == "c2"


def test_what_differed_in_a_passed_check_is_named_for_correction(calls: World) -> None:
    dialled(calls, identity=rows.panel(revealed=True, ticks="mmn"))
    calls.answers["card"] = rows.verified_card(identity=rows.panel(passed=True, ticks="mmd"))
    calls.presenter.identity.on_ticked("address", "differs")
    assert "first line of address" in calls.view.calls("show_banner")[-1][0][0]


def test_a_call_they_made_begins_with_the_script_not_with_a_number(calls: World) -> None:
    calls.answers |= {"take_incoming": "call-2", "card": rows.card()}
    calls.presenter.on_incoming_taken("c2")
    assert calls.last("take_incoming") == {"case_id": "c2"}
    assert calls.view.calls("turn_to")[-1] == (("script",), {})
    assert calls.view.calls("focus_numbers") == []


def test_f1_shows_what_may_be_said_and_the_script_stays_where_it_was(calls: World) -> None:
    calls.answers["card"] = rows.verified_card(page=1)
    calls.presenter.on_person_opened("c2")
    calls.presenter.script.on_what_if()
    assert calls.view.calls("show_objections")[-1][0] == (rows.OBJECTIONS,)
    assert calls.view.calls("turn_to")[-1][0] == ("what_if",)
    assert calls.presenter.state.page == 1


def test_ticking_goes_to_disk_and_the_script_opens_when_the_check_passes(calls: World) -> None:
    dialled(calls, identity=rows.panel(revealed=True, ticks="mmn"))
    first, second = rows.project_pages()
    asked = replace(second, done=False, missing=("o",))
    calls.answers["card"] = rows.verified_card(script=ScriptPath(pages=(first, asked)))
    calls.presenter.identity.on_ticked("address", "matches")
    assert calls.last("tick_identity")["ticks"] == {"full_name": "matches", "dob": "matches", "address": "matches"}
    assert calls.view.calls("turn_to")[-1] == (("script",), {})
    assert calls.presenter.state.page == 1, "the first page that is not done"


def test_past_the_last_opening_page_lies_the_identity_check(calls: World) -> None:
    dialled(calls)
    calls.presenter.script.on_page_moved(1)
    calls.view.said.clear()
    calls.presenter.script.on_page_moved(1)
    assert calls.view.calls("focus_identity")


def test_a_person_who_may_not_be_rung_is_not_handed_to_the_dialler(calls: World) -> None:
    calls.answers["card"] = rows.card(may_dial=False, hold_reason="The list is too old.")
    calls.presenter.on_person_opened("c2")
    calls.presenter.on_dial_pressed()
    assert "record_dial" not in calls.names()
    assert calls.view.calls("show_refusal")[-1][0][1] == "The list is too old."


def test_nothing_is_dialled_before_the_opening_is_on_disk(calls: World) -> None:
    calls.held.add("open_call")
    calls.presenter.on_person_opened("c6")
    calls.presenter.on_dial_pressed()
    assert "record_dial" not in calls.names()
    calls.answers["card"] = rows.card()
    calls.let_go()
    assert calls.last("record_dial") == {"case_id": "c6", "number": rows.HOME}, "the key was kept, not lost"


def test_a_case_taken_away_during_the_call_says_so_and_can_still_be_saved(calls: World) -> None:
    dialled(calls)
    calls.answers["card"] = rows.card(dialled_number=rows.HOME, taken_away="passed to a colleague")
    calls.presenter.on_notice({"case"}, {"c2"}, "centre")
    assert calls.view.calls("show_banner")[-1][0][0].startswith("Passed to a colleague. Finish the call and save it")
    calls.answers["record_attempt"] = ACT
    calls.presenter.recording.on_outcome_chosen("C01")
    assert calls.view.calls("show_receipt")


def test_a_case_that_comes_back_during_the_call_is_no_longer_said_to_leave(calls: World) -> None:
    dialled(calls)
    calls.answers["card"] = rows.card(dialled_number=rows.HOME, taken_away="passed to a colleague")
    calls.presenter.on_notice({"case"}, {"c2"}, "centre")
    before = len(calls.view.calls("hide_banner"))
    calls.presenter.on_notice({"case"}, {"c2"}, "centre")
    assert len(calls.view.calls("hide_banner")) == before
    calls.answers["card"] = rows.card(dialled_number=rows.HOME)
    calls.presenter.on_notice({"case"}, {"c2"}, "centre")
    assert len(calls.view.calls("hide_banner")) == before + 1


def test_declining_before_the_check_takes_the_decline_that_is_possible(calls: World) -> None:
    dialled(calls)
    calls.answers["outcome_form"] = rows.form("D02")
    calls.presenter.recording.on_decline_wanted()
    assert calls.questions[-1] == ("outcome_form", {"case_id": "c2", "code": "D02"})


def test_a_correction_is_recorded_with_its_source_and_stays_open_until_then(calls: World) -> None:
    calls.answers |= {"card": rows.verified_card(), "correction_form": rows.correction()}
    calls.presenter.on_person_opened("c2")
    calls.presenter.details.on_detail_chosen(f"phone:{rows.MOBILE}")
    calls.held.add("propose_correction")
    values = {"number_on_record": rows.MOBILE}
    calls.presenter.details.on_submitted("PHONE_WRONG", values, "household_said")
    assert calls.view.calls("show_receipt") == []
    calls.let_go()
    assert calls.last("propose_correction") == {
        "case_id": "c2", "type": "PHONE_WRONG", "values": values, "source": "third_party", "evidence": "household_said",
    }  # fmt: skip
    assert calls.view.calls("show_receipt")


def test_an_answer_for_the_person_before_is_not_shown_on_the_next(calls: World) -> None:
    calls.held.add("card")
    calls.presenter.on_person_opened("c2")
    calls.held.clear()
    calls.presenter.on_person_opened("c3")
    shown = len(calls.view.calls("show_card"))
    calls.let_go()
    assert all(args[0].case_id == "c3" for args, _ in calls.view.calls("show_card")[shown - 1 :])


def test_a_search_asks_the_store_and_drops_what_came_too_late(calls: World) -> None:
    calls.held.add("my_list")
    calls.presenter.listing.on_searched("zo")
    calls.presenter.listing.on_searched("zoe")
    calls.view.said.clear()
    calls.let_go()
    assert [kw["search"] for _, kw in calls.view.calls("show_list")] == ["zoe"]


def test_a_search_that_finds_nobody_does_not_say_that_nobody_can_be_rung(calls: World) -> None:
    calls.presenter.start()
    before = calls.view.calls("show_rest")[-1][0]
    assert before[0] == "Ready when you are."
    calls.answers["my_list"] = ()
    calls.presenter.listing.on_searched("nobody like this")
    assert calls.view.calls("show_list")[-1][0] == ((),)
    assert calls.view.calls("show_rest")[-1][0] == before
