"""The centre as plain data, and its feed: the numbers per person, pages, the collecting of tombstones.

What a reader would get wrong: a transaction of the model is one call, so nothing of it shows before it is done. The one
that is long on purpose is a move that a supervisor began and did not commit yet: it holds its case and, as the writer's
rule says, the counters of both persons; whoever else needs them waits for it, which here means that it ends first.
"""

from tests.simulate.parts import LEASE, PAGE, Broken, Case, Reply


class Centre:
    """The database. `open_moves` are transactions begun and not committed: no copy and no restart keeps them."""

    __slots__ = (
        "accounts", "cases", "change", "devices", "epoch", "gc", "heads", "judged", "late", "notices", "open_moves",
        "posted", "reuse", "reviews", "since", "upgraded", "verdict", "vis", "waived",
    )  # fmt: skip

    def __init__(self, users, cases):
        self.epoch = 1
        self.change = {}  # id -> Change
        self.verdict = {}  # id -> "received" | "applied" | "applied_review" | "quarantined"
        self.reviews = {}  # id -> class
        self.reuse = set()  # (id, what it said): the other envelopes of ids that came twice
        self.devices = {}
        self.cases = [Case(number % 2) for number in range(cases)]
        self.accounts = ["active"] * users
        self.heads = [0] * users
        self.gc = [0] * users
        self.vis = [{} for _ in range(users)]  # record -> (seq, why it is gone or None)
        self.notices = {}
        self.judged = ()  # change ids in the order they were judged
        self.late = ()  # ids without a verdict, in the order they were stored
        self.posted = frozenset()
        self.since = {}  # id -> when it was stored, of those that had to wait
        self.waived = frozenset()  # judged beyond a hole because the hole was not filled in time
        self.upgraded = False
        self.open_moves = []
        for number, case in enumerate(self.cases):
            self.heads[case.assignee] += 1
            self.vis[case.assignee][number] = (self.heads[case.assignee], None)

    def copy(self):
        new = Centre.__new__(Centre)
        new.epoch = self.epoch
        new.change = self.change.copy()
        new.verdict = self.verdict.copy()
        new.reviews = self.reviews.copy()
        new.reuse = self.reuse.copy()
        new.devices = {key: one.copy() for key, one in self.devices.items()}
        new.cases = self.cases.copy()
        new.accounts = self.accounts.copy()
        new.heads = self.heads.copy()
        new.gc = self.gc.copy()
        new.vis = [one.copy() for one in self.vis]
        new.notices = self.notices.copy()
        new.judged = self.judged
        new.late = self.late
        new.posted = self.posted
        new.since = self.since.copy()
        new.waived = self.waived
        new.upgraded = self.upgraded
        new.open_moves = []
        return new

    def body(self, record):
        return self.cases[record] if record < 1000 else self.notices.get(record)


def write_feed(w, c, entries):
    """Writer's rule W: the numbers of each touched person, in order of person, as the last act of a transaction."""
    if not entries:
        return
    per = {}
    for user, record, why in entries:
        mine = per.setdefault(user, {})
        mine.pop(record, None)
        mine[record] = why
    for user in sorted(per):
        numbers = None
        if w.bad == "cursor_from_a_sequence":
            numbers = [w.next_sequence() for _ in per[user]]
        put_numbers(w, c, user, per[user], numbers)


def put_numbers(w, c, user, records, numbers):
    head = c.heads[user]
    vis = c.vis[user]
    for place, (record, why) in enumerate(records.items()):
        seq = head + 1 if numbers is None else numbers[place]
        if seq <= w.served[user]:
            raise Broken("I6", f"number {seq} of person {user} appears after {w.served[user]} had been served")
        head = max(head, seq)
        if why and w.bad == "removal_not_delivered":
            vis.pop(record, None)
            continue
        vis[record] = (seq, why)
    c.heads[user] = head


def begin_move(w, c, case, to_user):
    """Begin to move a case and stop short of the commit."""
    wait_for(w, c, (), (case,))
    held = c.cases[case]
    if held.assignee is None or held.assignee == to_user or held.status == 1 or c.accounts[to_user] != "active":
        return
    wait_for(w, c, (held.assignee, to_user), ())
    numbers = None
    if w.bad == "cursor_from_a_sequence":
        numbers = (w.next_sequence(), w.next_sequence())
    c.open_moves.append((case, held.assignee, to_user, numbers))
    w.hit("slow commit")


def end_move(w, c, place, commit=True):
    """Commit or roll back a move that was begun."""
    case, from_user, to_user, numbers = c.open_moves.pop(place)
    if not commit:
        w.hit("slow commit rolled back")
        return
    moved(w, c, case, to_user)
    if numbers is None:
        write_feed(w, c, [(to_user, case, None), (from_user, case, "reassigned")])
    else:
        for user, why, number in ((from_user, "reassigned", numbers[0]), (to_user, None, numbers[1])):
            put_numbers(w, c, user, {case: why}, (number,))


def wait_for(w, c, users, cases):
    """Wait for open moves that hold a counter or a case needed now."""
    place = 0
    while place < len(c.open_moves):
        case, from_user, to_user, _ = c.open_moves[place]
        counters = w.bad != "cursor_from_a_sequence" and (from_user in users or to_user in users)
        if counters or case in cases:
            w.hit("waited for a counter")
            end_move(w, c, place)
        else:
            place += 1


def moved(w, c, case, to_user):
    new = c.cases[case].copy()
    new.assignee = to_user
    new.gen += 1
    new.ever = (*new.ever, to_user)
    new.moved_at = w.now
    new.taker_called = False
    if w.bad == "promise_lost_on_reassignment":
        new.promises = ()
    c.cases[case] = new


def move(w, c, cases, to_user):
    """Move cases to another person, in one transaction."""
    wanted = [
        one
        for one in cases
        if c.cases[one].assignee not in (None, to_user) and c.cases[one].status != 1
    ]  # fmt: skip
    if not wanted or c.accounts[to_user] != "active":
        return
    wait_for(w, c, {to_user, *(c.cases[one].assignee for one in wanted)}, wanted)
    wanted = [one for one in wanted if c.cases[one].assignee not in (None, to_user)]
    entries = []
    for one in wanted:
        entries.append((c.cases[one].assignee, one, "reassigned"))
        moved(w, c, one, to_user)
    entries[:0] = [(to_user, one, None) for one in wanted]
    write_feed(w, c, entries)
    w.hit("moved")


def tidy(w, c):
    """Take closed cases off lists (the model does not wait a day for it)."""
    entries = []
    for number, case in enumerate(c.cases):
        if case.status == 1 and not case.left and case.assignee is not None:
            wait_for(w, c, (case.assignee,), (number,))
            new = case.copy()
            new.left = True
            c.cases[number] = new
            entries.append((case.assignee, number, "closed"))
    write_feed(w, c, entries)


def collect(w, c, user):
    """Forget tombstones that every device of a person took."""
    wait_for(w, c, (user,), ())
    vis = c.vis[user]
    if w.bad == "naive_tombstone_collection":
        for record in [one for one, (_, why) in vis.items() if why]:
            del vis[record]
        return
    taken = min((one.pulled for one in c.devices.values() if one.user == user and one.status != "retired"), default=0)
    old = [record for record, (seq, why) in vis.items() if why and seq <= taken]
    if old:
        for record in old:
            del vis[record]
        c.gc[user] = max(c.gc[user], taken)
        w.hit("tombstones collected")
        if c.gc[user] >= max((seq for seq, _ in vis.values()), default=0):
            w.hit("feed ends in collected numbers")


def serve_pull(w, c, q):
    """Answer a pull: check the history, read one page in one snapshot, note the receipt."""
    device = c.devices.get(q.device)
    if device is None:
        return Reply(q.rid, "gone")
    if device.user != q.user:
        return Reply(q.rid, "refused")
    if c.accounts[q.user] != "active" or device.status == "revoked":
        return Reply(q.rid, "wipe")
    if device.status == "retired":
        device.status = "active"
        w.hit("retired device came back")
    device.seen = w.now
    head = c.heads[q.user]
    reply = standing(w, c, Reply(q.rid), device)
    reply.reset = _reset(w, c, q, device, head)
    if reply.reset:
        w.hit("reset: " + reply.reset)
        return reply
    if w.bad == "rows_before_head" and c.open_moves:
        # Two snapshots: the rows are read, a slow transaction commits, and only then is the head read.
        rows = _rows(c, q)
        end_move(w, c, 0)
        head = reply.head = c.heads[q.user]
    else:
        rows = _rows(c, q)
    full = len(rows) >= PAGE
    rows = rows[:PAGE]
    last = rows[-1][0] if rows else q.cursor
    reply.to = last if full or w.bad == "short_page_ends_at_its_last_row" else head
    if not full and reply.to > last:
        w.hit("short page ends at the head")
    reply.more = reply.to < head
    reply.from_ = q.cursor
    reply.lines = tuple(
        (seq, record, None if why else c.body(record)) for seq, record, why in rows
    )  # fmt: skip
    if not reply.more:
        reply.truth = {record: c.body(record) for record, (_, why) in c.vis[q.user].items() if not why}
    w.served[q.user] = max(w.served[q.user], head)
    _receipt(w, q, device, reply)
    reply.lease = w.now + LEASE
    return reply


def standing(w, c, reply, device):
    reply.epoch = c.epoch
    reply.time = w.now
    if device is not None:
        reply.last = device.last
        reply.durable = device.durable
        reply.head = c.heads[device.user]
    return reply


def _rows(c, q):
    return sorted([(seq, record, why) for record, (seq, why) in c.vis[q.user].items() if seq > q.cursor])


def _reset(w, c, q, device, head):
    if q.epoch != c.epoch and (q.epoch or q.cursor) and w.bad != "no_epoch":
        return "epoch"
    if q.cursor > head:
        return "cursor ahead"
    below = q.cursor < c.gc[q.user]
    if below and q.mode == "snapshot":
        w.hit("snapshot below the horizon")
        below = w.bad == "horizon_check_in_snapshots"
    if (below and w.bad == "horizon_before_token") or (q.mode == "snapshot" and q.cursor == 0):
        return "collected" if below else ""
    if not _token_fits(w, q, device):
        return "token"
    return "collected" if below else ""


def _token_fits(w, q, device):
    if w.bad == "no_token" or (q.token and q.token == device.token):
        return True
    if q.token and q.token == device.prev and w.bad != "prev_token_not_accepted":
        w.hit("previous token accepted")
        return True
    return False


def _receipt(w, q, device, reply):
    reply.token = w.next_token()
    device.prev = q.token if q.token and q.token in (device.token, device.prev) else 0
    device.token = reply.token
    if q.mode == "delta" or w.bad == "receipt_during_a_snapshot":
        device.pulled = q.cursor
    else:
        device.pulled = 0
    device.held = () if w.bad == "held_ignored_in_the_receipt" else q.held
    w.dirty |= 4
