"""A made workstation on this disk: a profile with its key, its centre's address, its project and made people.

Nothing listens at the centre's address, so whoever signs in comes in without it and no network is in any figure. The
people are invented and the keys lie in a file, as in the demo; the folder is thrown away.
"""

import contextlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from caller_app.base.clock import Clock, ShiftedClock, to_text
from caller_app.base.ids import new_id
from caller_app.base.notices import Board
from caller_app.base.paths import HOME_VARIABLE, Paths, resource_text
from caller_app.base.secrets import DEMO_MARK, DEMO_VARIABLE, FileSecrets
from caller_app.client import unlock
from caller_app.domain.items import KIND_ITEM, KIND_PROJECT, KIND_SCRIPT, Item
from caller_app.domain.rulebook import read_rulebook
from caller_app.domain.staff import User
from caller_app.protocol.codec import encode
from caller_app.protocol.messages import Begin, Put
from caller_app.store.local import LocalStore
from caller_app.store.mirror import Page, apply_page, caught_up
from caller_app.store.opening import open_store
from caller_app.store.profile import CentreFile, LastSignIn, key_of, profile_of, write_centre
from demo.places import seconds_to_working_hours
from tests.deeds.rig import PROJECT_ID, project, scripts
from tests.support.centre import make_item

ME = User(user_id=7, name="ann.caller", shown_name="Ann Caller", role="caller")
PASSWORD = "correct horse battery bench"
SERVER = "11111111-1111-4111-8111-111111111111"
NOBODY = "http://127.0.0.1:9"
CLOCK_VARIABLE = "CALLER_APP_CLOCK_AHEAD"
PAGE = 2_000


class Workstation:
    """One home folder with one person's profile; `environment` opens it, on a working day at a working hour."""

    def __init__(self, home: Path) -> None:
        self.paths = Paths(home).make()
        ahead = seconds_to_working_hours()
        self.clock: Clock = ShiftedClock(timedelta(seconds=ahead))
        self.environment = {HOME_VARIABLE: str(home), DEMO_VARIABLE: "1", CLOCK_VARIABLE: str(ahead)}
        (home / DEMO_MARK).touch()
        self._secrets = FileSecrets(home)

    def fill(self, people: int) -> None:
        """Make the profile as after a sign-in at the centre and a whole pull."""
        last = LastSignIn(
            user_id=ME.user_id, name=ME.name, shown_name=ME.shown_name, role=ME.role, server_id=SERVER,
            server_name="Benchmark", test_mode=True,
        )  # fmt: skip
        write_centre(self.paths, CentreFile(url=NOBODY, last=last))
        profile = profile_of(self.paths, SERVER, ME.user_id)
        unlock.remember(self._secrets, profile.name, PASSWORD, self.clock)
        store = open_store(
            profile.folder,
            key_of(profile, self._secrets),
            me=ME,
            server_id=SERVER,
            rules=read_rulebook(resource_text),
            clock=self.clock,
            board=Board(),
            test_mode=True,
        )
        try:
            self._pull(store, people)
        finally:
            store.close()

    def _pull(self, store: LocalStore, people: int) -> None:
        head = people + 3
        lines = [
            *(_put(number, KIND_SCRIPT, one.script_id, one) for number, one in enumerate(scripts(), 1)),
            _put(3, KIND_PROJECT, PROJECT_ID, project()),
        ]
        for number in range(people):
            one = _person()
            lines.append(_put(number + 4, KIND_ITEM, one.case_id, one))
            if len(lines) >= PAGE or number + 1 == people:
                self._take(store, lines, head)
                lines = []
        caught_up(store)

    def _take(self, store: LocalStore, lines: list[Put], head: int) -> None:
        now = self.clock.now()
        begin = Begin(
            request_id=new_id(), server_id=SERVER, epoch="22222222-2222-4222-8222-222222222222",
            server_time=to_text(now), last_seq=0, durable_seq=0, from_=lines[0].s - 1, to=lines[-1].s, head=head,
            n=len(lines), token=f"{lines[-1].s:016x}", lease_until=to_text(now + timedelta(hours=72)),
            more=lines[-1].s < head,
        )  # fmt: skip
        apply_page(store, Page(begin=begin, lines=lines))


def _put(seq: int, kind: int, record_id: str, record: Any) -> Put:
    return Put(k=kind, s=seq, id=record_id, v=1, b=msgspec.Raw(encode(record)))


def _person() -> Item:
    # One number each: after "no answer" the next person follows, not the other number of the same one.
    return make_item(
        PROJECT_ID,
        assign_gen=1,
        communication_needs=("large_print",),
        campaign={"hba1c_mmol_mol": 44.0, "hba1c_date": "2026-01-15", "has_dm": False},
    )


@contextlib.contextmanager
def in_environment(more: dict[str, str]) -> Iterator[None]:
    """Set variables of this process for a while."""
    before = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
