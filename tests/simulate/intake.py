"""Store first: what a push does at the centre, and the other calls that are not a pull.

What a reader would get wrong: "crash" of a call is where in it the process dies. Whatever was committed before stays,
no reply goes out, and the transactions after it never began.
"""

from tests.simulate import judging
from tests.simulate.centre import serve_pull, standing
from tests.simulate.parts import CONCERN, GARBLED, NEWER, POISON, Broken, Device, Reply


def serve(w, c, q, crash=""):
    """Serve one request; None where the centre died before it could answer."""
    if q.kind == "pull":
        reply = serve_pull(w, c, q)
        return None if crash else reply
    if q.kind == "register":
        key = w.next_device()
        c.devices[key] = Device(q.user, w.now)
        reply = standing(w, c, Reply(q.rid), c.devices[key])
        reply.device = key
        return None if crash else reply
    device = c.devices.get(q.device)
    if device is None:
        return Reply(q.rid, "gone")
    if device.user != q.user:
        return Reply(q.rid, "refused")
    if q.kind == "head":
        if c.accounts[q.user] != "active":
            return Reply(q.rid, "wipe")
        return standing(w, c, Reply(q.rid), device)
    if q.kind == "held":
        reply = standing(w, c, Reply(q.rid), device)
        reply.held = frozenset(cid for cid, _ in q.asked if cid in c.change)
        reply.proved = frozenset(
            cid for cid, dseq in q.asked if device.seqs.get(dseq) == cid and dseq <= device.durable
        )  # fmt: skip
        return None if crash else reply
    return _push(w, c, q, device, crash)


def _push(w, c, q, device, crash):
    opaque = q.kind == "opaque"
    if not opaque:
        for _, _, ch in q.items:
            if ch.kind == POISON:
                w.hit("500 on one envelope")
                return Reply(q.rid, "failed")
            if ch.kind == GARBLED:
                w.hit("400 on one envelope")
                return Reply(q.rid, "rejected")
    if crash == "before":
        return _results(w, c, q, device, {}, early=True) if w.bad == "receipt_before_commit" else None
    if w.bad == "receipt_before_commit" and crash:
        return _results(w, c, q, device, {}, early=True)
    device.seen = w.now
    seqs = device.seqs
    missing = q.acked > device.last or any(one not in seqs for one in q.beyond)
    for cid, dseq, _ in q.items:
        if seqs.get(dseq, cid) != cid:
            w.hit("409: a number used twice")
            if w.bad != "no_fork_check":
                return Reply(q.rid, "forked")
    swallowed, new, refused = {}, [], {}
    known = {cid for cid, _, _ in q.items if cid in c.change}
    for cid, dseq, ch in q.items:
        if w.bad == "no_fork_check" and seqs.get(dseq, cid) != cid:
            swallowed[cid] = "applied"
            continue
        if w.bad == "late_work_rejected" and cid not in c.change and c.cases[ch.case].gen != ch.gen:
            refused[cid] = "rejected"
            seqs[dseq] = cid
            continue
        held = c.change.get(cid)
        if held is None:
            _store(w, c, ch, device, opaque)
            if c.verdict[cid] == "received":
                new.append(cid)
        else:
            w.hit("the same change again")
            if held.said != ch.said:
                w.hit("an id with other content")
                if w.bad != "id_reuse_swallowed":
                    c.reuse.add((cid, ch.said))
                    c.reviews[cid] = "id_reuse"
                    refused[cid] = "quarantined"
        seqs[dseq] = cid
    if w.bad == "highest_number_as_watermark":
        device.last = max(device.last, *(dseq for _, dseq, _ in q.items))
    else:
        while device.last + 1 in seqs:
            device.last += 1
        if seqs and max(seqs) > device.last:
            w.hit("a hole in the numbers")
    w.dirty |= 9
    if crash == "between":
        w.hit("stored and not judged")
        return None
    ids = new.copy() if w.bad != "no_idempotency" else [cid for cid, _, _ in q.items if c.verdict[cid] != "quarantined"]
    if device.status == "revoked":
        ids = []
    elif w.bad != "no_idempotency":
        ids += [cid for cid in known if cid not in refused]
    answered = frozenset(new)  # whoever sent the others before may be waiting for a word
    if crash == "judging":
        w.hit("stored and not judged")
        if w.bad == "effects_before_verdict":
            judging.judge(w, c, ids, answered=answered, verdicts=False)
    else:
        judging.judge(w, c, ids_to_judge(w, c, q, ids, missing), answered=answered)
    if crash == "after":
        return None
    return _results(w, c, q, device, {**swallowed, **refused}, known=known)


def ids_to_judge(w, c, q, ids, missing):
    """What a push has judged: what it brought, and before it what its workstation sent earlier and still waits.

    Who has receipts for what is `missing` here sends it again in the same pass: newer work waits for that, or for the
    worker. What is urgent waits for nothing, and draws nothing with it that is not.
    """
    urgent = [one for one in ids if c.change[one].kind == CONCERN]
    alone = len(urgent) == len(ids)
    if q.kind == "push" and missing and w.bad != "judged_beyond_a_hole":
        w.hit("not judged beyond a hole")  # and the author hears of it by the replay, or by a notice
        ids, alone = urgent, True
    if w.bad == "urgent_draws_waiting_work_with_it":
        alone = False
    if not c.late or not ids or w.bad == "only_the_new_ones_judged":
        return ids
    waiting = {one for one in c.late if not alone or c.change[one].kind == CONCERN}
    ready = set(ids)
    for row in c.devices.values():
        newest = max((dseq for dseq, one in row.seqs.items() if one in ids), default=0)
        ready.update(one for dseq, one in row.seqs.items() if dseq < newest and one in waiting)
        if row.user == q.user:  # an older id of the same workstation, it may be; what a push is at work on is left
            ready.update(
                one for dseq, one in row.seqs.items() if dseq <= row.last and one in waiting and _left(w, c, one)
            )
    if len(ready) > len(ids):
        w.hit("judged what waited before it")
    return judging.in_device_order(c, ready, sender=q.device)


def _left(w, c, cid):
    return w.now - c.since.get(cid, 0) >= judging.HOLE_PATIENCE


def _store(w, c, ch, device, opaque):
    cid = ch.cid
    if w.bad == "no_idempotency":
        w.hit("stored")
    c.change[cid] = ch
    w.ever_stored.add(cid)
    fault = ""
    if device.status == "revoked":
        fault = "revoked_device"
        w.hit("stored from a revoked device")
    elif opaque:
        fault = "opaque"
        w.hit("stored as plain bytes")
    elif ch.kind == NEWER and not c.upgraded:
        fault = "unknown_schema"
    if fault:
        c.verdict[cid] = "quarantined"
        c.reviews[cid] = fault
    else:
        c.verdict[cid] = "received"
        c.late = (*c.late, cid)
        c.since[cid] = w.now


def _results(w, c, q, device, other, early=False, known=frozenset()):
    reply = standing(w, c, Reply(q.rid), device)
    reply.batch = q.batch
    results = []
    for cid, dseq, _ in q.items:
        if early:
            verdict = "applied"
        else:
            verdict = other.get(cid) or c.verdict.get(cid, "received")
        results.append((cid, dseq, verdict, cid in known))
    reply.results = tuple(results)
    if early:
        reply.last = max(reply.last, q.items[-1][1])
    return reply


def post_messages(w, c, dies=False):
    """Send what leaves the building: one message per referral, under the id of its change."""
    if w.now < w.quiet_until and w.bad != "messages_go_on_after_a_restore":
        w.hit("messages paused after a restore")
        return
    done = set(c.posted)
    for case in c.cases:
        for cid, held in case.referrals:
            if held or cid in done:
                continue
            root = c.change[cid].root
            key = ("message", root) if w.bad != "message_without_its_key" else ("message", root, w.next_token())
            if key in w.outside:
                w.hit("message sent again under its id")
            w.outside.add(key)
            if sum(1 for one in w.outside if one[1] == root) > 1:
                raise Broken("I2", f"change {cid} sent two messages")
            if not dies:
                done.add(cid)
            else:
                w.hit("died between message and note of it")
                return
    c.posted = frozenset(done)
