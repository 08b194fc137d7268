"""Fail the i-th statement of every command of a call: a command is there whole, or not at all and said so.

Each try begins from the same files; afterwards they are opened anew. It stops when a try had nothing left to fail.
"""

import itertools
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Unavailable
from caller_app.commands import calls
from caller_app.commands.attempts import record_attempt, supersede_attempt
from caller_app.commands.concerns import add_to_concern, raise_concern, reveal_danger_details
from caller_app.commands.corrections import propose_correction
from caller_app.commands.referrals import withdraw_referral
from caller_app.protocol.codec import encode
from tests.deeds.rig import MOBILE, PASSING, Rig, case, item
from tests.faults import failing

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_OPEN = ("open_call", calls.open_call, {})
_DIAL = ("record_dial", calls.record_dial, {"number": MOBILE})
_DONE = ("record_attempt", record_attempt, {"outcome": "C01"})
COMMANDS: tuple[tuple[str, Callable[..., Any], dict[str, Any]], ...] = (
    _OPEN,
    ("leave_call", calls.leave_call, {}),
    _OPEN,
    _DIAL,
    ("reveal_check_panel", calls.reveal_check_panel, {}),
    ("tick_identity", calls.tick_identity, {"ticks": PASSING}),
    ("save_page", calls.save_page, {"page": 1, "answers": {"asked": "yes"}}),
    ("reveal_danger_details", reveal_danger_details, {}),
    ("raise_concern", raise_concern, {"route": "distress", "words": "very upset"}),
    ("add_to_concern", add_to_concern, {"words": "calmer now"}),
    ("propose_correction", propose_correction,
     {"type": "PHONE_WRONG", "values": {"number_on_record": MOBILE}, "source": "third_party",
      "evidence": "household_said"}),
    ("park_call", calls.park_call, {}),
    ("take_incoming", calls.take_incoming, {}),
    _DONE,
    ("supersede_attempt", supersede_attempt, {}),
    _DONE,
    ("take_incoming", calls.take_incoming, {}),
    ("reveal_check_panel", calls.reveal_check_panel, {}),
    ("tick_identity", calls.tick_identity, {"ticks": PASSING}),
    ("record_attempt", record_attempt, {"outcome": "A01", "facts": {"pathway": "dpp_referral", "consent": "yes"}}),
    ("withdraw_referral", withdraw_referral, {"reason": "recorded by mistake", "given_by": "caller"}),
)  # fmt: skip


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[Rig, failing.Plan]]:
    plan = failing.at_workstations(monkeypatch)
    rig = Rig(tmp_path / "start")
    rig.receive(item())
    yield rig, plan
    rig.store.close()


def run(rig: Rig, name: str, command: Callable[..., Any], facts: dict[str, Any]) -> None:
    """Give a command, with what it needs to know of earlier ones."""
    if name == "supersede_attempt":
        facts = {"attempt_id": next(one.change_id for one in rig.changes() if one.change.kind == "attempt_recorded")}
    elif name == "add_to_concern":
        facts = {**facts, "case_id": case()}
        facts["concern_id"] = next(one.change_id for one in rig.changes() if one.change.kind == "concern_raised")
    elif name == "withdraw_referral":
        facts = {**facts, "case_id": case(), "referral_id": rig.item().referrals[0].referral_id}
    else:
        facts = {**facts, "case_id": case()}
    rig.write(command, **facts)


def kept(rig: Rig) -> str:
    """Everything that is kept and shown, with the ids made on the way left out."""

    def look(view: Any) -> list[Any]:
        rows = view.outbox.exec_driver_sql("SELECT dseq, kind, payload, state FROM outbox ORDER BY dseq").all()
        shown = view.item(case())
        return [[row.dseq, row.kind, bytes(row.payload).decode(), row.state] for row in rows] + [view.drafts(), shown]

    return _ID.sub("id", encode(rig.read(look)).decode())


def begin_from(rig: Rig, folder: Path, fresh: Path) -> None:
    """Go on with a copy of some files."""
    rig.store.close()
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(folder, fresh)
    rig.folder = fresh
    rig.store = rig._open()


@pytest.mark.expects_log("shown rows lag behind")
def test_whichever_statement_of_a_command_fails_it_is_there_whole_or_not_at_all(
    desk: tuple[Rig, failing.Plan], tmp_path: Path
) -> None:
    rig, plan = desk
    base = rig.folder
    for number, (name, command, facts) in enumerate(COMMANDS):
        after = tmp_path / f"after-{number}"
        before_it = kept(rig)
        begin_from(rig, base, after)
        run(rig, name, command, facts)
        whole = kept(rig)
        for at in itertools.count(1):
            begin_from(rig, base, tmp_path / "try")
            told = False
            with plan.failing(at):
                try:
                    run(rig, name, command, facts)
                except Unavailable:
                    told = True
            rig.restart()
            assert kept(rig) == (before_it if told else whole), f"{name}, statement {at}: half of it is there"
            if not plan.failed:
                assert not told
                break
        assert at > 4, name
        begin_from(rig, after, tmp_path / f"base-{number}")
        base = after
