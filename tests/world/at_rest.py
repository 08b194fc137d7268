"""Invariants of a world that has come to rest: every line mended, every workstation heard, nothing waiting.

The expectation is the book's, written by the test as people recorded; the judgement of the code is not asked except
for the name of a verdict, and each verdict other than "applied" has to be one the history of this world allows.
"""

from collections import Counter

from caller_app.domain.outcomes import STOPS
from tests.world.book import WHERE, Act, Book
from tests.world.breach import hold
from tests.world.seen import Centre, Machine, look_at, look_at_centre
from tests.world.world import World

MAY_GO_OPAQUE = ("too_large_413", "bug_500", "failed_after_storing")


def check(world: World, book: Book, *, only: int | None = None) -> None:
    """Check everything that has to be true now; with `only` no more than that this workstation's list is right."""
    centre = look_at_centre(world.rig)
    machines = [look_at(device) for device in world.devices]
    if only is not None:
        _lists_agree(world, book, centre, machines, only=only)
        return
    _all_arrived(world, book, centre, machines)
    _all_judged(world, book, centre)
    _lists_agree(world, book, centre, machines)
    _once_each(world, book, centre)
    if not book.restored:  # new work may come up before a centre that was put back is known to lack the old
        _in_order(book, centre)
    _safety_stands(book, centre)
    _corrections_compared(centre)
    _broken_promises_said(book, machines)


def _all_arrived(world: World, book: Book, centre: Centre, machines: list[Machine]) -> None:
    missing = [one for one in book.due() if one.change_id not in centre.changes]
    hold("I1", not missing, f"{len(missing)} changes never arrived, first {missing[:1]}")
    for number, machine in enumerate(machines):
        hold("I7", not machine.waiting, f"machine {number} still waits to send {len(machine.waiting)}")
        row = centre.devices.get(machine.identity.device_id)
        if row is not None:
            seen = machine.identity.acked_hw
            hold(
                "I10", seen <= row.last_seq, f"machine {number} saw {seen} acknowledged, the centre has {row.last_seq}"
            )


def _all_judged(world: World, book: Book, centre: Centre) -> None:
    for change_id, row in centre.changes.items():
        hold("I3", row.verdict in ("applied", "applied_review", "quarantined"), f"{change_id} is {row.verdict}")
        if row.verdict != "applied":
            hold("I3", bool(centre.reviews.get(change_id)), f"{change_id} is {row.verdict} and nobody is asked")
        act = book.acts[change_id]
        if act.foreign and row.verdict != "quarantined":
            ever = world.rig.ask(
                "SELECT 1 FROM assignment WHERE rec_id = CAST(:r AS uuid) AND user_id = :u",
                r=act.case_id, u=act.user_id,
            )  # fmt: skip
            hold("scope", bool(ever), f"{act} took effect about a person who was never on that list")
        if row.verdict == "quarantined":
            hold("I3", _may_be_set_aside(world, book, act, row.reason), f"{act} was set aside: {row.reason}")


def _may_be_set_aside(world: World, book: Book, act: Act, reason: str) -> bool:
    if reason == "never_in_scope":
        return act.foreign or book.restored > 0  # a restored centre may not know that the case was ever handed out
    if reason == "revoked_device":
        return bool(book.revoked)
    if reason == "opaque":
        return any(world.struck[kind] for kind in MAY_GO_OPAQUE)
    return False


def _lists_agree(world: World, book: Book, centre: Centre, machines: list[Machine], *, only: int | None = None) -> None:
    for number, (device, machine) in enumerate(zip(world.devices, machines, strict=True)):
        if only is not None and number != only:
            continue
        user = device.user.user_id
        row = centre.devices.get(machine.identity.device_id)
        barred = user in book.drained or (row is not None and row.status == "revoked")
        visible = {} if barred else centre.visible(user)
        extra = machine.records.keys() - visible.keys()
        hold("I8", not extra, f"machine {number} holds {sorted(extra)[:1]}, which left its list")
        differ = [key for key in visible if machine.records.get(key) != visible[key]]
        hold("I7", not differ, f"machine {number} lacks or has old: {sorted(differ)[:1]}")
        hold("I7", not machine.pending_shown or barred, f"machine {number} still lays changes over its rows")
        if barred or row is None:
            continue
        unseen = [one for one in centre.shown.get(user, {}).values() if one.gone and one.seq > row.pulled_seq]
        hold("I9", not unseen, f"machine {number} never receipted the removal of {len(unseen)}")
        hold("I9", not row.held, f"machine {number} is still said to hold {row.held}")


def _once_each(world: World, book: Book, centre: Centre) -> None:
    audited = Counter(
        row.change_id
        for row in world.rig.ask(
            "SELECT detail->>'change_id' AS change_id FROM audit WHERE what IN ('view', 'dial', 'incoming')"
        )
    )
    for act in book.acts.values():
        row = centre.changes.get(act.change_id)
        if row is None:
            continue
        effective = row.verdict != "quarantined"
        if act.kind == "accessed":
            hold("I2", audited[act.change_id] == effective, f"{act} stands {audited[act.change_id]} times in the audit")
            continue
        if act.kind not in WHERE:
            continue
        place, name = WHERE[act.kind]
        item = centre.items.get(act.case_id)
        if item is None:
            hold("I3", row.verdict == "quarantined", f"{act} is {row.verdict} on a case that a restore took with it")
            continue
        found = [one for one in getattr(item, place) if getattr(one, name) == act.change_id]
        if row.reason == "same_claim_again":
            hold("I2", not found, f"{act} repeats a claim and stands beside it")
        else:
            hold("I2", len(found) == effective, f"{act} has {len(found)} effects, verdict {row.verdict}")
        if act.kind == "note_added" and found:
            hold("I2", found[0].words == act.what, f"{act} reads {found[0].words!r}")
        if act.kind == "attempt_recorded" and found:
            hold("I2", found[0].outcome == act.what, f"{act} reads {found[0].outcome}")


def _in_order(book: Book, centre: Centre) -> None:
    for case_id, item in centre.items.items():
        for place, name in set(WHERE.values()) - {WHERE["concern_raised"]}:
            last: dict[int, int] = {}
            for one in getattr(item, place):
                act = book.acts.get(getattr(one, name))
                if act is None or act.change_id in book.forgiven:
                    continue
                before = last.get(act.machine, -1)
                hold("I11", act.order > before, f"case {case_id}: {act} has its effect after later work of its machine")
                last[act.machine] = act.order


def _safety_stands(book: Book, centre: Centre) -> None:
    for act in book.acts.values():
        row = centre.changes.get(act.change_id)
        if row is None or row.verdict == "quarantined":
            continue
        item = centre.items[act.case_id]
        if act.kind == "attempt_recorded" and act.what in STOPS:
            hold("I12", item.status == "closed", f"{act} was judged and case {act.case_id} is {item.status}")
            seen = [
                user
                for user, rows in centre.shown.items()
                if (1, act.case_id) in rows and not rows[1, act.case_id].gone
            ]
            hold("I12", not seen, f"{act} was judged and the case still stands on lists of {seen}")
            if act.what != "D02":
                others = [one for one in centre.items.values() if one.patient.person_id == item.patient.person_id]
                hold("I12", all(one.status == "closed" for one in others), f"{act}: another case of the person is open")
        if act.kind == "concern_raised":
            hold(
                "I12", item.status in ("supervisor", "closed", "needs_review"), f"{act} was judged, case {item.status}"
            )
    for case_id in book.stops if not book.restored else ():
        hold("I12", centre.items[case_id].status == "closed", f"case {case_id} was closed by a list and is open again")


def _corrections_compared(centre: Centre) -> None:
    """No last writer wins: a claim was taken over only where its author had seen what stood there."""
    for case_id, item in centre.items.items():
        ended = item.status == "closed" or any(one.led_to == "closed" for one in item.attempts)
        may_stand: set[str | None] = {None}
        for line in item.corrections:
            if line.type != "LANGUAGE" or line.state != "new":
                continue
            fits = line.old in may_stand or line.new in may_stand
            hold("merge", fits, f"case {case_id}: a claim on a value its author had not seen was taken over")
            may_stand = may_stand | {line.new} if ended else {line.new}
        hold("merge", item.patient.language in may_stand, f"case {case_id} speaks {item.patient.language}")


def _broken_promises_said(book: Book, machines: list[Machine]) -> None:
    for number, lost in book.promises_broken.items():
        if lost:
            hold(
                "I1",
                bool(machines[number].identity.alarm),
                f"machine {number} lost {len(lost)} durable changes, silently",
            )
