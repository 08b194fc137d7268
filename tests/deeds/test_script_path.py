"""The script as the call goes: one page after another, nothing before its time, and the version the call began with."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from caller_app.commands.calls import reveal_check_panel, tick_identity
from caller_app.domain.items import Item
from caller_app.queries.objections import what_if
from caller_app.queries.script_path import script_path
from caller_app.queries.script_rows import ScriptPath
from tests.deeds.rig import PASSING, Rig, case, item, opened, project, scripts
from tests.deeds.test_masking import MASKED

KEEN = {"ready": "yes", "aware": "yes", "interest": "yes", "excl": ["none"], "light": "y"}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with opened(tmp_path, item()) as made:
        yield made


def path(rig: Rig, **answers: Any) -> ScriptPath:
    found: ScriptPath = rig.read(script_path, case_id=case(), answers=answers)
    return found


def names(found: ScriptPath) -> list[str]:
    return [page.name for page in found.pages]


def with_result(value: float) -> Item:
    known = item()
    return replace(known, patient=replace(known.patient, campaign={**known.patient.campaign, "hba1c_mmol_mol": value}))


def test_the_opening_asks_one_thing_after_another(rig: Rig) -> None:
    rig.call()
    assert names(path(rig)) == ["p_connect"]
    assert path(rig).pages[0].missing == ("connect",)
    assert names(path(rig, connect="answered")) == ["p_connect", "p_who"]
    waiting = path(rig, connect="answered", who="patient")
    assert (names(waiting)[-1], waiting.pages[-1].identity) == ("p_id", True)
    assert all(line.name not in ("id_name", "id_dob", "id_addr") for page in waiting.pages for line in page.lines)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"connect": "noanswer"}, "C01"),
        ({"connect": "voicemail", "vm_greeting": "own", "vm_left": "y"}, "C03"),
        ({"connect": "voicemail", "vm_greeting": "household", "vm_left": "n"}, "C04"),
        ({"connect": "answered", "who": "unknown_here"}, "P02"),
        ({"connect": "answered", "who": "deceased"}, "S01"),
        ({"connect": "answered", "who": "proxy", "tp_authorised": "n"}, "T01"),
    ],
)
def test_a_call_that_ends_before_the_check_says_how(rig: Rig, answers: dict[str, str], outcome: str) -> None:
    rig.call()
    found = path(rig, **answers)
    assert (found.finished, found.outcome) == (True, outcome)
    assert found.outcome_label


def test_nothing_of_the_record_is_in_any_page_before_the_check(rig: Rig) -> None:
    rig.call()
    for answers in (
        {},
        {"connect": "answered"},
        {"connect": "answered", "who": "patient"},
        KEEN,
        {"connect": "answered", "who": "proxy", "tp_authorised": "y"},
    ):
        shown = repr(path(rig, **answers))
        assert [word for word in MASKED if word in shown] == []


def test_after_the_check_the_project_begins_where_the_opening_leads_to_it(rig: Rig) -> None:
    rig.call()
    rig.verify()
    first = path(rig)
    assert names(first)[-1] == "p_intro"
    assert "Larkspur Surgery" in repr(path(rig, ready="yes"))
    assert names(path(rig, ready="yes"))[-1] == "why"
    later = path(rig, ready="later")
    assert (later.finished, later.outcome, names(later)[-1]) == (True, "R01", "close")


def test_a_whole_call_ends_with_the_outcome_and_the_close(rig: Rig) -> None:
    rig.call()
    rig.verify()
    found = path(rig, **KEEN, path=["dpp_refer"], consent_share="y", follow="sms")
    assert found.finished, found.pages[-1]
    assert found.outcome == "A01"
    assert found.pathways
    assert names(found)[-1] == "close"


def test_a_result_for_the_practice_stops_and_is_never_put_into_words(tmp_path: Path) -> None:
    with opened(tmp_path, with_result(52.5)) as rig:
        rig.call()
        rig.verify()
        found = path(rig, ready="yes")
        assert (found.finished, found.outcome) == (True, "E02")
        assert "52" not in repr(found)


def test_a_failed_check_ends_politely_and_never_says_which_part(rig: Rig) -> None:
    rig.call()
    rig.write(reveal_check_panel, case_id=case())
    rig.write(tick_identity, case_id=case(), ticks={**PASSING, "address": "differs", "full_name": "declined"})
    found = path(rig, connect="answered", who="patient")
    assert found.outcome == "R02"
    assert [word for word in MASKED if word in repr(found)] == []
    assert "address" not in " ".join(line.text for line in found.pages[-1].lines if line.name == "id_fail_say").lower()


def test_a_constraint_holds_the_page_with_its_words(rig: Rig) -> None:
    rig.call()
    rig.verify()
    found = path(rig, **(KEEN | {"excl": ["none", "pregnant"]}))
    faults = [line.fault for page in found.pages for line in page.lines if line.fault]
    assert faults == ["None cannot be combined"]
    assert not found.finished


def test_the_end_is_said_with_the_answer_that_decided(rig: Rig) -> None:
    rig.call()
    assert path(rig, connect="noanswer").reason == "“What happened when you dialled?” Rang out, no answer"
    rig.verify()
    found = path(rig, **KEEN, path=["dpp_refer"], consent_share="y", follow="sms")
    words = "“Are you happy for us to share your contact details and this blood result with the program…” Yes"
    assert found.reason == words


def test_the_answers_so_far_are_told_in_words_with_their_page(rig: Rig) -> None:
    rig.call()
    rig.verify()
    found = path(rig, **KEEN, weight_kg="82.5")
    said = {one.line: one for one in found.said}
    assert "connect" not in said, "what a passed check says by itself was not answered"
    assert found.taken == {"connect": "answered", "who": "patient"}
    assert said["excl"].answer == "None of these"
    assert said["weight_kg"].answer == "82.5"
    assert found.pages[said["ready"].page].name == "p_intro"


def test_the_number_of_pages_is_about_right_from_the_first_one(rig: Rig) -> None:
    rig.call()
    first = path(rig)
    assert len(first.pages) + first.ahead == 5  # the opening's four and what comes after it
    assert path(rig, connect="noanswer").ahead == 0
    rig.verify()
    assert path(rig, ready="yes").ahead >= 2


def test_objections_are_answered_at_any_moment_but_before_the_check_say_nothing_of_why_we_ring(rig: Rig) -> None:
    rig.call()
    early = rig.read(what_if, case_id=case())
    assert [one.about for one in early] == ["Fears a scam"]
    assert [word for word in MASKED if word in repr(early)] == []
    rig.verify()
    found = {one.about: one.text for one in rig.read(what_if, case_id=case())}
    assert "online choice" in found["Travel"]
    assert "in your own time" in found["No time, Work or caring"]
    assert found["How did you get my number?"]
    assert "Fears a scam" in found


def test_a_script_of_an_older_version_is_read_one_page_after_another(tmp_path: Path) -> None:
    with opened(tmp_path, item()) as rig:
        old = [replace(one, expressions={}) for one in scripts()]
        rig.take_scripts(*old)
        rig.call()
        assert names(path(rig)) == ["p_connect", "p_who", "p_id"]
        rig.verify()
        found = path(rig)
        assert names(found)[-1] == "close" and all(page.done for page in found.pages)
        assert not found.outcome


def test_the_call_goes_on_in_the_version_it_began_with(rig: Rig) -> None:
    rig.call()
    rig.verify()
    opening, main = scripts()
    newer = replace(main, script_id="99999999-0000-4000-8000-000000000001", pages=main.pages[:1])
    rig.take_scripts(newer)
    rig.take_project(replace(project(), script_id=newer.script_id))
    assert names(path(rig, ready="yes"))[-1] == "why"
    assert opening.script_id == project().opening_script_id
