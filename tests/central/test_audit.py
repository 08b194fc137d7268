"""The chain over the audit trail: each line is sealed once, also one that came to light after higher numbers."""

import pytest
from sqlalchemy import Connection, text

from caller_app.central.rules import audit
from tests.support.centre import Rig

LINE = "INSERT INTO audit(audit_id, at, what, detail) OVERRIDING SYSTEM VALUE VALUES (:n, now(), 'test', '{\"n\": 1}')"


def lines(conn: Connection, *numbers: int) -> None:
    conn.execute(text(LINE), [{"n": one} for one in numbers])


def unsealed(centre: Rig) -> list[int]:
    found = centre.ask("SELECT audit_id FROM audit WHERE audit_id NOT IN (SELECT audit_id FROM audit_seal)")
    return sorted(number for (number,) in found)


def whole(centre: Rig) -> bool:
    with centre.engine.connect() as conn:
        return audit.first_break(conn) is None


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_more_lines_than_one_round_seals_are_sealed_by_the_next(centre: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "AT_ONCE", 3)
    sealer = audit.Sealer()
    assert sealer.seal(centre.engine) <= 3
    with centre.engine.begin() as conn:
        lines(conn, *range(1_001, 1_008))
    while sealer.seal(centre.engine):
        pass
    assert unsealed(centre) == []
    assert whole(centre)


def test_a_line_that_comes_to_light_after_higher_ones_is_sealed_in_the_next_round(centre: Rig) -> None:
    sealer = audit.Sealer()
    slow = centre.engine.connect()
    lines(slow, 1_001)
    with centre.engine.begin() as conn:
        lines(conn, 1_002, 1_003)
    sealer.seal(centre.engine)
    assert unsealed(centre) == []
    slow.commit()
    slow.close()
    assert unsealed(centre) == [1_001]
    assert sealer.seal(centre.engine) == 1
    assert unsealed(centre) == []
    assert whole(centre)


def test_one_that_comes_far_too_late_is_sealed_within_the_hour(centre: Rig) -> None:
    clock = Clock()
    sealer = audit.Sealer(clock)
    sealer.seal(centre.engine)
    slow = centre.engine.connect()
    lines(slow, 1_001)
    with centre.engine.begin() as conn:
        lines(conn, 1_002 + audit.IN_FLIGHT)
    assert sealer.seal(centre.engine) == 1
    slow.commit()
    slow.close()
    clock.now += audit.LOOKED_AT_ALL_EVERY - 1
    assert sealer.seal(centre.engine) == 0
    assert unsealed(centre) == [1_001]
    clock.now += 1
    assert sealer.seal(centre.engine) == 1
    assert unsealed(centre) == []
    assert whole(centre)


def test_while_more_waits_than_one_round_seals_it_goes_on_looking_at_all_of_it(
    centre: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "AT_ONCE", 2)
    with centre.engine.begin() as conn:
        lines(conn, *range(1_001, 1_006), 2_000 + audit.IN_FLIGHT)
    sealer = audit.Sealer()
    while sealer.seal(centre.engine):
        pass
    assert unsealed(centre) == []
