"""Whatever the caller does in whatever order, the record is open only while somebody was checked in this very call."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt, supersede_attempt
from caller_app.commands.calls import (
    leave_call,
    open_call,
    park_call,
    record_dial,
    reveal_check_panel,
    save_page,
    take_incoming,
    tick_identity,
)
from caller_app.commands.concerns import raise_concern, reveal_danger_details
from caller_app.queries.cards import card
from tests.deeds.rig import HOME, MOBILE, PASSING, TUESDAY, Rig, case, item
from tests.deeds.test_speaking_for import NAME, RELATION, authority

SECRETS = (
    NAME,
    RELATION,
    "Quillfeather",
    "NR99",
    "9990123454",
    "3454",
    "Larkspur",
    "Healthier You",
    "44.0",
    "2026-01-15",
)
PANEL = ("3 April 1961", "1961")
TICK = st.sampled_from(("matches", "differs", "declined", "not_asked"))


class Caller(RuleBasedStateMachine):
    """A caller who does anything; beside it, the plainest account of who was checked when."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="masking-"))
        self.rig = Rig(self.folder / "profile")
        self.rig.receive(item(authorities=(authority(),)))
        self.checked_minutes_ago: int | None = None  # None: nobody was checked in this call
        self.revealed_minutes_ago: int | None = None
        self.last: str | None = None

    def teardown(self) -> None:
        if hasattr(self, "rig"):
            self.rig.store.close()
            shutil.rmtree(self.folder)

    def do(self, command: Any, **facts: Any) -> Any:
        """Do a deed; None where it was refused, which is always in order here."""
        try:
            return self.rig.write(command, case_id=case(), **facts)
        except Refused:
            return None

    def another_call(self) -> None:
        self.checked_minutes_ago = self.revealed_minutes_ago = None

    @rule()
    def open(self) -> None:
        self.do(open_call)

    @rule(number=st.sampled_from((MOBILE, HOME)))
    def dial(self, number: str) -> None:
        if self.do(record_dial, number=number):
            self.another_call()

    @rule()
    def incoming(self) -> None:
        if self.do(take_incoming):
            self.another_call()

    @rule()
    def reveal(self) -> None:
        before = self.rig.read(card, case_id=case()).identity.passed
        self.do(reveal_check_panel)
        if self.rig.read(card, case_id=case()).identity.revealed:
            assert not before
            self.checked_minutes_ago, self.revealed_minutes_ago = None, 0

    @rule(passes=st.booleans(), then=st.sampled_from((0, 119, 121)))
    def check_somebody(self, passes: bool, then: int) -> None:
        self.incoming()
        self.reveal()
        self._tick(PASSING if passes else {**PASSING, "dob": "differs"})
        self.wait(then)

    @rule(name=TICK, dob=TICK, address=TICK)
    def tick(self, name: str, dob: str, address: str) -> None:
        self._tick({"full_name": name, "dob": dob, "address": address})

    @rule()
    def tick_all(self) -> None:
        self._tick(PASSING)

    def _tick(self, ticks: dict[str, str]) -> None:
        standing = self.do(tick_identity, ticks=ticks)
        if standing is not None and standing.passed:
            assert self.revealed_minutes_ago is not None, "passed without the panel"
            self.checked_minutes_ago = 0
        if standing is not None and (standing.passed or standing.failed):
            self.revealed_minutes_ago = None

    @rule(tick=TICK)
    def tick_who_speaks(self, tick: str) -> None:
        self._tick({"proxy:a1": tick})

    @rule(who=st.sampled_from(("patient", "proxy", "other_knows", None)))
    def says_who_is_on_the_line(self, who: str | None) -> None:
        if self.do(save_page, page=1, answers={"who": who}):
            self.another_call()

    @rule()
    def somebody_who_speaks_for_them(self) -> None:
        self.incoming()
        self.says_who_is_on_the_line("proxy")
        self.reveal()
        self._tick({**PASSING, "proxy:a1": "matches"})

    @rule(ended=st.booleans())
    def the_centre_says_more(self, ended: bool) -> None:
        said = authority(ended_at=TUESDAY) if ended else authority()
        self.rig.receive(item(authorities=(said,)), ver=2)

    @rule(page=st.integers(0, 9))
    def turn_page(self, page: int) -> None:
        self.do(save_page, page=page, answers={"ready": "yes"})

    @rule()
    def park(self) -> None:
        if self.rig.read(lambda s: s.draft(case())) is not None:
            self.do(park_call)
            self.another_call()

    @rule()
    def leave(self) -> None:
        self.do(leave_call)
        if self.rig.read(lambda s: s.draft(case())) is None:
            self.another_call()

    @rule(outcome=st.sampled_from(("C01", "R04", "T01", "N01")))
    def record(self, outcome: str) -> None:
        facts = {"R04": {"point": "identity"}, "N01": {"reason": "other"}}.get(outcome, {})
        act = self.do(record_attempt, outcome=outcome, facts=facts)
        if act is not None:
            self.last = act.attempt_id
            self.checked_at_record = self.checked_minutes_ago
            self.another_call()

    @precondition(lambda self: self.last is not None)
    @rule()
    def undo(self) -> None:
        no_call = self.rig.read(lambda s: s.draft(case())) is None
        try:
            self.rig.write(supersede_attempt, attempt_id=self.last)
        except Refused:
            return
        if no_call:  # the very call is open again: whoever was checked in it still is
            self.checked_minutes_ago = self.checked_at_record
        self.last = None

    @rule()
    def worry(self) -> None:
        self.do(raise_concern, route="distress", words="x")
        self.do(reveal_danger_details)

    @rule()
    def crash(self) -> None:
        self.rig.restart()

    @rule(minutes=st.sampled_from((1, 20)))
    def time_passes(self, minutes: int) -> None:
        self.wait(minutes)

    def wait(self, minutes: int) -> None:
        self.rig.clock.pass_by(minutes=minutes)
        if self.checked_minutes_ago is not None:
            self.checked_minutes_ago += minutes
        if self.revealed_minutes_ago is not None:
            self.revealed_minutes_ago += minutes
        if self.last is not None and getattr(self, "checked_at_record", None) is not None:
            self.checked_at_record += minutes

    @invariant()
    def nothing_is_open_that_nobody_was_checked_for(self) -> None:
        if not hasattr(self, "rig"):
            return
        shown = self.rig.read(card, case_id=case())
        if shown.identity.passed:
            assert self.checked_minutes_ago is not None and self.checked_minutes_ago < 120
            assert not shown.identity.revealed
            assert shown.project_name is not None
            speaks = shown.answers.get("who") == "proxy"
            assert (shown.spoken_for is not None) is speaks, "whoever is on the line is the one who was checked"
            assert speaks or NAME not in repr(shown)
            return
        if shown.identity.revealed:
            assert self.revealed_minutes_ago is not None and self.revealed_minutes_ago < 120
            return
        text = repr(shown)
        assert not [word for word in (*SECRETS, *PANEL) if word in text]


Caller.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestWhateverTheCallerDoes = Caller.TestCase
