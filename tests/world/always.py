"""Invariants that hold after every single step, whatever is broken just then (docs/sync.md, section 14).

What a reader would get wrong: a machine whose disk was put back or copied, and every machine after a restore of the
centre, holds an old list until it has spoken to the centre once; what such a list holds is not counted against I5 and
I9 before that. Everything else holds even then.
"""

from datetime import datetime, timedelta

from tests.world.book import WHERE, Book
from tests.world.breach import hold
from tests.world.seen import Centre, Machine, feed_of, look_at, look_at_centre
from tests.world.world import World

HELD_AT_MOST = timedelta(minutes=30)


class Watch:
    """Looks at the whole world after each step and remembers what may only ever grow."""

    def __init__(self, world: World, book: Book) -> None:
        self.world = world
        self.book = book
        self.stale: set[int] = set()  # machines that hold a list of another past and were not heard since
        self.ever_stored: set[str] = set()
        self.centre: Centre | None = None
        self.held_since: dict[tuple[int, str], datetime] = {}
        self.new_history()

    def new_history(self) -> None:
        """The centre was restored: what only grows within one history starts anew."""
        self.heads: dict[int, int] = {}
        self.places: dict[tuple[int, int, str], int] = {}
        self.hashes: dict[str, bytes] = {}
        self.marks: dict[str, set[str]] = {}
        self.stale.update(range(len(self.world.devices)))

    def look(self) -> None:
        """Check everything once."""
        centre = look_at_centre(self.world.rig)
        machines = [look_at(device) for device in self.world.devices]
        self.ever_stored.update(centre.changes)
        self._nothing_lost(centre, machines)
        self._told_the_truth(centre, machines)
        self._one_effect(centre)
        self._only_grows(centre)
        self._feed(centre)
        self._numbers(centre)
        self._removed(centre, machines)
        self._own_credential(centre)
        self._no_fault_of_its_own()
        self.centre = centre

    def _nothing_lost(self, centre: Centre, machines: list[Machine]) -> None:
        kept = set(centre.changes).union(*(machine.rows for machine in machines))
        lost = [one for one in self.book.due() if one.change_id not in kept]
        hold("I1", not lost, f"{len(lost)} recorded changes are nowhere, first {lost[:1]}")

    def _told_the_truth(self, centre: Centre, machines: list[Machine]) -> None:
        for number, (device, machine) in enumerate(zip(self.world.devices, machines, strict=True)):
            never = machine.settled - self.ever_stored
            hold("I4", not never, f"machine {number} believes in changes the centre never stored: {sorted(never)[:1]}")
            foreign = machine.settled - device.line.receipts
            hold("I15", not foreign, f"machine {number} settled without a true receipt: {sorted(foreign)[:1]}")

    def _one_effect(self, centre: Centre) -> None:
        for case_id, item in centre.items.items():
            for kind, (place, name) in WHERE.items():
                ids = [getattr(one, name) for one in getattr(item, place)]
                hold("I2", len(ids) == len(set(ids)), f"{kind} stands twice on case {case_id}")
                strange = [one for one in ids if one not in centre.changes]
                hold("I2", not strange, f"{kind} on case {case_id} has no change behind it: {strange[:1]}")
            counted = sum(one.counted and not one.superseded for one in item.attempts)
            hold("I2", item.counted_attempts == counted,
                 f"case {case_id} counts {item.counted_attempts} attempts, its history {counted}")  # fmt: skip

    def _only_grows(self, centre: Centre) -> None:
        now = {name: bytes(row.sha256) for name, row in centre.changes.items()}
        kept = all(now.get(name) == digest for name, digest in self.hashes.items())
        hold("I17", kept, "a stored change is gone or was altered")
        self.hashes = now
        for case_id, item in centre.items.items():
            marks = {getattr(one, name) for place, name in WHERE.values() for one in getattr(item, place)}
            gone = self.marks.get(case_id, set()) - marks
            hold("I2", not gone, f"what stood on case {case_id} is gone: {sorted(gone)[:1]}")
            self.marks[case_id] = marks
            before = self.centre.items.get(case_id) if self.centre and self.heads else None
            if before is not None and _is_stopped(before):
                hold("I12", item.status == "closed", f"a stop was taken back on case {case_id}")
            if before is not None and before.concerns:
                hold(
                    "I12", item.status in ("supervisor", "closed", "needs_review"), f"a concern was lowered: {case_id}"
                )

    def _feed(self, centre: Centre) -> None:
        for user_id, rows in centre.shown.items():
            seqs = [row.seq for row in rows.values()]
            hold("I6", len(seqs) == len(set(seqs)), f"two records of user {user_id} have one number")
            hold("I6", max(seqs, default=0) <= centre.heads.get(user_id, 0), f"user {user_id}: a number above the head")
            for (kind, rec_id), row in rows.items():
                before = self.places.get((user_id, kind, rec_id))
                if before != row.seq:
                    late = row.seq <= self.heads.get(user_id, 0)
                    hold("I6", not late, f"user {user_id}: {rec_id} moved to {row.seq}, below a head that was served")
                self.places[user_id, kind, rec_id] = row.seq
        self.heads.update(centre.heads)

        for user_id, (kind, rec_id) in [(user, key) for user, rows in centre.shown.items() for key in rows]:
            if kind == 1 and not centre.shown[user_id][kind, rec_id].gone:
                right = centre.assignees.get(rec_id) == user_id
                hold("I8", right, f"{rec_id} stands on the list of user {user_id}, who does not have it")

    def _numbers(self, centre: Centre) -> None:
        numbered = {(device_id, name) for device_id, rows in centre.numbers.items() for name in rows.values()}
        without = [name for name, row in centre.changes.items() if (row.device_id, name) not in numbered]
        hold("I10", not without, f"{len(without)} stored changes have no number of their workstation")
        for device_id, row in centre.devices.items():
            numbers = centre.numbers.get(device_id, {})
            whole = 0
            while whole + 1 in numbers:
                whole += 1
            hold("I10", row.last_seq == whole, f"last_seq is {row.last_seq}, contiguous is {whole}")

    def _removed(self, centre: Centre, machines: list[Machine]) -> None:
        names = [machine.identity.device_id for machine in machines]
        now = self.world.clock.now()
        for number, machine in enumerate(machines):
            for case_id in machine.held:
                self.held_since.setdefault((number, case_id), now)
            for key in [key for key in self.held_since if key[0] == number and key[1] not in machine.held]:
                del self.held_since[key]
            row = centre.devices.get(machine.identity.device_id)
            if number in self.stale or row is None or names.count(machine.identity.device_id) > 1:
                continue
            for (_kind, rec_id), told in centre.shown.get(row.user_id, {}).items():
                if told.gone and told.seq <= row.pulled_seq and rec_id not in row.held:
                    there = any(rec_id == name for _, name in machine.records)
                    hold("I9", not there, f"machine {number} holds {rec_id}, whose removal it has receipted")

    def _own_credential(self, centre: Centre) -> None:
        for change_id, row in centre.changes.items():
            act = self.book.acts.get(change_id)
            hold("I20", act is not None and act.user_id == row.user_id, f"{change_id} came under another's name")

    def _no_fault_of_its_own(self) -> None:
        for device in self.world.devices:
            hold("bug", not device.line.own_faults, f"the centre answered 500: {device.line.own_faults[:1]}")

    # ---- after a pass that ended well, and after a start -------------------------------------------------------

    def after_pass(self, number: int, *, pulled: bool) -> None:
        """A workstation has just completed a pass: its list is the centre's as of its cursor (I5, I8)."""
        device = self.world.devices[number]
        machine = look_at(device)
        if pulled:
            self.stale.discard(number)
        now = self.world.clock.now()
        for (whose, case_id), since in self.held_since.items():
            too_long = whose == number and case_id in machine.held and since + HELD_AT_MOST < now
            hold("I8", not too_long, f"machine {number} holds {case_id} for more than 30 minutes")
        if number in self.stale or machine.meta.mode != "delta":
            return
        head, visible = feed_of(self.world.rig, device.user.user_id)
        if machine.meta.cursor != head:
            return
        kept = {key for key in machine.records if key not in visible and key[1] in machine.held}
        extra = machine.records.keys() - visible.keys() - kept
        hold("I8", not extra, f"machine {number} holds {sorted(extra)[:1]}, which left its list")
        differ = [key for key in visible if machine.records.get(key) != visible[key]]
        hold("I5", not differ, f"machine {number} lacks or has old: {sorted(differ)[:1]}")

    def lease_kept(self, number: int) -> None:
        """A workstation has just looked at its lease: past it there is no list."""
        machine = look_at(self.world.devices[number])
        if machine.records:
            hold("I8", machine.lease is not None, f"machine {number} holds a list without a lease")
            left = machine.lease.until - self.world.clock.now()
            hold("I8", left > timedelta(0), f"machine {number} shows a list whose lease ran out")


def _is_stopped(item: object) -> bool:
    from caller_app.domain.outcomes import STOPS

    return any(one.outcome in STOPS and not one.superseded for one in item.attempts)  # type: ignore[attr-defined]
