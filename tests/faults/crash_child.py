"""A workstation that records and syncs without end, until somebody kills it: the real store and the real sync engine.

Not a test itself; tests/faults/crash.py starts it. Each message is a promise to a person: the ids of an act, after the
store has committed it. `CALLSYNC_CRASH_AT` may name the place at which it ends.
"""

import os
import random
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from caller_app.base.clock import SystemClock
from caller_app.base.errors import Refused, Unavailable
from caller_app.base.ids import new_id
from caller_app.base.notices import Board
from caller_app.base.paths import resource_text
from caller_app.domain.calls import CallDraft
from caller_app.domain.changes import AttemptRecorded, ConcernRaised, NoteAdded
from caller_app.domain.rulebook import read_rulebook
from caller_app.store.opening import open_store
from caller_app.store.unit import Unit
from caller_app.sync.api import Api
from caller_app.sync.credentials import Credentials, Tokens
from caller_app.sync.engine import run_once

KEY = bytes(range(32))


def begin(about: Mapping[str, Any], settings: Mapping[str, str], saved: Connection) -> None:
    """Record and sync; a bug is said before the end."""
    for name in list(os.environ):
        if name.startswith(("CALLER_", "CALLSYNC_")):
            del os.environ[name]
    os.environ.update(settings)
    try:
        work(about, saved)
    except BaseException:
        saved.send(["bug", traceback.format_exc()])
        raise


def work(about: Mapping[str, Any], saved: Connection) -> None:
    """Record and sync without end."""
    chance = random.Random(about["seed"])
    clock = SystemClock()
    store = open_store(
        Path(about["folder"]), KEY, me=about["me"], server_id=about["server_id"], rules=read_rulebook(resource_text),
        clock=clock, board=Board(), test_mode=True,
    )  # fmt: skip
    credentials = Credentials(Tokens(access=about["access"], refresh=""))
    api = Api(about["url"], credentials=credentials, server_id=about["server_id"], before_request=store.assert_free)
    while True:
        cases = store.read(lambda view: list(view.lists.exec_driver_sql("SELECT case_id FROM shown").scalars()))
        for _ in range(chance.randint(1, 6) if cases else 0):
            saved.send(store.write(record, chance.choice(cases), chance))
        try:
            run_once(store, api, clock)
        except (Unavailable, Refused):
            continue  # the centre was killed


def record(unit: Unit, case_id: str, chance: random.Random) -> list[str]:
    """Record one act of one to three changes, or edit an open call on the way."""
    act, roll = new_id(), chance.random()
    unit.save_draft(CallDraft(call_id=act, case_id=case_id, opened_at=unit.now, page=chance.randint(1, 9)))
    if roll < 0.1:
        return [unit.record(ConcernRaised(case_id=case_id, act_id=act, route="safeguarding", words="told me so"))]
    number = unit.item(case_id).numbers[0].e164
    ids = [unit.record(AttemptRecorded(case_id=case_id, act_id=act, outcome="C01", number=number))]
    if roll < 0.4:
        ids.append(unit.record(NoteAdded(case_id=case_id, act_id=act, words="y" * chance.randint(1, 5000))))
    unit.drop_draft(case_id)
    return ids
