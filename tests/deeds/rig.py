"""A store in a temporary folder, filled with synthetic people as the centre would send them, for tests of the deeds."""

import functools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from caller_app.base.clock import to_text
from caller_app.base.ids import new_id
from caller_app.base.notices import Board
from caller_app.base.paths import resource_path, resource_text
from caller_app.commands.calls import open_call, record_dial, reveal_check_panel, tick_identity
from caller_app.domain.changes import Recorded
from caller_app.domain.items import KIND_ITEM, KIND_PROJECT, KIND_SCRIPT, Item, Number, Patient, Practice
from caller_app.domain.projects import Project, read_project
from caller_app.domain.rulebook import Rulebook, read_rulebook
from caller_app.domain.staff import User
from caller_app.protocol.codec import encode
from caller_app.protocol.messages import Begin, Gone, Put
from caller_app.script.compile import read_script
from caller_app.script.script import Script
from caller_app.store.local import LocalStore
from caller_app.store.mirror import Page, apply_page, caught_up
from caller_app.store.opening import open_store
from tests.support.clock import StoppedClock

ME = User(user_id=7, name="ann", shown_name="Ann Caller", role="caller")
SERVER = "11111111-1111-4111-8111-111111111111"
PROJECT_ID = "33333333-3333-4333-8333-333333333333"
TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # 10:00 in London, band A
MOBILE, HOME = "+447700900001", "+441632960001"
PASSING = {"full_name": "matches", "dob": "matches", "address": "matches"}


@functools.cache
def rules() -> Rulebook:
    return read_rulebook(resource_text)


@functools.cache
def scripts() -> tuple[Script, Script]:
    return (
        read_script(resource_path("packs/core_call_flow.xlsx")),
        read_script(resource_path("packs/diabetes_prevention.xlsx")),
    )


@functools.cache
def project() -> Project:
    opening, main = scripts()
    read = read_project(resource_text("demo/project.toml"))
    return replace(read, project_id=PROJECT_ID, opening_script_id=opening.script_id, script_id=main.script_id)


def item(number: int = 1, **more: Any) -> Item:
    """Make a synthetic case; everything that must stay masked is a word found nowhere else."""
    patient = Patient(
        person_id=f"bbbbbbbb-0000-4000-8000-{number:012d}",
        nhs_number="9990123454",
        given_name="Siân",
        family_name=f"O'Testwell-Brook{number}",
        dob="1961-04-03",
        sex="female",
        address_lines=("17 Quillfeather Yard", "Wymondgate"),
        postcode="NR99 9QZ",
        practice=Practice(ods="D82999", name="Larkspur Surgery", phone="01632960999"),
        language="ur",
        interpreter=True,
        communication_needs=("large_print",),
        campaign={"hba1c_mmol_mol": 44.0, "hba1c_date": "2026-01-15", "has_dm": False},
    )
    facts: dict[str, Any] = {
        "case_id": f"aaaaaaaa-0000-4000-8000-{number:012d}",
        "project_id": PROJECT_ID,
        "patient": patient,
        "numbers": (
            Number(e164=MOBILE, kind="mobile", textable=True, label="own"),
            Number(e164=HOME, kind="landline"),
        ),
        "seed": number,
        "assign_gen": 1,
    }
    return Item(**{**facts, **more})


def case(number: int = 1) -> str:
    return item(number).case_id


class Rig:
    """One opened store with its clock."""

    def __init__(self, folder: Path, at: datetime = TUESDAY) -> None:
        self.clock = StoppedClock(at)
        self.folder = folder
        self.ahead = timedelta(0)  # of this clock before the centre's
        self._seq = 0
        self.store: LocalStore = self._open()
        opening, main = scripts()
        self._take(
            [
                Put(k=KIND_SCRIPT, s=self._next(), id=one.script_id, v=1, b=msgspec.Raw(encode(one)))
                for one in (opening, main)
            ]
            + [Put(k=KIND_PROJECT, s=self._next(), id=PROJECT_ID, v=1, b=msgspec.Raw(encode(project())))]
        )

    def _open(self) -> LocalStore:
        return open_store(
            self.folder,
            bytes(range(32)),
            me=ME,
            server_id=SERVER,
            rules=rules(),
            clock=self.clock,
            board=Board(),
            test_mode=True,
        )

    def restart(self) -> None:
        self.store.close()
        self.store = self._open()

    def receive(self, *items: Item, ver: int = 1) -> None:
        self._take(
            [Put(k=KIND_ITEM, s=self._next(), id=one.case_id, v=ver, b=msgspec.Raw(encode(one))) for one in items]
        )

    def take_scripts(self, *made: Script) -> None:
        self._take(
            [Put(k=KIND_SCRIPT, s=self._next(), id=one.script_id, v=2, b=msgspec.Raw(encode(one))) for one in made]
        )

    def take_project(self, one: Project) -> None:
        self._take([Put(k=KIND_PROJECT, s=self._next(), id=one.project_id, v=2, b=msgspec.Raw(encode(one)))])

    def lose(self, one: Item, why: str = "reassigned") -> None:
        self._take([Gone(k=KIND_ITEM, s=self._next(), id=one.case_id, why=why)])

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _take(self, lines: list[Any]) -> None:
        begin = Begin(
            request_id=new_id(),
            server_id=SERVER,
            epoch="22222222-2222-4222-8222-222222222222",
            server_time=to_text(self.clock.now() - self.ahead),
            last_seq=0,
            durable_seq=0,
            from_=0,
            to=self._seq,
            head=self._seq,
            n=len(lines),
            token=f"{self._seq:016x}",
            lease_until=to_text(self.clock.now() - self.ahead + timedelta(hours=72)),
            more=False,
        )
        apply_page(self.store, Page(begin=begin, lines=lines))
        caught_up(self.store)

    def write(self, command: Any, **facts: Any) -> Any:
        return self.store.write(command, **facts)

    def read(self, query: Any, **question: Any) -> Any:
        return self.store.read(query, **question)

    def item(self, case_id: str = "") -> Item:
        found = self.read(lambda s: s.item(case_id or case()))
        assert isinstance(found, Item)
        return found

    def changes(self, case_id: str = "") -> list[Recorded]:
        found: list[Recorded] = self.read(lambda s: s.my_changes(case_id or case()))
        return found

    def kinds(self, case_id: str = "") -> list[str]:
        return [one.change.kind for one in self.changes(case_id) if one.change.kind != "accessed"]

    def call(self, case_id: str = "", number: str = MOBILE) -> str:
        """Open the card and dial."""
        case_id = case_id or case()
        call_id: str = self.write(open_call, case_id=case_id)
        self.write(record_dial, case_id=case_id, number=number)
        return call_id

    def verify(self, case_id: str = "") -> None:
        """Open the panel and tick that everything matches."""
        case_id = case_id or case()
        self.write(reveal_check_panel, case_id=case_id)
        self.write(tick_identity, case_id=case_id, ticks=PASSING)


@contextmanager
def opened(folder: Path, *items: Item, at: datetime = TUESDAY) -> Iterator[Rig]:
    rig = Rig(folder, at)
    if items:
        rig.receive(*items)
    try:
        yield rig
    finally:
        rig.store.close()


def all_of(rows: Iterable[Any], name: str) -> list[Any]:
    return [getattr(row, name) for row in rows]
