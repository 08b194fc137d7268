"""One pass of sync as the workstation runs it, cut at every request so that anything may happen in between.

`next_request` gives what the pass asks next (None: it is over), `take` takes in an answer, `no_answer` the lack of
one. What a reader would get wrong: every answer is looked at for signs that either side went back in time.
"""

from tests.simulate import lease, pages, station
from tests.simulate.parts import (
    ACKED,
    ALONE_TRIES,
    BATCH,
    DURABLE,
    PENDING,
    PULL_AT_LEAST,
    REPLAYS,
    SENT,
    SUSPECT,
    Broken,
    Request,
)  # fmt: skip


def next_request(w, s):
    """Give the next request of the pass, starting one where none runs."""
    if not s.phase:
        s.pass_at = w.now
        lease.note_time(w, s)
        lease.end_if_due(w, s)
        s.pull_due = station.let_go(w, s)
        s.registered = s.handed_in = s.push_failed = False
        s.resets = s.replays = 0
        s.head = 0
        s.most = BATCH
        s.phase = "push" if s.device else "register"
        s.slot += 1
    for _ in range(4):
        q = _PHASES[s.phase](w, s)
        if q is not None:
            return _emit(w, s, q)
        if not s.phase:
            return None
    return None


def _emit(w, s, q):
    if w.now < s.next_try or s.failed_at == s.slot:
        raise Broken("I16", f"workstation {s.wid} asks again in the slot in which it failed")
    for cid, _, ch in q.items:
        if ch.author != q.user:
            raise Broken("I20", f"change {cid} of person {ch.author} is sent as person {q.user}")
        one = s.box.get(cid)
        if one is None:
            continue
        if one.slot != s.slot:
            one.slot, one.sent_in_slot = s.slot, 0
        one.sent_in_slot += 1
        if one.sent_in_slot > 12:  # found by halves, and once more under a new device id
            raise Broken("I16", f"change {cid} is sent {one.sent_in_slot} times in one slot")
    if q.kind == "push" and q.items and w.unsent_concern(s) and not any(ch.kind == 6 for _, _, ch in q.items):
        raise Broken("F54", "a safeguarding flag waits behind the queue")
    s.inflight = q
    return q


def _ask(w, s, kind):
    user = s.signed_in if w.bad == "sent_as_whoever_is_signed_in" else s.user
    q = Request(kind, w.next_request(), s.wid, user, s.device)
    q.epoch = s.epoch
    q.acked = s.acked
    q.sent_at = s.wall(w)
    return q


def _register(w, s):
    q = _ask(w, s, "register")
    q.device = 0
    return q


def _push(w, s):
    kind = "push"
    rows = station.take_batch(w, s, s.most)
    smaller = max(1, BATCH >> (2 * min(4, max((one.tries for one in rows), default=0))))
    if len(rows) > smaller and w.bad != "no_bisecting":
        station.not_sent(s)
        rows = station.take_batch(w, s, smaller)
    if not rows:
        kind, rows = "opaque", [one for one in s.box.values() if one.state == SUSPECT][:1]
        if not rows:
            s.phase = "prove"
            return None
        s.batch = rows[0].batch = w.next_batch()
    q = _ask(w, s, kind)
    q.batch = s.batch
    if w.bad != "receipts_named_by_the_watermark_alone":
        q.beyond = station.receipts_beyond(s)
    q.items = tuple((one.change.cid, one.dseq, one.change) for one in rows)
    return q


def _prove(w, s):
    """Nothing waits to be sent: have named by id what is to be erased, and what was before time went back."""
    rows = station.due(w, s)[:BATCH] if w.bad != "erased_without_proof" else []
    doubted = sorted(s.doubted)[:BATCH]
    if not rows and not doubted:
        s.phase = "pull"
        return None
    q = _ask(w, s, "held")
    q.asked = (*((one.change.cid, one.dseq) for one in rows), *((cid, 0) for cid in doubted))
    return q


def _pull(w, s):
    if not s.pull_due and not (
        s.mode == "snapshot" or s.pulled_at is None or abs(s.wall(w) - s.pulled_at) >= PULL_AT_LEAST
    ):
        if not s.head:
            return _ask(w, s, "head")
        if s.head == s.cursor:
            _over(w, s)
            return None
    q = _ask(w, s, "pull")
    q.cursor, q.token, q.mode, q.epoch = s.cursor, s.token, s.mode, s.list_epoch
    q.held = tuple(sorted({*s.held, s.on_screen} - {-1}))
    return q


_PHASES = {"register": _register, "push": _push, "prove": _prove, "pull": _pull}


def _over(w, s):
    """The pass is over: it failed where its push did, though the list was read all the same."""
    s.phase = ""
    s.fails = min(s.fails + 1, 30) if s.push_failed else 0
    if s.push_failed:
        s.next_try = w.now + 1 + w.draw(min(60, 1 << (s.fails - 1)))


def no_answer(w, s, counted=False):
    """Nothing that counts came back: what was on its way is pending again, and the pass is over until its time."""
    station.not_sent(s, counted)
    s.inflight = s.answer = None
    if w.bad == "hot_retry":
        s.phase = s.phase or "push"
        s.failed_at = s.slot
        return
    s.phase = ""
    s.fails = min(s.fails + 1, 30)
    s.next_try = w.now + 1 + w.draw(min(60, 1 << (s.fails - 1)))


def take(w, s, r, dies=-1):
    """Take in an answer; `dies` is the step inside at which the program is killed."""
    q = s.inflight
    if r.code == "bogus":
        if w.bad == "acknowledged_on_any_200" and q.kind == "push":
            for cid, _, _ in q.items:
                if cid in s.box:
                    s.box[cid].state = ACKED
            w.after_bogus(s)
        no_answer(w, s)
        return
    if r.rid != q.rid and w.bad != "reply_without_its_echo_counts":
        return  # an answer to something asked long ago
    s.inflight = s.answer = None
    if r.code in ("gone", "forked"):
        if r.code == "gone" and w.bad == "erased_missed_by_its_number":
            _alarm_by_number(w, s, 0)
        station.not_sent(s)
        _lost(w, s)
    elif r.code == "wipe":
        w.hit("wiped by order")
        station.not_sent(s)
        s.fresh_list()
        w.dirty |= 4
        s.unsure = False
        if s.handed_in or w.bad == "nobody_asks_where_no_list_is_served" or not station.acknowledged_again(w, s):
            s.phase = ""
            s.next_try = w.now + 60
        else:
            s.handed_in = True
            s.phase = "push"
    elif r.code == "rejected":
        _rejected(w, s, q)
    elif r.code == "failed":
        rows = [s.box[cid] for cid, _, _ in q.items if cid in s.box]
        alone = q.kind == "push" and len(rows) == 1
        if q.kind == "push" and w.bad != "hot_retry":
            w.hit("push failed, list read")
            station.not_sent(s, counted=True)
            s.push_failed = True
            s.phase = "pull"
        else:
            no_answer(w, s, counted=True)
        if alone and rows[0].tries >= ALONE_TRIES and w.bad != "no_bisecting":
            rows[0].state = SUSPECT
    elif r.code != "ok":
        no_answer(w, s)
    else:
        _OK[q.kind](w, s, q, r, dies)


def _rejected(w, s, q):
    """Something in this batch cannot be read: find it by halves, now."""
    rows = [s.box[cid] for cid, _, _ in q.items if cid in s.box]
    station.not_sent(s, counted=True)
    if q.kind == "opaque" or w.bad == "no_bisecting":
        no_answer(w, s)
    elif len(rows) == 1:
        rows[0].state = SUSPECT
        s.most = BATCH
    else:
        s.most = max(1, len(rows) // 2)


def _registered(w, s, q, r, dies):
    if dies == 0:
        s.restart(w)
        return
    station.take_device(w, s, r.device, r.epoch)
    station.start_over(w, s)
    w.dirty |= 9
    if dies > 0:
        s.restart(w)
        return
    s.registered = True
    s.unsure = True
    s.phase = "push"


def _pushed(w, s, q, r, dies):
    if dies == 0:
        s.restart(w)
        return
    if r.batch != q.batch and w.bad != "reply_without_its_echo_counts":
        no_answer(w, s)
        return
    done = station.settle(w, s, r.results)
    w.dirty |= 1
    s.most = BATCH
    if dies > 0:
        s.restart(w)
        return
    if any(c.verdict == "quarantined" for c in s.box.values() if c.state == ACKED):
        s.pull_due = True
    if not _look_back(w, s, r) and done == 0:
        s.phase = "prove"


def _proved(w, s, q, r, dies):
    """The centre has named what it holds: what it does not name as durable is not erased."""
    if dies == 0:
        s.restart(w)
        return
    if _look_back(w, s, r):
        return
    doubted = {cid for cid, dseq in q.asked if not dseq}
    gone = tuple(sorted(doubted - r.held))
    if gone:
        s.alarm = (*s.alarm, *gone)
        w.hit("alarm: older than promised")
    s.doubted -= doubted
    due = {cid for cid, dseq in q.asked if dseq}
    if not due <= r.proved:
        w.hit("a number called durable is another's")
        _lost(w, s)
    else:
        station.erase(w, s, [s.box[cid] for cid in due])
    if dies > 0:
        s.restart(w)


def _headed(w, s, q, r, dies):
    if _look_back(w, s, r):
        s.pull_due = True
    elif r.head == s.cursor:
        _over(w, s)


def _pulled(w, s, q, r, dies):
    if r.reset:
        s.resets += 1
        w.check_reset(s, r.reset)
        s.unlooked = False
        if r.reset == "token":
            s.token_resets += 1
            if s.token_resets > 1 and w.bad != "twins_never_part":
                w.hit("twins part")
                _lost(w, s)
                return
        again = _look_back(w, s, r)
        if not s.phase or s.phase == "register":
            return
        if r.reset != "collected" and not again and w.bad != "token_reset_replays_nothing":
            station.all_again(w, s, r.epoch)
        station.start_over(w, s)
        if s.resets > 2:
            _over(w, s)
        elif s.unsent() and not s.push_failed:
            s.phase = "push"
        return
    if r.lines is None or r.from_ != q.cursor:
        no_answer(w, s)
        return
    fresh = s.pulled_at is None and not s.registered
    removed, alive = pages.apply(w, s, r, dies)
    if not alive:
        s.restart(w)
        return
    was_snapshot = q.mode == "snapshot"
    if _look_back(w, s, r) or not s.phase:
        return
    receipts = any(one.state in (ACKED, DURABLE) for one in s.box.values())
    if fresh and receipts and w.bad != "lost_list_asks_for_no_receipts":
        w.hit("receipts asked for with a new list")
        station.all_again(w, s, s.epoch)
    s.pull_due = bool(removed) or was_snapshot
    if not r.more and not s.pull_due:
        _over(w, s)


_OK = {
    "register": _registered, "push": _pushed, "opaque": _pushed, "held": _proved, "head": _headed, "pull": _pulled,
}  # fmt: skip


def _lost(w, s):
    """The centre does not know this device, or another copy of it took its numbers."""
    w.hit("device lost")
    if s.registered:
        no_answer(w, s)
    else:
        s.phase = "register"


def _alarm_by_number(w, s, above):
    """As it was once: name what was erased under numbers that the centre's watermark is below."""
    gone = tuple(cid for cid, (device, dseq) in s.ledger.items() if device == s.device and dseq > above)
    if gone:
        s.alarm = (*s.alarm, *gone)


def _look_back(w, s, r):
    """Look at an answer for signs of a past; tells whether the list has to be asked for again."""
    s.head = r.head
    if not s.epoch:
        s.epoch = r.epoch
    if r.last >= s.next_dseq:
        w.hit("the centre knows numbers never given here")
        _lost(w, s)
        return True
    lost = r.last < s.acked and w.bad != "no_watermark_check"
    if lost:
        w.hit("the centre lost changes")
        if w.bad == "erased_missed_by_its_number":
            _alarm_by_number(w, s, r.last)
    if lost and not _retained(w, s, r.last + 1):
        w.hit("a hole that nothing here can fill")
        _lost(w, s)
        return True
    if lost or (r.epoch != s.epoch and w.bad != "no_epoch"):
        if r.epoch != s.epoch:
            w.hit("new epoch")
        s.replays += 1
        if s.replays > REPLAYS:
            no_answer(w, s)
            return True
        station.all_again(w, s, r.epoch)
        station.start_over(w, s)
        if s.phase:
            s.phase = "push" if s.box and not s.push_failed else "pull"
        return True
    if r.head < s.cursor:
        w.hit("feed behind the copy")
        s.unlooked = False
        if w.bad != "feed_behind_replays_nothing":
            station.all_again(w, s, r.epoch)
        station.start_over(w, s)
        if s.phase and s.unsent() and not s.push_failed:
            s.phase = "push"
        return True
    station.durable_up_to(w, s, r.durable)
    return False


def _retained(w, s, missing):
    """Tell whether the first number the centre lacks is still here: what was erased can lie above what was not."""
    numbers = [one.dseq for one in s.box.values()]
    if w.bad == "hole_sought_below_what_is_retained":
        return bool(numbers) and missing >= numbers[0]
    return missing in numbers


def waiting(s):
    """Tell whether anything waits to be sent."""
    return any(one.state in (PENDING, SENT, SUSPECT) for one in s.box.values())
