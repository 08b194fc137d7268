"""A project as every workstation holds it: one campaign's words, hours, limits, pathways and help contacts.

What a reader would get wrong: the project's name is for between calls only. It travels to the workstation, yet no
screen may show it before identity has passed (domain rules 2.10). Everything here is JSON-able as it stands.
"""

from dataclasses import dataclass, field

from caller_app.domain.project_keys import Table, read_toml

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
CAMPAIGNS = ("talking_therapies", "winter_vaccination", "diabetes_prevention")
POLICIES = {"3of3": 3, "2of3": 3, "3of4": 4}  # how many fields each policy asks
IDENTITY_FIELDS = ("full_name", "dob", "address", "phone", "nhs_number")
ROUTES = ("signpost", "self_referral", "supported_referral", "practice_task")
MERGE_FROM_PERSON = frozenset({"pt_first", "pt_last", "pt_age", "practice_name", "caller_first"})
EARLIEST, LATEST = "08:00", "20:30"  # hard bounds that no setting may pass (domain rules 2.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When the team rings, in London wall time: weekday -> (from, to). A day that is not named is closed."""

    days: dict[str, tuple[str, str]]
    opened: tuple[str, ...] = ()  # bank holidays a supervisor opened for this project (ISO dates)
    closed: tuple[str, ...] = ()  # days the team is away


USUAL_HOURS = Hours(days={**dict.fromkeys(DAYS[:5], ("09:00", "19:00")), "saturday": ("09:30", "13:00")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One test of one fact. Ranges are half-open: at_least <= fact < below (domain rules 2.19)."""

    fact: str
    at_least: float | None = None
    below: float | None = None
    at_least_low: float | None = None  # the lower threshold for the ethnic codes in `low_for`
    low_for: tuple[str, ...] = ()
    equals: bool | str | None = None
    dated_by: str | None = None  # the fact that holds the date of this one
    within_months: int | None = None  # older than this does not hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Holds when any of its conditions does. For an exclusion or a hold, holding is the bad case."""

    any: tuple[Condition, ...]
    because: str  # said when the rule decides against: "the last result is more than 12 months old"
    ask: str = ""  # what to ask when the facts are missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """Something the person can be offered, how it is done, and for whom it is."""

    code: str
    title: str
    route: str  # one of ROUTES
    how: str  # what the caller does or says next
    outcomes: tuple[str, ...]  # codes that may end a call with this pathway
    contact: str = ""
    url: str = ""
    include: tuple[Rule, ...] = ()  # every one must hold
    exclude: tuple[Rule, ...] = ()  # none may hold
    ignores_hold: bool = False  # may be offered though a result waits for the practice
    consent_wording: str | None = None
    consent_version: str = ""
    shared_fields: tuple[str, ...] = ()
    shared_with: str | None = None
    task: str = ""  # what the practice is asked to do
    due_days: int = 14
    until: str | None = None  # ISO date of the last day it may be offered


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
    merge: dict[str, str] = field(default_factory=dict)
    pathways: tuple[Pathway, ...] = ()
    hold: tuple[Rule, ...] = ()  # a result the practice must look at first: never told to the person
    help_contacts: tuple[Contact, ...] = ()
    legal_texts: dict[str, str] = field(default_factory=dict)
    test_mode: bool = False

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
    project = Project(
        project_id=top.text("project_id", ""),
        name=top.text("name", limit=80),
        campaign=top.choice("campaign", CAMPAIGNS),
        code=top.text("code", "ALL", limit=12),
        script_pack=top.text("script"),
        identity_policy=policy,
        identity_fields=asked,
        hours=_hours(top.table("hours")),
        max_attempts=attempts.whole("max", 3, 1, 6),
        minimum_age=top.whole("minimum_age", 18, 13, 120),
        team_name=team.text("name"),
        team_phone=team.text("phone"),
        team_hours=team.text("hours", ""),
        duty_phone=team.text("duty_phone"),
        voicemail_wording=voicemail.text("wording"),
        voicemail_from_attempt=voicemail.whole("from_attempt", 2, 1, 6),
        merge=top.table("merge").words(),
        pathways=tuple(_pathway(one) for one in top.tables("pathways")),
        hold=tuple(_rule(one) for one in top.tables("hold")),
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


def _pathway(table: Table) -> Pathway:
    route = table.choice("route", ROUTES)
    consent = table.text("consent_wording", "") or None
    shared = table.texts("shared_fields", ())
    sends = route == "supported_referral"
    table.expect(bool(consent) or not sends, "consent_wording", "is needed where we pass the person's data on")
    table.expect(bool(shared) or not sends, "shared_fields", "must say what is shared where we pass data on")
    pathway = Pathway(
        code=table.text("code", limit=40),
        title=table.text("title", limit=80),
        route=route,
        how=table.text("how"),
        outcomes=table.texts("outcomes"),
        contact=table.text("contact", ""),
        url=table.text("url", ""),
        include=tuple(_rule(one) for one in table.tables("include")),
        exclude=tuple(_rule(one) for one in table.tables("exclude")),
        ignores_hold=table.flag("ignores_hold", False),
        consent_wording=consent,
        consent_version=table.text("consent_version", "1" if consent else ""),
        shared_fields=shared,
        shared_with=table.text("shared_with", "") or None,
        task=table.text("task", ""),
        due_days=table.whole("due_days", 14, 1, 90),
        until=table.day("until"),
    )
    allowed = {"A01", "A02", "A03", "A07", "E02"}
    table.expect(set(pathway.outcomes) <= allowed, "outcomes", f"may hold only {', '.join(sorted(allowed))}")
    table.expect(bool(pathway.task) or route != "practice_task", "task", "is needed for a task to the practice")
    table.finish()
    return pathway


def _rule(table: Table) -> Rule:
    rule = Rule(
        any=tuple(_condition(one) for one in table.tables("any")),
        because=table.text("because"),
        ask=table.text("ask", ""),
    )
    table.expect(bool(rule.any), "any", "must hold at least one condition")
    table.finish()
    return rule


def _condition(table: Table) -> Condition:
    condition = Condition(
        fact=table.text("fact"),
        at_least=table.number("at_least"),
        below=table.number("below"),
        at_least_low=table.number("at_least_low"),
        low_for=table.texts("low_for", ()),
        equals=table.word_or_flag("equals"),
        dated_by=table.text("dated_by", "") or None,
        within_months=table.whole("within_months", 0, 0, 240) or None,
    )
    tests = (condition.at_least, condition.below, condition.equals)
    table.expect(any(one is not None for one in tests), "fact", "needs one of at_least, below or equals")
    table.expect(
        condition.within_months is None or condition.dated_by is not None, "dated_by", "is needed with within_months"
    )
    table.finish()
    return condition


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
