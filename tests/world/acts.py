"""What a person records, kind by kind, as a change made by the test from what the workstation shows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from caller_app.base.ids import new_id
from caller_app.domain.changes import (
    Accessed,
    AttemptRecorded,
    AttemptSuperseded,
    CallbackPromised,
    Change,
    ConcernAdded,
    ConcernRaised,
    CorrectionProposed,
    NoteAdded,
    ReferralRequested,
)
from caller_app.domain.items import Item
from tests.world.book import Book

LANGUAGES = ("pl", "ur", "bn", "ro")


@dataclass(frozen=True, slots=True)
class Scene:
    """What the maker of an act may look at."""

    item: Item
    user_id: int
    book: Book
    now: datetime
    number: int  # makes words and choices differ

    def own(self, kind: str) -> list[str]:
        """Name this person's earlier acts of a kind on the case, newest first."""
        return [one.change_id for one in reversed(self.book.of_case(self.item.case_id, self.user_id, kind))]


def attempt(outcome: str, **facts: object) -> Callable[[Scene], list[Change]]:
    """Make an attempt with one outcome."""

    def made(s: Scene) -> list[Change]:
        used = s.item.numbers[s.number % len(s.item.numbers)].e164 if s.item.numbers else None
        return [
            AttemptRecorded(case_id=s.item.case_id, act_id=new_id(), outcome=outcome, number=used, facts=dict(facts),
                            started_at=s.now, ended_at=s.now)
        ]  # fmt: skip

    return made


def note(s: Scene) -> list[Change]:
    return [NoteAdded(case_id=s.item.case_id, act_id=new_id(), words=f"word {s.number}")]


def language(s: Scene) -> list[Change]:
    new = LANGUAGES[s.number % len(LANGUAGES)]
    return [_claim(s, "LANGUAGE", "language", s.item.patient.language, new, {"language": new})]


def phone(s: Scene) -> list[Change]:
    new = f"+4477009002{s.number % 100:02d}"
    return [_claim(s, "PHONE_ADDED", "phone", None, new, {"e164": new, "kind": "mobile"})]


def _claim(s: Scene, code: str, field: str, old: str | None, new: str, values: dict[str, object]) -> Change:
    return CorrectionProposed(
        case_id=s.item.case_id, act_id=new_id(), type=code, field=field, old=old, new=new, values=values,
        source="patient", evidence="patient_confirmed",
    )  # fmt: skip


def promise(s: Scene) -> list[Change]:
    start = s.now + timedelta(days=1 + s.number % 5)
    return [CallbackPromised(case_id=s.item.case_id, act_id=new_id(), from_at=start, to_at=start + timedelta(hours=1))]


def referral(s: Scene) -> list[Change]:
    return [ReferralRequested(case_id=s.item.case_id, act_id=new_id(), pathway="PROGRAMME", route="self_referral")]


def concern(s: Scene) -> list[Change]:
    return [ConcernRaised(case_id=s.item.case_id, act_id=new_id(), route="safeguarding", words=f"worry {s.number}")]


def addition(s: Scene) -> list[Change]:
    mine = s.own("concern_raised")
    return [ConcernAdded(case_id=s.item.case_id, act_id=new_id(), concern_id=mine[0], words="more")] if mine else []


def undo(s: Scene) -> list[Change]:
    mine = s.own("attempt_recorded")
    if not mine:
        return []
    return [AttemptSuperseded(case_id=s.item.case_id, act_id=new_id(), attempt_id=mine[0], reason="undone")]


def look(s: Scene) -> list[Change]:
    return [Accessed(case_id=s.item.case_id, act_id=new_id(), what="view")]


def whole_call(s: Scene) -> list[Change]:
    """One act of several changes: what is recorded at the end of a call, all or nothing."""
    act_id = new_id()
    made = [*attempt("C01")(s), *note(s), *promise(s), *language(s)]
    return [replace(one, act_id=act_id) for one in made]


# The commoner ones stand more than once.
KINDS: tuple[tuple[str, Callable[[Scene], list[Change]]], ...] = (
    ("note", note),
    ("no_answer", attempt("C01")),
    ("language", language),
    ("promise", promise),
    ("whole_call", whole_call),
    ("no_answer", attempt("C01")),
    ("undo", undo),
    ("look", look),
    ("referral", referral),
    ("wrong_number", attempt("P02")),
    ("phone", phone),
    ("language", language),
    ("declined", attempt("D01", reason="not given")),
    ("has_it", attempt("A05", what="the service")),
    ("concern", concern),
    ("addition", addition),
    ("promise", promise),
    ("campaign_stop", attempt("D02", words="not this one")),
    ("note", note),
    ("objection", attempt("D03", words="leave me alone")),
    ("died", attempt("S01", who="a relative")),
)
