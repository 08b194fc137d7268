"""Whoever can hear the call: the person's agreement is asked and kept; family does not interpret where it may not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.base.paths import resource_path
from caller_app.commands.attempts import record_attempt
from caller_app.commands.calls import save_page
from caller_app.queries.cards import card
from caller_app.queries.catalogue import outcome_form
from caller_app.queries.script_path import script_path
from caller_app.script.compile import read_script
from tests.deeds.rig import PROJECT_ID, Rig, case, item, opened, project

AGREED = {"pathway": "dpp_referral", "consent": "yes"}
HEARD = {"ready": "listened"}


def path(rig: Rig, **answers: Any) -> Any:
    return rig.read(script_path, case_id=case(), answers=answers)


def asked(rig: Rig, **answers: Any) -> list[str]:
    return [line.name for page in path(rig, **answers).pages for line in page.lines]


def checked(rig: Rig) -> None:
    rig.call()
    rig.verify()


def test_whoever_listens_the_person_is_asked_before_anything_is_said(rig: Rig) -> None:
    checked(rig)
    found = path(rig, **HEARD)
    assert found.pages[-1].name == "p_intro" and found.pages[-1].missing == ("listen_ok",)
    assert path(rig, **HEARD, listen_ok="y").pages[-1].name == "why"
    assert "listen_ok" not in asked(rig, ready="yes")


def test_where_they_say_no_the_script_says_how_to_go_on(rig: Rig) -> None:
    checked(rig)
    assert "listen_no_say" in asked(rig, **HEARD, listen_ok="n")
    assert path(rig, **HEARD, listen_ok="n").pages[-1].missing == ("listen_alone",)
    assert path(rig, **HEARD, listen_ok="n", listen_alone="now").pages[-1].name == "why"
    later = path(rig, **HEARD, listen_ok="n", listen_alone="later")
    assert (later.finished, later.outcome) == (True, "R01")


def test_a_carer_who_joins_is_agreed_to_as_well(rig: Rig) -> None:
    checked(rig)
    joined = {"ready": "yes", "needs": ["carer"]}
    assert path(rig, **joined).pages[-1].missing == ("join_ok",)
    assert "join_none" in asked(rig, **joined, join_ok="n")
    assert path(rig, **joined, join_ok="y").pages[-1].name == "why"


def test_the_agreement_is_kept_with_the_attempt_and_a_no_is_not_gone_against(rig: Rig) -> None:
    checked(rig)
    said = {**HEARD, "listen_ok": "n", "listen_alone": "later"}
    rig.write(save_page, case_id=case(), page=1, answers=said)
    with pytest.raises(Refused, match="Callback agreed"):
        rig.write(record_attempt, case_id=case(), outcome="A01", facts=AGREED)
    rig.write(record_attempt, case_id=case(), outcome="R04", facts={"point": "introduction"})
    assert rig.changes()[-1].change.answers.items() >= said.items()


# --- interpreting ---


def with_therapies(rig: Rig) -> None:
    main = read_script(resource_path("packs/talking_therapies.xlsx"))
    rig.take_scripts(main)
    made = replace(project(), project_id=PROJECT_ID, campaign="talking_therapies", script_id=main.script_id)
    rig.take_project(made)


@pytest.mark.parametrize("therapies", [True, False])
def test_family_interpreting_is_warned_of_where_it_is_about_the_mind(tmp_path: Path, therapies: bool) -> None:
    with opened(tmp_path, item()) as rig:
        if therapies:
            with_therapies(rig)
        checked(rig)
        heard = {"ready": "yes", "needs": ["interpreter"], "interp_who": "family"}
        assert ("interp_warn" in asked(rig, **heard)) is therapies
        shown = rig.read(card, case_id=case())
        assert any("do not interpret" in one.text for one in shown.warnings) is therapies
        asks = rig.read(outcome_form, case_id=case(), code="A01").referral[1]
        assert ("do not interpret" in asks.hint) is therapies
        act = rig.write(record_attempt, case_id=case(), outcome="A01", facts=AGREED,
                        referral={"given_by": "patient", "interpreter": "family"})  # fmt: skip
        assert any("do not interpret" in one for one in act.hints) is therapies, "warned of, and recorded as it was"
        assert rig.changes()[-1].change.interpreter == "family"


def test_without_an_interpreter_it_is_taken_up_again_with_one(rig: Rig) -> None:
    checked(rig)
    found = path(rig, ready="yes", needs=["interpreter"], interp_who="nobody")
    assert (found.finished, found.outcome) == (True, "R03")


def test_before_the_check_nothing_says_what_the_call_is_about(tmp_path: Path) -> None:
    with opened(tmp_path, item()) as rig:
        with_therapies(rig)
        rig.call()
        assert not any("interpret for this" in one.text for one in rig.read(card, case_id=case()).warnings)
