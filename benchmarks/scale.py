"""What a pull costs follows what changed for that person, not what the centre holds: 1,000,000 cases against 10,000.

The same callers with 112 cases each; beside them other people's cases, put straight into the tables. Asked of the
centre's own function, so that nothing of the line is in it: a whole list, and what changed since (five cases).
`--short`: 50,000 against 5,000.
"""

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from benchmarks.pull_parts import BODY_BYTES, history
from benchmarks.report import Figure, median, show
from caller_app.base.ids import new_id
from caller_app.central.db import make_engine, writing
from caller_app.central.embedded import start_embedded
from caller_app.central.migrate import migrate
from caller_app.central.rules import accounts, feed
from caller_app.central.rules.pulls import Served, Wanted, serve
from caller_app.domain.projects import Project
from tests.support.centre import Rig, make_rig

LIMIT = 1.3
CALLERS, CASES, CHANGED, ROUNDS = 6, 112, 5, 12
OTHERS = 1_000_000  # user ids from here on hold the cases of everybody else
AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Asker:
    """One caller's workstation as the centre sees it."""

    rig: Rig
    user_id: int
    authorization: str
    device: str
    cases: list[str]

    def ask(self, cursor: int = 0, token: str = "") -> Served:
        """Ask for a page."""
        epoch = self.rig.centre.standing.epoch
        mode = "delta" if cursor else "snapshot"
        wanted = Wanted(device_id=self.device, cursor=cursor, token=token, epoch=epoch, mode=mode)
        return serve(self.rig.engine, self.authorization, wanted, epoch=epoch, now=self.rig.clock.now())


def main(argv: list[str]) -> int:
    small, large = (5_000, 50_000) if "--short" in argv else (10_000, 1_000_000)
    with tempfile.TemporaryDirectory(prefix="caller-bench-") as name:
        database = start_embedded(Path(name) / "centre")
        try:
            engine = make_engine(database.url)
            migrate(engine)
            engine.dispose()
            rig = make_rig(database.url)
            try:
                project = rig.project()
                askers = [_asker(rig, f"caller{number}", project) for number in range(CALLERS)]
                _fill(rig, 0, small)
                before = _costs(askers)
                _fill(rig, small, large)
                after = _costs(askers)
            finally:
                rig.close()
        finally:
            database.stop()
    return show("A pull at a large centre", [
        Figure(f"{what} at {large:,} cases", many * 1000, "ms", f"at {small:,}:", few * 1000, LIMIT)
        for what, few, many in zip(("a whole list", "what changed since"), before, after, strict=True)
    ])  # fmt: skip


def _asker(rig: Rig, name: str, project: Project) -> Asker:
    user = rig.user(name)
    cases = rig.cases(project, CASES, to=user, **history())
    opened = writing(rig.engine, lambda conn: accounts.open_session(conn, user, rig.clock.now()))
    device = new_id()
    writing(
        rig.engine,
        lambda conn: conn.execute(
            text("INSERT INTO device(device_id, user_id) VALUES (CAST(:d AS uuid), :u)"),
            {"d": device, "u": user.user_id},
        ),
    )
    return Asker(rig, user.user_id, f"Bearer {opened.access_token}", device, cases)


def _fill(rig: Rig, have: int, want: int) -> None:
    """Give other people cases until the centre holds so many."""
    body = '{"filler":"' + "x" * BODY_BYTES + '"}'
    for start in range(have, want, AT_ONCE):
        writing(
            rig.engine,
            lambda conn, start=start: conn.execute(
                text(
                    "WITH made AS (SELECT gen_random_uuid() AS id, n FROM "
                    "  generate_series(CAST(:first AS int), CAST(:last AS int)) n), "
                    "v AS (INSERT INTO rec_ver(id, ver, assign_gen, status) SELECT id, 1, 1, 'ready' FROM made), "
                    "b AS (INSERT INTO rec_body(kind, id, body) SELECT 1, id, :body FROM made) "
                    "INSERT INTO visibility(user_id, kind, rec_id, seq) SELECT :others + n % 500, 1, id, n FROM made"
                ),
                {"first": start + 1, "last": min(start + AT_ONCE, want), "body": body, "others": OTHERS},
            ),
        )


def _costs(askers: list[Asker]) -> tuple[float, float]:
    """Give the median seconds of a whole list and of what changed since."""
    whole, changed = [], []
    for _ in range(ROUNDS):
        for one in askers:
            start = time.perf_counter()
            first = one.ask()
            whole.append(time.perf_counter() - start)
            entries = [feed.put(one.user_id, case_id) for case_id in one.cases[:CHANGED]]
            writing(one.rig.engine, lambda conn, entries=entries: feed.write(conn, entries))
            start = time.perf_counter()
            second = one.ask(first.head, first.token)
            changed.append(time.perf_counter() - start)
            assert first.page is not None and second.page is not None
            assert (first.page.count >= CASES, second.page.count) == (True, CHANGED)
    return median(whole), median(changed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
