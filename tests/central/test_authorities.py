"""Who may speak for a person: recorded and ended at the centre, sent with each case, judged by the day of the call."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.clock import to_text
from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.central import cli
from caller_app.central.db import writing
from caller_app.central.rules import authorities
from caller_app.domain.authority_file import AuthoritySaid, read_authority
from caller_app.domain.changes import AttemptRecorded, IdentityRecord, ReferralRequested, ReferralTakenBack
from caller_app.domain.items import Item
from caller_app.domain.pathways import Pathway
from caller_app.domain.practices import PracticeDirectory
from tests.central.test_intake import cohort, listed, person, take_in
from tests.support.centre import KEY, Rig, nhs_number
from tests.support.station import Station, attempt

__all__ = ["listed"]

SERIAL = 910_001
PATHWAY = Pathway(code="WALK", title="Walking group", route="supported_referral", how="We send it.",
                  outcomes=("A01",))  # fmt: skip
FILE = """
nhs_number = "{number}"
kind = "lpa_health"
name = "Gwen  Sample"
relationship = "daughter"
from = 2026-01-01
seen = "registered copy, seen at the practice"
"""


class House:
    """One person with a case of Anna's in one project and of Ben's in another, and a supervisor."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.super = rig.user("sue", role="supervisor")
        self.anna, self.ben = rig.user("anna"), rig.user("ben")
        about: dict[str, Any] = {"person_id": new_id(), "nhs_number": nhs_number(SERIAL)}
        self.first = rig.case(rig.project("First", pathways=(PATHWAY,)), to=self.anna, **about)
        self.second = rig.case(rig.project("Second"), to=self.ben, **about)
        self.station = Station(rig, "anna").sign_in()

    def said(self, **more: Any) -> AuthoritySaid:
        known: dict[str, Any] = {
            "nhs_number": nhs_number(SERIAL), "kind": "lpa_health", "name": "Gwen Sample",
            "relationship": "daughter", "may_agree": True, "from_on": "2026-01-01", "seen": "registered copy",
        }  # fmt: skip
        return AuthoritySaid(**{**known, **more})

    def record(self, **more: Any) -> str:
        by = more.pop("by", self.super)
        return writing(
            self.rig.engine,
            lambda conn: authorities.add(conn, self.rig.centre, self.said(**more), by=by, now=self.rig.clock.now()),
        )

    def end(self, authority_id: str, why: str = "revoked") -> bool:
        return writing(
            self.rig.engine,
            lambda conn: authorities.end(conn, authority_id, why=why, by=self.super, now=self.rig.clock.now()),
        )

    def spoke(self, authority_id: str | None, **more: Any) -> dict[str, Any]:
        """Anna spoke with somebody who speaks for the person."""
        identity = IdentityRecord(policy="3of3", ticks={"dob": "matches"}, passed=True, authority=authority_id)
        call = AttemptRecorded(
            case_id=self.first, act_id=new_id(), outcome="R04", facts={"point": "introduction"},
            answers={"who": "proxy"}, identity=identity,
        )  # fmt: skip
        return self.verdict(call, **more)

    def agreed(self, authority_id: str | None, **more: Any) -> dict[str, Any]:
        said: dict[str, Any] = {"given_by": "proxy", "consent": "yes", "pathway": "WALK", **more}
        change = ReferralRequested(case_id=self.first, act_id=new_id(), route="supported_referral",
                                   authority=authority_id, **said)  # fmt: skip
        return self.verdict(change)

    def verdict(self, change: Any, **envelope: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.station.pushed(self.station.envelope(change, **envelope))[0]
        return found


@pytest.fixture
def house(centre: Rig) -> House:
    return House(centre)


def of(item: Item) -> list[str]:
    return [one.authority_id for one in item.authorities]


def test_it_goes_to_whoever_has_a_case_of_the_person_and_so_does_its_end(house: House) -> None:
    made = house.record()
    came = house.station.catch_up()[house.first]["authorities"][0]
    assert (came["name"], came["kind"], came["may_agree"], came["ended_at"]) == (
        "Gwen Sample", "lpa_health", True, None,
    )  # fmt: skip
    assert "seen" not in came and "recorded_by" not in came, "where it was seen stays at the centre"
    assert of(house.rig.item(house.second)) == [made]
    assert house.end(made) and not house.end(made), "ended once"
    assert house.station.catch_up()[house.first]["authorities"][0]["ended_at"] is not None
    trail = [row.what for row in house.rig.ask("SELECT what FROM audit WHERE what LIKE 'authority%' ORDER BY audit_id")]
    assert trail == ["authority_recorded", "authority_ended"]


def test_it_travels_only_with_the_projects_it_covers(house: House) -> None:
    made = house.record(projects=("Second",))
    assert of(house.rig.item(house.first)) == []
    assert of(house.rig.item(house.second)) == [made]


def test_a_case_that_a_later_list_brings_knows_it(house: House, listed: PracticeDirectory, tmp_path: Path) -> None:
    path = cohort(tmp_path, "a.csv", person(1), person(2))
    take_in(house.rig, path, house.rig.project("Third"), listed)
    made = house.record(nhs_number=nhs_number(1))
    take_in(house.rig, path, house.rig.project("Fourth"), listed)
    found = house.rig.ask("SELECT k.case_id, p.nhs_number FROM cases k JOIN person p USING (person_id)")
    theirs = [of(house.rig.item(row.case_id)) for row in found if row.nhs_number == nhs_number(1)]
    others = [of(house.rig.item(row.case_id)) for row in found if row.nhs_number == nhs_number(2)]
    assert (theirs, others) == ([[made], [made]], [[], []])


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "parental"}, "kind"),
        ({"until_on": "2026-03-01"}, "until"),
        ({"projects": ("Nowhere",)}, "project"),
        ({"pathways": ("NOTHING",)}, "pathways"),
        ({"nhs_number": nhs_number(999_999)}, "nhs_number"),
        ({"nhs_number": "123"}, "nhs_number"),
    ],
)
def test_what_cannot_hold_is_refused(house: House, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        house.record(**more)
    assert refusal.value.field == field
    assert house.rig.ask("SELECT count(*) FROM authority") == [(0,)]


def test_the_same_is_not_recorded_twice_and_only_by_a_supervisor(house: House) -> None:
    made = house.record()
    with pytest.raises(Refused, match="recorded already"):
        house.record()
    house.end(made)
    assert house.record() != made
    with pytest.raises(Refused, match="Only a supervisor"):
        house.record(by=house.anna, name="Somebody Else")


# --- judged by the day of the call ---


def test_a_call_under_an_authority_that_holds_is_applied(house: House) -> None:
    made = house.record()
    assert house.spoke(made)["verdict"] == "applied"
    assert house.agreed(made)["verdict"] == "applied"
    assert [one.state for one in house.rig.item(house.first).referrals] == ["recorded"]


@pytest.mark.parametrize("cited", ["none", "another", "ended", "not_begun"])
def test_a_call_without_one_is_kept_and_put_before_a_supervisor(house: House, cited: str) -> None:
    made: str | None = house.record(from_on="2026-04-01" if cited == "not_begun" else "2026-01-01")
    if cited == "ended":
        house.end(str(made))
    made = {"none": None, "another": new_id()}.get(cited, made)
    house.rig.clock.pass_by(minutes=1)
    found = house.spoke(made)
    assert (found["verdict"], found["reason"]) == ("applied_review", "without_authority")
    assert len(house.rig.item(house.first).attempts) == 1, "what was recorded stays"
    found = house.agreed(made)
    assert found["reason"] == "referral_without_authority"
    assert [one.state for one in house.rig.item(house.first).referrals] == ["held_for_review"], "nothing is sent"


def test_a_call_made_before_it_was_ended_and_sent_after_stands(house: House) -> None:
    made = house.record()
    called = house.rig.clock.now() + timedelta(minutes=5)
    house.rig.clock.pass_by(hours=2)
    house.end(made)
    house.rig.clock.pass_by(hours=1)
    house.station.sign_in()
    assert house.spoke(made, occurred_at=to_text(called))["verdict"] == "applied"


@pytest.mark.parametrize("limit", [{"may_agree": False}, {"pathways": ("WALK",), "may_agree": False}])
def test_speaking_is_not_agreeing(house: House, limit: dict[str, Any]) -> None:
    made = house.record(**limit)
    assert house.spoke(made)["verdict"] == "applied"
    assert house.agreed(made)["reason"] == "referral_without_authority"


def test_somebody_under_sixteen_agrees_to_nothing_themselves(house: House) -> None:
    one = house.rig.case(house.rig.project("Young"), to=house.anna, dob="2012-05-01")
    change = ReferralRequested(case_id=one, act_id=new_id(), pathway="WALK", route="supported_referral", consent="yes")
    assert house.verdict(change)["reason"] == "referral_without_authority"


def test_a_withdrawal_stops_it_whoever_asked_and_is_looked_at(house: House) -> None:
    house.agreed(house.record())
    (line,) = house.rig.item(house.first).referrals
    change = ReferralTakenBack(case_id=house.first, act_id=new_id(), referral_id=line.referral_id,
                               reason="changed their mind", given_by="proxy")  # fmt: skip
    assert house.verdict(change)["reason"] == "withdrawal_without_authority"
    assert house.rig.item(house.first).referrals[0].state == "withdrawn"


def test_a_message_where_none_may_be_left_is_kept_and_looked_at(house: House) -> None:
    found = house.verdict(attempt(house.first, "C03", facts={"greeting": "own", "although": "yes"}))
    assert (found["verdict"], found["reason"]) == ("applied_review", "message_not_allowed")


# --- the file ---


def test_the_file_says_who_and_for_how_long() -> None:
    said = read_authority(FILE.format(number=nhs_number(SERIAL)))
    assert (said.name, said.from_on, said.until_on, said.may_agree) == ("Gwen Sample", "2026-01-01", None, False)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"lpa_health"', '"neighbour"', "kind"),
        ("from = 2026-01-01\n", "", "from"),
        ("from = 2026-01-01", "from = 2026-01-01\nuntil = 2025-12-31", "until"),
        ('"lpa_health"', '"consent"', "until"),
        ('name = "Gwen  Sample"\n', "", "name"),
        ("seen =", "sene =", "seen"),
        ("seen =", "may_agre = true\nseen =", "may_agre"),
    ],
)
def test_a_fault_of_the_file_names_its_key(old: str, new: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_authority(FILE.format(number="9990000000").replace(old, new))
    assert refusal.value.field == field
    assert refusal.value.sentence.startswith("The authority file: ")


# --- typed by an operator ---


@pytest.fixture
def typed(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setenv("CALLER_CENTRAL_STOP_LIST_KEY", KEY.hex())
    monkeypatch.setenv("CALLER_CENTRAL_TEST_MODE", "1")

    def run(*words: str, by: str = "sue", stdin: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        return cli.main(["authority", *words, "--by", by, "--database-url", house.rig.url])

    return run


def test_an_operator_records_lists_and_ends_it(
    house: House, typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "authority.toml"
    file.write_text(FILE.format(number=nhs_number(SERIAL)), encoding="utf-8")
    assert typed("add", str(file)) == 0
    (made,) = of(house.rig.item(house.first))
    said = capsys.readouterr().out
    assert made in said and "Gwen" not in said, "what is printed may be read by others"
    assert typed("list", stdin=f"{nhs_number(SERIAL)}\n") == 0
    assert "attorney for health and welfare: Gwen Sample (daughter), from 2026-01-01" in capsys.readouterr().out
    assert typed("end", made, "--why", "revoked") == 0
    assert typed("end", made, "--why", "revoked") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "It had ended already."
    assert typed("list", stdin=f"{nhs_number(SERIAL)}\n") == 0
    assert "    ended 20" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "by", "said"),
    [
        (("add", "nowhere.toml"), "sue", "There is no authority file nowhere.toml."),
        (("end", "not-an-id", "--why", "x"), "sue", "There is no such authority."),
        (("end", "not-an-id", "--why", "x"), "anna", "Only a supervisor"),
        (("end", "not-an-id", "--why", "x"), "nobody", "no account with the name 'nobody'"),
        (("list",), "sue", ""),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    typed: Callable[..., int], words: tuple[str, ...], by: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(*words, by=by) == 1
    fault = capsys.readouterr().err
    assert said in fault and "Traceback" not in fault
