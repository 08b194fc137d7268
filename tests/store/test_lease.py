"""The lease of the list against every way of bending the machine's clock, started anew or not (F46)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from caller_app.base.errors import Unavailable
from caller_app.store import lease, mirror
from caller_app.store.local import LocalStore
from tests.store import rig
from tests.support.clock import StoppedClock


class Machine:
    """A computer with a list on it, given at noon by the centre's clock; `offline` passes look at the lease only."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch
        self.clock = StoppedClock()
        self.centre = StoppedClock()
        self.boots = 0
        self.boot()
        self.store = rig.opened(folder, self.clock)

    def boot(self) -> None:
        """Another run of the machine: its monotonic clock begins anew."""
        self.boots += 1
        number = self.boots
        self.patch.setattr(lease, "boot_id", lambda: f"boot {number}")
        self.clock._mono = 1_000_000_000

    def pull(self) -> None:
        page = rig.page([rig.put_project(1), rig.put(rig.item(1), 2)], self.centre)
        mirror.apply_page(self.store, page)

    def awake(self, hours: float, every: float = 0.5) -> None:
        """Let time pass with the program open, which looks at the lease now and then."""
        for _ in range(round(hours / every)):
            self.clock.pass_by(hours=every)
            self.centre.pass_by(hours=every)
            self.look()

    def off(self, hours: float, *, turn: float = 0) -> None:
        """Switch the machine off for a time, and turn its clock (hours) before the program is opened again."""
        self.store.close()
        self.centre.pass_by(hours=hours)
        self.clock.turn_wall(hours=hours + turn)
        self.boot()
        self.store = rig.opened(self.folder, self.clock)

    def turn(self, hours: float) -> None:
        self.clock.turn_wall(hours=hours)
        self.look()

    def look(self) -> None:
        lease.note_time(self.store)
        lease.end_if_due(self.store)

    @property
    def has_list(self) -> bool:
        return self.store.read(lambda view: view.lists.exec_driver_sql("SELECT count(*) FROM record").scalar()) > 0


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


YEARS = 24 * 365 * 4.0

# What is done after the list was given; whether it may still be there.
CASES: dict[str, tuple[Callable[[Machine], object], bool]] = {
    "awake for three days less an hour": (lambda m: m.awake(71), True),
    "awake for three days": (lambda m: m.awake(72), False),
    "off for three days less an hour": (lambda m: m.off(71), True),
    "off for three days": (lambda m: m.off(72), False),
    "awake and off by turns": (lambda m: [(m.awake(9), m.off(15)) for _ in range(3)], False),
    "the clock set back, awake for three days": (lambda m: (m.turn(-1000), m.awake(72)), False),
    "set back after two days, awake for another": (lambda m: (m.awake(48), m.turn(-48), m.awake(24)), False),
    "set back and put right again within a day": (lambda m: (m.turn(-YEARS), m.awake(8), m.turn(YEARS)), True),
    "set back at each of nine starts, nine hours awake after each": (
        lambda m: [(m.awake(9), m.off(15, turn=-24)) for _ in range(9)], False),
    "set back at each of seven starts, nine hours awake after each": (
        lambda m: [(m.awake(9), m.off(15, turn=-24)) for _ in range(7)], True),
    "an hour slow at each of three starts": (lambda m: [(m.awake(1), m.off(23, turn=-1)) for _ in range(3)], True),
    "an hour slow at each of four starts": (lambda m: [(m.awake(1), m.off(23, turn=-1)) for _ in range(4)], False),
}  # fmt: skip


@pytest.mark.expects_log("lease over")
@pytest.mark.parametrize("name", CASES)
def test_the_list_stays_no_longer_than_its_lease_whatever_is_done_to_the_clock(machine: Machine, name: str) -> None:
    machine.pull()
    done, stays = CASES[name]
    done(machine)
    assert machine.has_list is stays
    machine.store.close()


AHEAD: dict[str, tuple[Callable[[Machine], object], bool]] = {
    "left as it is": (lambda m: m.awake(71), True),
    "left as it is for three days": (lambda m: m.awake(72), False),
    "put right at once": (lambda m: m.turn(-YEARS), True),
    "put right while off": (lambda m: m.off(10, turn=-YEARS), True),
    "put right, then nearly three days": (lambda m: (m.turn(-YEARS), m.off(71)), True),
    "put right, then off for three days": (lambda m: (m.turn(-YEARS), m.off(72)), False),
    "put right while off for three days": (lambda m: m.off(73, turn=-YEARS), False),
    "put right, then awake for three days": (lambda m: (m.turn(-YEARS), m.awake(72)), False),
}


@pytest.mark.expects_log("lease over")
@pytest.mark.parametrize("name", AHEAD)
def test_a_clock_years_ahead_when_the_list_came_costs_nothing_when_it_is_put_right(machine: Machine, name: str) -> None:
    machine.turn(YEARS)
    machine.pull()
    done, stays = AHEAD[name]
    done(machine)
    assert machine.has_list is stays
    machine.store.close()


@pytest.mark.expects_log("lease over")
def test_a_clock_that_ran_years_ahead_costs_one_list_and_none_of_those_to_come(machine: Machine) -> None:
    machine.pull()
    machine.turn(YEARS)
    assert not machine.has_list
    machine.turn(-YEARS)
    machine.pull()
    machine.awake(10)
    machine.off(10)
    assert machine.has_list
    machine.store.close()


def test_what_is_believed_of_the_time_never_goes_back_between_two_renewals(machine: Machine) -> None:
    def believed(store: LocalStore) -> object:
        return store.read(lambda view: lease.lease_of(view.outbox).believed)

    machine.pull()
    seen = [believed(machine.store)]
    for step in (lambda: machine.awake(1), lambda: machine.turn(-YEARS), lambda: machine.off(1, turn=-9),
                 lambda: machine.awake(1)):  # fmt: skip
        step()
        seen.append(believed(machine.store))
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]
    machine.store.close()


def test_no_list_lies_here_without_a_lease_even_when_the_machine_dies_within_the_first_page(machine: Machine) -> None:
    begin = rig.page([rig.put(rig.item(1), 2)], machine.centre).begin
    lease.granted(machine.store, begin)  # what is done before the rows
    held = machine.store.read(lambda view: lease.lease_of(view.outbox))
    assert held.until > machine.centre.now()
    machine.store.close()


def test_a_page_whose_times_cannot_be_read_is_not_taken(machine: Machine) -> None:
    page = rig.page([rig.put(rig.item(1), 2)], machine.centre)
    odd = mirror.Page(replace(page.begin, lease_until="soon"), page.lines)
    with pytest.raises(Unavailable):
        mirror.apply_page(machine.store, odd)
    assert not machine.has_list
    machine.store.close()


def test_pages_that_follow_one_another_write_the_lease_once(machine: Machine) -> None:
    def mark() -> object:
        return machine.store.read(lambda view: view.outbox.exec_driver_sql("SELECT lease_wall FROM identity").scalar())

    machine.pull()
    first = mark()
    machine.clock.pass_by(seconds=20)
    machine.centre.pass_by(seconds=20)
    machine.pull()
    assert mark() == first
    machine.clock.pass_by(seconds=50)
    machine.centre.pass_by(seconds=50)
    machine.pull()
    assert mark() != first
    machine.store.close()
