"""The invariants of docs/sync.md, stated over the model. Each failure carries its name.

What a reader would get wrong: these look only at what was recorded, what lies where and what was served. They do not
ask the protocol's own bookkeeping whether it is content, so a defect cannot excuse itself.
"""

from tests.simulate.parts import ACKED, BREAKS, CONCERN, CORRECT, DURABLE, PROMISE, STOP, Broken

NAMES = {
    "I1": "nothing recorded is lost: it is in an outbox, not erased before it is durable, or at the centre",
    "I2": "one change has one effect: one row, one attempt, one promise, one message",
    "I3": "every change has a verdict, every doubtful one a case for a supervisor, and its author learns it",
    "I4": "what is acknowledged had been committed at the centre",
    "I5": "at a number of the feed, the list holds every record as the centre showed it at that number",
    "I6": "no number of a feed appears at or below one already served",
    "I7": "once faults stop, everything is sent, durable and equal on both sides within bounded passes",
    "I8": "nothing that left a person's scope stays on the list, nor the list past its lease",
    "I9": "a removal the centre counts as received was carried out",
    "I10": "the watermark is contiguous",
    "I11": "what one workstation did is judged in the order in which it was done",
    "I12": "a stop or a concern that was judged is cleared by nothing judged later",
    "I15": "an answer that is not the centre's to this question changes nothing",
    "I16": "a failing centre is asked once per slot, and no change is sent over and over in one",
    "I18": "clocks that are wrong by years change nothing that counts",
    "I20": "what one person recorded is sent only as that person",
    "F9": "one change that cannot be judged does not spoil those beside it",
    "F28": "a centre older than it promised is said loudly, with the ids",
    "F47": "what was newer than the centre is judged once the centre is upgraded",
    "F51": "an id that comes with other content leaves both contents at the centre",
    "F54": "a safeguarding flag never waits behind the queue",
    "P-correction": "a correction takes effect only over the value its author saw",
    "P-promise": "a promise to a patient is never dropped",
    "R-reset": "a list is read from zero only where something went back in time, was copied or came twice",
}


def after_step(w):
    """Check what the last step may have touched."""
    dirty = w.dirty
    if dirty & 1:
        no_loss(w)
    if dirty & 2:
        judged(w)
    if dirty & 4:
        receipts(w)
    if dirty & 8:
        watermarks(w)


def no_loss(w):
    missing = w.recorded.keys() - w.centre.change.keys()
    for s in w.stations:
        missing -= s.box.keys()
    missing -= w.frail
    if missing:
        raise Broken("I1", f"change {min(missing)} is in no outbox and not at the centre")


def judged(w):
    c = w.centre
    order = {}
    roots = {}
    for cid in c.judged:
        ch = c.change[cid]
        if roots.setdefault(ch.root, cid) != cid:
            raise Broken("I2", f"what was done once is at the centre as {roots[ch.root]} and as {cid}")
        if ch.station in w.cloned or ch.kind == CONCERN or c.verdict[cid] == "quarantined" or cid in c.waived:
            continue
        if order.get(ch.station, 0) > ch.root:
            raise Broken("I11", f"change {cid} was judged after a later one of the same workstation")
        order[ch.station] = max(order.get(ch.station, 0), ch.root)
    for number, case in enumerate(c.cases):
        effects = case.effects
        if len(set(effects)) != len(effects):
            raise Broken("I2", f"a change took effect twice on case {number}")
        for field in (0, 1):
            value = 0
            for cid, one, new, seen in case.fixes:
                if one == field:
                    if seen != value:
                        raise Broken("P-correction", f"correction {cid} went over a value its author had not seen")
                    value = new
    for cid, verdict in c.verdict.items():
        if verdict == "applied" or verdict == "received":
            continue
        if cid not in c.reviews:
            raise Broken("I3", f"change {cid} is {verdict} and no supervisor has a case for it")
        if verdict == "quarantined" and c.reviews[cid] == "judging_failed" and c.change[cid].kind != BREAKS:
            raise Broken("F9", f"change {cid} was set aside for another one's fault")
    for cid in c.judged:
        if c.verdict[cid] == "quarantined" or c.verdict[cid] == "received":
            continue
        ch = c.change[cid]
        case = c.cases[ch.case]
        if ch.kind == STOP and (case.stopped_at < 0 or case.status != 1):
            raise Broken("I12", f"the stop {cid} no longer holds")
        if ch.kind == CONCERN and cid not in case.concerns:
            raise Broken("I12", f"the concern {cid} is no longer there")
        if ch.kind == PROMISE and all(one[0] != cid for one in case.promises):
            raise Broken("P-promise", f"the promise {cid} is no longer to be seen")
        if ch.kind == CORRECT and all(one[0] != cid for one in (*case.fixes, *case.candidates)):
            raise Broken("P-correction", f"the correction {cid} is no longer to be seen")


def receipts(w):
    names = [s.device for s in w.stations]
    for s in w.stations:
        if s.unsure or not s.device or names.count(s.device) > 1:  # nobody can know yet that there are two
            continue
        device = w.centre.devices.get(s.device)
        if device is None or device.user != s.user:
            continue
        vis = w.centre.vis[s.user]
        for record in s.list:
            seq, why = vis.get(record, (0, None))
            if why and seq <= device.pulled and record not in device.held:
                raise Broken("I9", f"record {record} counts as removed from workstation {s.wid}, and it is there")


def watermarks(w):
    for key, device in w.centre.devices.items():
        seqs = device.seqs
        last = device.last
        if last + 1 in seqs or any(number not in seqs for number in range(1, last + 1)):
            raise Broken("I10", f"the watermark of device {key} is {last}, its numbers are {sorted(seqs)}")


def at_rest(w, *, last=False):
    """Check everything once faults stopped and all workstations had their passes."""
    c = w.centre
    no_loss(w)
    judged(w)
    watermarks(w)
    alarms = {cid for s in w.stations for cid in s.alarm}
    for cid, verdict in c.verdict.items():
        if verdict == "received":
            raise Broken("I3", f"change {cid} never got a verdict")
        if c.upgraded and verdict == "quarantined" and c.reviews.get(cid) == "unknown_schema":
            raise Broken("F47", f"change {cid} was not judged after the upgrade")
    for cid, said in w.forged:
        if cid in c.change and c.change[cid].said != said and (cid, said) not in c.reuse:
            raise Broken("F51", f"one of the two contents of id {cid} is nowhere")
    for s in w.stations:
        _station_at_rest(w, c, s, alarms, last)


def _station_at_rest(w, c, s, alarms, last):
    device = c.devices.get(s.device)
    served = device is not None and device.status != "revoked" and c.accounts[s.user] == "active"
    for cid, one in s.box.items():
        if one.state not in (ACKED, DURABLE):
            raise Broken("I7", f"change {cid} of workstation {s.wid} is still not sent")
        if cid not in c.change and (last or (served and not (s.wid in w.cloned and s.unlooked))):
            raise Broken("I7", f"change {cid} counts as sent, and the centre does not have it")
    if not served:
        if s.list:
            raise Broken("I8", f"workstation {s.wid} keeps a list it may no longer have")
        return
    for cid, one in s.box.items():
        if cid in c.verdict and one.verdict != c.verdict[cid]:
            raise Broken("I3", f"workstation {s.wid} shows {one.verdict} for change {cid}; it is {c.verdict[cid]}")
        if one.state != DURABLE:
            raise Broken("I7", f"change {cid} of workstation {s.wid} never becomes durable")
    if device.last < s.acked:
        raise Broken("I10", f"workstation {s.wid} counts {s.acked} as acknowledged, the centre {device.last}")
    truth = {record: c.body(record) for record, (_, why) in c.vis[s.user].items() if not why}
    for record in s.list.keys() - truth.keys():
        raise Broken("I8", f"workstation {s.wid} still keeps record {record} at rest")
    for record, body in truth.items():
        if record not in s.list or (s.list[record][0] is not body and s.list[record][0] != body):
            raise Broken("I7", f"workstation {s.wid} does not hold record {record} as it stands")
    for cid in s.ledger:
        if (s.wid, cid) in w.breached and cid not in alarms and cid not in c.change:
            raise Broken("F28", f"change {cid} was lost by a restore older than promised and nobody was told")
