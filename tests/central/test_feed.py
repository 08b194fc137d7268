"""The feed: numbers without gaps under many writers, pages that end where they should, and every doubt is a reset."""

import random
import threading

import pytest
from sqlalchemy import text

from caller_app.base.ids import new_id
from caller_app.central.db import reading, writing
from caller_app.central.rules import assign, feed, retention
from tests.support.centre import Rig
from tests.support.station import Station, attempt, read_page


def ready(centre: Rig, cases: int) -> tuple[Station, list[str]]:
    anna = centre.user("anna")
    ids = centre.cases(centre.project(), cases, to=anna)
    return Station(centre, "anna").sign_in(), ids


def test_eight_writers_leave_no_gap_and_a_reader_misses_nothing(centre: Rig) -> None:
    users = [centre.user(f"user{n}").user_id for n in range(3)]
    written: list[tuple[int, str]] = []
    seen: dict[int, dict[str, int]] = {user: {} for user in users}
    stop = threading.Event()
    faults: list[Exception] = []

    class RolledBack(Exception):
        pass

    def write(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(25):
            touched = rng.sample(users, rng.choice([1, 1, 2, 3]))
            entries = [feed.put(user, new_id()) for user in touched for _ in range(rng.choice([1, 2]))]
            give_up = rng.random() < 0.2

            def work(conn: object, entries: list[feed.Entry] = entries, give_up: bool = give_up) -> None:
                feed.write(conn, entries)
                if give_up:
                    raise RolledBack

            try:
                writing(centre.engine, work)
            except RolledBack:
                continue
            written.extend((one.user_id, one.rec_id) for one in entries)

    def read() -> None:
        cursors = dict.fromkeys(users, 0)
        last_round = False
        while True:
            for user in users:
                with reading(centre.engine) as conn:
                    head, _ = feed.head_of(conn, user)
                    page = feed.read_page(conn, user_id=user, cursor=cursors[user], head=head, limit=7)
                for line in page.body.splitlines():
                    number, rec = line.split(b'"s":')[1].split(b",")[0], line.split(b'"id":"')[1][:36].decode()
                    seen[user][rec] = int(number)
                cursors[user] = page.to
            if last_round and all(cursors[user] == _head(centre, user) for user in users):
                return
            last_round = stop.is_set()

    def guarded(work: object, *args: object) -> None:
        try:
            work(*args)  # type: ignore[operator]
        except Exception as fault:  # noqa: BLE001 - whatever a thread meets, the test has to hear of it
            faults.append(fault)

    reader = threading.Thread(target=guarded, args=(read,))
    writers = [threading.Thread(target=guarded, args=(write, seed)) for seed in range(8)]
    for one in [reader, *writers]:
        one.start()
    for one in writers:
        one.join()
    stop.set()
    reader.join()
    assert faults == []
    for user in users:
        assert sorted(seen[user].values()) == list(range(1, _head(centre, user) + 1))
        assert set(seen[user]) == {rec for owner, rec in written if owner == user}


def _head(centre: Rig, user: int) -> int:
    return int(centre.ask("SELECT seq FROM feed_head WHERE user_id = :u", u=user)[0][0])


@pytest.mark.parametrize("limit", [1, 3, 7, 2000])
def test_pages_of_any_size_add_up_to_the_same_list(centre: Rig, limit: int) -> None:
    station, ids = ready(centre, 8)
    shown = station.catch_up(limit=limit, mode="snapshot")
    assert set(ids) <= set(shown)
    assert len(shown) == 9


def test_a_record_changed_between_two_pages_comes_again_behind_the_cursor(centre: Rig) -> None:
    station, _ = ready(centre, 6)
    begin, lines = read_page(station.pull(limit=3).content)
    station.cursor, station.page_token = begin["to"], begin["token"]
    changed = lines[1]["id"]
    station.pushed(attempt(changed))
    shown = station.catch_up(mode="snapshot")
    assert len(shown[changed]["attempts"]) == 1


def test_a_page_that_ends_short_ends_at_the_head_of_its_snapshot(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.cases(centre.project(), 3, to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    centre.reassign(anna, ben)
    station.catch_up()
    station.pull()  # presents the cursor behind the removals: the receipt
    assert writing(centre.engine, lambda conn: feed.collect(conn, anna.user_id)) == 3
    fresh = Station(centre, "anna").sign_in()
    begin, lines = read_page(fresh.pull().content)
    assert (len(lines), begin["to"], begin["head"], begin["more"]) == (1, 7, 7, False)


def test_the_same_question_after_a_lost_reply_is_answered_again(centre: Rig) -> None:
    station, _ = ready(centre, 2)
    station.catch_up()
    for _ in range(3):  # three replies lost in a row: the token in hand stays good
        assert station.pull().status_code == 200
        read_page(station.pull().content)


def test_a_workstation_between_the_slices_of_its_first_page_goes_on(centre: Rig) -> None:
    station, _ = ready(centre, 4)
    station.pull()
    begin, lines = read_page(station.pull(cursor=2, token="", mode="snapshot").content)
    assert (begin["from"], len(lines)) == (2, 3)


def why_reset(reply: object) -> str:
    body = reply.json()  # type: ignore[attr-defined]
    assert body["reset"] is True
    return str(body["why"])


def test_every_doubt_about_the_history_is_answered_with_a_reset(centre: Rig) -> None:
    station, _ = ready(centre, 2)
    station.catch_up()
    old_token = station.page_token
    assert why_reset(station.pull(epoch=new_id())) == "epoch"
    assert why_reset(station.pull(token="0" * 16)) == "token"
    assert why_reset(station.pull(token="nonsense")) == "token"
    assert why_reset(station.pull(token="")) == "token"
    assert why_reset(station.pull(cursor=999)) == "cursor_ahead"
    for _ in range(2):
        station.catch_up()
    assert why_reset(station.pull(token=old_token)) == "token"
    station.cursor, station.page_token = 0, ""
    assert len(station.catch_up()) == 3


def test_a_delta_from_below_the_collected_removals_is_reset_and_a_snapshot_is_not(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.cases(centre.project(), 3, to=anna)
    away = Station(centre, "anna").sign_in()
    begin, _ = read_page(away.pull(limit=2).content)
    with centre.engine.begin() as conn:  # away too long: it no longer holds up the tidying
        conn.execute(text("UPDATE device SET status = 'retired'"))
    present = Station(centre, "anna").sign_in()
    present.catch_up()
    centre.reassign(anna, ben)
    present.catch_up()
    present.pull()
    writing(centre.engine, lambda conn: feed.collect(conn, anna.user_id))
    with centre.engine.begin() as conn:
        conn.execute(text("UPDATE device SET status = 'active'"))
    position = {"cursor": begin["to"], "token": begin["token"]}
    assert why_reset(away.pull(**position, mode="delta")) == "collected"
    assert read_page(away.pull(**position, mode="snapshot").content)[0]["to"] == 7


def test_a_removal_counts_as_taken_when_the_next_pull_presents_it_and_nothing_is_held(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    (case_id,) = centre.cases(centre.project(), 1, to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    centre.reassign(anna, ben)

    def waiting() -> int:
        with centre.engine.connect() as conn:
            return assign.devices_waiting(conn, anna.user_id)

    assert waiting() == 1
    station.catch_up()
    assert waiting() == 1  # delivered, not yet known to be applied
    station.pull(held=case_id)
    station.catch_up(held=case_id)
    assert waiting() == 1  # open on screen
    station.catch_up()
    assert waiting() == 0


def test_four_may_read_their_whole_list_at_once_and_the_fifth_is_asked_to_wait(centre: Rig) -> None:
    station, _ = ready(centre, 1)
    for _ in range(4):
        assert centre.centre.snapshot_places.acquire(blocking=False)
    reply = station.pull()
    assert (reply.status_code, reply.json()["code"]) == (503, "busy")
    assert 1 <= int(reply.headers["Retry-After"]) <= 5
    for _ in range(4):
        centre.centre.snapshot_places.release()
    assert station.pull().status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "identity"])
def test_a_page_comes_packed_as_asked_for_and_unpacks_to_the_same(centre: Rig, encoding: str) -> None:
    station, _ = ready(centre, 20)
    reply = station.session.get(
        "https://centre.test/v1/pull?mode=snapshot", headers={**station.headers(), "Accept-Encoding": encoding}
    )
    assert reply.headers.get("Content-Encoding", "identity") == encoding
    assert reply.headers["Content-Type"] == "application/vnd.callsync.v1+ndjson"
    assert len(read_page(reply.content)[1]) == 21


def test_an_encoding_that_is_ruled_out_is_not_used() -> None:
    from caller_app.central.packing import pack

    assert pack(b"x" * 5000, "gzip;q=0, br") == ("", b"x" * 5000)
    assert pack(b"x" * 100, "gzip") == ("", b"x" * 100)
    assert pack(b"x" * 5000, "br, gzip;q=0.5")[0] == "gzip"


def test_the_head_answers_304_to_those_who_know_it(centre: Rig) -> None:
    station, ids = ready(centre, 1)
    first = station.get("/v1/head")
    again = station.session.get(
        "https://centre.test/v1/head", headers={**station.headers(), "If-None-Match": first.headers["ETag"]}
    )
    assert (first.json()["head"], again.status_code, again.content) == (2, 304, b"")
    station.pushed(attempt(ids[0]))
    later = station.session.get(
        "https://centre.test/v1/head", headers={**station.headers(), "If-None-Match": first.headers["ETag"]}
    )
    assert later.json()["head"] == 3


def test_what_a_workstation_says_of_its_unsent_work_is_kept_with_its_time(centre: Rig) -> None:
    station, _ = ready(centre, 1)
    station.get("/v1/head", unsent=5)
    assert centre.ask("SELECT unsent_said, unsent_said_at FROM device") == [(5, centre.clock.now())]
    centre.clock.pass_by(minutes=1)
    station.pull()
    assert centre.ask("SELECT unsent_said FROM device") == [(5,)]


@pytest.mark.parametrize(("major", "status"), [("0", 426), ("1", 200), ("2", 200), ("one", 426)])
def test_a_client_too_old_for_a_list_is_told_so_on_pull_only(centre: Rig, major: str, status: int) -> None:
    station, ids = ready(centre, 1)
    headers = {**station.headers(), "X-CallSync": major}
    reply = station.session.get("https://centre.test/v1/pull", headers=headers)
    assert reply.status_code == status
    assert status == 200 or reply.json()["code"] == "too_old"
    pushed = station.post("/v1/push", station.batch([station.envelope(attempt(ids[0]))]), headers={"X-CallSync": major})
    assert pushed.status_code == 200


@pytest.mark.parametrize(("least", "most", "status"), [(0, 0, 200), (0, 1, 200), (1, 1, 200), (1, 2, 200), (2, 3, 426)])
def test_any_version_that_can_hand_in_its_work_may_register(centre: Rig, least: int, most: int, status: int) -> None:
    station, _ = ready(centre, 1)
    reply = station.post("/v1/register", {"app": "test", "proto_min": least, "proto_max": most})
    assert reply.status_code == status


def test_a_device_unseen_for_a_month_holds_nothing_up_and_reads_anew_when_it_returns(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.cases(centre.project(), 2, to=anna)
    away = Station(centre, "anna").sign_in()
    away.catch_up()
    away.pull()
    centre.clock.pass_by(days=31)
    centre.reassign(anna, ben)
    retention.tidy(centre.engine, now=centre.clock.now())
    present = Station(centre, "anna").sign_in()
    present.catch_up()
    present.pull()
    retention.tidy(centre.engine, now=centre.clock.now())
    assert centre.ask("SELECT count(*) FROM visibility WHERE gone")[0][0] == 0
    assert why_reset(away.sign_in().pull()) == "collected"
    away.cursor, away.page_token, away.shown = 0, "", {}
    assert len(away.catch_up()) == 1
    assert centre.ask("SELECT status FROM device") == [("active",), ("active",)]
