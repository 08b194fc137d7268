"""A project file: read whole, or refused with the key that is wrong."""

import msgspec
import pytest

from caller_app.base.errors import Refused
from caller_app.domain.outcomes import OutcomeCatalogue
from caller_app.domain.projects import Project, read_project
from tests.rules.cases import resource, rules

DEMO = resource("demo/project.toml")


def refused(text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        read_project(text)
    return caught.value


def test_the_demo_project_is_whole() -> None:
    project = read_project(DEMO)
    assert project.campaign == project.script_pack == "diabetes_prevention"
    assert [one.code for one in project.pathways] == [
        "dpp_referral",
        "dpp_self",
        "dpp_practice_confirm",
        "blood_test",
        "dwmp_practice",
        "lifestyle_local",
    ]
    assert project.hours.days["saturday"] == ("09:30", "13:00")
    assert "sunday" not in project.hours.days
    assert project.test_mode


def test_the_demo_project_holds_drama_numbers_only() -> None:
    project = read_project(DEMO)
    phones = [project.team_phone, project.duty_phone, project.merge["dpp_phone"]]
    phones += [one.phone for one in project.help_contacts] + [one.contact for one in project.pathways if one.contact]
    assert all(phone.startswith("01632 960") for phone in phones)


def test_a_project_survives_the_wire() -> None:
    project = read_project(DEMO)
    assert msgspec.json.decode(msgspec.json.encode(project), type=Project) == project


def test_every_outcome_of_a_pathway_asks_for_a_pathway_or_is_for_the_practice() -> None:
    outcomes: OutcomeCatalogue = rules().outcomes
    for pathway in read_project(DEMO).pathways:
        for code in pathway.outcomes:
            assert any(one.kind == "pathway" for one in outcomes.get(code).fields)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('name = "Healthier You, winter 2026"', "", "name"),
        ('name = "Healthier You, winter 2026"', 'name = " "', "name"),
        ('name = "Healthier You, winter 2026"', "name = 5", "name"),
        ('campaign = "diabetes_prevention"', 'campaign = "diabetes"', "campaign"),
        ('policy = "3of3"', 'policy = "1of3"', "identity.policy"),
        ('policy = "3of3"', 'policy = "3of4"', "identity.fields"),
        ('["full_name", "dob", "address"]', '["full_name", "phone", "address"]', "identity.fields"),
        ('["full_name", "dob", "address"]', '["full_name", "dob", "shoe_size"]', "identity.fields"),
        ('monday = ["09:00", "19:00"]', 'monday = ["07:30", "19:00"]', "hours.monday"),
        ('monday = ["09:00", "19:00"]', 'monday = ["09:00", "20:31"]', "hours.monday"),
        ('monday = ["09:00", "19:00"]', 'monday = ["19:00", "09:00"]', "hours.monday"),
        ('monday = ["09:00", "19:00"]', 'monday = ["9", "19"]', "hours.monday"),
        ('monday = ["09:00", "19:00"]', 'sunday = ["10:00", "12:00"]', "hours.sunday"),
        ('monday = ["09:00", "19:00"]', 'mnoday = ["09:00", "19:00"]', "hours.mnoday"),
        ("max = 3", "max = 7", "attempts.max"),
        ("max = 3", "max = true", "attempts.max"),
        ("minimum_age = 18", "minimum_age = 12", "minimum_age"),
        ('duty_phone = "01632 960101"', "", "team.duty_phone"),
        ("It is not urgent.", "The NHS rings.", "voicemail.wording"),
        ('pcn_name = "Demo', 'pt_first = "Demo', "merge"),
        ('code = "dpp_self"', 'code = "dpp_referral"', "pathways"),
        ('route = "signpost"', 'route = "fax"', "pathways[6].route"),
        ('outcomes = ["A07", "A02"]', 'outcomes = ["D01"]', "pathways[6].outcomes"),
        ('consent_wording = "Are you happy', 'wording = "Are you happy', "pathways[1].consent_wording"),
        ('task = "Please arrange', 'tasks = "Please arrange', "pathways[4].task"),
        ("at_least = 42.0, below = 48.0, dated_by", "over = 42.0, dated_by", "pathways[1].include[2].any[1].fact"),
        ('dated_by = "hba1c_date", within', "within", "pathways[1].include[2].any[1].dated_by"),
        ("checked_on = 2026-11-02", "", "help_contacts[1].checked_on"),
        ("checked_on = 2026-11-02", 'checked_on = "last week"', "help_contacts[1].checked_on"),
        ("test_mode = true", "test_mode = true\nspeed = 9", "speed"),
        ("test_mode = true", "test_mode = maybe", "toml"),
        ("[identity]", "[[identity]]", "identity"),
    ],
)  # fmt: skip
def test_a_fault_names_its_key(old: str, new: str, key: str) -> None:
    assert old in DEMO
    fault = refused(DEMO.replace(old, new, 1))
    assert fault.field == key
    assert key in fault.sentence or key == "toml"


@pytest.mark.parametrize("age", [0, 12])
def test_nobody_under_thirteen_is_ever_rung(age: int) -> None:
    fault = refused(DEMO.replace("minimum_age = 18", f"minimum_age = {age}", 1))
    assert fault.field == "minimum_age"
    assert "nobody younger is rung" in fault.sentence
    assert read_project(DEMO.replace("minimum_age = 18", "minimum_age = 13", 1)).minimum_age == 13


def test_a_message_belongs_to_one_attempt_unless_the_project_says_to_which_it_may_be_put_off() -> None:
    assert read_project(DEMO).voicemail_attempts == (2, 2)
    longer = DEMO.replace("from_attempt = 2", "from_attempt = 2\nuntil_attempt = 3")
    assert read_project(longer).voicemail_attempts == (2, 3)
    fault = refused(DEMO.replace("from_attempt = 2", "from_attempt = 2\nuntil_attempt = 1"))
    assert fault.field == "voicemail.until_attempt"


def test_a_part_of_the_date_of_birth_counts_only_where_the_project_says_so() -> None:
    assert not read_project(DEMO).partial_dob
    assert read_project(DEMO.replace('policy = "3of3"', 'policy = "3of3"\npartial_dob = true', 1)).partial_dob


def test_a_project_without_pathways_is_refused() -> None:
    assert refused(DEMO[: DEMO.index("[[pathways]]")]).field == "pathways"


def test_usual_hours_hold_where_none_are_given() -> None:
    text = DEMO[: DEMO.index("[hours]")] + DEMO[DEMO.index("[attempts]") :]
    assert read_project(text).hours.days["friday"] == ("09:00", "19:00")
