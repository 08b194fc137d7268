"""Kill -9 of a real client and of its centre, the short form (F6, F7, F8, F31; I1 to I5, I7, I13)."""

from pathlib import Path

from tests.faults.crash import run


def test_a_client_killed_while_it_records_and_syncs_keeps_every_promise(empty_database: str, tmp_path: Path) -> None:
    tally = run(empty_database, tmp_path / "profile", rounds=15, seed=7)
    assert tally.rounds == 15
    assert tally.announced > 50
    assert len(tally.ends) >= 6  # killed in several ways, at places on both sides
