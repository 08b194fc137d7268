"""What the model is made of: a change, an outbox entry, a device and a case as the centre holds them.

What a reader would get wrong: cases and changes are never altered in place, a new one takes their place. So a copy of
the centre (a backup, a restored disk) is a handful of shallow dictionary copies, and two equal versions of a case can
still be told apart by being different objects.
"""

# Kinds of change. The last four are what a centre must survive: newer than it, breaking its rules, breaking its
# storing, and not to be read at all.
ATTEMPT, STOP, CORRECT, PROMISE, REFER, NOTE, CONCERN, UNDO, NEWER, BREAKS, POISON, GARBLED = range(12)
KINDS = (
    "attempt", "stop", "correction", "promise", "referral", "note", "concern", "undo", "newer", "breaks", "poison",
    "garbled",
)  # fmt: skip

# States of an outbox entry (docs/sync.md); an erased one is no longer in the box.
PENDING, SENT, ACKED, DURABLE, SUSPECT = range(5)

OPEN, CLOSED, LOCKED = range(3)  # status of a case; LOCKED waits for a supervisor

NOTICE = 1000  # record ids from here on are notices, 1000 + change id

HOUR = 3600
DAY = 24 * HOUR
LEASE = 72 * HOUR
HELD_AT_MOST = 30 * 60
PULL_AT_LEAST = 10 * 60
KEPT_AFTER_DURABLE = DAY

PAGE = 3  # records of a page, changes of a batch, records of a slice: small, so that every edge is met often
BATCH = 4
SLICE = 1
ALONE_TRIES = 3
REPLAYS = 3  # of one pass; what still looks lost then is tried later


class Change:
    """One thing a person did. `cid` is its identity on the wire, `root` what was done (they differ only by a fault)."""

    __slots__ = ("arg", "at", "author", "case", "cid", "gen", "kind", "root", "said", "seen", "station")

    def __init__(self, cid, station, author, case, kind, arg, gen, seen, at, root=-1, said=0):
        self.cid = cid
        self.station = station
        self.author = author
        self.case = case
        self.kind = kind
        self.arg = arg
        self.gen = gen
        self.seen = seen
        self.at = at
        self.root = cid if root < 0 else root
        self.said = said  # stands for the content: a forged change has the same id and says something else

    def saying(self, said):
        """The same id with other content."""
        new = self.under(self.cid)
        new.said = said
        return new

    def under(self, cid):
        return Change(
            cid, self.station, self.author, self.case, self.kind, self.arg, self.gen, self.seen, self.at, self.root
        )


class Entry:
    """One change in an outbox."""

    __slots__ = ("batch", "change", "dseq", "durable_at", "sent_in_slot", "slot", "state", "tries", "verdict")

    def __init__(self, change, dseq):
        self.change = change
        self.dseq = dseq
        self.state = PENDING
        self.batch = 0
        self.tries = 0
        self.verdict = ""
        self.durable_at = 0
        self.slot = -1
        self.sent_in_slot = 0

    def copy(self):
        new = Entry.__new__(Entry)
        new.change = self.change
        new.dseq = self.dseq
        new.state = self.state
        new.batch = self.batch
        new.tries = self.tries
        new.verdict = self.verdict
        new.durable_at = self.durable_at
        new.slot = self.slot
        new.sent_in_slot = self.sent_in_slot
        return new


class Device:
    """The centre's row for one installation."""

    __slots__ = ("durable", "held", "last", "prev", "pulled", "seen", "seqs", "status", "token", "user")

    def __init__(self, user, now):
        self.user = user
        self.last = 0
        self.durable = 0
        self.token = 0
        self.prev = 0
        self.pulled = 0
        self.status = "active"
        self.held = ()
        self.seen = now
        self.seqs = {}  # dseq -> change id

    def copy(self):
        new = Device.__new__(Device)
        new.user = self.user
        new.last = self.last
        new.durable = self.durable
        new.token = self.token
        new.prev = self.prev
        new.pulled = self.pulled
        new.status = self.status
        new.held = self.held
        new.seen = self.seen
        new.seqs = self.seqs.copy()
        return new


class Case:
    """One case at the centre; replaced as a whole when it moves on."""

    __slots__ = (
        "assignee", "attempts", "candidates", "concerns", "effects", "ever", "fields", "fixes", "gen", "left",
        "moved_at", "notes", "promises", "referrals", "status", "stopped_at", "taker_called", "ver",
    )  # fmt: skip

    def __init__(self, assignee):
        self.ver = 1
        self.assignee = assignee
        self.gen = 0
        self.ever = (assignee,)
        self.moved_at = -1
        self.taker_called = False
        self.status = OPEN
        self.left = False  # closed long enough ago to have left its caller's list
        self.stopped_at = -1
        self.attempts = ()  # (change id, author, final code or 0, late, undone)
        self.promises = ()  # (change id, author, "open" | "earlier" | "cancelled")
        self.fields = (0, 0)
        self.fixes = ()  # corrections taken over: (change id, field, value, value seen)
        self.candidates = ()
        self.concerns = ()
        self.referrals = ()  # (change id, held)
        self.notes = ()
        self.effects = ()  # every change that had an effect here, once

    def copy(self):
        new = Case.__new__(Case)
        new.ver = self.ver + 1
        new.assignee = self.assignee
        new.gen = self.gen
        new.ever = self.ever
        new.moved_at = self.moved_at
        new.taker_called = self.taker_called
        new.status = self.status
        new.left = self.left
        new.stopped_at = self.stopped_at
        new.attempts = self.attempts
        new.promises = self.promises
        new.fields = self.fields
        new.fixes = self.fixes
        new.candidates = self.candidates
        new.concerns = self.concerns
        new.referrals = self.referrals
        new.notes = self.notes
        new.effects = self.effects
        return new


class Broken(Exception):
    """An invariant does not hold: its name, and what was seen."""

    def __init__(self, name, words):
        super().__init__(f"{name}: {words}")
        self.name = name
        self.words = words


class Request:
    """What a workstation sends."""

    __slots__ = (
        "acked", "asked", "batch", "beyond", "cursor", "device", "epoch", "held", "items", "kind", "mode", "rid",
        "sent_at", "station", "token", "user",
    )  # fmt: skip

    def __init__(self, kind, rid, station, user, device):
        self.kind = kind
        self.rid = rid
        self.station = station
        self.user = user
        self.device = device
        self.batch = 0
        self.items = ()
        self.epoch = 0
        self.acked = 0
        self.beyond = ()  # numbers above `acked` that have a receipt all the same
        self.asked = ()  # (change id, number): is it there, and durable under this number?
        self.sent_at = 0
        self.cursor = 0
        self.token = 0
        self.mode = ""
        self.held = ()


class Reply:
    """What comes back: `code` is "ok", a problem said in due form, or "bogus": nothing the centre said."""

    __slots__ = (
        "batch", "code", "device", "durable", "epoch", "from_", "head", "held", "last", "lease", "lines", "more",
        "proved", "reset", "results", "rid", "time", "to", "token", "truth",
    )  # fmt: skip

    def __init__(self, rid, code="ok"):
        self.rid = rid
        self.code = code
        self.epoch = 0
        self.last = 0
        self.durable = 0
        self.head = 0
        self.time = 0
        self.batch = 0
        self.results = ()  # (change id, dseq, verdict, known before)
        self.held = self.proved = frozenset()  # of what was asked: what is there, what is durable
        self.device = 0
        self.reset = ""
        self.lines = None  # of a page: (seq, record, body or None)
        self.from_ = 0
        self.to = 0
        self.more = False
        self.token = 0
        self.lease = 0
        self.truth = None  # for the checks only: what the person's list was in the page's snapshot
