"""The steps themselves: what people, supervisors, machines, lines and clocks do (docs/sync.md, section 15)."""

from sqlalchemy import text

from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.central.db import writing
from caller_app.central.rules import accounts, devices, feed, projects, retention, withdrawals
from caller_app.commands import attempts, calls
from caller_app.domain.changes import NoteAdded
from caller_app.domain.items import KIND_PROJECT
from tests.world import acts
from tests.world.faults import KINDS
from tests.world.play import Play
from tests.world.steps import step

FAULTS = tuple(KINDS)
PATHS = (None, "/v1/push", "/v1/pull", None, "/v1/push", "/v1/pull", None, "/v1/head", "/v1/register")
MINUTES = (0.1, 1, 5, 16, 11, 31, 200, 800, 1500, 4400)
SHIFTS = ({"hours": 1}, {"hours": -1}, {"days": 2}, {"days": -2}, {"days": 3650}, {"days": -3650}, {"minutes": 6})


# ---- a caller at work ------------------------------------------------------------------------------------------


@step(30)
def record(play: Play, a: int, b: int, c: int) -> None:
    number, device = play.machine(a)
    mine = sorted(device.cases())
    if mine:
        scene = play.scene(device, mine[b % len(mine)], c)
        assert scene is not None
        play.record(number, device, acts.KINDS[c % len(acts.KINDS)][1](scene))


@step(3)
def open_call(play: Play, a: int, b: int, c: int) -> None:
    number, device = play.machine(a)
    mine = sorted(device.cases())
    if mine:
        device.store.write(calls.open_call, case_id=mine[b % len(mine)])
        play.note_what_is_new(number, device)


@step(3)
def edit_draft(play: Play, a: int, b: int, c: int) -> None:
    _, device = play.machine(a)
    drafts = device.store.read(lambda view: view.drafts())
    if drafts and device.item(drafts[b % len(drafts)].case_id):
        case_id = drafts[b % len(drafts)].case_id
        device.store.write(calls.save_page, case_id=case_id, page=c % 4, answers={"note": f"draft {c}"})


@step(3)
def close_call(play: Play, a: int, b: int, c: int) -> None:
    number, device = play.machine(a)
    drafts = device.store.read(lambda view: view.drafts())
    if not drafts:
        return
    case_id = drafts[b % len(drafts)].case_id
    item = device.item(case_id)
    try:
        if item is None or c % 3 == 0:
            device.store.write(calls.leave_call, case_id=case_id)
        else:
            number_used = item.numbers[0].e164
            device.store.write(
                attempts.record_attempt, case_id=case_id, outcome="C01", facts={"number_used": number_used}
            )
    except Refused:
        pass  # a rule of calling, tested elsewhere
    play.note_what_is_new(number, device)


@step(2)
def on_screen(play: Play, a: int, b: int, c: int) -> None:
    _, device = play.machine(a)
    mine = sorted(device.cases())
    device.store.on_screen = mine[b % len(mine)] if mine and c % 2 else None


@step(1)
def forge(play: Play, a: int, b: int, c: int) -> None:
    """Somebody records about a person who was never on their list."""
    number, device = play.machine(a)
    user = device.user.user_id
    ever = {row.rec_id for row in play.world.rig.ask("SELECT rec_id FROM assignment WHERE user_id = :u", u=user)}
    others = [case for case in play.ground.cases if case not in ever and device.item(case) is None]
    if others:
        change = NoteAdded(case_id=others[b % len(others)], act_id=new_id(), words=f"forged {c}")
        play.record(number, device, [change], foreign=True)


# ---- machines, lines, clocks -------------------------------------------------------------------------------------


@step(36)
def sync(play: Play, a: int, b: int, c: int) -> None:
    number, device = play.machine(a)
    if device.credentials.tokens is None:
        device.let_in()
    play.pass_of(number, device)


@step(24)
def fault(play: Play, a: int, b: int, c: int) -> None:
    _, device = play.machine(a)
    device.line.plant(FAULTS[b % len(FAULTS)], PATHS[c % len(PATHS)], c * 7, times=1 + (c % 11 == 0))


@step(3)
def late_ones_arrive(play: Play, a: int, b: int, c: int) -> None:
    _, device = play.machine(a)
    device.adapter.late_ones_arrive()


@step(2)
def cut(play: Play, a: int, b: int, c: int) -> None:
    _, device = play.machine(a)
    device.line.cut = not device.line.cut


@step(3)
def restart(play: Play, a: int, b: int, c: int) -> None:
    number, device = play.machine(a)
    device.restart()
    play.watch.lease_kept(number)


@step(7)
def wait(play: Play, a: int, b: int, c: int) -> None:
    play.pass_by(minutes=MINUTES[(b if a % 3 else 0) % len(MINUTES)])


@step(2)
def turn_clock(play: Play, a: int, b: int, c: int) -> None:
    number, device = play.machine(a)
    device.clock.turn_wall(**SHIFTS[b % len(SHIFTS)])
    for key in [key for key in play.watch.held_since if key[0] == number]:
        play.watch.held_since[key] = play.world.clock.now()  # a clock set back begins the half hour anew


@step(2)
def image(play: Play, a: int, b: int, c: int) -> None:
    number, device = play.machine(a)
    folder = play.world.folder / f"image-{len(play.images)}"
    play.images.append((number, play.world.image(device, folder)))


@step(2)
def roll_back(play: Play, a: int, b: int, c: int) -> None:
    if not play.images:
        return
    number, folder = play.images[a % len(play.images)]
    device = play.world.devices[number]
    lost = {row.change_id for row in device.outbox()}
    play.world.roll_back(device, folder)
    device.line.about.late.clear()
    stored = {row.change_id for row in play.world.rig.ask("SELECT change_id FROM change")}
    left = stored.union(*({row.change_id for row in one.outbox()} for one in play.world.devices))
    play.book.forgive(lost - left)
    play.book.promises_broken.pop(number, None)  # the sentence went with the disk
    play.watch.stale.add(number)


@step(2)
def clone(play: Play, a: int, b: int, c: int) -> None:
    number, device = play.machine(a)
    if len(play.world.devices) > 5:
        return
    twin = play.world.clone(device, clock=play.clock_now(), signed_in=False)
    twin.line.receipts |= device.line.receipts
    play.watch.stale.update({number, len(play.world.devices) - 1})


# ---- accounts ------------------------------------------------------------------------------------------------------


@step(2)
def token_runs_out(play: Play, a: int, b: int, c: int) -> None:
    _, device = play.machine(a)
    ends = "access_until = :now" if c % 3 else "refresh_until = :now, access_until = :now"
    with play.world.rig.engine.begin() as conn:
        conn.execute(
            text(f"UPDATE session SET {ends} WHERE user_id = :u"),
            {"now": play.world.clock.now(), "u": device.user.user_id},
        )


@step(1)
def revoke(play: Play, a: int, b: int, c: int) -> None:
    number, device = play.machine(a)
    device_id = device.identity().device_id
    known = play.world.rig.ask("SELECT 1 FROM device WHERE device_id = CAST(:d AS uuid)", d=device_id)
    if c % 3 == 0 and device_id and known:
        now = play.world.clock.now()
        writing(play.world.rig.engine, lambda conn: devices.revoke(conn, device_id, now=now))
        play.book.revoked.add(number)


@step(1)
def disable(play: Play, a: int, b: int, c: int) -> None:
    _, device = play.machine(a)
    if c % 4 == 0 and not play.book.drained:
        now = play.world.clock.now()
        writing(play.world.rig.engine, lambda conn: accounts.drain(conn, name=device.user.name, now=now))
        play.book.drained.add(device.user.user_id)


# ---- supervisors and the centre --------------------------------------------------------------------------------


@step(8)
def reassign(play: Play, a: int, b: int, c: int) -> None:
    giver, taker = play.ground.people[a % 3], play.ground.people[(a + 1 + b % 2) % 3]
    held = [one.id for one in play.world.rig.ask(
        "SELECT id FROM rec_ver WHERE assignee = :u ORDER BY id", u=giver.user_id)]  # fmt: skip
    if held and taker.user_id not in play.book.drained:
        chosen = [held[c % len(held)], held[(c // 7) % len(held)]]
        play.world.rig.reassign(giver, taker, chosen)


@step(2)
def reassign_all(play: Play, a: int, b: int, c: int) -> None:
    giver, taker = play.ground.people[a % 3], play.ground.people[(a + 1 + b % 2) % 3]
    if taker.user_id not in play.book.drained:
        play.world.rig.reassign(giver, taker)


@step(2)
def new_case(play: Play, a: int, b: int, c: int) -> None:
    taker = play.ground.people[a % 3]
    if taker.user_id not in play.book.drained:
        play.world.rig.cases(play.ground.projects[b % 2], 1, to=taker)


@step(1)
def list_says_stop(play: Play, a: int, b: int, c: int) -> None:
    """A new list of the practice says that the person must not be rung."""
    case_id = play.ground.cases[b % len(play.ground.cases)]
    now = play.world.clock.now()

    def work(conn: object) -> None:
        nhs = play.world.rig.item(case_id).patient.nhs_number
        feed.write(conn, withdrawals.close_cases(conn, {nhs: "import_opt_out"}, now=now))  # type: ignore[arg-type]
        play.book.stops.update(
            row.case_id
            for row in play.world.rig.ask(
                "SELECT case_id FROM cases JOIN person USING (person_id) WHERE nhs_number = :n", n=nhs
            )
        )

    writing(play.world.rig.engine, work)


@step(2)
def publish(play: Play, a: int, b: int, c: int) -> None:
    """A new version of a project record, or its withdrawal from everybody who has it."""
    project_id = play.ground.projects[a % 2].project_id

    def work(conn: object) -> None:
        holders = projects.holders(conn, KIND_PROJECT, project_id)  # type: ignore[arg-type]
        if c % 5 == 0:
            holders = [feed.Entry(one.user_id, one.kind, one.rec_id, "withdrawn") for one in holders]
        else:
            conn.execute(text("UPDATE rec_ver SET ver = ver + 1 WHERE id = CAST(:p AS uuid)"), {"p": project_id})  # type: ignore[attr-defined]
        feed.write(conn, holders)  # type: ignore[arg-type]

    writing(play.world.rig.engine, work)


@step(4)
def collect(play: Play, a: int, b: int, c: int) -> None:
    retention.tidy(play.world.rig.engine, now=play.world.clock.now())


@step(3)
def judging_waits(play: Play, a: int, b: int, c: int) -> None:
    """Another program holds the rows of some cases: what is pushed is stored and stays without a verdict."""
    if play.holding is None:
        play.holding = play.world.rig.engine.connect()
        case_id = play.ground.cases[b % len(play.ground.cases)]
        play.holding.execute(text("SELECT 1 FROM rec_ver WHERE id = CAST(:c AS uuid) FOR UPDATE"), {"c": case_id})
    else:
        play.let_go()


@step(3)
def worker(play: Play, a: int, b: int, c: int) -> None:
    play.world.judge_waiting()


@step(5)
def back_up(play: Play, a: int, b: int, c: int) -> None:
    if len(play.copies) < 3:
        sworn = c % 3 > 0
        play.copies.append(play.world.back_up() if sworn else play.world.copy_centre())
        play.sworn = len(play.copies) - 1 if sworn else play.sworn


@step(4)
def restore(play: Play, a: int, b: int, c: int) -> None:
    play.restore(len(play.copies) - 1 if c % 3 else a)
