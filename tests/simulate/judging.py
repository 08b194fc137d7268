"""Judge second: the conflict policy of docs/sync.md, kind by kind, in a small but real form.

What a reader would get wrong: judging is one transaction for what one push stored, in device order, and every change
takes effect at most once because its verdict is written by the same transaction as its effects.
"""

from tests.simulate.centre import wait_for, write_feed
from tests.simulate.parts import (
    ATTEMPT,
    BREAKS,
    CLOSED,
    CONCERN,
    CORRECT,
    GARBLED,
    LOCKED,
    NEWER,
    NOTE,
    NOTICE,
    OPEN,
    POISON,
    PROMISE,
    REFER,
    STOP,
    UNDO,
)  # fmt: skip

HOLE_PATIENCE = 5


def judge(w, c, ids, *, answered=frozenset(), verdicts=True):
    """Give each waiting change its verdict and effects, the feed last.

    The authors of what is not among `answered`, the changes of the push that is being answered, get a notice.
    """
    waiting = [c.change[one] for one in ids if c.verdict[one] == "received" or w.bad == "no_idempotency"]
    if not waiting:
        return
    if c.open_moves:
        wait_for(w, c, range(len(c.heads)), {one.case for one in waiting})
    if w.bad == "judged_in_the_order_of_clocks":
        waiting.sort(key=lambda one: one.at)
    entries = []
    broken = any(one.kind == BREAKS for one in waiting)
    if broken:
        w.hit("set split by savepoints" if len(waiting) > 1 else "change that breaks judging")
    for one in waiting:
        if one.kind == BREAKS or (broken and w.bad == "one_bad_change_spoils_the_set"):
            result, reason = "quarantined", "judging_failed"
        else:
            result, reason = _one(w, c, one, entries)
        c.judged = (*c.judged, one.cid)
        if not verdicts:
            continue
        c.verdict[one.cid] = result
        if result != "applied" and w.bad != "verdict_without_a_case":
            c.reviews[one.cid] = reason
        if one.cid not in answered and w.bad != "late_verdict_not_told":
            record = NOTICE + one.cid
            c.notices[record] = (one.cid, result)
            entries.append((one.author, record, None))
            w.hit("late verdict told by a notice")
    if verdicts:
        done = {one.cid for one in waiting}
        c.late = tuple(one for one in c.late if one not in done)
    write_feed(w, c, entries)
    w.dirty |= 2


def judge_waiting(w, c):
    """The background worker: judge what was stored and has no verdict, and after an upgrade what nobody understood."""
    if c.upgraded and w.bad != "newer_never_judged_again":
        for one, verdict in c.verdict.items():
            if verdict == "quarantined" and c.reviews.get(one) == "unknown_schema":
                c.verdict[one] = "received"
                c.late = (*c.late, one)
                c.waived |= {one}
                w.hit("newer change judged after an upgrade")
    if c.late:
        judge(w, c, _ready(w, c, in_device_order(c, set(c.late))))


def _ready(w, c, ids):
    """Leave what lies beyond a hole of its device's numbers for a while: the workstation is about to fill it."""
    first = {}
    for row in c.devices.values():
        for dseq, cid in row.seqs.items():
            if cid in ids:
                first[cid] = first.get(cid, True) and dseq > row.last
    ready = []
    for cid in ids:
        # Of a workstation that the centre forgot nobody knows what is missing.
        if first.get(cid, True) and c.change[cid].kind != CONCERN:
            if w.now - c.since.get(cid, 0) < HOLE_PATIENCE:
                continue
            c.waived |= {cid}
            w.hit("judged beyond a hole that nobody filled")
        ready.append(cid)
    return ready


def in_device_order(c, ids, sender=0):
    """Sort changes by the numbers their devices gave them: the one that sends them now, else the newest."""
    place = {}
    for key in sorted(c.devices, key=lambda one: (one == sender, one)):
        place.update({cid: (key == sender, key, dseq) for dseq, cid in c.devices[key].seqs.items() if cid in ids})
    return sorted(ids, key=lambda cid: place.get(cid, (True, 1 << 60, cid)))


def _one(w, c, ch, entries):
    case = c.cases[ch.case]
    if ch.author not in case.ever:
        w.hit("never in scope")
        return "quarantined", "never_in_scope"
    new = case.copy()
    moved = ch.gen != case.gen
    ended = case.status == CLOSED or case.stopped_at >= 0
    reason = _KINDS[ch.kind](w, c, ch, case, new, moved, ended)
    new.effects = (*case.effects, ch.cid)
    if moved:
        w.hit("late " + ("work" if ch.kind != ATTEMPT else "outcome"))
        reason = reason or (ch.kind in (ATTEMPT, STOP, UNDO) and "late") or ""
    c.cases[ch.case] = new
    if new.stopped_at >= 0 and case.stopped_at < 0:
        if case.assignee is not None:
            entries.append((case.assignee, ch.case, "opted_out"))
        new.assignee = None
        w.hit("stop")
    elif case.assignee is not None and not (new.status == CLOSED and new.left):
        new.left = False
        entries.append((case.assignee, ch.case, None))
    if not reason and c.accounts[ch.author] != "active":
        w.hit("author draining")
        reason = "author_disabled"
    if reason == "duplicate_contact":
        return "applied", reason
    return ("applied_review", reason) if reason else ("applied", "")


def corrected(ch, sent_at, received):
    """When it happened by the centre's clock: what the workstation's clock was off at sending is taken out."""
    return ch.at + (received - sent_at)


def _attempt(w, c, ch, case, new, moved, ended):
    late = moved or ended
    new.attempts = (*case.attempts, (ch.cid, ch.author, ch.arg, late, False))
    if ch.author == case.assignee and not moved:
        new.taker_called = True
    if case.stopped_at >= 0:
        w.hit("outcome after a stop")
        if w.bad == "stop_overwritten_by_a_late_outcome":
            new.stopped_at = -1
            new.status = CLOSED if ch.arg else OPEN
        return "after_stop" if ch.at > case.stopped_at else "late"
    if case.status == CLOSED:
        final = next((one[2] for one in reversed(case.attempts) if one[2] and not one[4]), 0)
        if not ch.arg or not final:
            return "late"
        if final == ch.arg:
            w.hit("same final twice")
            return "duplicate_contact"
        new.status = LOCKED
        w.hit("contradictory finals")
        return "contradictory"
    if case.status == LOCKED:
        return "late"
    if moved and not (ch.at < case.moved_at and not case.taker_called):
        return "late"
    if ch.arg:
        new.status = CLOSED
        new.promises = _cancelled(case.promises)
    return ""


def _stop(w, c, ch, case, new, moved, ended):
    new.attempts = (*case.attempts, (ch.cid, ch.author, 0, moved, False))
    new.status = CLOSED
    if case.stopped_at < 0:
        new.stopped_at = w.now
    if case.concerns and w.bad == "stop_clears_a_concern":
        new.concerns = ()
    new.promises = _cancelled(case.promises)
    return ""


def _correct(w, c, ch, case, new, moved, ended):
    field, value = divmod(ch.arg, 4)
    field %= 2
    if ended:
        new.candidates = (*case.candidates, (ch.cid, field, value))
        return "correction_after_end"
    if case.fields[field] != ch.seen:
        w.hit("correction conflict")
        if w.bad != "correction_last_writer_wins":
            new.candidates = (*case.candidates, (ch.cid, field, value))
            return "correction_conflict"
    new.fields = (value, case.fields[1]) if field == 0 else (case.fields[0], value)
    new.fixes = (*case.fixes, (ch.cid, field, value, ch.seen))
    return ""


def _promise(w, c, ch, case, new, moved, ended):
    if ended:
        w.hit("promise on an ended case")
        new.promises = (*case.promises, (ch.cid, ch.author, "cancelled"))
        return "promise_after_end"
    if moved:
        w.hit("promise on a moved case")
    older = tuple((one, who, "earlier" if state == "open" else state) for one, who, state in case.promises)
    new.promises = (*older, (ch.cid, ch.author, "open"))
    return ""


def _refer(w, c, ch, case, new, moved, ended):
    held = ended or any(not one[1] for one in case.referrals)
    new.referrals = (*case.referrals, (ch.cid, held))
    if held:
        w.hit("referral held")
    return "referral_held" if held else ""


def _note(w, c, ch, case, new, moved, ended):
    new.notes = (*case.notes, ch.cid)
    return ""


def _concern(w, c, ch, case, new, moved, ended):
    new.concerns = (*case.concerns, ch.cid)
    if case.status == OPEN:
        new.status = LOCKED
    return ""


def _undo(w, c, ch, case, new, moved, ended):
    found = next((one for one in case.attempts if one[0] == ch.arg), None)
    if found is None:
        w.hit("undo of what is not there")
        return "undo_of_unknown"
    w.hit("undo")
    new.attempts = tuple(
        (*one[:4], True) if one[0] == ch.arg else one for one in case.attempts
    )  # fmt: skip
    still_final = any(one[2] and not one[4] for one in new.attempts)
    if case.stopped_at < 0 and case.status == CLOSED and found[2] and not still_final:
        new.status = OPEN
    if w.bad == "undo_lifts_a_stop":
        new.stopped_at = -1
        new.status = OPEN
    return ""


def _cancelled(promises):
    return tuple((one, who, "cancelled") for one, who, _ in promises)


_KINDS = {
    ATTEMPT: _attempt,
    STOP: _stop,
    CORRECT: _correct,
    PROMISE: _promise,
    REFER: _refer,
    NOTE: _note,
    CONCERN: _concern,
    UNDO: _undo,
    NEWER: _note,
    POISON: _note,
    GARBLED: _note,
}
