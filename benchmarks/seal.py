"""What sealing the audit trail costs follows what is new, not what was sealed ever: 2,000,000 lines against 20,000.

The centre's own sealer on a real PostgreSQL: a round with nothing to do, of which there is one every two seconds, and
one that seals 1,000 lines. The look at all of them, once an hour, is reported. `--short`: 200,000 lines.
"""

import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine, text

from benchmarks.report import Figure, median, show
from caller_app.central.db import make_engine
from caller_app.central.embedded import start_embedded
from caller_app.central.migrate import migrate
from caller_app.central.rules.audit import AT_ONCE, Sealer

LIMIT = 1.5
ROUNDS = 9
_LINES = (
    "INSERT INTO audit(at, what, user_id, device_id, rec_id, detail) SELECT now(), 'attempt', 1, gen_random_uuid(), "
    "gen_random_uuid(), jsonb_build_object('change_id', gen_random_uuid()) FROM generate_series(1, :n)"
)
_SEALED = "INSERT INTO audit_seal(place, audit_id, hash) SELECT audit_id, audit_id, CAST('0' AS bytea) FROM audit"


def main(argv: list[str]) -> int:
    small, large = 20_000, 200_000 if "--short" in argv else 2_000_000
    with tempfile.TemporaryDirectory(prefix="caller-bench-") as name:
        few, many = (_rounds(Path(name) / str(lines), lines) for lines in (small, large))
    names = (
        "a round with nothing to seal",
        f"a round that seals {AT_ONCE:,} lines",
        "a look at all of them (reported)",
    )
    return show(f"Sealing the audit trail at {large:,} lines", [
        Figure(what, much, "s", f"at {small:,}", little, LIMIT if place < 2 else None)
        for place, (what, little, much) in enumerate(zip(names, few, many, strict=True))
    ])  # fmt: skip


def _rounds(folder: Path, lines: int) -> tuple[float, float, float]:
    """Give the seconds of an idle round, of one that seals, and of the look at everything."""
    database = start_embedded(folder)
    try:
        engine = make_engine(database.url, statement_seconds=600)
        migrate(engine)
        _run(engine, _LINES, lines)
        _run(engine, _SEALED)
        with engine.connect() as conn:
            conn.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE audit, audit_seal"))
        sealer, idle, busy = Sealer(), [], []
        whole = _seconds(sealer, engine, sealed=0)
        for _ in range(ROUNDS):
            idle.append(_seconds(sealer, engine, sealed=0))
            _run(engine, _LINES, AT_ONCE)
            busy.append(_seconds(sealer, engine, sealed=AT_ONCE))
        engine.dispose()
        return median(idle), median(busy), whole
    finally:
        database.stop()


def _run(engine: Engine, statement: str, lines: int = 0) -> None:
    with engine.begin() as conn:
        conn.execute(text(statement), {"n": lines} if lines else {})


def _seconds(sealer: Sealer, engine: Engine, *, sealed: int) -> float:
    start = time.perf_counter()
    assert sealer.seal(engine) == sealed
    return time.perf_counter() - start


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
