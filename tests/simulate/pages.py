"""Taking a page into the list, slice by slice, and what has to be true of the list once a reading is whole.

What a reader would get wrong: the cursor moves in the transaction that stores its rows. The page's token moves with its
first slice: with the last one, a program that died between slices and a centre put back from a cold copy could meet
again under a token both still know, at a number that means something else (docs/simulation.md).
"""

from tests.simulate import lease
from tests.simulate.parts import ACKED, DURABLE, HELD_AT_MOST, NOTICE, SLICE, Broken


def apply(w, s, r, dies):
    """Apply a page that came whole; gives how many records went, and whether the program lived to the end."""
    if w.bad != "notice_heard_after_the_page":
        _hear(w, s, r)
    removed = 0
    lines = r.lines
    size = SLICE if s.caught_up else max(1, len(lines))
    parts = [lines[at : at + size] for at in range(0, len(lines), size)] or [()]
    if w.bad == "cursor_before_page":
        s.cursor = r.to
        s.token, s.list_epoch = r.token, r.epoch
    for place, part in enumerate(parts):
        if dies == place:
            w.hit("died between slices" if place else "died before the page")
            return removed, False
        for _, record, body in part:
            removed += _line(w, s, record, body)
        if w.bad != "token_with_the_last_slice":
            s.token, s.list_epoch = r.token, r.epoch
        if place < len(parts) - 1:
            s.cursor = part[-1][0]
        else:
            removed += _close(w, s, r)
    w.dirty |= 4
    if dies >= 0:
        w.hit("died after the page")
        return removed, False
    if w.bad == "notice_heard_after_the_page":
        _hear(w, s, r)
    return removed, True


def _line(w, s, record, body):
    if body is not None:
        s.list[record] = (body, s.gen)
        s.held.pop(record, None)
        return 0
    if record not in s.list:
        return 0
    if record in s.drafts or s.on_screen == record:
        s.held.setdefault(record, w.now)
        w.hit("removed while its call is open")
        return 0
    del s.list[record]
    s.held.pop(record, None)
    w.hit("removed")
    return 1


def _close(w, s, r):
    swept = 0
    if s.mode == "snapshot" and not r.more:
        if w.bad != "snapshot_without_a_sweep":
            swept = _sweep(w, s)
        s.mode = "delta"
    s.cursor = r.to
    s.token, s.list_epoch = r.token, r.epoch
    s.pulled_at = s.wall(w)
    lease.granted(w, s, r)
    if not r.more:
        s.caught_up = True
        s.unsure = False
        if r.truth is not None:
            whole(s, r.truth)
    return swept


def _sweep(w, s):
    swept = 0
    for record in [one for one, (_, gen) in s.list.items() if gen < s.gen]:
        if record in s.drafts or s.on_screen == record:
            s.held.setdefault(record, w.now)
        elif record not in s.held:
            del s.list[record]
            swept += 1
            w.hit("swept")
    return swept


def whole(s, truth):
    """After a whole reading the list is what the centre showed the person in that snapshot (I5, I8)."""
    for record, since in s.held.items():
        if since + HELD_AT_MOST <= s.pass_at:
            raise Broken("I8", f"workstation {s.wid} keeps record {record} for an open call for over half an hour")
    for record in s.list:
        if record not in truth and record not in s.held:
            raise Broken("I8", f"workstation {s.wid} keeps record {record}, which left its list")
    for record, body in truth.items():
        mine = s.list.get(record)
        if mine is None or (mine[0] is not body and mine[0] != body):
            raise Broken("I5", f"workstation {s.wid} is at the centre's number without record {record} as it stands")


def _hear(w, s, r):
    """Take in later verdicts that came as notices."""
    for _, record, body in r.lines:
        if record >= NOTICE and body is not None:
            one = s.box.get(body[0])
            if one is not None and one.state in (ACKED, DURABLE):
                one.verdict = body[1]
