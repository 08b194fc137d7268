"""Steps of a schedule, carried out on a world of real parts; each is skippable, so that a schedule can be shortened.

A step is a name and three small numbers, read modulo whatever there is to choose from. After every step the invariants
of `always` are checked, at the end those of `at_rest`. The same steps are drawn by hypothesis (test_machine) and by a
seeded generator (run).
"""

from collections import Counter
from pathlib import Path

from caller_app.base.errors import Refused, SignInNeeded, Unavailable
from caller_app.domain.changes import Change
from tests.support.clock import StoppedClock
from tests.world import acts, at_rest
from tests.world.always import Watch
from tests.world.book import Act, Book
from tests.world.breach import Breach, hold
from tests.world.device import Device
from tests.world.ground import LOCK_MS, Ground
from tests.world.seen import look_at, look_at_centre
from tests.world.steps import STEPS, Step

PASSES_TO_REST = 14


# While another program holds rows, only these may go on: whatever else writes would wait for it.
BESIDE_A_HOLD = frozenset(
    ("record", "open_call", "edit_draft", "close_call", "on_screen", "forge", "sync", "fault", "cut", "restart", "wait",
     "turn_clock", "late_ones_arrive", "judging_waits")
)  # fmt: skip


class Play:
    """One world while a schedule runs on it."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self.ground = ground
        self.world, self._take_down = ground.world(folder)
        self.world.clock.pass_by(minutes=1)
        self.book = Book()
        self.reached: Counter[str] = Counter()
        self.copies: list[str] = []
        self.sworn = -1  # the newest copy that was announced as a backup
        self.images: list[tuple[int, Path]] = []
        self.holding: object | None = None
        anna, ben, cara = ground.people
        for user, limit in ((anna, 3), (ben, None), (ben, 2), (cara, 1)):
            device = self.world.device(user, clock=self.clock_now(), signed_in=False)
            device.line.page_limit = limit
            device.small_batches = limit == 1  # what is a long queue for others is one for Cara at once
            device.memory = device.learnt_nothing()
        self.watch = Watch(self.world, self.book)
        self.watch.stale.clear()

    # ---- the frame -----------------------------------------------------------------------------------------------

    def run(self, schedule: list[Step]) -> None:
        """Carry out a schedule and let the world come to rest."""
        for one in schedule:
            self.do(one)
        self.rest()

    def do(self, one: Step) -> None:
        """Carry out one step and check what always holds."""
        self.carry_out(one)
        self.watch.look()

    def carry_out(self, one: Step) -> None:
        """Carry out one step."""
        if one.name not in BESIDE_A_HOLD:
            self.let_go()
        STEPS[one.name](self, one.a, one.b, one.c)

    def close(self) -> None:
        """Take the world down."""
        self.let_go()
        self._take_down()

    def rest(self) -> None:
        """Mend everything, let every workstation be heard until nothing moves, and check what has to be true then."""
        world = self.world
        self.let_go()
        for device in world.devices:
            device.line.mend()
            device.adapter.late_ones_arrive()
            device.store.on_screen = None
            for draft in device.store.read(lambda view: view.drafts()):
                device.store.write(lambda unit, case=draft.case_id: unit.drop_draft(case))
        for turn in range(PASSES_TO_REST):
            if turn == 0:
                self.pass_by(minutes=11)  # a real pull is due whatever the head says, and everybody's turn has come
            if turn == 2:
                self.pass_by(minutes=61)  # and who was barred shows again what no backup is known to hold
            moved = world.judge_waiting()
            for number, device in enumerate(world.devices):
                moved += self.pass_of(number, device.let_in())
            self.watch.look()
            if not moved and turn > 2:
                break
        else:
            raise Breach("I7", f"after {PASSES_TO_REST} rounds without any fault something still moves")
        at_rest.check(world, self.book)
        for row in look_at_centre(world.rig).changes.values():
            self.reached[f"verdict {row.verdict}" + (f", {row.reason}" if row.reason else "")] += 1
        self.reached["the centre put back"] += self.book.restored
        self.reached["work lost with a disk and forgiven"] += len(self.book.forgiven)

    # ---- helpers of the steps --------------------------------------------------------------------------------------

    def machine(self, a: int) -> tuple[int, Device]:
        """Choose a workstation."""
        number = a % len(self.world.devices)
        return number, self.world.devices[number]

    def clock_now(self) -> StoppedClock:
        """Make a workstation's own clock, right for now."""
        return StoppedClock(self.world.clock.now())

    def pass_by(self, **how_long: float) -> None:
        """Let time pass everywhere."""
        for clock in {id(one): one for one in (self.world.clock, *(one.clock for one in self.world.devices))}.values():
            clock.pass_by(**how_long)

    def pass_of(self, number: int, device: Device) -> int:
        """Let a workstation sync once; gives how much moved. What may go wrong on a line is no fault of anybody."""
        before = len(device.line.paths)
        try:
            outcome = device.sync()
        except (Unavailable, Refused) as fault:
            self.reached[f"a pass ended by {type(fault).__name__}"] += 1
            if isinstance(fault, SignInNeeded):
                device.credentials.spend()
            self.watch.lease_kept(number)
            return 0
        self.watch.lease_kept(number)
        self.watch.after_pass(number, pulled="/v1/pull" in device.line.paths[before:])
        for name, there in (
            ("a list read from zero", outcome.resets),
            ("registered anew", outcome.registered),
            ("records removed", outcome.removed),
            ("changes pushed", outcome.pushed),
            ("records pulled", outcome.pulled),
        ):
            self.reached[name] += bool(there)
        return outcome.pushed + outcome.pulled + outcome.removed + outcome.resets + outcome.registered + outcome.more

    def record(self, number: int, device: Device, changes: list[Change], *, foreign: bool = False) -> None:
        """Record changes in one transaction and write them into the book once the commit has returned."""
        if not changes:
            return
        ids = device.store.write(lambda unit: [unit.record(one) for one in changes])
        for change_id, change in zip(ids, changes, strict=True):
            self.note(number, device, change_id, change, foreign=foreign)

    def note(self, number: int, device: Device, change_id: str, change: Change, *, foreign: bool = False) -> None:
        """Write one act into the book."""
        what = str(getattr(change, "outcome", "") or getattr(change, "words", "") or getattr(change, "attempt_id", ""))
        self.book.add(
            Act(
                change_id=change_id, order=len(self.book.acts), machine=number, user_id=device.user.user_id,
                case_id=change.case_id, kind=change.kind, what=what, foreign=foreign, lane=change.lane,
            )
        )  # fmt: skip

    def note_what_is_new(self, number: int, device: Device) -> None:
        """Write into the book what a command of the program recorded by itself."""
        for change_id in [row.change_id for row in device.outbox() if row.change_id not in self.book.acts]:
            recorded = device.store.read(lambda view, name=change_id: view.outbox.exec_driver_sql(
                "SELECT kind, payload FROM outbox WHERE change_id = ?", (name,)).one())  # fmt: skip
            from caller_app.protocol.codec import decode_change

            self.note(number, device, change_id, decode_change(recorded.kind, recorded.payload))

    def let_go(self) -> None:
        """Let go of the rows that another program held."""
        if self.holding is not None:
            self.holding.rollback()  # type: ignore[attr-defined]
            self.holding.close()  # type: ignore[attr-defined]
            self.holding = None

    def scene(self, device: Device, case_id: str, number: int) -> acts.Scene | None:
        """Give what a person sees of a case, None where it is not on the list."""
        item = device.item(case_id)
        if item is None:
            return None
        return acts.Scene(item, device.user.user_id, self.book, self.world.clock.now(), number)

    def restore(self, a: int) -> None:
        """Put the centre back to one of its copies, and see what nobody could have kept."""
        if not self.copies:
            return
        which = a % len(self.copies)
        for device in self.world.devices:
            device.line.about.late.clear()
        self.world.restore(self.copies[which], lock_ms=LOCK_MS)
        self.book.restored += 1
        ended = self.world.rig.ask("SELECT user_id FROM account WHERE status <> 'active'")
        self.book.drained = {row.user_id for row in ended}  # an order that the restore took back binds nobody
        self.watch.new_history()
        stored = {row.change_id for row in self.world.rig.ask("SELECT change_id FROM change")}
        rows = [{row.change_id for row in device.outbox()} for device in self.world.devices]
        missing = {one.change_id for one in self.book.due()} - stored.union(*rows)
        for change_id in missing:
            self._whose_loss(change_id, older=which < self.sworn)

    def _whose_loss(self, change_id: str, *, older: bool) -> None:
        act = self.book.acts[change_id]
        holders = [nr for nr, device in enumerate(self.world.devices) if change_id in look_at(device).erased]
        put_back = act.machine in {number for number, _ in self.images}
        hold("I1", (bool(holders) and older) or put_back, f"{act} was lost by a restore that no promise excused")
        for number in holders:
            self.book.promises_broken.setdefault(number, set()).add(change_id)
        self.book.forgive([change_id])
