"""A correction is a claim: old beside new, who said it, and the identity check where the type needs it."""

from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.corrections import propose_correction
from caller_app.domain.changes import CorrectionProposed
from caller_app.queries.cards import card
from caller_app.queries.catalogue import correction_form
from caller_app.queries.rows import CorrectionForm
from tests.deeds.rig import HOME, MOBILE, Rig, case, rules

PATIENT = {"source": "patient", "evidence": "patient_confirmed"}
HOUSEHOLD = {"source": "third_party", "evidence": "household_said"}
MOVED = {"line1": "2 Marigold Lane", "postcode": "nr31 1aa"}


def propose(rig: Rig, type_code: str, values: dict[str, Any], **said: str) -> CorrectionProposed:
    change_id = rig.write(propose_correction, case_id=case(), type=type_code, values=values, **said)
    change = next(one.change for one in rig.changes() if one.change_id == change_id)
    assert isinstance(change, CorrectionProposed)
    return change


def form(rig: Rig, detail: str) -> CorrectionForm:
    shown = rig.read(correction_form, case_id=case(), detail=detail)
    assert isinstance(shown, CorrectionForm)
    return shown


def test_a_new_address_keeps_the_old_value_beside_it(rig: Rig) -> None:
    call_id = rig.call()
    rig.verify()
    change = propose(rig, "ADDRESS_CHANGED", MOVED, **PATIENT)
    assert change.old == "17 Quillfeather Yard, Wymondgate, NR99 9QZ"
    assert change.new == "2 Marigold Lane, NR31 1AA"
    assert (change.source, change.evidence, change.act_id) == ("patient", "patient_confirmed", call_id)
    shown = {one.name: one for one in rig.read(card, case_id=case()).details}
    assert shown["address"].pending == "2 Marigold Lane, NR31 1AA"


def test_the_patient_confirms_nothing_before_the_check(rig: Rig) -> None:
    rig.call()
    with pytest.raises(Refused, match="identity check") as refusal:
        propose(rig, "ADDRESS_CHANGED", MOVED, **PATIENT)
    assert refusal.value.field == "evidence"
    assert rig.kinds() == []


def test_who_said_it_and_how_it_is_known_are_asked(rig: Rig) -> None:
    rig.call()
    for said, field in (
        ({"source": "gossip", "evidence": "household_said"}, "source"),
        ({"source": "third_party", "evidence": "a feeling"}, "evidence"),
        ({"source": "post", "evidence": "post_returned"}, "source"),
    ):
        with pytest.raises(Refused) as refusal:
            propose(rig, "PHONE_WRONG", {"number_on_record": MOBILE}, **said)
        assert refusal.value.field == field


def test_a_wrong_number_is_put_right_before_the_check_and_blocks_at_once(rig: Rig) -> None:
    rig.call()
    propose(rig, "PHONE_WRONG", {"number_on_record": MOBILE}, **HOUSEHOLD)
    assert [one.state for one in rig.item().numbers] == ["wrong", "untried"]
    assert rig.read(card, case_id=case()).best_number == HOME


def test_an_unknown_type_is_refused(rig: Rig) -> None:
    rig.call()
    with pytest.raises(Refused, match="not known here"):
        propose(rig, "SHOE_SIZE", {}, **HOUSEHOLD)


def test_forms_before_the_check_offer_what_is_possible_and_hide_what_we_hold(rig: Rig) -> None:
    rig.call()
    address = form(rig, "address")
    assert address.old == ""
    by_type = {one.type: one for one in address.kinds}
    assert not by_type["ADDRESS_CHANGED"].possible and "identity check" in by_type["ADDRESS_CHANGED"].why_not
    assert by_type["ADDRESS_GONE_AWAY"].possible
    phone = form(rig, f"phone:{MOBILE}")
    assert phone.old == "07700 900001 (own)"
    wrong = next(one for one in phone.kinds if one.type == "PHONE_WRONG")
    assert ("number_on_record", MOBILE) in wrong.filled
    number = next(one for one in wrong.fields if one.name == "number_on_record")
    assert number.choices == ((MOBILE, "07700 900001 (own)"), (HOME, "01632 960001"))
    assert [evidence for evidence, _, _ in phone.evidence] == [
        "patient_confirmed",
        "household_said",
        "dead_line",
        "post_returned",
    ]


def test_every_detail_of_the_card_opens_a_form_with_its_old_value_after_the_check(rig: Rig) -> None:
    rig.call()
    rig.verify()
    details = rig.read(card, case_id=case()).details
    offered: set[str] = set()
    for detail in details:
        shown = form(rig, detail.name)
        assert shown.kinds, detail.name
        assert [one.type for one in shown.kinds] == list(detail.correction_types)
        assert all(one.possible for one in shown.kinds)
        if detail.raw:
            assert shown.old, detail.name
        offered |= {one.type for one in shown.kinds}
    assert offered == {one.code for one in rules().corrections.all()}, "every type can be reached from some detail"


def test_a_form_for_somebody_elses_number_or_an_unknown_detail_is_refused(rig: Rig) -> None:
    rig.call()
    for detail in ("phone:+447700900999", "shoe_size", "", "phone:"):
        if detail == "phone:":
            assert form(rig, detail).old == ""
            continue
        with pytest.raises(Refused):
            form(rig, detail)


def test_the_same_claim_twice_is_kept_once_on_the_record(rig: Rig) -> None:
    rig.call()
    rig.verify()
    propose(rig, "PHONE_SHARED", {"number": HOME, "whose": "partner"}, **PATIENT)
    propose(rig, "PHONE_SHARED", {"number": HOME, "whose": "partner"}, **PATIENT)
    assert len(rig.item().corrections) == 1
    assert rig.kinds() == ["correction_proposed", "correction_proposed"]
