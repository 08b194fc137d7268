"""The steps of a schedule: plain tuples of a name and up to three numbers, each able to be left out.

What a reader would get wrong: a step that does not fit the state (no such workstation, nothing in flight) does nothing.
That is what makes shrinking simple: any part of a failing schedule is again a schedule.
"""

from tests.simulate import centre, intake, judging, lease, station
from tests.simulate.parts import HOUR, NOTICE, Change, Request
from tests.simulate.world import BOGUS, CASES, USERS

FAULTS = (
    "request lost", "request late", "request twice", "request again later", "centre dies before",
    "centre dies between", "centre dies after", "judging fails", "workstation dies", "workstation dies", "reply lost",
    "reply cut", "reply late", "reply from long ago", *BOGUS,
)  # fmt: skip

SPANS = (5, 60, 700, 2000, HOUR, 25 * HOUR, 74 * HOUR, 31 * 24 * HOUR)
SHIFTS = (-10 * 365 * 24 * HOUR, -2 * HOUR, -80 * HOUR, 0, 2 * HOUR, 10 * 365 * 24 * HOUR)


def run(w, step):
    """Take one step."""
    name, a, b, d = step
    _STEPS[name](w, a, b, d)


def _at(w, a):
    return w.stations[a % len(w.stations)]


def record(w, a, b, d):
    kind, arg = divmod(d, 8)
    station.record(w, _at(w, a), b % CASES, kind, arg % 3 if kind == 0 else arg)


def cycle(w, a, b, d):
    w.cycle(_at(w, a))


def faulty(w, a, b, d):
    fault, extra = divmod(d, 8)
    w.cycle(_at(w, a), FAULTS[fault % len(FAULTS)], b, extra)


def go(w, a, b, d):
    w.send(_at(w, a))


def arrive(w, a, b, d):
    w.arrive(_at(w, a))


def back(w, a, b, d):
    w.back(_at(w, a))


def exchange(w, a, b, d):
    w.exchange(_at(w, a))


def stray(w, a, b, d):
    w.stray(a)


def crash(w, a, b, d):
    w.fault("workstation dies")
    _at(w, a).restart(w)


def assign(w, a, b, d):
    centre.move(w, w.centre, (a % CASES,), b % USERS)


def assign_all(w, a, b, d):
    cases = [number for number, one in enumerate(w.centre.cases) if one.assignee == a % USERS]
    if a % USERS != b % USERS:
        centre.move(w, w.centre, cases, b % USERS)


def begin_move(w, a, b, d):
    centre.begin_move(w, w.centre, a % CASES, b % USERS)


def end_move(w, a, b, d):
    if w.centre.open_moves:
        centre.end_move(w, w.centre, a % len(w.centre.open_moves), commit=bool(b % 4))


def tidy(w, a, b, d):
    centre.tidy(w, w.centre)


def collect(w, a, b, d):
    centre.collect(w, w.centre, a % USERS)


def retire(w, a, b, d):
    for one in w.centre.devices.values():
        if one.status == "active" and one.seen < w.now - 30 * 24 * HOUR:
            one.status = "retired"


def worker(w, a, b, d):
    judging.judge_waiting(w, w.centre)


def upgrade(w, a, b, d):
    w.centre.upgraded = True


def post(w, a, b, d):
    intake.post_messages(w, w.centre, dies=not a % 3)


def backup_begin(w, a, b, d):
    w.pending_backup = (w.centre.copy(), {key: one.last for key, one in w.centre.devices.items()})


def backup_end(w, a, b, d):
    """A backup counts once it is finished: only then are the numbers it holds called durable."""
    if w.pending_backup is None:
        return
    copy, marks = w.pending_backup
    w.pending_backup = None
    if w.bad == "durable_before_it_is_in_a_backup":
        marks = {key: one.last for key, one in w.centre.devices.items()}
    for key, last in marks.items():
        if key in w.centre.devices:
            device = w.centre.devices[key]
            device.durable = max(device.durable, last)
    w.copies = [*w.copies[-1:], copy]
    w.firm = len(w.copies) - 1
    w.hit("backup")


def mark(w, a, b, d):
    """A point the log of the database would allow to go back to."""
    if w.copies and len(w.copies) < 4:
        w.copies.append(w.centre.copy())


def restore(w, a, b, d):
    good = _good_copies(w)
    if good:
        w.fault("centre restored to a point in time")
        w.restore(good[a % len(good)], new_epoch=True)


def rollback(w, a, b, d):
    good = _good_copies(w)
    if good:
        w.fault("centre put back as a file copy")
        w.restore(good[a % len(good)], new_epoch=False)


def restore_older(w, a, b, d):
    if w.copies:
        w.fault("centre restored older than promised")
        w.restore_older(w.copies[0])


def _good_copies(w):
    """The copies that may be put back without a broken promise: the newest finished backup and what came after it."""
    return w.copies[w.firm :]


def image(w, a, b, d):
    """Keep an image of a workstation's disk; the next such step of the same workstation puts it back."""
    s = _at(w, a)
    kept = w.images.pop(s.wid, None)
    if kept is None:
        w.images[s.wid] = s.copy(s.wid)
    else:
        w.fault("workstation put back to an image")
        w.put_image_back(s, kept)


def clone(w, a, b, d):
    w.fault("workstation cloned")
    w.clone(_at(w, a))


def wait(w, a, b, d):
    w.now += SPANS[a % len(SPANS)]


def shift(w, a, b, d):
    w.fault("clock set")
    _at(w, a).offset = SHIFTS[b % len(SHIFTS)]


def reboot(w, a, b, d):
    s = _at(w, a)
    s.boot += 1
    s.boot_at = w.now
    s.restart(w)


def look(w, a, b, d):
    """Open the program without a network: the lease is looked at before the list is shown."""
    s = _at(w, a)
    if not s.phase:
        lease.note_time(w, s)
        lease.end_if_due(w, s)


def open_call(w, a, b, d):
    s = _at(w, a)
    if b % CASES in s.list:
        s.on_screen = b % CASES
        if d % 2:
            s.drafts.add(b % CASES)


def close_call(w, a, b, d):
    s = _at(w, a)
    s.drafts.discard(s.on_screen)
    s.on_screen = -1


def revoke(w, a, b, d):
    device = w.centre.devices.get(_at(w, a).device)
    if device is not None:
        w.fault("device revoked")
        device.status = "revoked"


def disable(w, a, b, d):
    w.fault("person disabled")
    w.centre.accounts[a % USERS] = "draining"


def enable(w, a, b, d):
    w.centre.accounts[a % USERS] = "active"


def forget(w, a, b, d):
    device = _at(w, a).device
    if w.centre.devices.pop(device, None) is not None:
        w.fault("centre forgot a device")
        w.turned_back = True


def sign_in_other(w, a, b, d):
    """Somebody else signs in at the same machine, or its owner comes back."""
    s = _at(w, a)
    s.signed_in = s.user if s.signed_in != s.user else (s.user + 1) % USERS
    if s.signed_in != s.user:
        w.fault("another person signs in")


def forge(w, a, b, d):
    """Somebody sends a known id with other content, or a change about a person who was never theirs."""
    s = _at(w, a)
    if not s.device or s.inflight is not None:
        return
    q = Request("push", w.next_request(), s.wid, s.user, s.device)
    if d % 2:
        known = [one.change for one in s.box.values()]
        if not known:
            return
        ch = known[b % len(known)]
        ch = ch.saying(w.next_batch())
        entry = s.box[ch.cid]
        w.fault("forged: known id, other content")
        device = w.centre.devices.get(s.device)
        if ch.cid not in w.centre.change or device is None or device.seqs.get(entry.dseq) != ch.cid:
            return
        q.items = ((ch.cid, entry.dseq, ch),)
        if intake.serve(w, w.centre, q).code == "ok":
            w.forged.append((ch.cid, ch.said))
    else:
        case = next((one for one in range(CASES) if s.user not in w.centre.cases[one].ever), None)
        if case is None:
            return
        w.fault("forged: a person never theirs")
        ch = Change(w.next_change(), s.wid, s.user, case, b % 7, 0, w.centre.cases[case].gen, 0, w.now)
        w.recorded[ch.cid] = ch
        s.box[ch.cid] = station.Entry(ch, s.next_dseq)
        s.next_dseq += 1
        w.dirty |= 1


_STEPS = {
    one.__name__: one
    for one in (
        record, cycle, faulty, go, arrive, back, exchange, stray, crash, assign, assign_all, begin_move, end_move, tidy,
        collect, retire, worker, upgrade, post, backup_begin, backup_end, mark, restore, rollback, restore_older, image,
        clone, wait, shift, reboot, look, open_call, close_call, revoke, disable, enable, forget, sign_in_other, forge,
    )
}  # fmt: skip

assert NOTICE > CASES
