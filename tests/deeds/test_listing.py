"""My list: its order, its reasons in words, and that SQL and Python agree on every group."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from caller_app.commands.attempts import record_attempt
from caller_app.commands.calls import open_call, park_call
from caller_app.domain.calling_rules import band_of
from caller_app.domain.items import PastAttempt, Promise
from caller_app.queries.lists import list_counts, my_list, next_case
from caller_app.store import listing
from caller_app.store.listing import GROUPS, Moment
from tests.deeds.rig import ME, MOBILE, TUESDAY, all_of, case, item, opened

HOUR = timedelta(hours=1)


def promise(at: Any, *, anyone: bool = True, minutes: int = 30) -> Promise:
    return Promise(f"p{at.isoformat()}", at, at + timedelta(minutes=minutes), ME.shown_name, ME.user_id, anyone=anyone)


def rung(days: float, outcome: str = "C01", at: Any = TUESDAY) -> PastAttempt:
    moment = at - timedelta(days=days)
    return PastAttempt(f"a{days}", moment, outcome, MOBILE, "Bob Other", caller_id=9)


def day_of_cases() -> list[Any]:
    return [
        item(1, priority=2, seed=5),
        item(2, priority=1, seed=9),
        item(3, priority=1, seed=4),
        item(4, promises=(promise(TUESDAY - 2 * HOUR),), status="callback"),
        item(5, promises=(promise(TUESDAY + timedelta(minutes=4)),), status="callback"),
        item(6, promises=(promise(TUESDAY - timedelta(minutes=10), anyone=False),), status="callback"),
        item(7, promises=(promise(TUESDAY + 6 * HOUR),), status="callback"),
        item(8, promises=(promise(TUESDAY + timedelta(days=2)),), status="callback"),
        item(9, attempts=(rung(1.8, at=TUESDAY + 4 * HOUR),), counted_attempts=1, not_before=TUESDAY - HOUR),
        item(10, attempts=(rung(3),), counted_attempts=1, not_before=TUESDAY - 2 * HOUR),
        item(11, attempts=(rung(0.5),), counted_attempts=1, not_before=TUESDAY + 20 * HOUR),
        item(12, status="supervisor", status_why="twice a third party would not connect us"),
        item(13, status="held", not_before=TUESDAY - HOUR, attempts=(rung(4, "R02"),)),
        item(14, status="closed", attempts=(rung(2, "D01"),)),
        item(15, attempts=(rung(0, "P02"),)),
        item(16, status="held", status_why="waits for the practice's answer", attempts=(rung(1, "E02"),)),
    ]


def test_the_list_stands_in_the_order_of_calling_with_a_reason_for_each(tmp_path: Path) -> None:
    with opened(tmp_path / "p", *day_of_cases()) as rig:
        rows = rig.read(my_list)
        said = [(int(row.case_id[-3:]), row.group, row.why) for row in rows]
        assert said == [
            (4, "overdue", "overdue: promised 08:00 to 08:30"),
            (6, "due", "promised 09:50 to 10:20, they asked for you"),
            (5, "due", "promised 10:04 to 10:34"),
            (7, "promised", "promised 16:00 to 16:30"),
            (15, "retry", "wrong number today, may be tried again at once"),
            (10, "retry", "no answer Sat 28 Feb, not tried in the morning yet"),
            (9, "retry", "no answer Sun 1 Mar, not tried in the morning yet"),
            (13, "retry", "identity not confirmed Fri 27 Feb, tried at this time of day before"),
            (3, "fresh", "never rung"),
            (2, "fresh", "never rung"),
            (1, "fresh", "never rung"),
            (8, "waiting", "promised Thu 5 Mar 10:00 to 10:30"),
            (11, "waiting", "no answer yesterday, not before tomorrow 06:00"),
            (16, "held", "held: waits for the practice's answer"),
            (12, "held", "with the supervisor: twice a third party would not connect us"),
        ]
        assert [row.group for row in rows] == sorted((row.group for row in rows), key=ORDER.index)


ORDER = ("parked", "overdue", "due", "promised", "retry", "fresh", "waiting", "held")


def test_pages_of_the_list_follow_one_another_without_gap_or_repeat(tmp_path: Path) -> None:
    with opened(tmp_path / "p", *day_of_cases()) as rig:
        rig.write(open_call, case_id=case(2))
        rig.write(park_call, case_id=case(2))
        whole = rig.read(my_list)
        assert len(whole) == 15 and whole[0].group == "parked"
        for size in (1, 2, 4, 7):
            pages = [rig.read(my_list, limit=size, offset=start) for start in range(0, 20, size)]
            assert [row for page in pages for row in page] == list(whole)


def test_the_header_counts(tmp_path: Path) -> None:
    with opened(tmp_path / "p", *day_of_cases()) as rig:
        counts = rig.read(list_counts)
        assert (counts.total, counts.left, counts.due_now, counts.promised_today) == (16, 15, 3, 1)


def test_next_is_the_promise_that_can_still_be_kept_then_the_overdue_then_retries_then_fresh(tmp_path: Path) -> None:
    with opened(tmp_path / "p", *day_of_cases()) as rig:
        taken: list[int] = []
        after = None
        for _ in range(12):
            after = rig.read(next_case, after=after)
            if after is None:
                break
            taken.append(int(after[-3:]))
            rig.write(open_call, case_id=after)
            rig.write(park_call, case_id=after)
        assert taken[:4] == [6, 5, 4, 15]
        assert set(taken[4:7]) == {9, 10, 13}
        assert taken[7:] == [3, 2, 1]


def test_nobody_comes_next_outside_calling_hours(tmp_path: Path) -> None:
    for at in (TUESDAY.replace(hour=8, minute=59), TUESDAY.replace(hour=19), TUESDAY + timedelta(days=5)):
        with opened(tmp_path / f"p{at:%d%H}", item(1), at=at) as rig:
            assert rig.read(next_case) is None
            assert rig.read(my_list)[0].group == "fresh", "the list itself still shows everybody"


def test_somebody_without_a_number_does_not_come_next(tmp_path: Path) -> None:
    with opened(tmp_path / "p", item(1, numbers=()), item(2)) as rig:
        assert rig.read(next_case) == case(2)


def test_a_call_broken_off_by_a_crash_comes_first_and_a_parked_one_waits(tmp_path: Path) -> None:
    with opened(tmp_path / "p", item(1), item(2), item(3)) as rig:
        rig.write(open_call, case_id=case(3))
        rig.restart()
        assert rig.read(next_case) == case(3)
        row = rig.read(my_list)[0]
        assert (row.case_id, row.group) == (case(3), "parked") and row.why.startswith("call in hand")
        rig.write(park_call, case_id=case(3))
        assert rig.read(next_case) == case(1)
        assert rig.read(my_list)[0].why.startswith("parked")


def test_a_recorded_outcome_moves_the_person_at_once(tmp_path: Path) -> None:
    with opened(tmp_path / "p", item(1), item(2)) as rig:
        rig.call(case(1))
        rig.write(record_attempt, case_id=case(1), outcome="C01")
        rows = rig.read(my_list)
        assert all_of(rows, "group") == ["fresh", "waiting"]
        assert rows[1].why.startswith("no answer today, not before ")
        assert rig.read(next_case, after=case(1)) == case(2)


def test_sql_and_python_agree_on_the_group_of_every_row_at_any_hour(tmp_path: Path) -> None:
    dice = random.Random(20260303)
    statuses = ("ready", "ready", "callback", "held", "supervisor", "needs_review", "closed")
    people = []
    for number in range(1, 260):
        one = item(number, status=dice.choice(statuses), seed=dice.randrange(1000), priority=dice.randrange(3))
        if dice.random() < 0.4:
            at = TUESDAY + timedelta(minutes=dice.randrange(-300, 3000))
            one = replace(one, promises=(promise(at, minutes=dice.choice((0, 10, 60))),))
        if dice.random() < 0.5:
            one = replace(one, attempts=(rung(dice.random() * 5),))
        if dice.random() < 0.5:
            one = replace(one, not_before=TUESDAY + timedelta(minutes=dice.randrange(-900, 900)))
        people.append(one)
    with opened(tmp_path / "p", *people) as rig:
        for minutes in (0, 7, 95, 431, 1500):
            now = TUESDAY + timedelta(minutes=minutes)
            moment = Moment.at(now, band_of(now))
            page = rig.read(lambda s, moment=moment: listing.page(s.lists, moment, limit=1000))
            by_sql = {row.nr: row.group for row in page}
            assert len(by_sql) == len(page), "nobody stands in two groups"
            every = rig.read(lambda s, moment=moment: listing.rows_of(s.lists, moment, range(1, 400)))
            assert {row.nr: row.group for row in every if row.group != "closed"} == by_sql
            assert [GROUPS.index(row.group) for row in page] == sorted(GROUPS.index(row.group) for row in page)
