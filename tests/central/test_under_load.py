"""Callers push while a supervisor moves their cases to and fro: nothing deadlocks, nothing is lost, lists agree."""

import threading
from collections.abc import Callable

from tests.support.centre import Rig
from tests.support.station import Station, attempt


def test_pushing_while_cases_move_to_and_fro_loses_nothing_and_never_deadlocks(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    project = centre.project(max_attempts=6)
    ids = [*centre.cases(project, 20, to=anna), *centre.cases(project, 20, to=ben)]
    stations = [Station(centre, name).sign_in() for name in ("anna", "ben", "anna")]
    faults: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as fault:  # noqa: BLE001 - whatever a thread meets, the test has to hear of it
                faults.append(fault)

        return threading.Thread(target=run)

    def pushing(station: Station, step: int) -> Callable[[], None]:
        def push() -> None:
            for batch in range(6):
                wanted = [ids[(step * 7 + batch * 11 + n * step) % len(ids)] for n in range(1, 9)]
                station.pushed(*(attempt(case_id) for case_id in wanted))

        return push

    def moving() -> None:
        for turn in range(6):
            giver, taker = (anna, ben) if turn % 2 == 0 else (ben, anna)
            centre.reassign(giver, taker)

    threads = [guarded(pushing(station, step)) for step, station in enumerate(stations, start=1)] + [guarded(moving)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    assert centre.ask("SELECT count(*) FROM change") == [(3 * 6 * 8,)]
    assert centre.ask("SELECT count(*) FROM change_state WHERE verdict = 'received'") == [(0,)]
    assert centre.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == [(0,)]
    kept = centre.ask("SELECT count(*) FROM change_state WHERE verdict IN ('applied', 'applied_review')")[0][0]
    assert centre.ask("SELECT count(*) FROM attempt")[0][0] == kept
    for name in ("anna", "ben"):
        shown = Station(centre, name).sign_in().catch_up()
        owned = centre.ask(
            "SELECT v.id FROM rec_ver v JOIN account a ON a.user_id = v.assignee WHERE a.name = :n", n=name
        )
        assert set(shown) - {project.project_id} == {row[0] for row in owned}
        for case_id in set(shown) - {project.project_id}:
            assert len(shown[case_id]["attempts"]) == len(centre.item(case_id).attempts)
