"""Fail the i-th thing between the sides: statement by statement at both, request by request, reply by reply.

After each the workstation is opened again and everything settles to the same end: each change there once and in effect
once, the list what the centre shows (I1, I2, I7; F1, F2, F6, F7, F8). It stops when a pass had nothing left to fail.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from caller_app.base.errors import Refused, Unavailable
from caller_app.base.ids import new_id
from caller_app.central.embedded import Embedded
from caller_app.central.rules.apply import judge_waiting
from caller_app.commands.attempts import record_attempt
from caller_app.domain.calls import CallDraft
from caller_app.domain.changes import NoteAdded
from caller_app.domain.staff import User
from tests.faults import failing
from tests.support.centre import Rig
from tests.sync.world import Device, World


class Setting:
    """One workstation whose pass has something of everything to do, as often as it is asked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.anna, self.ben = world.user("anna"), world.user("ben")
        self.cases = world.rig.cases(world.project, 6, to=self.anna)
        self.away = world.rig.cases(world.project, 2, to=self.ben)
        self.device: Device = world.device(self.anna)
        self.recorded: list[str] = []
        world.settle()

    def something_to_do(self) -> None:
        """Changes to send, and people who come, leave and change."""
        case = self.cases[len(self.recorded) % len(self.cases)]
        self.recorded.append(self.device.attempt(case))
        self.recorded.append(self.device.record(NoteAdded(case_id=case, act_id=new_id(), words="rang twice")))
        self._move(self.anna, self.ben, [self.cases.pop()])
        self._move(self.ben, self.anna, [self.away.pop(0)])

    def _move(self, giver: User, taker: User, cases: list[str]) -> None:
        self.world.rig.reassign(giver, taker, cases)
        (self.away if taker is self.ben else self.cases).extend(cases)
        self.cases.sort()

    def one_pass(self) -> None:
        """Sync; what stands in the way is said, and the next pass goes on."""
        with contextlib.suppress(Unavailable, Refused):
            self.device.sync()

    def same_end(self) -> None:
        """Open the files again, settle, and look at everything."""
        self.device.restart()
        now = self.world.clock.now()
        judge_waiting(self.world.rig.centre, older_than=now, now=now)
        self.world.settle()
        self.world.assert_converged()
        ask = self.world.rig.ask
        assert sorted(row[0] for row in ask("SELECT change_id::text FROM change")) == sorted(self.recorded)
        assert ask("SELECT 1 FROM change_state WHERE verdict NOT LIKE 'applied%'") == []
        effects = ask("SELECT attempt_id::text FROM attempt UNION ALL SELECT note_id::text FROM note")
        assert sorted(row[0] for row in effects) == sorted(self.recorded)
        assert [row.change_id for row in self.device.outbox()] == self.recorded
        assert {row.state for row in self.device.outbox()} == {"ACKED"}


@pytest.fixture
def setting(centre: Rig, database_server: Embedded, tmp_path: Path) -> Iterator[Setting]:
    world = World(centre, tmp_path, database_server)
    yield Setting(world)
    world.close()


@pytest.mark.expects_log("disk full")
@pytest.mark.expects_log("shown rows lag behind")
@pytest.mark.parametrize("words", [failing.LOCKED, failing.BROKEN])
def test_whichever_statement_of_a_recording_fails_it_is_recorded_once_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, centre: Rig, database_server: Embedded, tmp_path: Path, words: str
) -> None:
    plan = failing.at_workstations(monkeypatch)
    world = World(centre, tmp_path, database_server)
    try:
        anna = world.user("anna")
        cases = centre.cases(world.project, 4, to=anna)
        device = world.device(anna)
        world.settle()
        counted = dict.fromkeys(cases, 0)
        for at in itertools.count(1):
            case = cases[at % len(cases)]
            number = device.item(case).numbers[0].e164
            draft = CallDraft(call_id=new_id(), case_id=case, opened_at=device.clock.now(), number=number)
            device.store.write(lambda unit, draft=draft: unit.save_draft(draft))
            kept = len(device.outbox())
            told = False
            with plan.failing(at, words):
                try:
                    device.store.write(record_attempt, case_id=case, outcome="C01")
                except Unavailable:
                    told = True
            device.restart()
            assert len(device.outbox()) == kept + (not told), "recorded, and yet said to have failed"
            assert (device.store.read(lambda view, case=case: view.draft(case)) is None) is not told
            if told:
                device.store.write(record_attempt, case_id=case, outcome="C01")
            counted[case] += 1
            assert len(device.item(case).attempts) == counted[case]
            if not plan.failed:
                break
        assert at > 8
    finally:
        world.close()


def until_none_failed(setting: Setting, plan: failing.Plan, step: int = 1) -> int:
    for at in itertools.count(1, step):
        setting.something_to_do()
        with plan.failing(at):
            setting.one_pass()
        try:
            setting.same_end()
        except AssertionError as fault:
            raise AssertionError(f"after number {at}: {fault}") from fault
        if not plan.failed:
            return at
    raise AssertionError("counting ended")


@pytest.mark.expects_log("shown rows lag behind")
def test_whichever_statement_of_a_pass_fails_at_the_workstation_the_end_is_the_same(
    monkeypatch: pytest.MonkeyPatch, centre: Rig, database_server: Embedded, tmp_path: Path
) -> None:
    plan = failing.at_workstations(monkeypatch)
    world = World(centre, tmp_path, database_server)
    try:
        assert until_none_failed(Setting(world), plan) > 40
    finally:
        world.close()


@pytest.mark.expects_log("judging_postponed")
@pytest.mark.expects_log("database_away")
def test_whichever_statement_or_commit_of_the_centre_fails_the_end_is_the_same(
    monkeypatch: pytest.MonkeyPatch, setting: Setting
) -> None:
    plan = failing.at_the_centre(monkeypatch)
    assert until_none_failed(setting, plan) > 20


@pytest.mark.parametrize("where", ["request", "reply"])
def test_whichever_request_or_reply_is_lost_the_end_is_the_same(setting: Setting, where: str) -> None:
    lost = Lost(setting, where)
    for at in itertools.count(1):
        setting.something_to_do()
        lost.count, lost.at = 0, at
        lost.plant()
        setting.one_pass()
        lost.at = 0
        setting.same_end()
        if lost.count < at:
            break
    assert at >= 3


class Lost:
    """Loses the i-th request or reply of the line."""

    def __init__(self, setting: Setting, where: str) -> None:
        self.setting = setting
        self.where = where
        self.count = self.at = 0

    def plant(self) -> None:
        line = self.setting.device.line
        hook: Callable[..., requests.Response | None] = self._lose
        if self.where == "request":
            line.before = hook  # type: ignore[assignment]
        else:
            line.after = hook  # type: ignore[assignment]

    def _lose(self, _request: requests.PreparedRequest, reply: requests.Response | None = None) -> object:
        self.count += 1
        if self.count == self.at:
            raise requests.ConnectionError("lost")
        return reply
