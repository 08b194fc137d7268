"""What the opening may say to a machine or to somebody else, decided by the record and not by the workbook."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt
from caller_app.domain.items import Item, PastAttempt
from caller_app.queries.catalogue import outcome_form
from caller_app.queries.script_path import script_path
from caller_app.queries.script_rows import ScriptLine
from tests.deeds.rig import HOME, MOBILE, TUESDAY, Rig, case, item, opened


def said(rig: Rig, name: str, **answers: str) -> ScriptLine:
    found = rig.read(script_path, case_id=case(), answers=answers)
    line: ScriptLine
    (line,) = [line for page in found.pages for line in page.lines if line.name == name]
    return line


def left(attempt: int, outcome: str = "C01", **more: object) -> PastAttempt:
    """An attempt of an earlier day."""
    return PastAttempt(f"a{attempt}", TUESDAY - timedelta(days=9 - attempt), outcome, MOBILE, caller_id=7, **more)


def with_patient(**changed: object) -> Item:
    known = item()
    return replace(known, patient=replace(known.patient, **changed), counted_attempts=1)


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (replace(item(), counted_attempts=0), "first attempt"),
        (with_patient(voicemail_opt_out=True), "do not want messages"),
        (with_patient(safe_contact="Only after six"), "safe contact"),
        (replace(item(), counted_attempts=1, numbers=tuple(replace(n, shared=True) for n in item().numbers)), "shared"),
    ],
)
def test_where_no_message_may_be_left_none_is_put_before_the_caller(known: Item, why: str, tmp_path: Path) -> None:
    with opened(tmp_path, known) as rig:
        rig.call()
        line = said(rig, "vm_say", connect="voicemail", vm_greeting="own")
        assert (line.style, line.text.startswith("Leave no message: ")) == ("warn", True)
        assert why in line.text
        form = rig.read(outcome_form, case_id=case(), code="C03")
        assert (form.say, form.warn) == ("", line.text), "the form of the result says the same"
        # What happened is recorded, allowed or not.
        assert dict(said(rig, "vm_left", connect="voicemail", vm_greeting="own").choices).keys() == {"y", "n"}


def test_the_message_is_the_one_the_project_agreed(tmp_path: Path) -> None:
    with opened(tmp_path, replace(item(), counted_attempts=1)) as rig:
        rig.call()
        line = said(rig, "vm_say", connect="voicemail", vm_greeting="own")
        assert line.style == "say"
        assert line.missing == ()
        assert "another household" in line.hint
        form = rig.read(outcome_form, case_id=case(), code="C03")
        assert (form.say, form.warn) == (line.text, "")
        assert not {"NHS", "surgery", "diabetes"} & set(line.text.split())


@pytest.mark.parametrize(
    ("counted", "why"),
    [(0, "not on the first attempt"), (1, ""), (2, "only on the second attempt")],
)
def test_the_message_belongs_to_the_second_attempt_and_to_no_other(tmp_path: Path, counted: int, why: str) -> None:
    past = tuple(left(one + 1) for one in range(counted))
    with opened(tmp_path, item(attempts=past, counted_attempts=counted)) as rig:
        rig.call()
        form = rig.read(outcome_form, case_id=case(), code="C03")
        assert form.warn == (f"Leave no message: {why}." if why else "")
        if not why:
            rig.write(record_attempt, case_id=case(), outcome="C03", facts={"greeting": "own"})
            return
        with pytest.raises(Refused, match=why) as refusal:
            rig.write(record_attempt, case_id=case(), outcome="C03", facts={"greeting": "own"})
        assert refusal.value.field == "although"
        assert rig.kinds() == [], "nothing is recorded that the caller did not say"
        rig.write(record_attempt, case_id=case(), outcome="C03", facts={"greeting": "own", "although": "yes"})
        assert rig.changes()[-1].change.facts["although"] == "yes", "what happened is never left out"


def test_a_second_number_of_the_same_sitting_is_the_same_attempt(tmp_path: Path) -> None:
    with opened(tmp_path, item()) as rig:
        rig.call()
        rig.write(record_attempt, case_id=case(), outcome="C01")
        rig.clock.pass_by(minutes=5)
        rig.call(number=HOME)
        with pytest.raises(Refused, match="not on the first attempt"):
            rig.write(record_attempt, case_id=case(), outcome="C03", facts={"greeting": "own"})


@pytest.mark.parametrize("greeting", ["household", "business"])
def test_a_greeting_of_somebody_else_forbids_the_message(tmp_path: Path, greeting: str) -> None:
    with opened(tmp_path, item(attempts=(left(1),), counted_attempts=1)) as rig:
        rig.call()
        found = rig.read(script_path, case_id=case(), answers={"connect": "voicemail", "vm_greeting": greeting})
        names = [line.name for page in found.pages for line in page.lines]
        assert "vm_say" not in names and "vm_none_warn" in names
        with pytest.raises(Refused, match=f"names an?(other)? {'business' if greeting == 'business' else 'household'}"):
            rig.write(record_attempt, case_id=case(), outcome="C03", facts={"greeting": greeting})


def test_nobody_is_let_on_as_a_proxy_on_the_callers_word(tmp_path: Path) -> None:
    with opened(tmp_path, item()) as rig:
        rig.call()
        answers = {"connect": "answered", "who": "proxy", "tp_authorised": "y"}
        found = rig.read(script_path, case_id=case(), answers=answers)
        assert (found.finished, found.outcome) == (True, "T01")
        assert found.taken["tp_authorised"] == "n"
        assert found.reason.endswith("” No, nothing recorded"), "why it ends is said in words"
        line = said(rig, "tp_authorised", **answers)
        assert [value for value, _ in line.choices] == ["n"]
        assert "Nothing is recorded" in line.hint
        rig.verify()
        found = rig.read(script_path, case_id=case(), answers={**answers, "ready": "yes"})
        assert "why" not in [page.name for page in found.pages]
