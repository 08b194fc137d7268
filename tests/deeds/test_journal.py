"""What I did and where it stands: my calls, every change without a name, and how much is unsent."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from caller_app.base.clock import london, to_text
from caller_app.commands.attempts import record_attempt, supersede_attempt
from caller_app.domain.items import PastAttempt
from caller_app.queries.history import GONE_NAME, my_calls
from caller_app.queries.outbox import entries
from caller_app.queries.standing import standing
from tests.deeds.rig import HOME, ME, MOBILE, TUESDAY, Rig, all_of, case, item, opened


def call(rig: Rig, number: int, outcome: str = "C01", **more: Any) -> str:
    rig.call(case(number))
    act = rig.write(record_attempt, case_id=case(number), outcome=outcome, **more)
    rig.clock.pass_by(minutes=3)
    given: str = act.attempt_id
    return given


def settle(rig: Rig, change_id: str, state: str, verdict: str | None = None, reason: str | None = None) -> None:
    with rig.store.outbox.write() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = ?, verdict = ?, reason = ? WHERE change_id = ?",
            (state, verdict, reason, change_id),
        )


def test_my_calls_say_where_each_of_them_stands(tmp_path: Path) -> None:
    with opened(tmp_path / "p", *(item(number) for number in range(1, 7))) as rig:
        made = [call(rig, number) for number in range(1, 7)]
        settle(rig, made[1], "SENT")
        settle(rig, made[2], "ACKED", "received")
        settle(rig, made[3], "ACKED", "applied")
        settle(rig, made[4], "ACKED", "applied_review", "late_outcome")
        rig.write(supersede_attempt, attempt_id=made[5])
        lines = {line.attempt_id: line for line in rig.read(my_calls)}
        assert [lines[one].state for one in made] == [
            "saved here",
            "sending",
            "sent",
            "accepted",
            "being looked at: recorded after the person was passed to a colleague",
            "taken back",
        ]
        assert all_of(rig.read(my_calls), "attempt_id") == made[::-1], "the newest first"
        first = lines[made[0]]
        assert (first.shown_name, first.outcome_label, first.number) == (
            "Siân O'Testwell-Brook1",
            "No answer",
            MOBILE,
        )


def test_older_calls_of_mine_come_from_the_histories_and_no_call_of_others_does(tmp_path: Path) -> None:
    def past(name: str, caller: str, caller_id: int) -> PastAttempt:
        return PastAttempt(name, TUESDAY - timedelta(days=9), "T01", HOME, caller, caller_id=caller_id)

    attempts = (past("mine", ME.shown_name, ME.user_id), past("theirs", "Bob Other", 9))
    namesake = past("of a namesake", ME.shown_name, 99)
    with opened(tmp_path / "p", item(attempts=(*attempts, namesake))) as rig:
        assert all_of(rig.read(my_calls), "attempt_id") == ["mine"]
        assert rig.read(my_calls)[0].state == "accepted"


def test_a_call_to_somebody_who_left_the_list_stays_mine_without_the_name(tmp_path: Path) -> None:
    with opened(tmp_path / "p", item(1), item(2)) as rig:
        made = call(rig, 1)
        rig.lose(item(1))
        line = rig.read(my_calls)[0]
        assert (line.attempt_id, line.shown_name, line.still_on_list) == (made, GONE_NAME, False)
        assert "Testwell" not in repr(line)


def test_my_calls_are_searched_by_name_number_code_and_result_and_paged(tmp_path: Path) -> None:
    two = item(2)
    renamed = replace(two, patient=replace(two.patient, given_name="Zoë", family_name="Quince"))
    with opened(tmp_path / "p", item(1), renamed) as rig:
        first = call(rig, 1)
        second = call(rig, 2, "C02")
        for typed, found in (
            ("quince", [second]),
            ("zoe q", [second]),
            ("engaged", [second]),
            ("c01", [first]),
            ("900001", [second, first]),
            ("07700 900001", [second, first]),
            ("01632", []),
            ('" OR *', []),
            ("%", []),
        ):
            assert all_of(rig.read(my_calls, search=typed), "attempt_id") == found, typed
        assert all_of(rig.read(my_calls, limit=1, offset=1), "attempt_id") == [first]


def test_the_outbox_page_says_what_was_done_and_never_to_whom(rig: Rig) -> None:
    rig.call()
    rig.verify()
    rig.write(record_attempt, case_id=case(), outcome="A01", facts={"pathway": "dpp_referral", "consent": "yes"})
    rows = rig.read(entries)
    assert all_of(rows, "title") == [
        "Pathway taken up",
        "Call: Referred by us",
        "Check panel shown",
        "Number dialled",
        "Card opened",
    ]
    assert all_of(rows, "dseq") == [5, 4, 3, 2, 1]
    assert set(all_of(rows, "state")) == {"saved here"}
    assert "Testwell" not in repr(rows) and MOBILE not in repr(rows)
    assert rig.read(entries, limit=2, offset=3) == rows[3:5]


def test_the_standing_counts_what_is_unsent_and_since_when(rig: Rig) -> None:
    quiet = rig.read(standing)
    assert (quiet.state, quiet.unsent, quiet.oldest_unsent_at) == ("all_sent", 0, None)
    assert quiet.list_as_of is not None  # a list that came is an answer too
    assert quiet.sentence == f"Everything is sent. The centre last answered at {london(quiet.list_as_of):%H:%M}."
    rig.call()
    made = rig.write(record_attempt, case_id=case(), outcome="C01").attempt_id
    rig.clock.pass_by(minutes=12)
    busy = rig.read(standing)
    assert (busy.state, busy.unsent, busy.oldest_unsent_at) == ("unsent", 3, TUESDAY)
    assert busy.sentence.startswith("3 entries are saved here and not sent yet, the oldest for 12 min.")
    assert busy.list_as_of == TUESDAY
    settle(rig, made, "ACKED", "quarantined", "never_in_scope")
    with rig.store.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE identity SET receipt_at = ?", (to_text(TUESDAY),))
    after = rig.read(standing)
    assert (after.unsent, after.in_review, after.last_receipt_at) == (2, 1, TUESDAY)
    assert "last answered at 10:00" in after.sentence
