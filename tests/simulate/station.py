"""A workstation as plain data: its outbox file, its list file, and what lives only while the program runs.

What a reader would get wrong: `copy` is the image of a disk, so everything that lives only in memory (a request in
flight, the pass that runs) is not in it, and what was on its way is not trusted to have arrived.
"""

from tests.simulate.parts import (
    ACKED,
    CONCERN,
    DURABLE,
    HELD_AT_MOST,
    KEPT_AFTER_DURABLE,
    PENDING,
    SENT,
    SUSPECT,
    Broken,
    Change,
    Entry,
)  # fmt: skip


class Station:
    """One installation of one person."""

    __slots__ = (
        "acked", "alarm", "answer", "batch", "believed", "boot", "boot_at", "boot_then", "box", "caught_up", "cursor",
        "device", "doubted", "drafts", "durable", "ended", "epoch", "failed_at", "fails", "gen", "granted",
        "granted_boot", "handed_in", "head", "held", "inflight", "lease_until", "ledger", "list", "list_epoch",
        "mode", "mono_then", "most", "next_dseq", "next_try", "offset", "on_screen", "pass_at",
        "phase", "pull_due", "pulled_at", "push_failed", "registered", "replays", "resets", "server_time", "signed_in",
        "slot", "token", "token_resets", "told_durable", "unlooked", "unsure", "user", "wall_then", "wid",
    )  # fmt: skip

    def __init__(self, wid, user):
        self.wid = wid
        self.user = user
        # outbox.db
        self.device = 0
        self.epoch = 0
        self.next_dseq = 1
        self.acked = 0
        self.durable = 0
        self.believed = 0
        self.alarm = ()
        self.box = {}  # change id -> Entry, in device order
        self.ledger = {}  # change id -> device and number under which it was erased
        self.doubted = set()  # of these: what the centre is to be asked for, because time may have gone back
        self.drafts = set()
        # the machine
        self.offset = 0
        self.boot = 1
        self.boot_at = 0
        # for the checks only
        self.told_durable = {}  # device -> the most the centre promised
        self.unsure = True  # a copy, an image or a restore: the centre cannot know what lies here until the next pass
        self.unlooked = False  # the centre was put back, and no token has been refused since
        self.granted = 0
        self.ended = 0
        self.granted_boot = 0
        self.fresh_list()
        self.switch_on()

    def fresh_list(self):
        """Start list.db anew."""
        self.list = {}  # record -> (body, generation)
        self.cursor = 0
        self.token = 0
        self.list_epoch = 0
        self.mode = "snapshot"
        self.gen = 1
        self.held = {}
        self.lease_until = 0
        self.server_time = 0
        self.wall_then = 0
        self.mono_then = 0
        self.boot_then = 0
        self.pulled_at = None
        self.caught_up = False

    def switch_on(self):
        """Start the program: nothing that lived in memory is there."""
        self.phase = ""
        self.pass_at = 0
        self.inflight = None
        self.answer = None
        self.batch = 0
        self.most = 0
        self.fails = 0
        self.next_try = 0
        self.failed_at = -1
        self.slot = 0
        self.signed_in = self.user
        self.on_screen = -1
        self.pull_due = self.push_failed = False
        self.registered = self.handed_in = False
        self.token_resets = 0
        self.resets = self.replays = 0
        self.head = 0

    def copy(self, wid):
        new = Station.__new__(Station)
        for name in _KEPT:
            setattr(new, name, getattr(self, name))
        new.wid = wid
        new.box = {cid: one.copy() for cid, one in self.box.items()}
        new.ledger = self.ledger.copy()
        new.doubted = self.doubted.copy()
        new.drafts = self.drafts.copy()
        new.told_durable = self.told_durable.copy()
        new.list = self.list.copy()
        new.held = self.held.copy()
        new.switch_on()
        return new

    def restart(self, w):
        """Kill the program and start it again."""
        self.switch_on()
        if w.bad == "sent_trusted_after_a_start":
            return
        for one in self.box.values():
            if one.state == SENT:
                one.state = PENDING

    def wall(self, w):
        return w.now + self.offset

    def mono(self, w):
        return w.now - self.boot_at

    def unsent(self):
        return sum(1 for one in self.box.values() if one.state in (PENDING, SENT, SUSPECT))


_KEPT = tuple(name for name in Station.__slots__ if name not in ("inflight", "answer"))


def record(w, s, case, kind, arg):
    """Record one change: its commit to the outbox is the recording."""
    held = s.list.get(case)
    if held is None:
        return
    body = held[0]
    if kind == 7:  # an undo names the newest attempt of this workstation at this case
        mine = [one.change.cid for one in s.box.values() if one.change.kind == 0 and one.change.case == case]
        if not mine:
            return
        arg = mine[-1]
    seen = body.fields[arg // 4 % 2] if kind == 2 else 0
    change = Change(w.next_change(), s.wid, s.user, case, kind, arg, body.gen, seen, s.wall(w))
    s.box[change.cid] = Entry(change, s.next_dseq)
    s.next_dseq += 1
    w.recorded[change.cid] = change
    s.drafts.discard(case)
    w.dirty |= 1


def take_batch(w, s, size):
    """Mark the next changes as sent: urgent ones first and alone."""
    rows = []
    if w.bad != "safeguarding_behind_the_queue":
        rows = [one for one in s.box.values() if one.state == PENDING and one.change.kind == CONCERN][:size]
        if rows and any(one.state == PENDING and one.dseq < rows[0].dseq for one in s.box.values()):
            w.hit("urgent before the queue")
    if not rows:
        rows = [one for one in s.box.values() if one.state == PENDING][:size]
    if not rows:
        return rows
    s.batch = w.next_batch()
    for one in rows:
        one.state = SENT
        one.batch = s.batch
    if w.bad == "delete_on_send":
        for one in rows:
            del s.box[one.change.cid]
        w.dirty |= 1
    return rows


def not_sent(s, counted=False):
    """Put the batch back: it may or may not have arrived."""
    for one in s.box.values():
        if one.state == SENT:
            one.state = PENDING
            one.batch = 0
            if counted:
                one.tries += 1


def settle(w, s, results):
    """Write down what the centre made of a batch it echoed."""
    done = 0
    for cid, dseq, verdict, _ in results:
        one = s.box.get(cid)
        if one is None or one.dseq != dseq or one.batch != s.batch or one.state not in (SENT, SUSPECT):
            continue
        if cid not in w.ever_stored:
            raise Broken("I4", f"change {cid} was acknowledged, and the centre never had it")
        one.state = ACKED
        one.verdict = verdict
        done += 1
    not_sent(s)
    move_watermark(s)
    if w.bad == "erase_before_durable":
        erase(w, s, [one for one in s.box.values() if one.state == ACKED])
    return done


def move_watermark(s):
    lowest = next((one.dseq for one in s.box.values() if one.state in (PENDING, SENT, SUSPECT)), s.next_dseq)
    s.acked = max(s.acked, lowest - 1)


def receipts_beyond(s):
    """Give the numbers above the watermark that have a receipt: what is unsent before them keeps it where it is."""
    return tuple(one.dseq for one in s.box.values() if one.dseq > s.acked and one.state in (ACKED, DURABLE))


def durable_up_to(w, s, dseq):
    """Take in the centre's promise."""
    s.told_durable[s.device] = max(s.told_durable.get(s.device, 0), dseq)
    for one in s.box.values():
        if one.state == ACKED and one.dseq <= dseq and one.verdict != "received":
            one.state = DURABLE
            one.durable_at = w.now
            w.hit("durable")
    s.durable = max(s.durable, min(dseq, s.acked))
    if w.bad == "erased_without_proof":
        erase(w, s, due(w, s))


def due(w, s):
    """What was called durable a day ago and may go, once the centre names it as durable by its id."""
    old = w.now - KEPT_AFTER_DURABLE
    return [one for one in s.box.values() if one.state == DURABLE and one.durable_at < old]


def doubt(w, s):
    """Time may have gone back: whether the centre still has what was erased here is asked, by its id."""
    s.doubted |= s.ledger.keys()


def erase(w, s, entries):
    for one in entries:
        if one.dseq > s.told_durable.get(s.device, 0):
            raise Broken("I1", f"change {one.change.cid} was erased before the centre called it durable")
        s.ledger[one.change.cid] = (s.device, one.dseq)
        del s.box[one.change.cid]
        w.hit("erased")
    w.dirty |= 1


def all_again(w, s, epoch):
    """The centre lost something: everything retained is pending again."""
    lowest = next(iter(s.box.values())).dseq if s.box else s.next_dseq
    back_to_pending(w, s)
    s.epoch = epoch
    s.durable = 0
    s.acked = lowest - 1
    if w.bad != "erased_missed_by_its_number":
        doubt(w, s)
    if s.box:
        w.hit("replay")


def back_to_pending(w, s):
    states = (ACKED, SENT) if w.bad == "replay_skips_the_durable" else (ACKED, DURABLE, SENT)
    for one in s.box.values():
        if one.state in states:
            one.state = PENDING
            one.verdict = ""
            one.tries = 0
            one.batch = 0
            one.durable_at = 0


def acknowledged_again(w, s):
    """Where no list is served no token tells that the centre went back: now and then what is not durable goes again."""
    rows = [one for one in s.box.values() if one.state == ACKED]
    for one in rows:
        one.state = SUSPECT if one.tries and one.verdict == "quarantined" else PENDING
        one.batch = 0
    if rows:
        w.hit("sent again where no list is served")
    return bool(rows)


def take_device(w, s, device, epoch):
    """Become a device the centre does not know: everything retained is renumbered from 1, ids stay."""
    back_to_pending(w, s)
    if s.box and s.device:
        w.hit("renumbered")
    if w.bad != "new_device_keeps_its_numbers":
        for number, one in enumerate(s.box.values(), start=1):
            one.dseq = number
        s.next_dseq = len(s.box) + 1
    if w.bad == "renumbering_changes_ids" and s.device:
        box = list(s.box.values())
        s.box.clear()
        for one in box:
            one.change = one.change.under(w.next_change())
            s.box[one.change.cid] = one
        w.dirty |= 1
    for other in w.stations:
        if other.device == s.device and other is not s:
            other.unsure = True  # its receipts may have been given by this one, as long as they shared a name
    if w.bad not in ("forgotten_without_an_alarm", "erased_missed_by_its_number"):
        doubt(w, s)
    s.device = device
    s.epoch = epoch
    s.acked = 0
    s.durable = 0


def start_over(w, s):
    """Read the list from zero; what is shown stays until the new reading is whole."""
    s.mode = "snapshot"
    s.cursor = 0
    s.token = 0
    s.list_epoch = 0
    s.gen += 1
    if w.bad == "reset_empties_the_outbox":
        s.box.clear()
        w.dirty |= 1


def let_go(w, s):
    """Remove held records whose call is over, or that were held for 30 minutes."""
    gone = False
    for record_id, since in list(s.held.items()):
        late = since + HELD_AT_MOST <= w.now and w.bad != "held_for_ever"
        if late or not (record_id in s.drafts or s.on_screen == record_id):
            if late:
                s.drafts.discard(record_id)
                w.hit("held for 30 minutes")
            del s.held[record_id]
            s.list.pop(record_id, None)
            w.dirty |= 4
            gone = True
    return gone
