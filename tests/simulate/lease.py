"""The lease of a workstation's list: past it the list and its key are destroyed, whatever was done to the clock."""

from tests.simulate.parts import LEASE, Broken


def believed(w, s):
    """Give what the centre's clock says by now, at least: by the wall clock, or by the time counted since."""
    passed = s.wall(w) - s.wall_then
    if w.bad == "lease_ignores_a_clock_set_back":
        return s.server_time + max(passed, 0)
    if passed < 0:  # put right or set back since the renewal
        passed = max(s.wall(w) - s.server_time, 0)
    counted = s.believed + (s.mono(w) - s.mono_then if s.boot_then == s.boot else 0)
    return max(counted, s.server_time + passed)


def note_time(w, s):
    """Keep what has been counted so far: it goes back by a renewal only."""
    if s.lease_until:
        s.believed = believed(w, s)
        s.mono_then = s.mono(w)
        s.boot_then = s.boot


def end_if_due(w, s):
    """Destroy the list where its lease is over; tells whether it did."""
    if not s.lease_until:
        return False
    if believed(w, s) < s.lease_until:
        if s.list and s.granted_boot == s.boot and w.now - s.granted > LEASE:
            raise Broken("I8", f"workstation {s.wid} keeps its list past the lease")
        return False
    s.fresh_list()
    s.ended += 1
    w.hit("lease over")
    w.dirty |= 4
    return True


def granted(w, s, reply):
    """Take in the lease that came with a page, and count from zero."""
    s.lease_until = reply.lease
    s.server_time = reply.time
    s.wall_then = s.wall(w)
    s.mono_then = s.mono(w)
    s.boot_then = s.boot
    s.granted = w.now
    s.granted_boot = s.boot
    s.believed = max(s.believed, reply.time) if w.bad == "belief_never_let_down" else reply.time
