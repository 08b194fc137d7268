"""A project as every workstation holds it: one campaign's words, hours, limits, pathways and help contacts.

What a reader would get wrong: the project's name is for between calls only. It travels to the workstation, yet no
screen may show it before identity has passed (domain rules 2.10). Everything here is JSON-able as it stands.
"""

from dataclasses import dataclass, field

from caller_app.domain.pathway_rules import AnswerFact, Condition, Facts, Rule, read_answers, read_rule
from caller_app.domain.pathways import ROUTES, Pathway, read_pathway
from caller_app.domain.project_keys import Table, read_toml
from caller_app.domain.rule_facts import fact_of, facts_for

__all__ = [
    "ROUTES",
    "AnswerFact",
    "Condition",
    "Contact",
    "Hours",
    "Pathway",
    "Project",
    "Rule",
    "conversions",
    "read_project",
]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
CAMPAIGNS = ("talking_therapies", "winter_vaccination", "diabetes_prevention")
POLICIES = {"3of3": 3, "2of3": 3, "3of4": 4}  # how many fields each policy asks
IDENTITY_FIELDS = ("full_name", "dob", "address", "phone", "nhs_number")
MERGE_FROM_PERSON = frozenset({"pt_first", "pt_last", "pt_age", "practice_name", "caller_first"})
YOUNGEST = 13  # nobody younger is rung; below sixteen somebody with parental responsibility is spoken to
EARLIEST, LATEST = "08:00", "20:30"  # hard bounds that no setting may pass (domain rules 2.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When the team rings, in London wall time: weekday -> (from, to). A day that is not named is closed."""

    days: dict[str, tuple[str, str]]
    opened: tuple[str, ...] = ()  # bank holidays a supervisor opened for this project (ISO dates)
    closed: tuple[str, ...] = ()  # days the team is away


USUAL_HOURS = Hours(days={**dict.fromkeys(DAYS[:5], ("09:00", "19:00")), "saturday": ("09:30", "13:00")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A number the caller may need; `checked_on` says when somebody last tried it."""

    route: str  # immediate | distress | safeguarding | any
    whom: str
    phone: str
    checked_on: str
    area: str = ""  # postcode areas it serves, "NR PE"; empty: everywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One time-limited piece of outreach with one audience."""

    project_id: str = ""
    name: str
    campaign: str
    code: str = "ALL"  # short code for file names that reveals no condition
    script_pack: str  # form id of the project's script
    script_id: str = ""
    opening_script_id: str = ""
    identity_policy: str = "3of3"
    identity_fields: tuple[str, ...] = ("full_name", "dob", "address")
    hours: Hours = USUAL_HOURS
    max_attempts: int = 3
    minimum_age: int = 18
    team_name: str = ""
    team_phone: str = ""
    team_hours: str = ""
    duty_phone: str = ""  # the supervisor on duty
    voicemail_wording: str = ""
    voicemail_from_attempt: int = 2
    voicemail_until_attempt: int = 0  # 0: on that one attempt only
    partial_dob: bool = False  # day and month without the year count as a match of the date of birth
    merge: dict[str, str] = field(default_factory=dict)
    pathways: tuple[Pathway, ...] = ()
    hold: tuple[Rule, ...] = ()  # a result the practice must look at first: never told to the person
    answers: tuple[AnswerFact, ...] = ()  # facts that the script's answers say
    full: dict[str, str] = field(default_factory=dict)  # pathway -> first day with places again; "": no more at all
    help_contacts: tuple[Contact, ...] = ()
    legal_texts: dict[str, str] = field(default_factory=dict)
    test_mode: bool = False

    @property
    def voicemail_attempts(self) -> tuple[int, int]:
        """Give the first and the last attempt on which the neutral message may be left (domain rules 2.9)."""
        return self.voicemail_from_attempt, max(self.voicemail_from_attempt, self.voicemail_until_attempt)

    def pathway(self, code: str) -> Pathway | None:
        """Give the pathway with this code."""
        return next((one for one in self.pathways if one.code == code), None)


def read_project(toml_text: str) -> Project:
    """Read a project file; raises Refused naming the key that is wrong."""
    top = read_toml(toml_text)
    identity = top.table("identity")
    team = top.table("team")
    voicemail = top.table("voicemail")
    attempts = top.table("attempts")
    policy = identity.choice("policy", tuple(POLICIES), "3of3")
    asked = identity.texts("fields", ("full_name", "dob", "address"))
    identity.expect(set(asked) <= set(IDENTITY_FIELDS), "fields", f"may hold only {', '.join(IDENTITY_FIELDS)}")
    identity.expect("dob" in asked, "fields", "must hold dob: the date of birth is always among the checks")
    identity.expect(
        len(set(asked)) == len(asked) == POLICIES[policy], "fields", f"must name {POLICIES[policy]} different fields"
    )
    campaign = top.choice("campaign", CAMPAIGNS)
    from_attempt = voicemail.whole("from_attempt", 2, 1, 6)
    minimum_age = top.whole("minimum_age", 18, 0, 120)
    top.expect(
        minimum_age >= YOUNGEST,
        "minimum_age",
        f"may not be under {YOUNGEST}: nobody younger is rung (domain rules 2.13)",
    )
    until_attempt = voicemail.whole("until_attempt", from_attempt, 1, 6)
    voicemail.expect(until_attempt >= from_attempt, "until_attempt", "may not come before from_attempt")
    answers = read_answers(top.table("answers"), facts_for(campaign))
    facts = _facts(campaign, answers)
    project = Project(
        project_id=top.text("project_id", ""),
        name=top.text("name", limit=80),
        campaign=campaign,
        code=top.text("code", "ALL", limit=12),
        script_pack=top.text("script"),
        identity_policy=policy,
        identity_fields=asked,
        hours=_hours(top.table("hours")),
        max_attempts=attempts.whole("max", 3, 1, 6),
        minimum_age=minimum_age,
        team_name=team.text("name"),
        team_phone=team.text("phone"),
        team_hours=team.text("hours", ""),
        duty_phone=team.text("duty_phone"),
        voicemail_wording=voicemail.text("wording"),
        voicemail_from_attempt=from_attempt,
        voicemail_until_attempt=until_attempt,
        partial_dob=identity.flag("partial_dob", False),
        merge=top.table("merge").words(),
        pathways=tuple(read_pathway(one, facts) for one in top.tables("pathways")),
        hold=tuple(read_rule(one, facts) for one in top.tables("hold")),
        answers=answers,
        help_contacts=tuple(_contact(one) for one in top.tables("help_contacts")),
        legal_texts=top.table("legal").words(),
        test_mode=top.flag("test_mode", False),
    )
    codes = [one.code for one in project.pathways]
    top.expect(len(set(codes)) == len(codes), "pathways", "holds the same code twice")
    top.expect(bool(codes), "pathways", "must hold at least one pathway")
    top.expect(not set(project.merge) & MERGE_FROM_PERSON, "merge", "may not set what comes from the person or caller")
    for told in ("nhs", "surgery", "clinic", "diabetes", "vaccin", "therap", project.name.lower()):
        voicemail.expect(
            told not in project.voicemail_wording.lower(), "wording", "may not name the service, programme or condition"
        )
    top.finish()
    return project


def conversions(project: Project) -> tuple[str, ...]:
    """Say every threshold of the project that was given in another unit than the fact is held in."""
    rules = [*project.hold]
    for pathway in project.pathways:
        rules += [*pathway.include, *pathway.exclude, *pathway.needs]
    return tuple(dict.fromkeys(words for rule in rules for one in rule.any for words in one.given))


def _facts(campaign: str, answers: tuple[AnswerFact, ...]) -> Facts:
    """Give what rules may name: what a cohort holds, and what only answers say."""
    return {one.fact: fact_of(one.fact) for one in answers} | facts_for(campaign)


def _hours(table: Table) -> Hours:
    days: dict[str, tuple[str, str]] = {}
    for day in DAYS:
        span = table.times(day)
        if span is not None:
            table.expect(span[0] < span[1], day, "must end after it begins")
            table.expect(span[0] >= EARLIEST and span[1] <= LATEST, day, f"must lie between {EARLIEST} and {LATEST}")
            days[day] = span
    hours = Hours(days=days or USUAL_HOURS.days, opened=table.dates("opened"), closed=table.dates("closed"))
    table.expect(table.times("sunday") is None, "sunday", "is always closed")
    table.finish()
    return hours


def _contact(table: Table) -> Contact:
    checked_on = table.day("checked_on")
    table.expect(checked_on is not None, "checked_on", "is missing: say when the number was last tried")
    contact = Contact(
        route=table.choice("route", ("immediate", "distress", "safeguarding", "any")),
        whom=table.text("whom"),
        phone=table.text("phone"),
        checked_on=checked_on or "",
        area=table.text("area", ""),
    )
    table.finish()
    return contact
