"""Synthetic people, a store in a temporary folder and pages as the centre sends them, for tests of the local files."""

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from caller_app.base.clock import Clock, to_text
from caller_app.base.ids import new_id
from caller_app.base.notices import Board
from caller_app.base.paths import resource_text
from caller_app.domain.changes import AttemptRecorded, NoteAdded
from caller_app.domain.items import KIND_ITEM, KIND_PROJECT, Item, Number, Patient
from caller_app.domain.projects import Project
from caller_app.domain.rulebook import Rulebook, read_rulebook
from caller_app.domain.staff import User
from caller_app.protocol.codec import encode
from caller_app.protocol.messages import Begin, Gone, Put
from caller_app.store import search
from caller_app.store.local import LocalStore
from caller_app.store.mirror import Page
from caller_app.store.opening import open_store
from tests.support.clock import StoppedClock

KEY = bytes(range(32))
ME = User(user_id=7, name="ann", shown_name="Ann Caller", role="caller")
SERVER = "11111111-1111-4111-8111-111111111111"
EPOCH = "22222222-2222-4222-8222-222222222222"
PROJECT_ID = "33333333-3333-4333-8333-333333333333"


@functools.cache
def rules() -> Rulebook:
    return read_rulebook(resource_text)


def project() -> Project:
    return Project(
        project_id=PROJECT_ID,
        name="Prevention north",
        campaign="diabetes_prevention",
        script_pack="diabetes_prevention",
    )


def item(number: int = 1, **more: Any) -> Item:
    """Make a synthetic case; `number` gives it its own name, NHS number and telephone number."""
    facts: dict[str, Any] = {
        "case_id": f"aaaaaaaa-0000-4000-8000-{number:012d}",
        "project_id": PROJECT_ID,
        "patient": Patient(
            person_id=f"bbbbbbbb-0000-4000-8000-{number:012d}",
            nhs_number="9990000018",
            given_name="Mary",
            family_name=f"O'Testwell{number}",
            dob="1970-01-01",
        ),
        "numbers": (Number(e164=f"+447700900{number % 1000:03d}", kind="mobile"),),
        "seed": number,
    }
    return Item(**{**facts, **more})


def put(one: Item, seq: int, ver: int = 1) -> Put:
    return Put(k=KIND_ITEM, s=seq, id=one.case_id, v=ver, b=msgspec.Raw(encode(one)))


def put_project(seq: int) -> Put:
    return Put(k=KIND_PROJECT, s=seq, id=PROJECT_ID, v=1, b=msgspec.Raw(encode(project())))


def gone(one: Item, seq: int, why: str = "reassigned") -> Gone:
    return Gone(k=KIND_ITEM, s=seq, id=one.case_id, why=why)


def page(
    lines: Sequence[Put | Gone],
    clock: Clock,
    *,
    to: int | None = None,
    more: bool = False,
    epoch: str = EPOCH,
    lease_hours: float = 72,
) -> Page:
    from datetime import timedelta

    end = to if to is not None else (lines[-1].s if lines else 0)
    return Page(
        begin=Begin(
            request_id=new_id(),
            server_id=SERVER,
            epoch=epoch,
            server_time=to_text(clock.now()),
            last_seq=0,
            durable_seq=0,
            from_=0,
            to=end,
            head=end,
            n=len(lines),
            token=hashlib.sha256(str(end).encode()).hexdigest()[:16],
            lease_until=to_text(clock.now() + timedelta(hours=lease_hours)),
            more=more,
        ),
        lines=list(lines),
    )


def attempt(one: Item, outcome: str = "C01", **more: Any) -> AttemptRecorded:
    return AttemptRecorded(case_id=one.case_id, act_id=new_id(), outcome=outcome, number=one.numbers[0].e164, **more)


def note(one: Item, words: str = "Rang twice") -> NoteAdded:
    return NoteAdded(case_id=one.case_id, act_id=new_id(), words=words)


def opened(folder: Path, clock: Clock | None = None, *, key: bytes = KEY, me: User = ME) -> LocalStore:
    return open_store(
        folder,
        key,
        me=me,
        server_id=SERVER,
        rules=rules(),
        clock=clock or StoppedClock(),
        board=Board(),
        test_mode=True,
    )


def names(store: LocalStore) -> dict[str, str]:
    """Give who is on the list: case id to name."""
    rows = store.read(lambda view: view.lists.exec_driver_sql("SELECT case_id, shown_name FROM shown").all())
    return {row.case_id: row.shown_name for row in rows}


def found(store: LocalStore, typed: str) -> list[int] | None:
    """Give the numbers of the shown rows that what somebody typed finds; None where it can find nobody."""
    return store.read(lambda view: search.matching(view.lists, typed, 50))
