"""Before the identity check of this call has passed, nothing of the record is in the card; afterwards it is."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt
from caller_app.commands.calls import (
    leave_call,
    open_call,
    park_call,
    record_dial,
    reveal_check_panel,
    save_page,
    take_incoming,
    tick_identity,
)
from caller_app.commands.concerns import raise_concern, reveal_danger_details
from caller_app.domain.items import ConcernMark, CorrectionLine, Item, NoteLine, PastAttempt
from caller_app.queries.cards import card
from caller_app.queries.catalogue import correction_form, outcome_form, outcome_pad
from caller_app.queries.concerns import danger_details
from caller_app.queries.lists import list_counts, my_list
from caller_app.queries.lookups import who_rang
from tests.deeds.rig import HOME, MOBILE, PASSING, TUESDAY, Rig, case, item, opened, project

# Words and values that must be nowhere before the check; each appears in the synthetic record and nowhere else.
MASKED = (
    "Healthier You", "diabetes", "HbA1c", "hba1c", "44.0", "2026-01-15",
    "9990123454", "999 012 3454", "3454",
    "1961", "3 April",
    "Quillfeather", "Wymondgate", "NR99", "9QZ",
    "Larkspur", "D82999", "01632960999",
    "secret note", "Marigold Lane",
)  # fmt: skip


LAST_WEEK = TUESDAY - timedelta(days=5)


def rich() -> Item:
    """A case with a history, notes and corrections, all of which wait behind the check."""
    return replace(
        item(),
        attempts=(
            PastAttempt(
                attempt_id="a1",
                at=LAST_WEEK,
                outcome="C01",
                number=MOBILE,
                caller="Bob Other",
                caller_id=9,
                note="a secret note of the call",
            ),
        ),
        notes=(NoteLine("n1", LAST_WEEK, "Bob Other", "a secret note"),),
        corrections=(
            CorrectionLine("k1", "ADDRESS_CHANGED", "address", "17 Quillfeather Yard", "2 Marigold Lane", LAST_WEEK),
        ),
        concerns=(),
        counted_attempts=1,
    )


@pytest.fixture
def rich_rig(tmp_path: Path) -> Iterator[Rig]:
    with opened(tmp_path / "rich", rich()) as one:
        yield one


_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")  # drawn at random: may hold "1961" by chance


def found_in(said: object) -> list[str]:
    text = _ID.sub("", repr(said))
    return [word for word in MASKED if word in text]


def test_what_is_looked_for_is_found_in_a_text_and_not_in_an_id_drawn_by_chance() -> None:
    assert found_in("01961961-3454-7000-8000-196134541961") == []
    assert found_in(("born 3 April 1961", "no 9990123454")) == ["9990123454", "3454", "1961", "3 April"]


def test_a_card_that_is_only_looked_at_shows_name_and_needs_and_not_even_a_number(rich_rig: Rig) -> None:
    shown = rich_rig.read(card, case_id=case())
    assert shown.shown_name == "Siân O'Testwell-Brook1"
    assert shown.call_id is None
    assert any("nterpreter" in need for need in shown.needs)
    assert shown.numbers == () and shown.best_number is None
    assert MOBILE not in repr(shown)
    assert found_in(shown) == []


def test_an_open_card_shows_numbers_and_nothing_of_the_record(rich_rig: Rig) -> None:
    rich_rig.call()
    shown = rich_rig.read(card, case_id=case())
    assert [number.e164 for number in shown.numbers] == [MOBILE, HOME]
    assert shown.project_name is None and shown.age is None and shown.nhs_last4 is None
    assert shown.details == () and shown.offers == () and shown.timeline == () and shown.notes == ()
    assert shown.script.pages, "the opening is there to be read"
    assert found_in(shown) == []


def test_pad_forms_list_and_look_up_hold_nothing_of_the_record_either(rich_rig: Rig) -> None:
    rich_rig.call()
    assert found_in(rich_rig.read(outcome_pad, case_id=case())) == []
    for code in ("C01", "C03", "R01", "A01", "D01", "E01", "R02", "A07"):
        assert found_in(rich_rig.read(outcome_form, case_id=case(), code=code)) == [], code
    for detail in ("address", "dob", "practice", "nhs_number", "name", "sex", "record", "other", f"phone:{MOBILE}"):
        form = rich_rig.read(correction_form, case_id=case(), detail=detail)
        assert found_in(form) == [], detail
    assert found_in(rich_rig.read(my_list)) == []
    assert found_in(rich_rig.read(who_rang, fragment="900001")) == []


def test_the_panel_shows_what_is_expected_only_between_the_audited_reveal_and_the_decision(rich_rig: Rig) -> None:
    rich_rig.call()
    rich_rig.write(reveal_check_panel, case_id=case())
    looks = [one.change.what for one in rich_rig.changes() if one.change.kind == "accessed"]
    assert looks == ["view", "dial", "check_panel"]
    panel = rich_rig.read(card, case_id=case()).identity
    assert panel.revealed
    assert {one.name: one.expected for one in panel.fields} == {
        "full_name": "Siân O'Testwell-Brook1",
        "dob": "3 April 1961",
        "address": "17 Quillfeather Yard, NR99 9QZ",
    }
    rich_rig.write(tick_identity, case_id=case(), ticks={"full_name": "matches", "dob": "differs"})
    shown = rich_rig.read(card, case_id=case())
    assert shown.identity.failed and not shown.identity.revealed
    assert "Date of birth" not in shown.identity.sentence and "differs" not in shown.identity.sentence
    assert found_in(shown) == []


def test_after_the_check_has_passed_the_record_is_there_and_the_panel_is_hidden_again(rich_rig: Rig) -> None:
    rich_rig.call()
    rich_rig.verify()
    shown = rich_rig.read(card, case_id=case())
    assert shown.identity.passed and not shown.identity.revealed
    assert all(one.expected is None for one in shown.identity.fields)
    assert shown.project_name == project().name
    assert (shown.age, shown.nhs_last4, shown.practice_name) == (64, "3454", "Larkspur Surgery")
    assert [one.attempt_id for one in shown.timeline] == ["a1"]
    assert shown.notes == ("a secret note (Bob Other)",)
    by_name = {one.name: one for one in shown.details}
    assert by_name["address"].shown == "17 Quillfeather Yard, Wymondgate, NR99 9QZ"
    assert by_name["address"].pending == "2 Marigold Lane"
    assert "ADDRESS_CHANGED" in by_name["address"].correction_types
    assert f"phone:{HOME}" in by_name
    assert [page.name for page in shown.script.pages][-1] == "p_intro"
    offer = {one.pathway: one for one in shown.offers}["dpp_referral"]
    assert offer.ok is None and "pregnant" in offer.because
    rich_rig.write(save_page, case_id=case(), page=1, answers={"pregnant": "n"})
    offer = {one.pathway: one for one in rich_rig.read(card, case_id=case()).offers}["dpp_referral"]
    assert offer.ok is True and "15 January 2026" in offer.because


def test_dialling_again_masks_everything_again_since_somebody_else_may_pick_up(rich_rig: Rig) -> None:
    rich_rig.call()
    rich_rig.verify()
    rich_rig.write(record_dial, case_id=case(), number=HOME)
    shown = rich_rig.read(card, case_id=case())
    assert not shown.identity.passed
    assert found_in(shown) == []


def test_a_parked_call_forgets_who_was_checked_and_keeps_the_answers(rich_rig: Rig) -> None:
    rich_rig.call()
    rich_rig.verify()
    rich_rig.write(save_page, case_id=case(), page=2, answers={"ready": "yes"})
    rich_rig.write(park_call, case_id=case())
    assert found_in(rich_rig.read(card, case_id=case())) == []
    rich_rig.write(open_call, case_id=case())
    shown = rich_rig.read(card, case_id=case())
    assert not shown.identity.passed
    assert shown.answers == {"ready": "yes"}
    assert found_in(shown) == []


def test_a_call_left_behind_by_a_crash_does_not_stay_checked_until_the_next_morning(rich_rig: Rig) -> None:
    rich_rig.call()
    rich_rig.verify()
    rich_rig.restart()
    assert rich_rig.read(card, case_id=case()).identity.passed, "a crash resumes where it was"
    rich_rig.clock.pass_by(hours=20)
    shown = rich_rig.read(card, case_id=case())
    assert not shown.identity.passed
    assert found_in(shown) == []


def test_a_panel_left_open_by_a_crash_closes_by_itself(rich_rig: Rig) -> None:
    rich_rig.call()
    rich_rig.write(reveal_check_panel, case_id=case())
    rich_rig.clock.pass_by(hours=20)
    assert found_in(rich_rig.read(card, case_id=case())) == []


def test_turning_the_clock_back_does_not_prolong_the_check(rich_rig: Rig) -> None:
    rich_rig.call()
    rich_rig.verify()
    rich_rig.clock.turn_wall(hours=-3)
    assert found_in(rich_rig.read(card, case_id=case())) == []


def test_somebody_who_rings_us_is_not_checked_by_an_earlier_check(rich_rig: Rig) -> None:
    rich_rig.call()
    rich_rig.verify()
    rich_rig.write(take_incoming, case_id=case())
    shown = rich_rig.read(card, case_id=case())
    assert not shown.identity.passed
    assert found_in(shown) == []


def test_a_new_call_starts_unchecked(rich_rig: Rig) -> None:
    rich_rig.call()
    rich_rig.verify()
    rich_rig.write(record_attempt, case_id=case(), outcome="R04", facts={"point": "introduction"})
    rich_rig.write(open_call, case_id=case())
    assert found_in(rich_rig.read(card, case_id=case())) == []


def test_ticks_need_the_open_panel_and_only_details_of_the_policy(rig: Rig) -> None:
    rig.call()
    with pytest.raises(Refused, match="Open the check panel"):
        rig.write(tick_identity, case_id=case(), ticks=PASSING)
    rig.write(reveal_check_panel, case_id=case())
    with pytest.raises(Refused, match="not one of the details"):
        rig.write(tick_identity, case_id=case(), ticks={"nhs_number": "matches"})
    with pytest.raises(Refused, match="not one of the details"):
        rig.write(tick_identity, case_id=case(), ticks={"dob": "probably"})
    standing = rig.write(tick_identity, case_id=case(), ticks={"dob": "matches"})
    assert not standing.passed and not standing.failed


def test_a_mis_tick_is_put_right_by_a_second_audited_reveal(rig: Rig) -> None:
    rig.call()
    rig.write(reveal_check_panel, case_id=case())
    assert rig.write(tick_identity, case_id=case(), ticks={**PASSING, "dob": "differs"}).failed
    with pytest.raises(Refused, match="was not met"):
        rig.write(tick_identity, case_id=case(), ticks=PASSING)
    rig.verify()
    assert rig.read(card, case_id=case()).identity.passed
    reveals = [one.change.detail for one in rig.changes() if getattr(one.change, "what", "") == "check_panel"]
    assert reveals == ["", "again"]


def test_details_for_999_are_refused_until_revealed_and_gone_with_the_call(rig: Rig) -> None:
    with pytest.raises(Refused, match="recorded that they were looked at"):
        rig.read(danger_details, case_id=case())
    rig.write(reveal_danger_details, case_id=case())
    shown = rig.read(danger_details, case_id=case())
    assert shown.address_lines[0] == "17 Quillfeather Yard" and shown.dob == "3 April 1961"
    assert found_in(rig.read(card, case_id=case())) == [], "the card itself stays masked"
    assert [one.change.what for one in rig.changes()] == ["danger_details"]
    rig.write(leave_call, case_id=case())
    with pytest.raises(Refused):
        rig.read(danger_details, case_id=case())


def test_a_result_for_the_practice_is_neither_shown_as_an_offer_nor_read_out(tmp_path: Path) -> None:
    one = item()
    high = replace(one, patient=replace(one.patient, campaign={"hba1c_mmol_mol": 51.0, "hba1c_date": "2026-01-15"}))
    with opened(tmp_path / "high", high) as rig:
        rig.call()
        rig.verify()
        shown = rig.read(card, case_id=case())
        assert shown.warnings[0].tone == "stop"
        assert not any(offer.ok for offer in shown.offers if offer.pathway == "dpp_referral")
        assert "51" not in repr(shown.script) and "51" not in repr(shown.offers)


def test_the_header_names_the_project_between_calls(rig: Rig) -> None:
    assert rig.read(list_counts).project_name == project().name


def test_a_concern_mark_never_carries_its_words(rig: Rig) -> None:
    rig.call()
    rig.write(raise_concern, case_id=case(), route="distress", words="said the word zebra", told=("Duty lead",))
    shown = rig.read(card, case_id=case())
    assert "zebra" not in repr(shown) and "zebra" not in repr(rig.item())
    assert isinstance(rig.item().concerns[0], ConcernMark)
