"""Somebody who speaks for the person: let on only under a recorded authority, checked like the person, never named."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt, supersede_attempt
from caller_app.commands.calls import reveal_check_panel, save_page, tick_identity
from caller_app.commands.corrections import propose_correction
from caller_app.commands.referrals import withdraw_referral
from caller_app.domain.authorities import KINDS
from caller_app.domain.items import Authority, Item, ReferralLine
from caller_app.queries.cards import card
from caller_app.queries.catalogue import outcome_form
from caller_app.queries.script_path import script_path
from tests.deeds.rig import PASSING, TUESDAY, Rig, case, item, opened, project

PROXY = {"connect": "answered", "who": "proxy"}
AGREED = {"pathway": "dpp_referral", "consent": "yes"}
NAME, RELATION = "Gwenllian Testwell-Harrow", "daughter"


def authority(authority_id: str = "a1", **more: Any) -> Authority:
    said: dict[str, Any] = {
        "kind": "lpa_health", "name": NAME, "relationship": RELATION, "from_on": "2026-01-01", "may_agree": True,
    }  # fmt: skip
    return Authority(authority_id=authority_id, **{**said, **more})


def known(*authorities: Authority, **more: Any) -> Item:
    return item(authorities=authorities or (authority(),), **more)


def child(*authorities: Authority) -> Item:
    one = known(*authorities)
    return replace(one, patient=replace(one.patient, dob="2012-05-01"))


def on_the_line(rig: Rig, **answers: Any) -> None:
    rig.call()
    rig.write(save_page, case_id=case(), page=1, answers={**PROXY, **answers})


def checked(rig: Rig, authority_id: str = "a1", tick: str = "matches") -> Any:
    on_the_line(rig)
    rig.write(reveal_check_panel, case_id=case())
    return rig.write(tick_identity, case_id=case(), ticks={**PASSING, f"proxy:{authority_id}": tick})


def path(rig: Rig, **answers: Any) -> Any:
    return rig.read(script_path, case_id=case(), answers={**PROXY, **answers})


# --- before the check ---


def test_the_record_lets_the_script_go_on_to_the_check_and_no_further(tmp_path: Path) -> None:
    with opened(tmp_path, known()) as rig:
        on_the_line(rig)
        found = path(rig)
        assert [page.name for page in found.pages][-1] == "p_id"
        assert (found.taken["tp_authorised"], found.pages[-1].identity) == ("y", True)
        said = {line.name: line for page in found.pages for line in page.lines}
        assert "id_proxy_say" in said and "id_say" not in said
        assert [value for value, _ in said["tp_authorised"].choices] == ["y"]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (authority(until_on="2026-03-02"), "it ended the day before"),
        (authority(from_on="2026-03-04"), "it begins tomorrow"),
        (authority(ended_at=TUESDAY - timedelta(minutes=1)), "a supervisor ended it"),
        (authority(kind="parental"), "a grown person's parent is a third party"),
        (authority(kind="of_the_future"), "a kind that is not known here covers nothing"),
    ],
)
def test_an_authority_that_does_not_hold_today_lets_nobody_on(tmp_path: Path, one: Authority, why: str) -> None:
    with opened(tmp_path, known(one)) as rig:
        on_the_line(rig)
        assert (path(rig).outcome, path(rig).taken["tp_authorised"]) == ("T01", "n"), why
        with pytest.raises(Refused, match="Nothing is recorded"):
            rig.write(reveal_check_panel, case_id=case())
        assert not any("Somebody is recorded" in one.text for one in rig.read(card, case_id=case()).warnings)


def test_until_its_last_day_is_over_it_holds(tmp_path: Path) -> None:
    with opened(tmp_path, known(authority(from_on="2026-03-03", until_on="2026-03-03"))) as rig:
        assert checked(rig).passed


def test_who_it_is_stands_nowhere_before_the_panel_is_shown(tmp_path: Path) -> None:
    with opened(tmp_path, known()) as rig:
        on_the_line(rig)
        shown = rig.read(card, case_id=case())
        assert any("Somebody is recorded who may speak for them" in one.text for one in shown.warnings)
        for part in (shown, path(rig), rig.read(outcome_form, case_id=case(), code="A01")):
            assert NAME not in repr(part) and RELATION not in repr(part)
        rig.write(reveal_check_panel, case_id=case())
        panel = rig.read(card, case_id=case()).identity
        assert panel.fields[-1].expected == f"{NAME} ({RELATION})"
        assert rig.changes()[-1].change.detail == "who speaks for them", "that it was shown is audited"


# --- the check ---


def test_both_are_checked_the_person_and_who_speaks_for_them(tmp_path: Path) -> None:
    with opened(tmp_path, known()) as rig:
        on_the_line(rig)
        rig.write(reveal_check_panel, case_id=case())
        found = rig.write(tick_identity, case_id=case(), ticks=PASSING)
        assert not found.passed and not found.failed
        assert rig.read(card, case_id=case()).project_name is None, "nothing opens before both are known"
        assert rig.write(tick_identity, case_id=case(), ticks={"proxy:a1": "matches"}).passed
        shown = rig.read(card, case_id=case())
        assert shown.project_name == project().name
        assert shown.spoken_for is not None and shown.spoken_for.who == f"{NAME} ({RELATION})"
        assert "attorney" in shown.warnings[0].text


def test_a_name_that_differs_ends_politely_without_saying_so(tmp_path: Path) -> None:
    with opened(tmp_path, known()) as rig:
        found = checked(rig, tick="differs")
        assert found.failed and "name" not in found.sentence
        ended = path(rig)
        assert (ended.finished, ended.outcome) == (True, "R02")
        rig.write(record_attempt, case_id=case(), outcome="R02",
                  facts={f"check_{name}": "matches" for name in PASSING})  # fmt: skip
        recorded = rig.changes()[-1].change
        assert recorded.facts["check_proxy"] == "differs"
        assert recorded.identity.authority is None


def test_only_the_one_who_was_checked_is_spoken_to(tmp_path: Path) -> None:
    other = authority("a2", name="Somebody Testwell", relationship="son", may_agree=False)
    with opened(tmp_path, known(authority(), other)) as rig:
        checked(rig, "a2")
        shown = rig.read(card, case_id=case())
        assert shown.spoken_for is not None and shown.spoken_for.who == "Somebody Testwell (son)"
        assert NAME not in repr(shown), "and the other one is not named"


def test_a_tick_of_somebody_not_recorded_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path, known()) as rig, pytest.raises(Refused):
        checked(rig, "a9")


def test_another_one_on_the_line_is_nobody_checked(tmp_path: Path) -> None:
    with opened(tmp_path, known()) as rig:
        rig.call()
        rig.verify()
        assert rig.read(card, case_id=case()).identity.passed
        rig.write(save_page, case_id=case(), page=1, answers=PROXY)
        assert not rig.read(card, case_id=case()).identity.passed, "the person was checked, not who speaks now"
        rig.write(save_page, case_id=case(), page=1, answers={"who": "patient"})
        assert not rig.read(card, case_id=case()).identity.passed


def test_an_authority_that_is_ended_in_the_middle_closes_the_call_again(tmp_path: Path) -> None:
    with opened(tmp_path, known()) as rig:
        checked(rig)
        assert rig.read(card, case_id=case()).project_name
        rig.receive(known(authority(ended_at=TUESDAY)), ver=2)
        shown = rig.read(card, case_id=case())
        assert (shown.project_name, shown.spoken_for, shown.identity.passed) == (None, None, False)
        with pytest.raises(Refused, match="identity check"):
            rig.write(record_attempt, case_id=case(), outcome="A01", facts=AGREED)
        assert rig.write(record_attempt, case_id=case(), outcome="T01", facts={"relationship": "child"})


# --- what follows ---


def test_the_attempt_and_the_agreement_cite_the_authority(tmp_path: Path) -> None:
    with opened(tmp_path, known()) as rig:
        checked(rig)
        form = rig.read(outcome_form, case_id=case(), code="A01")
        assert form.referral[0].choices == (("proxy", f"{NAME} ({RELATION})"),)
        rig.write(record_attempt, case_id=case(), outcome="A01", facts=AGREED,
                  referral={"given_by": "proxy", "interpreter": "no"})  # fmt: skip
        said = {one.change.kind: one.change for one in rig.changes()}
        assert said["attempt_recorded"].identity.authority == "a1"
        assert (said["referral_requested"].given_by, said["referral_requested"].authority) == ("proxy", "a1")
        assert rig.item().referrals[0].state == "recorded"


@pytest.mark.parametrize(
    ("one", "facts", "given_by", "field"),
    [
        (authority(may_agree=False), AGREED, "proxy", "given_by"),
        (authority(pathways=("dpp_self",)), AGREED, "proxy", "pathway"),
        (authority(), AGREED, "patient", "given_by"),
        (authority(), AGREED, "neighbour", "given_by"),
    ],
)
def test_what_the_authority_does_not_cover_is_refused(
    tmp_path: Path, one: Authority, facts: dict[str, str], given_by: str, field: str
) -> None:
    with opened(tmp_path, known(one)) as rig:
        checked(rig)
        with pytest.raises(Refused) as refusal:
            rig.write(record_attempt, case_id=case(), outcome="A01", facts=facts, referral={"given_by": given_by})
        assert refusal.value.field == field
        assert rig.kinds() == []


def test_who_may_not_agree_may_still_be_told_where_to_go(tmp_path: Path) -> None:
    with opened(tmp_path, known(authority(may_agree=False))) as rig:
        checked(rig)
        assert rig.read(outcome_form, case_id=case(), code="A01").referral[0].choices == ()
        rig.write(record_attempt, case_id=case(), outcome="A02", facts={"pathway": "dpp_self", "channel": "letter"})
        assert rig.changes()[-1].change.consent is None


@pytest.mark.parametrize("may_agree", [True, False])
def test_taking_back_needs_an_authority_that_covers_it(tmp_path: Path, may_agree: bool) -> None:
    line = ReferralLine("r1", "dpp_referral", "supported_referral", TUESDAY - timedelta(days=2))
    with opened(tmp_path, known(authority(may_agree=may_agree), referrals=(line,))) as rig:
        checked(rig)
        facts = {"case_id": case(), "referral_id": "r1", "reason": "changed their mind", "given_by": "proxy"}
        offered = rig.read(card, case_id=case()).referrals[0].by_proxy
        assert offered == (f"{NAME} ({RELATION})" if may_agree else "")
        if may_agree:
            rig.write(withdraw_referral, **facts)
            assert rig.changes()[-1].change.authority == "a1"
        else:
            with pytest.raises(Refused, match="Nothing is recorded that lets somebody withdraw"):
                rig.write(withdraw_referral, **facts)


def test_what_they_say_of_the_persons_details_is_theirs(tmp_path: Path) -> None:
    with opened(tmp_path, known()) as rig:
        checked(rig)
        rig.write(propose_correction, case_id=case(), type="NAME_CHANGED", source="patient",
                  evidence="patient_confirmed", values={"family": "Testwell", "reason": "spelling"})  # fmt: skip
        assert rig.changes()[-1].change.source == "proxy"


def test_a_call_that_is_undone_stands_with_whom_it_was_checked(tmp_path: Path) -> None:
    with opened(tmp_path, known()) as rig:
        checked(rig)
        act = rig.write(record_attempt, case_id=case(), outcome="A01", facts=AGREED)
        rig.write(supersede_attempt, attempt_id=act.attempt_id)
        shown = rig.read(card, case_id=case())
        assert shown.spoken_for is not None and shown.identity.passed


# --- children ---


def mother(**more: Any) -> Authority:
    return authority(**{"kind": "parental", "relationship": "mother", **more})


def young(rig: Rig) -> None:
    rig.take_project(replace(project(), minimum_age=13))


def test_under_sixteen_only_who_has_parental_responsibility_is_spoken_to(tmp_path: Path) -> None:
    with opened(tmp_path, child(mother())) as rig:
        young(rig)
        rig.call()
        shown = rig.read(script_path, case_id=case(), answers={"connect": "answered"})
        said = {line.name: line for page in shown.pages for line in page.lines}
        assert "parent or guardian of Siân" in said["ask_for"].text
        assert "patient" not in dict(said["who"].choices)
        with pytest.raises(Refused, match="under 16"):
            rig.write(reveal_check_panel, case_id=case())
        assert checked(rig).passed
        assert "in confidence" in rig.read(card, case_id=case()).warnings[0].text


def test_under_sixteen_nobody_is_rung_without_a_recorded_authority(tmp_path: Path) -> None:
    with opened(tmp_path, child(authority())) as rig:
        young(rig)
        with pytest.raises(Refused, match="parental responsibility"):
            rig.call()


def test_at_sixteen_a_parent_is_a_third_party(tmp_path: Path) -> None:
    one = known(mother())
    with opened(tmp_path, replace(one, patient=replace(one.patient, dob="2010-03-03"))) as rig:
        young(rig)
        on_the_line(rig)
        assert path(rig).outcome == "T01"


def test_nobody_under_thirteen_is_rung_at_all(tmp_path: Path) -> None:
    one = known(mother())
    with opened(tmp_path, replace(one, patient=replace(one.patient, dob="2013-03-04"))) as rig:
        young(rig)
        with pytest.raises(Refused, match="too young"):
            rig.call()


def test_every_kind_is_said_in_words() -> None:
    assert all(kind.label and kind.label[0].islower() for kind in KINDS.values())
