"""People, projects and changes for the tests of the rules: synthetic throughout."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from caller_app.domain.changes import AttemptRecorded, AttemptSuperseded, Change, Recorded
from caller_app.domain.items import Item, Number, Patient, Practice
from caller_app.domain.projects import Project, read_project
from caller_app.domain.rebase import CaseStanding
from caller_app.domain.rulebook import Rulebook, read_rulebook

RESOURCES = Path(__file__).parents[2] / "resources"
MOBILE, LANDLINE = "+447700900123", "+441632960456"
MONDAY_10 = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ME, OTHER = 1, 2

# One full set of facts for every code a caller may choose.
FACTS: dict[str, dict[str, Any]] = {
    "N01": {"reason": "shift_end"},
    "N02": {"reason": "sensitive"},
    "C01": {"number_used": MOBILE},
    "C02": {"number_used": MOBILE},
    "C03": {"number_used": MOBILE, "message_version": "neutral_1", "greeting": "own"},
    "C04": {"number_used": MOBILE},
    "C05": {"number_used": MOBILE, "which": "barred"},
    "P01": {"number_used": MOBILE},
    "P02": {"number_used": MOBILE},
    "P03": {"number_used": MOBILE, "who": "household"},
    "T01": {"relationship": "partner"},
    "T02": {"relationship": "parent", "words": "not interested"},
    "R01": {"date": "2026-11-24", "time": "14:00-15:00", "callback_number": MOBILE, "anyone": "anyone"},
    "R02": {"check_full_name": "matches", "check_dob": "differs", "check_address": "not_asked"},
    "R03": {"need_codes": ["interpreter"], "language": "Urdu", "date": "2026-11-26"},
    "R04": {"point": "introduction"},
    "R05": {"reason": "hospital", "review_date": "2027-03-03"},
    "R06": {"need_codes": ["hearing"], "channel": "large_print"},
    "A01": {"pathway": "dpp_referral", "consent": "yes"},
    "A02": {"pathway": "dpp_self", "channel": "sms"},
    "A03": {"pathway": "blood_test", "consent": "yes"},
    "A04": {"channel": "letter"},
    "A05": {"what": "referred", "where": "practice"},
    "A06": {"reason": "pregnant"},
    "A07": {"pathway": "lifestyle_local", "consent": "not_needed"},
    "D01": {"reason": "not_given"},
    "D02": {"scope": "campaign"},
    "D03": {"scope": "person", "words": "leave me alone"},
    "E01": {"concern": "concern-1"},
    "E02": {"urgency": "same_day", "summary": "asks about a tablet", "how_sent": "phone", "taken_by": "Reception"},
    "S01": {"who": "partner"},
    "S02": {"practice": "Another practice"},
    "S03": {"why": "under_16", "authority": "mother"},
}
FINALS = ("A01", "A02", "A03", "A05", "A06", "A07", "D01", "S02")
STOPS = ("D02", "D03", "S01")


def resource(name: str) -> str:
    return (RESOURCES / name).read_text(encoding="utf-8")


@cache
def rules() -> Rulebook:
    return read_rulebook(resource)


@cache
def project(**changed: Any) -> Project:
    return replace(read_project(resource("demo/project.toml")), project_id="p1", **changed)


def person(**changed: Any) -> Patient:
    known: dict[str, Any] = {
        "person_id": "person-1",
        "nhs_number": "9990123454",
        "given_name": "Aoife",
        "family_name": "O'Brien-Lee",
        "dob": "1961-04-03",
        "sex": "female",
        "address_lines": ("1 Sample Street", "Sampleton"),
        "postcode": "NR1 1AA",
        "practice": Practice("D82001", "Sample Surgery", "01632 960999"),
        "campaign": {"hba1c_mmol_mol": 44.0, "hba1c_date": "2026-06-01", "bmi": 31.0, "ethnic_code": "A"},
    }
    return Patient(**(known | changed))


def case(**changed: Any) -> Item:
    numbers = (
        Number(MOBILE, kind="mobile", textable=True),
        Number(LANDLINE, kind="landline"),
    )
    known: dict[str, Any] = {
        "case_id": "case-1",
        "project_id": "p1",
        "patient": person(),
        "numbers": numbers,
        "assign_gen": 1,
    }
    return Item(**(known | changed))


_made = 0


def made_id(kind: str = "change") -> str:
    global _made
    _made += 1
    return f"{kind}-{_made}"


def recorded(
    change: Change, *, at: datetime = MONDAY_10, by: int = ME, change_id: str | None = None, gen: int | None = 1
) -> Recorded:
    return Recorded(
        change_id=change_id or made_id(change.kind),
        change=change,
        occurred_at=at,
        author={ME: "Ada", OTHER: "Ben"}.get(by, "Cy"),
        author_id=by,
        assign_gen=gen,
    )


def attempt(
    code: str,
    *,
    at: datetime = MONDAY_10,
    by: int = ME,
    number: str | None = MOBILE,
    act: str | None = None,
    change_id: str | None = None,
    gen: int | None = 1,
    promise_id: str | None = None,
    **facts: Any,
) -> Recorded:
    change = AttemptRecorded(
        case_id="case-1",
        act_id=act or made_id("act"),
        outcome=code,
        number=None if code[0] == "N" else number,
        facts=FACTS[code] | facts,
        started_at=at,
        ended_at=at,
        promise_id=promise_id,
    )
    return recorded(change, at=at, by=by, change_id=change_id, gen=gen)


def undo(of: Recorded, *, at: datetime | None = None, by: int = ME) -> Recorded:
    change = AttemptSuperseded(case_id="case-1", act_id=made_id("act"), attempt_id=of.change_id, reason="undone")
    return recorded(change, at=at or of.occurred_at + timedelta(seconds=5), by=by)


def mine(item: Item, **changed: Any) -> CaseStanding:
    known: dict[str, Any] = {"assignee_id": ME, "assign_gen": item.assign_gen}
    return CaseStanding(**(known | changed))


def reassigned(at: datetime, **changed: Any) -> CaseStanding:
    known: dict[str, Any] = {"assignee_id": OTHER, "assign_gen": 2, "reassigned_at": at}
    return CaseStanding(**(known | changed))
