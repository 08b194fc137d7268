"""Promises, referrals, notes, concerns, looks and corrections under the conflict table."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from caller_app.domain.changes import (
    Accessed,
    CallbackPromised,
    ConcernAdded,
    ConcernRaised,
    CorrectionProposed,
    NoteAdded,
    Recorded,
    ReferralRequested,
)
from caller_app.domain.claims import check_correction
from caller_app.domain.effects import (
    Audited,
    ConcernAppended,
    ConcernOpened,
    CorrectionOpened,
    NoticeTo,
    PromiseMade,
    ReferralOpened,
    StopPerson,
)
from caller_app.domain.items import Item
from caller_app.domain.rebase import CaseStanding, Judgement, judge
from tests.rules.cases import (
    LANDLINE,
    ME,
    MOBILE,
    MONDAY_10,
    OTHER,
    attempt,
    case,
    mine,
    project,
    reassigned,
    recorded,
    rules,
)
from tests.rules.test_claims import GOOD

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ENDED = {"stopped": {"status": "closed"}}


def decide(item: Item, one: Recorded, standing: CaseStanding | None = None) -> Judgement:
    return judge(item, one, standing or mine(item), rules(), project())


def of_kind(found: Judgement, kind: type) -> list[Any]:
    return [one for one in found.effects if isinstance(one, kind)]


def promise(at: Any = MONDAY_10 + DAY, *, by: int = ME, act: str = "act-p", **more: Any) -> Recorded:
    change = CallbackPromised(case_id="case-1", act_id=act, from_at=at, to_at=at + HOUR, **more)
    return recorded(change, by=by)


def referral(
    pathway: str = "dpp_referral", *, by: int = ME, act: str = "act-r", at: Any = MONDAY_10, **more: Any
) -> Recorded:
    known: dict[str, Any] = {"route": "supported_referral", "consent": "yes"}
    change = ReferralRequested(case_id="case-1", act_id=act, pathway=pathway, **(known | more))
    return recorded(change, by=by, at=at)


def claim(
    code: str, values: dict[str, Any] | None = None, *, item: Item | None = None, act: str = "act-c", by: int = ME
) -> Recorded:
    kind = rules().corrections.get(code)
    checked = check_correction(
        kind,
        values or GOOD[code],
        item or case(),
        source=kind.sources[0],
        test_mode=True,
        verified=True,
        on=MONDAY_10.date(),
    )
    change = CorrectionProposed(
        case_id="case-1",
        act_id=act,
        type=code,
        field=checked.field,
        old=checked.old,
        new=checked.new,
        values=checked.values,
        source=kind.sources[0],
        evidence="patient_confirmed",
    )
    return recorded(change, by=by)


# --- promises ---


def test_a_promise_sets_the_callback() -> None:
    found = decide(case(), promise())
    assert (found.item.status, found.item.not_before) == ("callback", MONDAY_10 + DAY)
    assert of_kind(found, PromiseMade)[0].state == "open"
    assert found.verdict == "applied"


def test_a_promise_on_a_reassigned_case_binds_the_new_caller_who_is_told() -> None:
    found = decide(case(), promise(), reassigned(MONDAY_10 + HOUR, taker_has_called=True))
    assert found.item.promises[0].state == "open"
    assert found.item.promises[0].made_by == "Ada"
    assert found.item.status == "callback"
    assert [one.user_id for one in of_kind(found, NoticeTo)] == [OTHER]


def test_a_promise_only_its_maker_may_keep_needs_a_supervisor_after_a_reassignment() -> None:
    found = decide(case(), promise(anyone=False), reassigned(MONDAY_10 + HOUR))
    assert found.review_class == "promise_needs_its_maker"
    assert found.item.promises[0].state == "open"


def test_the_latest_promise_received_wins_and_the_older_stays_visible() -> None:
    first = decide(case(), promise(MONDAY_10 + 3 * DAY)).item
    found = decide(first, promise(MONDAY_10 + DAY))
    assert [one.state for one in found.item.promises] == ["cancelled", "open"]
    assert found.item.not_before == MONDAY_10 + DAY
    assert found.verdict == "applied"


def test_two_callers_promises_are_reviewed() -> None:
    first = decide(case(), promise(by=OTHER), CaseStanding(assignee_id=OTHER, assign_gen=1)).item
    found = decide(first, promise(MONDAY_10 + 2 * DAY))
    assert found.review_class == "two_promises"
    assert len(found.item.promises) == 2


def test_a_promise_on_an_ended_case_is_kept_as_cancelled_and_told() -> None:
    found = decide(case(status="closed"), promise())
    assert found.item.promises[0].state == "cancelled"
    assert found.item.status == "closed"
    assert found.review_class == "promise_after_end"
    assert of_kind(found, NoticeTo)[0].user_id is None
    assert of_kind(found, PromiseMade)[0].state == "cancelled"


def test_a_promise_to_a_stopped_person_is_cancelled_even_if_the_case_looks_open() -> None:
    found = decide(case(), promise(), mine(case(), stopped_at=MONDAY_10))
    assert found.item.promises[0].state == "cancelled"


def test_a_promise_outside_open_hours_is_taken_and_reviewed() -> None:
    found = decide(case(), promise(MONDAY_10 + 6 * DAY))
    assert found.item.promises[0].state == "open"
    assert found.review_class == "promise_outside_hours"


def test_a_promise_opens_no_lock() -> None:
    assert decide(case(status="supervisor"), promise()).item.status == "supervisor"


# --- referrals ---


def test_a_referral_is_opened_to_be_sent() -> None:
    found = decide(case(), referral())
    assert of_kind(found, ReferralOpened)[0].held is False
    assert found.item.referrals[0].state == "recorded"


@pytest.mark.parametrize(("days", "held"), [(29, True), (31, False)])
def test_a_pathway_taken_up_again_within_a_month_is_held(days: int, held: bool) -> None:
    first = decide(case(), referral(route="self_referral", consent=None)).item
    found = decide(first, referral(route="self_referral", consent=None, at=MONDAY_10 + days * DAY))
    assert of_kind(found, ReferralOpened)[0].held is held
    assert (found.review_class == "duplicate_referral") is held
    assert decide(first, referral("lifestyle_local", route="signpost", consent=None)).verdict == "applied"


def test_a_referral_on_an_ended_case_is_held_and_one_of_the_closing_act_is_not() -> None:
    assert decide(case(status="closed"), referral()).review_class == "referral_after_end"
    closed = decide(case(), attempt("A01", act="act-r")).item
    assert decide(closed, referral()).verdict == "applied"


@pytest.mark.parametrize("consent", [None, "no"])
def test_nothing_is_sent_without_consent(consent: str | None) -> None:
    found = decide(case(), referral(consent=consent))
    assert of_kind(found, ReferralOpened)[0].held
    assert found.review_class == "referral_without_consent"


def test_the_new_assignee_hears_of_a_referral() -> None:
    found = decide(case(), referral(), reassigned(MONDAY_10))
    assert [one.user_id for one in of_kind(found, NoticeTo)] == [OTHER]
    assert of_kind(found, ReferralOpened)[0].held is False


# --- notes, looks ---


@pytest.mark.parametrize("status", ["ready", "closed", "supervisor"])
def test_a_note_is_appended_whatever_happened(status: str) -> None:
    one = recorded(NoteAdded(case_id="case-1", act_id="a", words="rings the bell twice"))
    found = decide(case(status=status), one)
    assert found.item.notes[0].words == "rings the bell twice"
    assert found.item.status == status
    assert found.verdict == "applied"
    assert decide(found.item, one).item == found.item


def test_a_look_goes_into_the_audit_and_changes_nothing() -> None:
    found = decide(case(status="closed"), recorded(Accessed(case_id="case-1", act_id="a", what="check_panel")))
    assert found == Judgement(case(status="closed"), effects=(Audited("check_panel", ""),))


# --- concerns ---


def concern(by: int = ME) -> Recorded:
    return recorded(ConcernRaised(case_id="case-1", act_id="a", route="distress", words="“I cannot go on”"), by=by)


@pytest.mark.parametrize(
    "standing",
    [mine(case()), reassigned(MONDAY_10 - HOUR, taker_has_called=True)],
    ids=["mine", "reassigned"],
)
def test_a_concern_is_raised_at_once_whoever_sends_it(standing: CaseStanding) -> None:
    one = concern()
    found = decide(case(), one, standing)
    assert found.item.status == "supervisor"
    assert found.item.concerns[0].concern_id == one.change_id
    assert of_kind(found, ConcernOpened)[0].words == "“I cannot go on”"
    assert of_kind(found, NoticeTo)[0].user_id is None
    assert found.verdict == "applied"


def test_the_words_of_a_concern_never_stand_in_the_item() -> None:
    assert "cannot go on" not in repr(decide(case(), concern()).item)


def test_a_concern_about_a_closed_case_opens_it_for_the_supervisor_but_a_stop_stays() -> None:
    assert decide(decide(case(), attempt("A02")).item, concern()).item.status == "supervisor"
    stopped = decide(case(), attempt("D03")).item
    found = decide(stopped, concern())
    assert found.item.status == "closed"
    assert of_kind(found, ConcernOpened)


def test_the_call_in_which_the_concern_was_raised_ends_cleanly_and_stays_locked() -> None:
    locked = decide(case(), concern()).item
    for code in ("E01", "A02", "R04"):
        found = decide(locked, attempt(code))
        assert found.item.status == "supervisor"
        assert found.verdict == "applied"


def test_no_undo_lowers_a_concern() -> None:
    from tests.rules.cases import undo

    one = attempt("R04")
    item = decide(decide(case(), one).item, concern()).item
    assert decide(item, undo(one)).item.status == "supervisor"


def test_an_addition_is_passed_on_even_if_the_concern_is_not_known_here() -> None:
    one = recorded(ConcernAdded(case_id="case-1", act_id="a", concern_id="c-9", told=("supervisor",)))
    found = decide(case(), one)
    assert found.effects == (ConcernAppended("c-9", "", ("supervisor",)),)


# --- corrections ---


def test_a_correction_whose_old_value_still_stands_is_applied() -> None:
    found = decide(case(), claim("ADDRESS_CHANGED"))
    assert found.item.patient.address_lines == ("2 Other Road", "Sampleton")
    assert found.item.patient.postcode == "NR2 2BB"
    assert found.item.corrections[0].old == "1 Sample Street, Sampleton, NR1 1AA"
    assert of_kind(found, CorrectionOpened)[0].state == "new"


def test_a_field_that_changed_meanwhile_is_kept_with_the_claim_beside_it() -> None:
    moved = replace(case(), patient=replace(case().patient, address_lines=("9 Elsewhere",), postcode="NR9 9AA"))
    found = decide(moved, claim("ADDRESS_CHANGED"))
    assert found.item.patient == moved.patient
    assert found.item.corrections[0].state == "candidate"
    assert (found.verdict, found.review_class) == ("applied_review", "correction_conflict")


def test_another_field_that_changed_is_no_conflict() -> None:
    renamed = replace(case(), patient=replace(case().patient, family_name="Other"))
    found = decide(renamed, claim("ADDRESS_CHANGED"))
    assert found.verdict == "applied"
    assert found.item.patient.postcode == "NR2 2BB"


def test_the_same_claim_again_is_merged() -> None:
    first = decide(case(), claim("DOB_WRONG")).item
    found = decide(first, claim("DOB_WRONG", by=OTHER), CaseStanding(assignee_id=OTHER, assign_gen=1))
    assert found.item == first
    assert (found.verdict, found.reason) == ("applied", "same_claim_again")


def test_what_puts_identity_at_risk_waits_for_the_practice() -> None:
    for code in ("DOB_WRONG", "NHS_NUMBER", "GP_PRACTICE", "SEX_GENDER", "ETHNICITY"):
        found = decide(case(), claim(code))
        assert found.item.patient == case().patient
        assert found.item.corrections[0].type == code


def test_a_new_number_is_added_unverified_and_never_replaces() -> None:
    found = decide(case(), claim("PHONE_ADDED"))
    added = found.item.numbers[0]
    assert (added.e164, added.verified, added.textable) == ("+447700900456", False, True)
    assert [one.e164 for one in found.item.numbers[1:]] == [MOBILE, LANDLINE]
    assert (
        decide(found.item, claim("PHONE_ADDED", {"new_number": "07700 900456", "type": "mobile"})).item.numbers
        == found.item.numbers
    )


def test_two_callers_new_numbers_are_both_kept() -> None:
    first = decide(case(), claim("PHONE_ADDED")).item
    found = decide(first, claim("PHONE_ADDED", {"new_number": "07700 900789", "type": "mobile"}, by=OTHER))
    assert len(found.item.numbers) == 4


def test_a_blocked_number_and_a_safe_way_are_taken_over_even_after_the_end() -> None:
    closed = case(status="closed")
    assert decide(closed, claim("PHONE_WRONG")).item.numbers[0].state == "wrong"
    found = decide(closed, claim("SAFE_CONTACT")).item.patient
    assert found.safe_contact
    assert found.text_opt_out
    assert found.voicemail_opt_out


def test_after_the_end_other_corrections_are_stored_and_reviewed() -> None:
    found = decide(case(status="closed"), claim("ADDRESS_CHANGED"))
    assert found.item.patient == case().patient
    assert found.item.corrections[0].state == "new"
    assert found.review_class == "correction_after_end"


def test_a_correction_of_the_closing_act_is_clean() -> None:
    closed = decide(case(), attempt("A02", act="act-c")).item
    assert decide(closed, claim("ADDRESS_CHANGED")).verdict == "applied"


def test_a_report_of_death_stops_the_person() -> None:
    found = decide(case(), claim("DECEASED_REPORTED"))
    assert found.item.status == "closed"
    assert of_kind(found, StopPerson)[0].kind == "deceased"


def test_wishes_only_ever_add() -> None:
    quiet = replace(case(), patient=replace(case().patient, text_opt_out=True, safe_contact="never before ten"))
    found = decide(quiet, claim("CONTACT_PREFERENCE", item=quiet)).item
    assert found.patient.text_opt_out
    assert found.patient.voicemail_opt_out
    found = decide(found, claim("SAFE_CONTACT", item=found)).item
    assert str(found.patient.safe_contact).startswith("never before ten; not safe")
    assert not any(one.textable for one in found.numbers)


def test_needs_are_a_set() -> None:
    item = decide(case(), claim("COMMUNICATION_NEED")).item
    item = decide(item, claim("COMMUNICATION_NEED", {"category": "support", "code": "lip_reads"}, item=item)).item
    assert item.patient.communication_needs == ("large_print", "lip_reads")


def test_a_preferred_name_does_not_replace_the_name_identity_is_checked_against() -> None:
    found = decide(case(), claim("NAME_CHANGED", {"preferred": "Effie", "reason": "preferred"}))
    assert found.item.patient == case().patient
    assert found.item.corrections[0].new == "prefers Effie"


def test_the_new_assignee_hears_of_a_correction() -> None:
    found = decide(case(), claim("ADDRESS_CHANGED"), reassigned(MONDAY_10))
    assert [one.user_id for one in of_kind(found, NoticeTo)] == [OTHER]
    assert found.item.patient.postcode == "NR2 2BB"


def test_a_type_of_a_newer_version_is_kept_aside() -> None:
    one = claim("OTHER")
    assert decide(case(), replace(one, change=replace(one.change, type="NEW_TYPE"))).verdict == "quarantined"  # type: ignore[call-arg]
