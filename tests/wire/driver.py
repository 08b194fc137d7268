"""A workstation without a window: the real store and the real sync engine in a process, told what to do on stdin.

One JSON object a line in, one out. Times are the machine's own. Not a test itself; tests/wire/programs.py starts it.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from caller_app.base.clock import SystemClock
from caller_app.base.errors import CentreUnreachable, Refused, Unavailable
from caller_app.base.ids import new_id
from caller_app.base.notices import Board
from caller_app.base.paths import resource_text
from caller_app.domain.changes import AttemptRecorded, Change, ConcernRaised, NoteAdded
from caller_app.domain.rulebook import read_rulebook
from caller_app.domain.staff import User
from caller_app.store import bodies, mirror, sending
from caller_app.store.opening import open_store
from caller_app.sync.api import Api
from caller_app.sync.credentials import Credentials
from caller_app.sync.engine import run_once
from caller_app.sync.http import CONNECT_SECONDS, READ_SECONDS, REPLY_SECONDS, SystemTrust

KEY = bytes(range(32))


class Impatient(SystemTrust):
    """The program's own link, but it gives up on silence after so many seconds instead of after thirty."""

    read_seconds = READ_SECONDS

    def send(self, request: Any, *more: Any, **how: Any) -> Any:
        return super().send(request, *more, **{**how, "timeout": (CONNECT_SECONDS, self.read_seconds)})


class Driver:
    """The workstation; each public method is one thing it can be told."""

    def __init__(self, about: dict[str, Any]) -> None:
        me = User(user_id=about["user_id"], name=about["name"], shown_name=about["shown_name"], role="caller")
        self._clock = SystemClock()
        self._store = open_store(
            Path(about["folder"]), KEY, me=me, server_id=about["server_id"], rules=read_rulebook(resource_text),
            clock=self._clock, board=Board(), test_mode=True,
        )  # fmt: skip
        self._credentials = Credentials()
        self._link = Impatient(None)
        self._api = Api(
            about["url"], credentials=self._credentials, server_id=about["server_id"],
            before_request=self._store.assert_free, transport=self._link,
        )  # fmt: skip
        self._name = about["name"]

    def sign_in(self, password: str) -> dict[str, Any]:
        self._credentials.take(self._api.sign_in(self._name, password))
        return {"ok": True}

    def patience(self, seconds: float, whole: float = REPLY_SECONDS) -> dict[str, Any]:
        self._link.read_seconds, self._link.reply_seconds = seconds, whole
        return {"ok": True}

    def note(self, case: str, count: int, words: str) -> dict[str, Any]:
        return self._record([NoteAdded(case_id=case, act_id=new_id(), words=words) for _ in range(count)])

    def attempt(self, case: str, outcome: str) -> dict[str, Any]:
        item = self._store.read(lambda view: view.item(case))
        number = item.numbers[0].e164 if item is not None and item.numbers else None
        return self._record([AttemptRecorded(case_id=case, act_id=new_id(), outcome=outcome, number=number)])

    def concern(self, case: str) -> dict[str, Any]:
        return self._record([ConcernRaised(case_id=case, act_id=new_id(), route="safeguarding", words="told me so")])

    def sync(self) -> dict[str, Any]:
        try:
            done = run_once(self._store, self._api, self._clock)
        except CentreUnreachable as fault:
            return {"fault": type(fault).__name__, "portal": fault.portal}
        except (Unavailable, Refused) as fault:
            return {"fault": type(fault).__name__, "portal": False}
        return {name: getattr(done, name) for name in ("pushed", "pulled", "removed", "resets", "registered", "unsent")}

    def wait(self, seconds: int) -> dict[str, Any]:
        """Wait for news as the program does beside its passes."""
        with self._store.outbox.read() as connection:
            epoch = sending.identity(connection).epoch
        known = f'"{epoch}:{mirror.position(self._store).cursor}"'
        begun = self._clock.monotonic_ns()
        news = self._api.news(known, wait=seconds)
        waited = self._clock.monotonic_ns() - begun >= seconds * 500_000_000  # not answered at once
        return {"head": None if news is None else news.head, "waited": waited}

    def state(self) -> dict[str, Any]:
        def look(view: Any) -> dict[str, Any]:
            who = sending.identity(view.outbox)
            outbox = view.outbox.exec_driver_sql("SELECT change_id, state, verdict FROM outbox ORDER BY dseq").all()
            records = view.lists.exec_driver_sql("SELECT id, ver, body FROM record").all()
            return {
                "outbox": [list(row) for row in outbox],
                "records": {row.id: bodies.unpack(row.body).decode() for row in records},
                "device": who.device_id,
                "epoch": who.epoch,
                "acked": who.acked_hw,
                "durable": who.durable_hw,
            }

        at = mirror.position(self._store)
        return {**self._store.read(look), "cursor": at.cursor, "mode": at.mode}

    def close(self) -> None:
        self._api.close()
        self._store.close()

    def _record(self, changes: list[Change]) -> dict[str, Any]:
        return {"ids": [self._store.write(lambda unit, one=one: unit.record(one)) for one in changes]}


def main() -> None:
    """Do what is asked, one line after the other, until stdin ends."""
    driver = Driver(json.loads(sys.argv[1]))
    for line in sys.stdin:
        asked = json.loads(line)
        work: Callable[..., dict[str, Any]] = getattr(driver, asked.pop("do"))
        try:
            answer = work(**asked)
        except Exception as fault:  # noqa: BLE001 - the test has to hear of it in words
            answer = {"bug": f"{type(fault).__name__}: {fault}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    driver.close()


if __name__ == "__main__":
    main()
