"""The answers of a project's calls, written and read back: every column as the dictionary says, and nobody's name."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.central.db import writing
from caller_app.central.rules import answers, projects
from caller_app.central.rules.answers import Asked, check_reason
from caller_app.domain.changes import AttemptSuperseded, ConcernRaised
from caller_app.protocol.codec import encode
from caller_app.script.compile import read_script
from caller_app.script.script import Script
from tests.script.books import PACKS, SETTINGS, book
from tests.support.centre import Rig
from tests.support.station import Station, attempt

HEAD = ["type", "name", "label", "relevant", "required", "hint", "sets_outcome"]
CHOICES = [
    ["list_name", "name", "label"],
    ["yn", "y", "Yes"],
    ["yn", "n", "No"],
    ["wish", "walk", "Walks"],
    ["wish", "swim", "Swimming"],
]


def script(folder: Path, version: int, *more: list[Any]) -> Script:
    survey = [
        HEAD,
        ["select_one yn", "keen", "Keen?", None, "yes", None, None],
        ["select_multiple wish", "wishes", "Which would you like?", "${keen} = 'y'", None, None, None],
        ["integer", "weight", "What do you weigh (kg)?", None, None, None, None],
        ["date", "day", "When did you last go?", None, None, None, None],
        ["text", "why", "- Why not?", "${keen} = 'n'", None, None, None],
        *more,
        ["note", "bye", "Goodbye", None, None, None, "A02"],
    ]
    settings = [SETTINGS[0], ["Wishes", "wishes", version]]
    return read_script(book(folder / f"{version}.xlsx", survey=survey, choices=CHOICES, settings=settings))


class Calls:
    """A project whose script was published twice, and a caller."""

    def __init__(self, rig: Rig, folder: Path) -> None:
        self.rig = rig
        self.opening = read_script(PACKS / "core_call_flow.xlsx")
        self.old = script(folder, 1)
        self.new = script(folder, 2, ["select_one yn", "again", "May we ring again?", None, None, None, None])
        self.anna = rig.user("anna")
        self.project = rig.project(opening_script_id=self.opening.script_id, script_id=self.new.script_id)
        for one in (self.opening, self.old, self.new):
            record = one.script_id, encode(one)
            writing(rig.engine, lambda conn, r=record: projects._record(conn, 2, *r))
        self.station = Station(rig, "anna").sign_in()

    def call(self, said: dict[str, Any], *, made_with: Script | None = None, outcome: str = "C01", **more: Any) -> str:
        case_id = self.rig.case(self.project, to=self.anna)
        cited = (made_with or self.new).script_id
        change_id = new_id()
        made = attempt(case_id, outcome, answers=said, script=cited, opening=self.opening.script_id, **more)
        (result,) = self.station.pushed(self.station.envelope(made, change_id=change_id))
        assert result["verdict"] != "quarantined", result
        self.attempt_id = change_id
        return case_id

    def export(self, path: Path, **asked: Any) -> dict[str, list[dict[str, Any]]]:
        self.said = answers.export(self.rig.centre, path, Asked(project="Healthy start", **asked))
        import openpyxl

        opened = openpyxl.load_workbook(path)
        sheets = {}
        for name in ("Answers", "Dictionary"):
            head, *rows = opened[name].iter_rows()
            assert all(cell.data_type != "f" for row in rows for cell in row)
            heads = [cell.value for cell in head]
            assert len(set(heads)) == len(heads)
            sheets[name] = [dict(zip(heads, (cell.value for cell in row), strict=False)) for row in rows]
        return sheets


@pytest.fixture
def calls(centre: Rig, tmp_path: Path) -> Iterator[Calls]:
    yield Calls(centre, tmp_path)


def test_each_answer_stands_in_its_column_in_its_kind(calls: Calls, tmp_path: Path) -> None:
    calls.call(
        {"connect": "answered", "keen": "y", "wishes": ["walk"], "weight": "71", "day": "2026-01-31", "again": "n"},
        language="Polish",
    )
    calls.call({"keen": "n", "why": "=1+1", "weight": "-1 kg"}, made_with=calls.old)
    one, other = calls.export(tmp_path / "out.xlsx")["Answers"]
    assert (one["connect"], one["keen"], one["wishes"], one["wishes/walk"], one["wishes/swim"]) == (
        "answered", "y", "walk", 1, 0,
    )  # fmt: skip
    assert (one["weight"], one["day"], one["again"]) == (71, datetime(2026, 1, 31), "n")  # noqa: DTZ001
    assert (one["script_version"], one["script_sha256"], one["language"]) == ("2", calls.new.sha256, "Polish")
    assert (one["opening_version"], one["outcome"]) == (calls.opening.version, "C01")
    assert one["called_on"].date().isoformat() == calls.rig.clock.now().date().isoformat()
    assert (other["script_version"], other["wishes"], other["wishes/walk"], other["again"]) == ("1", None, None, None)
    assert (other["why"], other["weight"]) == ("(words left out)", "(words left out)")
    assert calls.said.calls == 2


def test_words_are_given_only_where_they_are_asked_for_and_stay_text(calls: Calls, tmp_path: Path) -> None:
    calls.call({"keen": "n", "why": '=HYPERLINK("x")'})
    (one,) = calls.export(tmp_path / "out.xlsx", with_words=True)["Answers"]
    assert one["why"] == '=HYPERLINK("x")'


def test_the_dictionary_describes_every_column_in_order(calls: Calls, tmp_path: Path) -> None:
    calls.call({"keen": "y"}, made_with=calls.old)
    sheets = calls.export(tmp_path / "out.xlsx")
    described = {one["column"]: one for one in sheets["Dictionary"]}
    assert list(dict.fromkeys(one["column"] for one in sheets["Dictionary"])) == list(sheets["Answers"][0])
    assert described["keen"]["choices"] == "y = Yes; n = No"
    assert described["wishes"]["shown_if"] == "(${keen} = 'y')"
    assert (described["wishes/swim"]["label"], described["wishes/swim"]["type"]) == ("Swimming", "0 or 1")
    assert (described["weight"]["unit"], described["weight"]["type"]) == ("kg", "integer")
    assert described["why"]["label"] == "- Why not?"
    assert described["keen"]["script_versions"] == "wishes/1, wishes/2"
    assert described["again"]["script_versions"] == "wishes/2"
    assert all(one["label"] or one["question"] is None for one in sheets["Dictionary"])


def test_nobody_is_named_unless_somebody_says_why(calls: Calls, tmp_path: Path) -> None:
    case_id = calls.call({"keen": "y"})
    patient = calls.rig.item(case_id).patient
    (one,) = calls.export(tmp_path / "out.xlsx")["Answers"]
    said = json.dumps(one, default=str) + (tmp_path / "out.xlsx").read_bytes().hex()
    for known in (patient.nhs_number, patient.family_name, case_id, patient.person_id, calls.attempt_id):
        assert known not in said
    why = "The evaluation board links the answers to the register"
    (named,) = calls.export(tmp_path / "named.xlsx", named_for=why)["Answers"]
    assert (named["nhs_number"], named["person"]) == (patient.nhs_number, one["person"])
    (line, first) = calls.rig.ask("SELECT detail FROM audit WHERE what = 'answers_exported' ORDER BY audit_id DESC")
    assert line[0] == {"calls": 1, "words": False, "named": True, "why": why}
    assert first[0]["named"] is False
    with pytest.raises(Refused):
        check_reason("because")


def test_a_person_is_the_same_in_every_export_of_a_project(calls: Calls, tmp_path: Path) -> None:
    case_id = calls.call({"keen": "y"})
    calls.station.pushed(attempt(case_id, "C01", answers={"keen": "n"}, script=calls.new.script_id))
    one, other = calls.export(tmp_path / "out.xlsx")["Answers"]
    assert one["person"] == other["person"]
    assert one["call"] != other["call"]
    again = calls.export(tmp_path / "again.xlsx")["Answers"]
    assert [row["call"] for row in again] == [one["call"], other["call"]]


def test_what_belongs_to_a_concern_is_held_back_whole(calls: Calls, tmp_path: Path) -> None:
    case_id = calls.call({"keen": "y"})
    calls.station.pushed(ConcernRaised(case_id=case_id, act_id=new_id(), route="safeguarding", words="said so"))
    (one,) = calls.export(tmp_path / "out.xlsx")["Answers"]
    assert (one["held_back"], one["outcome"], one["keen"], one["other_answers"]) == ("yes", None, None, None)
    assert calls.said.held_back == 1


def test_a_call_that_was_taken_back_is_not_in_it(calls: Calls, tmp_path: Path) -> None:
    case_id = calls.call({"keen": "y"})
    calls.station.pushed(
        AttemptSuperseded(case_id=case_id, act_id=new_id(), attempt_id=calls.attempt_id, reason="undone by the caller")
    )
    assert calls.export(tmp_path / "out.xlsx")["Answers"] == []


def test_answers_to_a_script_that_is_not_known_are_named(calls: Calls, tmp_path: Path) -> None:
    case_id = calls.rig.case(calls.project, to=calls.anna)
    calls.station.pushed(attempt(case_id, "C01", answers={"shoe": "42", "keen": "y"}, script=new_id()))
    (one,) = calls.export(tmp_path / "out.xlsx")["Answers"]
    assert (one["other_answers"], one["keen"], one["script_version"]) == ("shoe", "y", None)


def test_only_the_days_asked_for(calls: Calls, tmp_path: Path) -> None:
    calls.call({"keen": "y"})
    now = calls.rig.clock.now()
    calls.rig.clock.pass_by(minutes=5)
    calls.call({"keen": "n"})
    assert [one["keen"] for one in calls.export(tmp_path / "a.xlsx", until=calls.rig.clock.now())["Answers"]] == ["y"]
    later = calls.export(tmp_path / "b.xlsx", since=calls.rig.clock.now())["Answers"]
    assert [one["keen"] for one in later] == ["n"]
    assert calls.export(tmp_path / "c.xlsx", until=now)["Answers"] == []


def test_each_call_is_a_response_without_a_name(calls: Calls, tmp_path: Path) -> None:
    case_id = calls.call({"keen": "y", "wishes": ["walk", "swim"], "weight": "71", "why": "left behind"})
    calls.call({"keen": "n", "why": "Mrs Example told me"})
    path = tmp_path / "out.ndjson"
    assert answers.responses(calls.rig.centre, path, Asked(project="Healthy start")).calls == 2
    one, other = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert (one["resourceType"], one["status"]) == ("QuestionnaireResponse", "completed")
    assert [item["linkId"] for item in one["item"]] == ["keen", "wishes", "weight"]  # only what is on its path
    assert other["item"][1]["answer"] == [{"valueString": "(words left out)"}]
    assert calls.rig.item(case_id).patient.nhs_number not in path.read_text("utf-8")
    assert one["subject"]["identifier"]["value"] != other["subject"]["identifier"]["value"]


def test_a_thousand_calls_are_read_as_they_come(calls: Calls, tmp_path: Path) -> None:
    case_id = calls.call({"keen": "y"})
    with calls.rig.as_owner() as conn:
        conn.exec_driver_sql(
            "INSERT INTO attempt SELECT gen_random_uuid(), case_id, user_id, device_id, act_id, outcome, number, "
            "at + n * interval '1 second', received_at, counted, late, contact_level, facts, answers, identity, script "
            "FROM attempt, generate_series(1, 1200) AS n"
        )
    assert case_id
    rows = calls.export(tmp_path / "out.xlsx")["Answers"]
    assert len(rows) == 1_201
    assert len({one["call"] for one in rows}) == 1_201


def led(folder: Path) -> Script:
    survey = [
        HEAD,
        ["hidden", "pt_first"],
        ["hidden", "result"],
        ["hidden", "region"],
        ["select_one yn", "keen", "Keen, ${pt_first}?", "${result} >= 42", "yes", None, None],
        ["note", "north", "In the north.", "${region} = 'north'", None, None, None],
        ["note", "bye", "Goodbye", None, None, None, "A02"],
    ]
    settings = [SETTINGS[0], ["Wishes", "wishes", 3]]
    return read_script(book(folder / "led.xlsx", survey=survey, choices=CHOICES, settings=settings))


@pytest.fixture
def by_result(calls: Calls, tmp_path: Path) -> Script:
    made = led(tmp_path)
    writing(calls.rig.engine, lambda conn: projects._record(conn, 2, made.script_id, encode(made)))
    return made


def responses_of(calls: Calls, path: Path) -> list[dict[str, Any]]:
    answers.responses(calls.rig.centre, path, Asked(project="Healthy start"))
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_what_led_a_call_is_given_as_it_was_kept_whatever_the_record_says_by_now(
    calls: Calls, by_result: Script, tmp_path: Path
) -> None:
    calls.call({"keen": "y"}, made_with=by_result, given={"result": "44", "region": "Mrs Example's street"})
    (one,) = calls.export(tmp_path / "out.xlsx")["Answers"]
    assert (one["given/result"], one["given/region"], one["given_kept"]) == (44, "(words left out)", "yes")
    assert "given/pt_first" not in one
    (made,) = responses_of(calls, tmp_path / "out.ndjson")
    assert [item["linkId"] for item in made["item"]] == ["result", "region", "keen"]
    assert made["meta"]["tag"][0]["code"] == "as-recorded"


def test_a_call_of_an_older_program_is_led_by_the_record_as_it_stands_and_says_so(
    calls: Calls, by_result: Script, tmp_path: Path
) -> None:
    calls.call({"keen": "y"}, made_with=by_result)
    (one,) = calls.export(tmp_path / "out.xlsx")["Answers"]
    assert (one["given/result"], one["given_kept"]) == (None, "no")
    (made,) = responses_of(calls, tmp_path / "out.ndjson")
    assert "item" not in made, "its record holds no result, so the question was not on its path"
    assert made["meta"]["tag"][0]["code"] == "as-of-export"


def test_what_led_a_call_is_held_back_with_its_answers(calls: Calls, by_result: Script, tmp_path: Path) -> None:
    case_id = calls.call({"keen": "y"}, made_with=by_result, given={"result": "44"})
    calls.station.pushed(ConcernRaised(case_id=case_id, act_id=new_id(), route="safeguarding", words="said so"))
    (one,) = calls.export(tmp_path / "out.xlsx")["Answers"]
    assert (one["held_back"], one["given/result"], one["given_kept"]) == ("yes", None, None)
    assert responses_of(calls, tmp_path / "out.ndjson") == []
