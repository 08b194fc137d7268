"""Directed schedules whose danger lies on the workstation: disk, clock, power, an open card, another's sign-in."""

import shutil

import requests

from caller_app.base.ids import new_id
from caller_app.domain.changes import NoteAdded
from tests.world.breach import hold
from tests.world.directed import ANNA, BEN, everyone_in, move, sync, write
from tests.world.faults import Reply
from tests.world.play import Play
from tests.world.seen import look_at_centre


def no_room_for_a_page(play: Play) -> None:
    """The disk is full in the middle of a page (F35)."""
    everyone_in(play)
    device = play.world.devices[BEN]
    note = "x" * 3_000
    play.world.rig.cases(play.ground.projects[0], 40, to=play.ground.people[1], safe_contact=note)
    raw = device.store.lists._opened().connection.dbapi_connection
    assert raw is not None
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages + 4}").fetchall()
    play.pass_of(BEN, device)
    raw.execute("PRAGMA max_page_count = 4294967294").fetchall()
    play.watch.look()
    play.rest()


def concern_behind_a_queue(play: Play) -> None:
    """A concern is recorded behind more than a batch of notes, and the line dies after one message (F54)."""
    everyone_in(play)
    device = play.world.devices[ANNA]
    case_id = play.ground.cases[0]
    notes = [NoteAdded(case_id=case_id, act_id=new_id(), words=f"word {nr}") for nr in range(210)]
    play.record(ANNA, device, list(notes))
    write(play, ANNA, "concern", 0)
    passed: list[str] = []

    def one_message(request: requests.PreparedRequest) -> None:
        passed.append(str(request.url))
        if len(passed) > 1:
            raise requests.ConnectionError("the line died")

    device.line.before = one_message
    play.pass_of(ANNA, device)
    device.line.before = None
    stored = {row.kind for row in look_at_centre(play.world.rig).changes.values()}
    hold("lane", "concern_raised" in stored, "the concern waited behind the queue")


def lease_and_clock_set_back(play: Play) -> None:
    """The clock is set back while the lease runs (F46)."""
    device = everyone_in(play)[ANNA]
    play.pass_by(hours=71)
    device.clock.turn_wall(hours=-70)
    play.pass_by(hours=2)
    device.restart()
    play.watch.lease_kept(ANNA)
    play.rest()


def power_cut_while_sending(play: Play) -> None:
    """The machine dies while a batch is on its way (F31)."""
    device = everyone_in(play)[ANNA]
    write(play, ANNA, "note", 0)
    picture = play.world.folder / "at the power cut"

    def cut(request: requests.PreparedRequest) -> None:
        if "/v1/push" in str(request.url):
            shutil.copytree(device.folder, picture)
            raise requests.ConnectionError("no power")

    device.line.before = cut
    play.pass_of(ANNA, device)
    device.line.before = None
    play.world.roll_back(device, picture)
    play.rest()


def removed_while_open(play: Play) -> None:
    """A case leaves while its card is open; the receipt may not count for it (F45)."""
    device = everyone_in(play)[ANNA]
    device.store.on_screen = play.ground.cases[0]
    move(play, 0, 1, 0)
    sync(play, ANNA, ANNA)
    play.pass_by(minutes=11)
    sync(play, ANNA)
    play.rest()


def left_open_for_an_hour(play: Play) -> None:
    """The card stays open long after the case has left."""
    device = everyone_in(play)[ANNA]
    device.store.on_screen = play.ground.cases[0]
    move(play, 0, 1, 0)
    sync(play, ANNA)
    play.pass_by(minutes=31)
    device.let_in()
    sync(play, ANNA)
    play.rest()


def under_another_name(play: Play) -> None:
    """The outbox of one person meets the sign-in of another (F23)."""
    devices = everyone_in(play)
    write(play, ANNA, "note", 0)
    own = devices[ANNA].credentials
    devices[ANNA].credentials = devices[ANNA].api.credentials = devices[BEN].credentials
    sync(play, ANNA)
    devices[ANNA].credentials = devices[ANNA].api.credentials = own
    play.rest()


def page_altered(play: Play) -> None:
    """A page arrives with a letter changed: still JSON, still whole (F5)."""
    device = everyone_in(play)[BEN]
    play.world.rig.cases(play.ground.projects[0], 1, to=play.ground.people[1])

    def change_a_letter(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        if "/v1/pull" not in str(request.url):
            return response
        body = response.content.replace(b"Sample Street", b"Simple Street")
        return Reply(response.status_code, {"Content-Type": response.headers["Content-Type"]}, body).response(request)

    device.line.after = change_a_letter
    play.pass_of(BEN, device)
    device.line.after = None
    play.watch.after_pass(BEN, pulled=True)
    play.rest()
