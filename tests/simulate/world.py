"""The whole model in one object: a centre, workstations, what is still under way between them, and virtual time.

What a reader would get wrong: nothing here draws from the clock or from Python's random numbers. A schedule is a list
of steps made beforehand, every step can be left out, and the same list gives the same history.
"""

from tests.simulate import checks, intake, syncing
from tests.simulate.centre import Centre
from tests.simulate.parts import CONCERN, PENDING, Broken, Reply
from tests.simulate.station import Station

USERS = 3
CASES = 4
IMAGE_TAKES = 60  # at least; without it a push of before would still count as being at work after it
BOGUS = ("portal 200", "redirect", "sign-in spent 401", "busy 429", "busy 503", "other centre", "headers stripped")


class World:
    """One history being made."""

    __slots__ = (
        "bad", "breached", "centre", "cloned", "copies", "dirty", "ever_stored", "faults", "firm", "forged", "frail",
        "hits", "ids", "images", "now", "outside",
        "pending_backup", "quiet_until", "recorded", "seed", "served", "stations", "stray_replies", "strays",
        "turned_back",
    )  # fmt: skip

    def __init__(self, bad=""):
        self.bad = bad
        self.centre = Centre(USERS, CASES)
        self.stations = [Station(0, 0), Station(1, 1), Station(2, 0)]
        self.now = 1000
        self.seed = 1
        self.ids = [0, 0, 0, 0, 0, 0, 0]
        self.recorded = {}
        self.ever_stored = set()
        self.frail = set()  # changes whose only copy was on a disk that was put back, or that a restore took by breach
        self.breached = set()  # (workstation, change) that a restore took although it was called durable there
        self.cloned = set()  # workstations that are one of two from the same disk
        self.forged = []
        self.images = {}  # workstation -> its disk as it was
        self.outside = set()
        self.served = self.centre.heads.copy()
        self.copies = []
        self.firm = 0  # the place among the copies of the newest finished backup
        self.pending_backup = None
        self.quiet_until = 0
        self.strays = []
        self.stray_replies = []
        self.turned_back = False  # something went back in time, was copied or arrived twice: a reset has a reason
        self.dirty = 0
        self.hits = set()
        self.faults = {}

    def copy(self):
        """Give the same world again, to go on from there with another schedule."""
        new = World.__new__(World)
        for name in World.__slots__:
            setattr(new, name, getattr(self, name))
        new.centre = self.centre.copy()
        new.stations = [one.copy(one.wid) for one in self.stations]
        new.ids = self.ids.copy()
        for name in ("breached", "recorded", "ever_stored", "frail", "cloned", "outside", "hits", "faults", "images"):
            setattr(new, name, getattr(self, name).copy())
        for name in ("forged", "served", "copies", "strays", "stray_replies"):
            setattr(new, name, list(getattr(self, name)))
        return new

    # Numbers that never come twice, whatever goes back in time.
    def _next(self, which):
        self.ids[which] += 1
        return self.ids[which]

    def next_change(self):
        return self._next(0)

    def next_batch(self):
        return self._next(1)

    def next_request(self):
        return self._next(2)

    def next_token(self):
        return self._next(3)

    def next_device(self):
        return self._next(4)

    def next_sequence(self):
        return 100 + self._next(5)

    def next_epoch(self):
        return 1 + self._next(6)

    def draw(self, below):
        self.seed = (self.seed * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.seed >> 8) % below

    def hit(self, what):
        self.hits.add(what)

    def fault(self, what):
        self.faults[what] = self.faults.get(what, 0) + 1

    # One exchange of a workstation with the centre.
    def send(self, s):
        """Let a workstation ask its next question; tells whether it did."""
        if s.inflight is not None:
            return True
        if s.signed_in != s.user and self.bad != "sent_as_whoever_is_signed_in":
            return False
        if not s.phase and self.now < s.next_try:
            return False
        return syncing.next_request(self, s) is not None

    def arrive(self, s, crash=""):
        """Let the question reach the centre."""
        q = s.inflight
        if q is None or s.answer is not None:
            return
        s.answer = intake.serve(self, self.centre, q, crash)
        if s.answer is None:
            self.fault("centre dies: " + crash)
            syncing.no_answer(self, s)

    def back(self, s, dies=-1):
        """Let the answer reach the workstation."""
        r = s.answer
        if s.inflight is None or r is None:
            return
        if dies >= 0:
            self.fault("workstation dies")
        syncing.take(self, s, r, dies)

    def exchange(self, s, fault="", extra=0):
        """Do one question and answer with one fault; tells whether the pass goes on."""
        if not self.send(s):
            return False
        if fault:
            self._faulty(s, fault, extra)
        else:
            self.arrive(s)
            self.back(s)
        return bool(s.phase)

    def _faulty(self, s, fault, extra):
        q = s.inflight
        self.fault(fault)
        if fault == "request lost":
            syncing.no_answer(self, s)
        elif fault == "request late":
            self.strays.append(q)
            syncing.no_answer(self, s)
        elif fault == "request twice":
            self.turned_back = self.turned_back or q.kind == "pull"
            first = s.answer or intake.serve(self, self.centre, q)
            second = intake.serve(self, self.centre, q)
            s.answer = first if extra % 2 else second
            self.back(s)
        elif fault == "request again later":
            self.strays.append(q)
            self.arrive(s)
            self.back(s)
        elif fault.startswith("centre dies"):
            self.arrive(s, fault.rsplit(" ", 1)[1])
        elif fault == "judging fails":
            self.arrive(s, "judging")
            self.back(s)
        elif fault == "workstation dies":
            self.arrive(s)
            self.back(s, extra % 4)
        elif fault in ("reply lost", "reply cut", "reply late"):
            self.arrive(s)
            if s.answer is None:
                return
            if fault == "reply late":
                self.stray_replies.append((s.wid, s.answer))
            if fault == "reply cut" and self.bad == "cut_page_counts" and s.answer.lines:
                s.answer.lines = s.answer.lines[:-1]
                self.back(s)
                return
            syncing.no_answer(self, s)
        elif fault == "reply from long ago":
            self._stale_reply(s, extra)
        else:  # anything that is not the centre's own word
            if extra % 2:
                self.arrive(s)
            s.answer = Reply(q.rid, "bogus")
            acked = self._settled(s)
            self.back(s)
            if self._settled(s) != acked:
                raise Broken("I15", f"workstation {s.wid} believed an answer that is not the centre's")

    def _stale_reply(self, s, extra):
        """An old answer comes in place of the new one; the new one is lost."""
        old = [one for who, one in self.stray_replies if who == s.wid]
        if not old:
            self.arrive(s)
            self.back(s)
            return
        self.arrive(s)
        if s.inflight is None:
            return
        s.answer = old[extra % len(old)]
        before = (self._settled(s), s.cursor, s.token, len(s.list))
        self.back(s)
        self.hit("stale reply set aside")
        if (self._settled(s), s.cursor, s.token, len(s.list)) != before:
            raise Broken("I15", f"workstation {s.wid} took an answer to something else")
        if s.inflight is not None:
            syncing.no_answer(self, s)

    def stray(self, which):
        """Let a question of long ago reach the centre; its answer finds nobody waiting."""
        if self.strays:
            q = self.strays.pop(which % len(self.strays))
            self.turned_back = self.turned_back or q.kind == "pull"
            self.hit("request of long ago")
            r = intake.serve(self, self.centre, q)
            self.stray_replies.append((q.station, r))

    def cycle(self, s, fault="", at=0, extra=0):
        """Let a workstation do a whole pass, with one fault at one of its exchanges."""
        if not s.phase and self.now < s.next_try:
            self.now = s.next_try
        for number in range(60):
            if not self.exchange(s, fault if number == at else "", extra):
                return
        self.hit("a pass of 60 exchanges")

    @staticmethod
    def _settled(s):
        return sum(1 for one in s.box.values() if one.state >= 2), len(s.box)

    def after_bogus(self, s):
        self.dirty |= 1

    def unsent_concern(self, s):
        return any(one.state == PENDING and one.change.kind == CONCERN for one in s.box.values())

    def check_reset(self, s, why):
        """A list is read from zero only where something went back, was copied, forgotten or came twice."""
        if why in ("token", "epoch", "cursor ahead") and not self.turned_back and not s.unsure:
            raise Broken("R-reset", f"workstation {s.wid} was reset ({why}) and nothing had gone back in time")

    # Going back in time.
    def restore(self, copy, new_epoch):
        """Put the centre back to a copy: what is not in it is lost there."""
        self.centre = copy.copy()
        if new_epoch:
            self.centre.epoch = self.next_epoch()
            self.quiet_until = self.now + 24 * 3600
        self.served = self.centre.heads.copy()
        self.pending_backup = None
        self.forged.clear()
        self.turned_back = True
        for s in self.stations:
            s.unsure = s.unlooked = True
        held = set(self.centre.change)
        for s in self.stations:
            held.update(s.box)
        for cid in self.recorded.keys() - held - self.frail:
            owner = [s for s in self.stations if cid in s.ledger]
            if owner:
                raise Broken("I1", f"change {cid} was called durable and is in no copy the centre can be put back to")
            raise Broken("I1", f"change {cid} is nowhere after the centre was put back")
        self.dirty |= 15

    def restore_older(self, copy):
        """Put the centre back to a copy older than its promise: what was erased is lost, and has to be said."""
        held = set(copy.change)
        for s in self.stations:
            held.update(s.box)
        lost = self.recorded.keys() - held - self.frail
        self.frail |= lost
        if lost:
            self.hit("restore older than promised")
            for s in self.stations:
                self.breached |= {(s.wid, cid) for cid in s.ledger.keys() & lost}
        self.restore(copy, new_epoch=True)

    def put_image_back(self, s, image):
        """Put a workstation's disk back to an image; what only the newer disk held is gone, which nobody can help."""
        self.now += IMAGE_TAKES
        self.frail |= s.box.keys() - image.box.keys()
        place = self.stations.index(s)
        new = image.copy(s.wid)
        new.boot = s.boot + 1
        new.boot_at = self.now
        new.unsure = True
        new.restart(self)
        for other in self.stations:
            if other is not s and other.device == s.device:
                other.unsure = True  # a receipt of the disk that is gone was given under a name they shared
        self.stations[place] = new
        self.turned_back = True
        self.dirty |= 13

    def clone(self, s):
        """Two machines from one disk, which both live on."""
        if len(self.stations) > 5:
            return
        twin = s.copy(len(self.stations))
        twin.restart(self)
        twin.unsure = s.unsure = True
        self.stations.append(twin)
        self.cloned |= {s.wid, twin.wid}
        self.turned_back = True
        self.hit("clone")

    def check(self):
        """Check what has to be true after every step."""
        if self.dirty:
            checks.after_step(self)
            self.dirty = 0
