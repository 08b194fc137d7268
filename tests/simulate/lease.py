"""The lease of a workstation's list: past it the list and its key are destroyed, whatever was done to the clock."""

from tests.simulate.parts import LEASE, Broken


def note_time(w, s):
    """Keep the latest moment the machine's clock has shown."""
    s.high_wall = max(s.high_wall, s.wall(w))


def end_if_due(w, s):
    """Destroy the list where its lease is over; tells whether it did."""
    if not s.lease_until:
        return False
    if w.bad == "lease_ignores_a_clock_set_back":
        passed = s.wall(w) - s.wall_then
    else:
        passed = max(s.wall(w), s.high_wall) - s.wall_then
        if s.boot_then == s.boot:
            passed = max(passed, s.mono(w) - s.mono_then)
    if s.server_time + max(passed, 0) < s.lease_until:
        if s.list and s.granted_boot == s.boot and w.now - s.granted > LEASE:
            raise Broken("I8", f"workstation {s.wid} keeps its list past the lease")
        return False
    s.fresh_list()
    s.ended += 1
    w.hit("lease over")
    w.dirty |= 4
    return True


def granted(w, s, reply):
    """Take in the lease that came with a page."""
    s.lease_until = reply.lease
    s.server_time = reply.time
    s.wall_then = s.wall(w)
    s.mono_then = s.mono(w)
    s.boot_then = s.boot
    s.granted = w.now
    s.granted_boot = s.boot
    if w.bad != "high_wall_never_let_down":
        s.high_wall = s.wall_then
