"""Bringing a world to rest: faults stop, everybody has passes until nothing moves, and it has to be soon."""

from tests.simulate import checks, judging
from tests.simulate.centre import end_move
from tests.simulate.parts import HOUR, Broken
from tests.simulate.steps import backup_begin, backup_end
from tests.simulate.world import BOGUS

ROUNDS = 40  # each change that the centre cannot store needs a handful of failed passes before it goes as plain bytes
assert BOGUS


def settle(w):
    """Let every workstation and the centre finish, then check everything; raises Broken."""
    w.strays.clear()
    w.stray_replies.clear()
    for s in w.stations:
        s.signed_in = s.user
        s.on_screen = -1
        s.drafts.clear()
        if s.inflight is not None:
            s.restart(w)
    while w.centre.open_moves:
        end_move(w, w.centre, 0)
    _quiet(w)
    _backup(w)
    _quiet(w)
    w.check()
    checks.at_rest(w)
    w.now += 25 * HOUR  # what is durable is proved and erased now
    _quiet(w)
    _backup(w)
    _quiet(w)
    w.check()
    checks.at_rest(w, last=True)


def _backup(w):
    backup_begin(w, 0, 0, 0)
    backup_end(w, 0, 0, 0)


def _quiet(w):
    before, still = None, 0
    for _ in range(ROUNDS):
        judging.judge_waiting(w, w.centre)
        for s in w.stations:
            w.cycle(s)
            w.check()
        w.now += 11 * 60  # past the time at which everybody asks whether the history still fits
        now = tuple(
            (
                s.device,
                s.cursor,
                s.mode,
                s.unsent(),
                s.gen,
                s.durable,
                len(s.list),
                s.pull_due,
                s.phase,
                s.token_resets,
                s.ended,
                sum(one.tries for one in s.box.values()),
            )
            for s in w.stations
        )
        still = still + 1 if now == before else 0
        if still == 2:
            return
        before = now
    raise Broken("I7", f"the world does not come to rest: {before}")
