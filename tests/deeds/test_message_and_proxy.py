"""What the opening may say to a machine or to somebody else, decided by the record and not by the workbook."""

from dataclasses import replace
from pathlib import Path

import pytest

from caller_app.domain.items import Item
from caller_app.queries.catalogue import outcome_form
from caller_app.queries.rows import ScriptLine
from caller_app.queries.script_path import script_path
from tests.deeds.rig import Rig, case, item, opened


def said(rig: Rig, name: str, **answers: str) -> ScriptLine:
    found = rig.read(script_path, case_id=case(), answers=answers)
    line: ScriptLine
    (line,) = [line for page in found.pages for line in page.lines if line.name == name]
    return line


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
        line = said(rig, "vm_say", connect="voicemail")
        assert (line.style, line.text.startswith("Leave no message: ")) == ("warn", True)
        assert why in line.text
        form = rig.read(outcome_form, case_id=case(), code="C03")
        assert (form.say, form.warn) == ("", line.text), "the form of the result says the same"
        # What happened is recorded, allowed or not.
        assert dict(said(rig, "vm_left", connect="voicemail").choices).keys() == {"y", "n"}


def test_the_message_is_the_one_the_project_agreed(tmp_path: Path) -> None:
    with opened(tmp_path, replace(item(), counted_attempts=1)) as rig:
        rig.call()
        line = said(rig, "vm_say", connect="voicemail")
        assert line.style == "say"
        assert line.missing == ()
        assert "another household" in line.hint
        form = rig.read(outcome_form, case_id=case(), code="C03")
        assert (form.say, form.warn) == (line.text, "")
        assert not {"NHS", "surgery", "diabetes"} & set(line.text.split())


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
