"""Rows as the queries give them, for screens and presenters under test: invented people only.

Texts and forms come from the real catalogues, so a picture shows what a caller will see.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from caller_app.base.paths import resource_text
from caller_app.domain.concerns import help_for
from caller_app.domain.corrections import EVIDENCE
from caller_app.domain.items import Number, PastAttempt
from caller_app.domain.rulebook import Rulebook, read_rulebook
from caller_app.queries.catalogue import agreement_fields
from caller_app.queries.offer_rows import Offer
from caller_app.queries.rows import (
    Card,
    CheckField,
    CorrectionForm,
    CorrectionKind,
    Detail,
    HelpRoute,
    IdentityPanel,
    ListCounts,
    ListRow,
    OutcomeForm,
    PadGroup,
    PadOutcome,
    QuickTime,
    SafetyLine,
)
from caller_app.queries.script_rows import Objection, SaidLine, ScriptLine, ScriptPage, ScriptPath

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
LONG_NAME = "Wilhelmina-Anastasia Featherstonehaugh-Cholmondeley"
MOBILE = "+447700900123"
HOME = "+441632960456"

_RULES: list[Rulebook] = []


def rules() -> Rulebook:
    """Give the real rulebook, read once."""
    if not _RULES:
        _RULES.append(read_rulebook(resource_text))
    return _RULES[0]


ROWS = (
    ListRow("c0", "Bernadette O’Brien", "parked", "half done since 10:12: script step 3"),
    ListRow("c1", LONG_NAME, "overdue", "overdue: promised 10:00 to 10:15", NOW),
    ListRow("c2", "Ravi Sharma", "due", "promised 10:30 to 11:00, they asked for you", NOW),
    ListRow("c3", "Zoë Müller", "promised", "promised today, 16:00 to 17:00", NOW + timedelta(hours=6)),
    ListRow(
        "c4", "Mohammed Abdul-Rahman", "retry", "no answer in the morning on Friday; not tried in the evening", None, 1
    ),
    ListRow("c5", "Anne Smith", "retry", "engaged an hour ago", None, 1, "C02"),
    ListRow("c6", "Tomasz Kowalczyk", "fresh", "most deprived fifth, never rung"),
    ListRow("c7", "Grace Adeyemi", "fresh", "never rung"),
    ListRow("c8", "Lee Chan", "fresh", "never rung", waiting_for_review=True),
    ListRow("c9", "Olivia Brown", "waiting", "rung today already; again from tomorrow 09:00", None, 2),
    ListRow("c10", "Peter Jones", "held", "in hospital; look again on 3 December"),
)
COUNTS = ListCounts(left=37, total=120, due_now=2, promised_today=4, project_name="Healthier You, winter 2026")

NUMBERS = (
    Number(MOBILE, "mobile", "mobile", state="no_answer", no_answers=2),
    Number(HOME, "home", "landline", shared=True),
)


def opening_pages() -> tuple[ScriptPage, ...]:
    """Pages before identity."""
    return (
        ScriptPage(
            "who",
            "Who is on the line",
            (
                ScriptLine(
                    "ask_for",
                    "say",
                    "Hello, my name is Sam. May I speak to Ravi Sharma, please?",
                    "Do not say why you are calling or who you work for yet.",
                ),
                ScriptLine(
                    "who",
                    "ask",
                    "Who are you speaking to?",
                    choices=(
                        ("patient", "The patient"),
                        ("proxy", "Parent, attorney or named proxy acting for the patient"),
                        ("other", "Someone else who knows the patient"),
                        ("unknown", "Patient not known at this number"),
                        ("died", "Person says the patient has died"),
                    ),
                ),
                ScriptLine(
                    "tp_say",
                    "say",
                    "Thank you. It is a routine call and nothing to worry about. When is a good time to catch them?",
                    when="if somebody else who knows the patient answered",
                ),
            ),
        ),
        ScriptPage(
            "id",
            "Check identity",
            (
                ScriptLine(
                    "id_say",
                    "say",
                    "Before I go on I need to make sure I have the right person, to protect your privacy. Could you "
                    "tell me your full name, your date of birth, and the first line of your address with the postcode?",
                    "The patient says them; you tick what matches. Never read a detail out or correct a wrong one.",
                ),
            ),
        ),
    )


def project_pages() -> tuple[ScriptPage, ...]:
    """Pages after identity, with a gap."""
    return (
        ScriptPage(
            "why",
            "Why we are calling",
            (
                ScriptLine("stop", "warn", "If the person has symptoms, stop and choose: Clinical query to practice."),
                ScriptLine(
                    "why_say",
                    "say",
                    "You had a blood test at [practice name]. It suggests a higher chance of getting type 2 diabetes, "
                    "and there is a lot that can be done about it.",
                    "If this is news to the person, slow down and offer a call from the practice.",
                    missing=("practice_name",),
                ),
                ScriptLine("aware", "ask", "Did they know?", choices=(("yes", "Knew"), ("no", "Did not know"))),
                ScriptLine(
                    "interest",
                    "ask",
                    "Would you like to hear about a free programme that supports people to lower that chance?",
                    choices=(
                        ("yes", "Interested"),
                        ("unsure", "Not sure"),
                        ("no", "Not interested"),
                        ("done", "Already on or completed it"),
                    ),
                ),
                ScriptLine(
                    "o_time", "objection", "It can be done online in your own time, or in groups.", when="if no time"
                ),
            ),
        ),
        ScriptPage("offer", "Offer", (ScriptLine("o", "say", "The programme is free and runs for nine months."),)),
    )


SAID = (
    SaidLine(0, "connect", "What happened when you dialled?", "Answered by a person"),
    SaidLine(0, "aware", "Did they know?", "Knew"),
)
OBJECTIONS = (
    Objection("No time, Work or caring", "It can be done online in your own time, or in groups."),
    Objection("Travel", "You do not have to travel: there is an online choice."),
    Objection("Fears a scam", "You are right to check. You can ring your GP practice on the number you know."),
)


def panel(*, revealed: bool = False, passed: bool = False, failed: bool = False, ticks: str = "nnn") -> IdentityPanel:
    """The identity panel; ticks as letters m d x n."""
    words = {"m": "matches", "d": "differs", "x": "declined", "n": "not_asked"}
    values = ("Ravi Sharma", "4 March 1961", "12 Mill Lane, Wymondham, NR18 0AB")
    names = ("full_name", "dob", "address")
    titles = ("Full name", "Date of birth", "First line of address and postcode")
    return IdentityPanel(
        policy="3of3",
        policy_words="Name, date of birth and address must all match.",
        fields=tuple(
            CheckField(name, title, value if revealed else None, words[tick], name == "dob")
            for name, title, value, tick in zip(names, titles, values, ticks, strict=True)
        ),
        revealed=revealed,
        passed=passed,
        failed=failed,
        sentence="Thank them and end the call politely. Do not say which detail was the matter."
        if failed
        else "Ask for each one; they state, you tick.",
    )


DETAILS = (
    Detail("name", "Name", "Mr Ravi Sharma", "Ravi Sharma", ("NAME_CHANGED",)),
    Detail("dob", "Date of birth", "4 March 1961", "1961-03-04", ("DOB_WRONG",)),
    Detail("nhs_number", "NHS number", "999 012 3456", "9990123456", ("NHS_NUMBER",)),
    Detail(
        f"phone:{MOBILE}", "Telephone", "07700 900123 (mobile), no answer x2", MOBILE, ("PHONE_WRONG", "PHONE_ADDED")
    ),
    Detail(f"phone:{HOME}", "Telephone", "01632 960456 (home), shared", HOME, ("PHONE_WRONG", "PHONE_ADDED")),
    Detail(
        "address", "Address", "12 Mill Lane, Wymondham, NR18 0AB", "x", ("ADDRESS_CHANGED",), "3 Church Street, NR1 1AA"
    ),
    Detail("practice", "Practice", "Mill Lane Surgery", "D82001", ("GP_PRACTICE",)),
    Detail("language", "Language and interpreter", "Punjabi, interpreter", "pa", ("LANGUAGE",)),
    Detail("communication_needs", "Information needs", "Large print", "x", ("COMMUNICATION_NEED",)),
    Detail("contact_preference", "How to contact", "", None, ("CONTACT_PREFERENCE",)),
    Detail("safe_contact", "Safe contact", "", None, ("SAFE_CONTACT",)),
    Detail("sex", "Sex", "Male", "male", ("SEX_GENDER",)),
    Detail("ethnicity", "Ethnic category", "", None, ("ETHNICITY",)),
    Detail("carer", "Carer", "", None, ("CARER",)),
    Detail("email", "Email", "", None, ("EMAIL",)),
    Detail("other", "Something else", "", None, ("OTHER",)),
)
OFFERS = (
    Offer(
        "dpp",
        "Healthier You programme",
        "supported_referral",
        True,
        "Last HbA1c 44 mmol/mol on 2 September 2026, in the range 42 to 47.9.",
        "We send the referral; the programme rings within two weeks.",
        "01632 960700",
        consent_wording="Are you happy for us to share your contact details and this blood result with the programme?",
        shared_fields=("name", "phone", "hba1c"),
        shared_with="Healthier You",
    ),
    Offer(
        "dwmp",
        "Digital weight management",
        "practice_task",
        None,
        "No weight on record: ask weight and height.",
        "Practice refers.",
    ),
    Offer("vacc", "Winter vaccination", "signpost", False, "Given on 3 October 2026.", ""),
)
PAST = (
    PastAttempt("a2", NOW - timedelta(days=4, hours=1), "C01", MOBILE, "Dee Carter", True),
    PastAttempt(
        "a1",
        NOW - timedelta(days=8),
        "C03",
        MOBILE,
        "Sam Field",
        True,
        note="Neutral message left, asked to ring back.",
    ),
)


def card(case_id: str = "c2", **changes: object) -> Card:
    """An open, unverified card that has not been dialled."""
    made = Card(
        case_id=case_id,
        call_id="call-1",
        shown_name="Ravi Sharma",
        numbers=NUMBERS,
        best_number=HOME,
        needs=("Interpreter: Punjabi", "Large print", "Hearing loss"),
        safe_contact=None,
        warnings=(
            SafetyLine("caution", "Other people share this number: ask for the person, never say anybody else's name."),
            SafetyLine("info", "Last call: no answer on Friday 20 November in the morning."),
        ),
        may_dial=True,
        hold_reason=None,
        identity=panel(),
        script=ScriptPath(pages=opening_pages(), ahead=4),
        promises=(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def verified_card(case_id: str = "c2", **changes: object) -> Card:
    """A card whose identity check has passed in this call."""
    facts: dict[str, object] = {
        "identity": panel(passed=True, ticks="mmm"),
        "script": ScriptPath(pages=project_pages(), ahead=3, said=SAID),
        "dialled_number": MOBILE,
        "dialled_at": NOW,
        "project_name": COUNTS.project_name,
        "age": 65,
        "nhs_last4": "3456",
        "practice_name": "Mill Lane Surgery",
        "details": DETAILS,
        "offers": OFFERS,
        "timeline": PAST,
        "notes": ("Prefers afternoons. (Dee Carter)",),
    }
    return card(case_id, **(facts | changes))


def pad(*, dialled: bool = True, verified: bool = False) -> tuple[PadGroup, ...]:
    """The pad of the real catalogue as it stands before dialling, while on the line, or after identity."""
    groups: dict[str, list[PadOutcome]] = {}
    for one in rules().outcomes.on_pad():
        why = ""
        if not dialled and one.code not in ("N01", "N02"):
            why = "Dial first: Enter."
        elif one.needs_verified and not verified:
            why = "Needs the identity check of this call."
        elif one.code == "E01":
            why = "Record the concern first: F12."
        asks = any(field.required and not field.default and field.kind != "number_used" for field in one.fields)
        groups.setdefault(one.group, []).append(PadOutcome(one.code, one.label, one.definition, not why, why, asks))
    return tuple(PadGroup(name, tuple(outcomes)) for name, outcomes in groups.items())


MESSAGE = (
    "This is a message for Ravi Sharma. My name is Sam. Please ring me back when it suits you on "
    "01632 960111. It is not urgent. Thank you."
)


def form(code: str) -> OutcomeForm:
    """The form of one code with the choices filled."""
    one = rules().outcomes.get(code)
    numbers = ((MOBILE, "07700 900123 (mobile), no answer x2"), (HOME, "01632 960456 (home), shared"))
    pathways = (("dpp", "Healthier You programme"), ("dwmp", "Digital weight management"))
    filled: list[tuple[str, str]] = []
    fields = []
    for field in one.fields:
        if field.filled_from:
            continue
        if field.kind == "number_used":
            field = replace(field, choices=numbers)
            filled.append((field.name, MOBILE))
        elif field.kind == "pathway":
            field = replace(field, choices=pathways)
        elif field.kind == "concern":
            field = replace(field, choices=(("k1", "Safeguarding, 10:31"),))
        fields.append(field)
    quick = (
        QuickTime(
            "Later today", "Tuesday 24 November, 16:00 to 17:00", NOW + timedelta(hours=5.5), NOW + timedelta(hours=6.5)
        ),
        QuickTime(
            "Tomorrow morning",
            "Wednesday 25 November, 09:00 to 12:00",
            NOW + timedelta(hours=22.5),
            NOW + timedelta(hours=25.5),
        ),
        QuickTime(
            "In the evening",
            "Tuesday 24 November, 17:00 to 19:00",
            NOW + timedelta(hours=6.5),
            NOW + timedelta(hours=8.5),
        ),
    )
    return OutcomeForm(
        one.code, one.label, one.definition, one.next_step, tuple(fields), tuple(filled),
        quick if code == "R01" else (), agreement_fields(one, card().needs), MESSAGE if code == "C03" else "",
    )  # fmt: skip


def correction(detail: str = f"phone:{MOBILE}", label: str = "Telephone", old: str = "07700 900123") -> CorrectionForm:
    """The correction form of a detail from the real catalogue."""
    numbers = ((MOBILE, "07700 900123 (mobile)"), (HOME, "01632 960456 (home)"))
    kinds = []
    for one in rules().corrections.fitting(detail):
        fields = tuple(
            replace(field, choices=numbers) if field.kind == "number_used" else field for field in one.fields
        )
        filled = tuple((field.name, MOBILE) for field in fields if field.kind == "number_used")
        kinds.append(CorrectionKind(one.code, one.label, fields, "weekly", one.asked_of_practice, True, "", filled))
    return CorrectionForm(detail, label, old, tuple(kinds), EVIDENCE)


def routes() -> tuple[HelpRoute, ...]:
    """The three help routes of the shipped texts."""
    return tuple(
        HelpRoute(
            one.text.route, one.text.title, one.text.when, one.text.say, one.text.ask, one.ring, one.text.remember,
            one.checked_on,
        )
        for one in help_for(rules().help_routes, None, "NR18 0AB")
    )  # fmt: skip
