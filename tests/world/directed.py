"""Directed schedules: each brings one danger of the protocol about, on the real parts, and lets the world come to rest.

With the code as it is each ends well; with the defect of the same name planted (defects.py) each ends in a breach of
the invariant that the defect touches. Where a world at rest is not needed to see it, the check is made at once.
"""

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from caller_app.base.ids import new_id
from caller_app.central.db import writing
from caller_app.central.rules import accounts, feed, retention
from caller_app.domain.changes import NoteAdded
from tests.world import acts, at_rest
from tests.world.device import Device
from tests.world.play import Play
from tests.world.seen import look_at_centre

ANNA, BEN, BEN_TOO, CARA = 0, 1, 2, 3  # machines; the second of Ben reads small pages, Anna's and Cara's too


def everyone_in(play: Play) -> list[Device]:
    """Let every workstation sign in and read its list."""
    for number, device in enumerate(play.world.devices):
        play.pass_of(number, device.let_in())
    play.watch.look()
    return play.world.devices


def write(play: Play, machine: int, kind: str, case: int, number: int = 0) -> None:
    """Record one act of a kind on a case of the ground."""
    device = play.world.devices[machine]
    scene = play.scene(device, play.ground.cases[case], number)
    assert scene is not None, "the case is not on this list"
    play.record(machine, device, dict(acts.KINDS)[kind](scene))


def sync(play: Play, *machines: int) -> None:
    """Let workstations sync in this order and look at the world."""
    for machine in machines:
        play.pass_of(machine, play.world.devices[machine])
    play.watch.look()


def move(play: Play, giver: int, taker: int, *cases: int) -> None:
    """Move cases between people (0 Anna, 1 Ben, 2 Cara)."""
    people, ids = play.ground.people, [play.ground.cases[one] for one in cases]
    play.world.rig.reassign(people[giver], people[taker], ids or None)


def keep_copy(play: Play) -> None:
    """Keep a copy of the centre's database that nobody was promised."""
    play.copies.append(play.world.copy_centre())


def restored(play: Play) -> None:
    """Put the centre back to the newest copy; everybody signs in again."""
    play.restore(len(play.copies) - 1)
    for device in play.world.devices:
        device.let_in()


def late_commit(play: Play) -> None:
    """One writer has its number and has not committed while another commits and a reader reads (F12)."""
    everyone_in(play)
    anna = play.ground.people[0].user_id

    def raise_version(conn: object, case: int) -> None:
        case_id = play.ground.cases[case]
        conn.execute(text("UPDATE rec_ver SET ver = ver + 1 WHERE id = CAST(:c AS uuid)"), {"c": case_id})  # type: ignore[attr-defined]
        feed.write(conn, [feed.put(anna, case_id)])  # type: ignore[arg-type]

    waited = False
    with play.world.rig.engine.connect() as slow:
        raise_version(slow, 0)
        try:
            with play.world.rig.engine.begin() as quick:
                raise_version(quick, 1)
        except OperationalError:  # it has to wait for the first one's number
            waited = True
        sync(play, ANNA)
        slow.commit()
    if waited:
        with play.world.rig.engine.begin() as quick:
            raise_version(quick, 1)
    play.watch.look()
    play.rest()


def pushed(play: Play) -> None:
    """A change goes up and is acknowledged; after the receipt the line dies (F7)."""
    everyone_in(play)
    write(play, ANNA, "note", 0)
    for path in ("/v1/pull", "/v1/head"):
        play.world.devices[ANNA].line.plant("drop_request", path)
    sync(play, ANNA)
    play.rest()


def request_lost(play: Play) -> None:
    """A request is lost before the centre (F1)."""
    everyone_in(play)
    write(play, ANNA, "note", 0)
    play.world.devices[ANNA].line.plant("drop_request", "/v1/push")
    sync(play, ANNA)
    play.rest()


def reply_lost(play: Play) -> None:
    """A reply is lost after the centre has committed (F2)."""
    everyone_in(play)
    write(play, ANNA, "note", 0)
    play.world.devices[ANNA].line.plant("drop_reply", "/v1/push")
    sync(play, ANNA, ANNA)
    play.rest()


def new_work_after_a_restore(play: Play) -> None:
    """The centre is restored and gets new work before it has heard of the hole (F27)."""
    everyone_in(play)
    keep_copy(play)
    write(play, ANNA, "note", 0, 1)
    write(play, ANNA, "note", 0, 2)
    sync(play, ANNA)
    restored(play)
    write(play, ANNA, "note", 0, 3)
    play.world.devices[ANNA].line.plant("drop_reply", "/v1/push")  # the replay does not follow at once
    sync(play, ANNA)
    play.rest()


def acknowledged_then_restored(play: Play) -> None:
    """What was acknowledged is lost by a restore, and nothing new is recorded (F25)."""
    everyone_in(play)
    keep_copy(play)
    write(play, ANNA, "note", 0)
    sync(play, ANNA)
    restored(play)
    play.rest()


def restored_and_told_by_the_head(play: Play) -> None:
    """The head tells of a restore while the token of the last page is still known (F25)."""
    everyone_in(play)
    keep_copy(play)
    write(play, ANNA, "note", 0)
    play.world.devices[ANNA].line.plant("drop_request", "/v1/pull")
    sync(play, ANNA)
    restored(play)
    play.pass_of(ANNA, play.world.devices[ANNA])
    sync(play, ANNA)
    at_rest.check(play.world, play.book, only=ANNA)
    play.rest()


def durable_then_restored_older(play: Play) -> None:
    """A backup made it durable; the restore is of an older one, while it is still held here."""
    everyone_in(play)
    keep_copy(play)
    write(play, ANNA, "note", 0)
    sync(play, ANNA)
    play.world.back_up()
    play.pass_by(minutes=11)
    sync(play, ANNA)
    restored(play)
    play.rest()


def kept_for_days_then_restored(play: Play) -> None:
    """Acknowledged, never backed up, and a day later the centre is restored."""
    everyone_in(play)
    keep_copy(play)
    write(play, ANNA, "note", 0)
    sync(play, ANNA)
    for _ in range(2):
        play.pass_by(hours=25)
        play.world.devices[ANNA].let_in()
        sync(play, ANNA)
    restored(play)
    play.rest()


def twin_fills_the_numbers(play: Play) -> None:
    """A cloned disk, the centre put back, the twin's work under the same number, a backup, a day later (F25, F30)."""
    everyone_in(play)
    play.world.clone(play.world.devices[ANNA], clock=play.clock_now(), signed_in=False)
    twin = len(play.world.devices) - 1
    keep_copy(play)
    write(play, ANNA, "note", 0, 1)
    sync(play, ANNA)
    restored(play)
    write(play, twin, "note", 1, 2)
    sync(play, twin)
    play.world.call_durable()
    play.pass_of(ANNA, play.world.devices[ANNA])
    play.pass_by(hours=25)
    sync(play, *(number for number, device in enumerate(play.world.devices) if device.let_in()))
    play.rest()


def feed_with_a_collected_end(play: Play) -> None:
    """Anna's feed ends in numbers whose tombstones everybody has taken and the centre has forgotten."""
    everyone_in(play)
    move(play, 0, 1, 0)
    sync(play, ANNA, ANNA)
    retention.tidy(play.world.rig.engine, now=play.world.clock.now())
    gone = [one for one in look_at_centre(play.world.rig).shown[play.ground.people[0].user_id].values() if one.gone]
    assert not gone, "the tombstone is still there"


def snapshot_after_collection(play: Play) -> None:
    """A list is read from zero, in small pages, over a feed with collected numbers (F42)."""
    feed_with_a_collected_end(play)
    keep_copy(play)
    play.world.rig.cases(play.ground.projects[0], 1, to=play.ground.people[0])
    sync(play, ANNA)
    restored(play)  # the case of before is on no feed any more: only a whole reading takes it away
    sync(play, ANNA, ANNA, ANNA)
    at_rest.check(play.world, play.book, only=ANNA)
    play.rest()


def same_head_other_history(play: Play) -> None:
    """After a restore the feed grows to where the workstation's cursor stands: only the token tells (F25)."""
    everyone_in(play)
    keep_copy(play)
    play.world.rig.cases(play.ground.projects[0], 2, to=play.ground.people[0])
    sync(play, ANNA)
    restored(play)
    anna = play.ground.people[0].user_id
    shown_again = [feed.put(anna, case) for case in play.ground.cases[:2]]
    for _ in range(2):
        writing(play.world.rig.engine, lambda conn: feed.write(conn, shown_again))
    play.rest()


def removed_while_away(play: Play) -> None:
    """A case leaves while its workstation is away and the centre tidies up (F41)."""
    everyone_in(play)
    move(play, 0, 1, 0)
    retention.tidy(play.world.rig.engine, now=play.world.clock.now())
    play.rest()


def portal_answers_200(play: Play) -> None:
    """A portal's page comes in the place of the receipt (F18)."""
    everyone_in(play)
    write(play, ANNA, "note", 0)
    play.world.devices[ANNA].line.plant("html_200_after", "/v1/push")
    sync(play, ANNA)
    play.rest()


def another_centre_answers(play: Play) -> None:
    """A whole, echoed receipt of another centre."""
    everyone_in(play)
    write(play, ANNA, "note", 0)
    play.world.devices[ANNA].line.plant("wrong_server", "/v1/push")
    sync(play, ANNA)
    play.rest()


def moved_while_offline(play: Play) -> None:
    """A case moves while its caller is offline; what was recorded arrives late, a promise among it (F14)."""
    everyone_in(play)
    write(play, ANNA, "promise", 0)
    write(play, ANNA, "no_answer", 0)
    move(play, 0, 1, 0)
    play.watch.look()
    sync(play, BEN, ANNA, BEN)
    play.rest()


def two_disks(play: Play) -> None:
    """Two copies of one disk go on recording (F30)."""
    everyone_in(play)
    write(play, ANNA, "note", 0, 1)
    play.world.clone(play.world.devices[ANNA], clock=play.clock_now(), signed_in=False).let_in()
    twin = len(play.world.devices) - 1
    play.watch.stale.update({ANNA, twin})
    write(play, ANNA, "note", 0, 2)
    write(play, twin, "note", 0, 3)
    write(play, twin, "note", 0, 4)
    sync(play, ANNA, twin, ANNA, twin)
    play.rest()


def stop_then_late_outcome(play: Play) -> None:
    """An objection is judged; an earlier attempt of another workstation arrives after it (F16)."""
    everyone_in(play)
    write(play, BEN_TOO, "no_answer", 5)
    write(play, BEN, "objection", 5)
    sync(play, BEN, BEN_TOO)
    play.rest()


def two_claims(play: Play) -> None:
    """Two workstations put the same detail right, differently, both offline."""
    everyone_in(play)
    write(play, BEN, "language", 5, 0)
    write(play, BEN_TOO, "language", 5, 1)
    sync(play, BEN, BEN_TOO)
    play.rest()


def three_in_a_row(play: Play) -> None:
    """Several acts on one case go up together."""
    everyone_in(play)
    for number in range(3):
        write(play, ANNA, "note", 0, number)
    sync(play, ANNA)
    play.rest()


def forged(play: Play) -> None:
    """A change about a person who was never on the list (F52)."""
    everyone_in(play)
    change = NoteAdded(case_id=play.ground.cases[7], act_id=new_id(), words="forged")
    play.record(ANNA, play.world.devices[ANNA], [change], foreign=True)
    sync(play, ANNA)
    play.rest()


def drained(play: Play) -> None:
    """An account is ended while it holds unsent work (F21)."""
    everyone_in(play)
    write(play, CARA, "note", 7)
    cara = play.ground.people[2]
    writing(play.world.rig.engine, lambda conn: accounts.drain(conn, name=cara.name, now=play.world.clock.now()))
    play.book.drained.add(cara.user_id)
    play.rest()


def judged_later(play: Play) -> None:
    """Rows are held by another program: stored, not judged; later work of the same workstation is (F8)."""
    everyone_in(play)
    play.holding = play.world.rig.engine.connect()
    case = {"c": play.ground.cases[0]}
    play.holding.execute(text("SELECT 1 FROM rec_ver WHERE id = CAST(:c AS uuid) FOR UPDATE"), case)  # type: ignore[attr-defined]
    write(play, ANNA, "note", 0, 1)
    sync(play, ANNA)
    play.let_go()
    write(play, ANNA, "note", 0, 2)
    sync(play, ANNA)
    play.rest()
