"""Deliberate defects in the real code, each the absence of one safety, planted for the length of one test.

Replacing functions of our own is allowed here and nowhere else: the defect is the point. Each names the directed
schedule that brings its danger about and the invariant that has to catch it. Where a text to be spoiled is no longer
found, the test fails and says so: the defect has to be written again for the code as it then is.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from caller_app.base.errors import CentreUnreachable
from caller_app.base.ids import new_id
from caller_app.central.routes import push as push_route
from caller_app.central.rules import access, accounts, devices, feed, pulls, store, verdicts, workspace
from caller_app.domain import rebase, rebase_correction, rebase_facts, rebase_terms
from caller_app.protocol.messages import Pushed, PushResult
from caller_app.store import lease, mirror, proof, removal, replay, sending
from caller_app.sync import engine, pull
from caller_app.sync.api import Api
from tests.world import directed as d
from tests.world import directed_here as here
from tests.world.planting import Patch, put, spoil, wrap

Plant = Callable[[Patch], None]


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong, what brings it about, and by which name it is caught."""

    plant: Plant
    schedule: Callable[[Any], None]
    caught: str


# ---- the feed ----------------------------------------------------------------------------------------------------


def cursor_from_a_sequence(patch: Patch) -> None:
    """Numbers of the feed come as from a sequence: given out before, and seen after, the commit of others."""
    sequence = itertools.count(10_000)

    def write(conn: Any, entries: Any) -> dict[int, int]:
        heads: dict[int, int] = {}
        for one in entries:
            heads[one.user_id] = next(sequence)
            conn.execute(
                text(
                    "INSERT INTO visibility(user_id, kind, rec_id, seq, gone, why) VALUES (:u, :k, CAST(:r AS uuid), "
                    ":seq, :g, :w) ON CONFLICT (user_id, kind, rec_id) DO UPDATE SET "
                    "seq = excluded.seq, gone = excluded.gone, why = excluded.why"
                ),
                {"u": one.user_id, "k": one.kind, "r": one.rec_id, "seq": heads[one.user_id],
                 "g": one.why is not None, "w": None if one.why is None else feed.WHY.index(one.why)},
            )  # fmt: skip
        return heads

    newest = "(SELECT max(v.seq) FROM visibility v WHERE v.user_id = {})"
    put(patch, feed, "write", write)
    put(patch, feed, "head_of", lambda conn, user: (
        conn.execute(text(f"SELECT {newest.format(':u')}"), {"u": user}).scalar() or 0, 0))  # fmt: skip
    put(patch, pulls, "_HEAD", pulls._HEAD.replace("h.seq", newest.format("s.user_id") + " AS seq"))


def short_page_ends_at_its_last_row(patch: Patch) -> None:
    spoil(patch, feed, "page_of", ("to = last if full else head", "to = last"))


def horizon_check_in_snapshots(patch: Patch) -> None:
    spoil(patch, pulls, "_reset", ('wanted.mode == "delta" and ', ""))


def no_token(patch: Patch) -> None:
    put(patch, pulls, "_token_fits", lambda _device, _wanted: True)


def tombstones_collected_naively(patch: Patch) -> None:
    def collect(conn: Any, user_id: int, *_more: Any, **_named: Any) -> int:
        gone = conn.execute(text("DELETE FROM visibility WHERE user_id = :u AND gone"), {"u": user_id})
        return int(gone.rowcount)

    put(patch, feed, "collect", collect)


def removal_not_delivered(patch: Patch) -> None:
    def write(true: Any, conn: Any, entries: Any) -> dict[int, int]:
        entries = list(entries)
        heads = {one.user_id: feed.head_of(conn, one.user_id)[0] for one in entries}
        return {**heads, **true(conn, [one for one in entries if one.why != "reassigned"])}

    wrap(patch, feed, "write", write)


def held_ignored_in_the_receipt(patch: Patch) -> None:
    put(patch, pulls, "held_of", lambda _wanted: [])


# ---- storing -----------------------------------------------------------------------------------------------------


def receipt_before_commit(patch: Patch) -> None:
    """The receipt goes out as if all were well, and the transaction does not come through."""
    promised: list[int] = []

    def given_back(engine_: Any, work: Any, **_more: Any) -> Any:
        with engine_.connect() as conn, conn.begin() as transaction:
            made = work(conn)
            transaction.rollback()
            return made

    def results(arrived: Sequence[Any], *_more: Any) -> list[PushResult]:
        promised.extend(one.seq for one in arrived)
        return [PushResult(id=one.change_id, seq=one.seq, verdict="received") for one in arrived]

    def numbers(true: Any, *asked: Any) -> Any:
        held = true(*asked)
        return replace(held, last_seq=max([held.last_seq, *promised]))

    patch.setattr(push_route, "writing", given_back)
    put(patch, verdicts, "results", results)
    wrap(patch, devices, "numbers", numbers)


def no_idempotency(patch: Patch) -> None:
    """What comes again is judged again, and nobody looks whether its effect is there."""

    def stored(true: Any, conn: Any, asker: Any, device_id: str, arrived: Any, **more: Any) -> Any:
        kept = true(conn, asker, device_id, arrived, **more)
        conn.execute(
            text("UPDATE change_state SET verdict = 'received' WHERE change_id = ANY(CAST(:ids AS uuid[]))"),
            {"ids": list(kept.known)},
        )
        return replace(kept, to_judge=[*kept.to_judge, *kept.known])

    wrap(patch, store, "store", stored)
    spoil(
        patch, rebase_facts, "judge_note", ("if any(one.note_id == s.one.change_id for one in s.item.notes):", "if 0:")
    )


def watermark_is_the_maximum(patch: Patch) -> None:
    newest = "SELECT max(dseq) FROM device_seq WHERE device_id = %(d)s"
    told = "RETURNING last_seq, durable_seq"
    put(patch, store, "_ADVANCE", f"UPDATE device SET last_seq = ({newest}) WHERE device_id = %(d)s {told}")


def no_fork_check(patch: Patch) -> None:
    put(patch, store, "_refuse_fork", lambda *_: None)


def ended_account_may_not_push(patch: Patch) -> None:
    spoil(patch, accounts, "check_status", ('status == "draining" and', "False and"))


def device_of_another_is_served(patch: Patch) -> None:
    spoil(patch, access, "own_device", ("if row.user_id != asker.user.user_id:", "if False:"))


# ---- judging -----------------------------------------------------------------------------------------------------


def judged_out_of_order(patch: Patch) -> None:
    spoil(patch, workspace, "read_waiting", ("q.device_id, q.dseq FOR", "q.device_id, q.dseq DESC FOR"))


def late_work_rejected(patch: Patch) -> None:
    def judge(true: Any, item: Any, one: Any, standing: Any, *more: Any) -> Any:
        if standing.assignee_id != one.author_id:
            return rebase.Judgement(item, "quarantined", "not_on_list", "not_on_list")
        return true(item, one, standing, *more)

    wrap(patch, rebase, "judge", judge)


def anybody_may_record_about_anybody(patch: Patch) -> None:
    spoil(patch, rebase, "judge", ("if not standing.ever_assigned:", "if False:"))


def stop_overwritten_by_a_late_outcome(patch: Patch) -> None:
    put(patch, rebase_terms.Situation, "ended", property(lambda _self: False))


def last_claim_wins(patch: Patch) -> None:
    put(patch, rebase_correction, "_clashes", lambda *_: False)


def promise_lost_on_reassignment(patch: Patch) -> None:
    def judge(true: Any, s: Any, change: Any) -> Any:
        return rebase.Judgement(s.item) if s.reassigned else true(s, change)

    wrap(patch, rebase_facts, "judge_promise", judge)


# ---- the workstation's outbox ------------------------------------------------------------------------------------


def deleted_on_send(patch: Patch) -> None:
    def take(true: Any, store_: Any, **more: Any) -> Any:
        batch, entries = true(store_, **more)
        with store_.outbox.write() as connection:
            connection.exec_driver_sql("DELETE FROM outbox WHERE batch_id = ?", (batch,))
        return batch, entries

    wrap(patch, sending, "take_batch", take)


def erased_before_durable(patch: Patch) -> None:
    wrap(patch, sending, "durable_up_to", lambda true, store_, _dseq: true(store_, 10**9))
    erased_without_proof(patch)


def erased_without_proof(patch: Patch) -> None:
    def prove(this: Any) -> None:
        proof.erase(this.store, [name for name, _ in proof.wanted(this.store).due])

    put(patch, engine, "_prove", prove)


def concern_behind_the_queue(patch: Patch) -> None:
    spoil(patch, sending, "take_batch", ("lane = 0 AND", "lane < 0 AND"))


def sent_is_trusted_after_a_start(patch: Patch) -> None:
    put(patch, sending, "nothing_is_under_way", lambda _store: None)


def acknowledged_on_any_200(patch: Patch) -> None:
    def push(true: Any, self: Any, body: Any, **more: Any) -> Any:
        try:
            return true(self, body, **more)
        except CentreUnreachable:
            results = [PushResult(id=one.id, seq=one.seq, verdict="applied") for one in body.changes]
            return Pushed(request_id="", server_id="", epoch=body.epoch, server_time=body.sent_at, batch=body.batch,
                          results=results, last_seq=body.changes[-1].seq, head=2**40)  # fmt: skip

    def method(self: Any, body: Any, **more: Any) -> Any:
        return push(true_push, self, body, **more)

    true_push = Api.push
    patch.setattr(Api, "push", method)


def any_centre_is_believed(patch: Patch) -> None:
    spoil(patch, Api, "believe", ("self.server_id is not None and server_id != self.server_id", "False"))


def lost_acknowledgements_not_noticed(patch: Patch) -> None:
    spoil(patch, engine, "_history", ("lost = last_seq < who.acked_hw", "lost = False"))
    put(patch, replay, "all_again", lambda *_args, **_more: 0)


def replay_leaves_out_the_durable(patch: Patch) -> None:
    put(patch, replay, "_BACK", replay._BACK.replace("'ACKED', 'DURABLE', 'SENT'", "'ACKED', 'SENT'"))


def renumbering_gives_new_ids(patch: Patch) -> None:
    def take(true: Any, store_: Any, *more: Any) -> Any:
        with store_.outbox.write() as connection:
            ids = list(connection.exec_driver_sql("SELECT change_id FROM outbox").scalars())
            for one in ids:
                connection.exec_driver_sql("UPDATE outbox SET change_id = ? WHERE change_id = ?", (new_id(), one))
        return true(store_, *more)

    wrap(patch, replay, "take_device", take)


# ---- the workstation's list --------------------------------------------------------------------------------------


def cursor_before_page(patch: Patch) -> None:
    def apply_page(true: Any, store_: Any, page: Any, *more: Any) -> Any:
        with store_.lists.write() as lists:
            lists.exec_driver_sql("UPDATE meta SET cursor = ?, token = ?", (page.begin.to, page.begin.token))
        return true(store_, page, *more)

    wrap(patch, mirror, "apply_page", apply_page)


def page_for_the_old_place(patch: Patch) -> None:
    spoil(patch, engine, "_pull_pages", ("at = mirror.position(this.store)\n        pulled", "pulled"))


def page_not_checked(patch: Patch) -> None:
    spoil(patch, pull, "_read", (" and end.sha256 == digest", ""))


def nothing_is_swept(patch: Patch) -> None:
    put(patch, removal, "sweep", lambda *_args, **_more: [])


def held_without_end(patch: Patch) -> None:
    put(patch, removal, "HELD_AT_MOST", timedelta(days=900))


def lease_believes_the_clock(patch: Patch) -> None:
    put(patch, lease, "believed_now", lambda held, clock: held.given + max(clock.now() - held.wall, timedelta(0)))


DEFECTS: dict[str, Defect] = {
    "cursor from a sequence": Defect(cursor_from_a_sequence, d.late_commit, "I6"),
    "receipt before commit": Defect(receipt_before_commit, d.pushed, "I4"),
    "delete on send": Defect(deleted_on_send, d.request_lost, "I1"),
    "no idempotency": Defect(no_idempotency, d.reply_lost, "I2"),
    "max instead of contiguous watermark": Defect(watermark_is_the_maximum, d.new_work_after_a_restore, "I10"),
    "short page ending at its last row": Defect(short_page_ends_at_its_last_row, d.snapshot_after_collection, "I8"),
    "horizon check in snapshots": Defect(horizon_check_in_snapshots, d.snapshot_after_collection, "I8"),
    "no token": Defect(no_token, d.same_head_other_history, "I8"),
    "naive tombstone collection": Defect(tombstones_collected_naively, d.removed_while_away, "I8"),
    "acknowledgement on any 200": Defect(acknowledged_on_any_200, d.portal_answers_200, "I15"),
    "removal not delivered": Defect(removal_not_delivered, d.moved_while_offline, "I8"),
    "late work rejected": Defect(late_work_rejected, d.moved_while_offline, "I3"),
    "no fork check": Defect(no_fork_check, d.two_disks, "I10"),
    "cursor before page": Defect(cursor_before_page, here.no_room_for_a_page, "I5"),
    "opt-out overwritten by a late outcome": Defect(
        stop_overwritten_by_a_late_outcome, d.stop_then_late_outcome, "I12"
    ),
    "correction last-writer-wins": Defect(last_claim_wins, d.two_claims, "merge"),
    "promise lost on reassignment": Defect(promise_lost_on_reassignment, d.moved_while_offline, "I2"),
    "safeguarding behind the queue": Defect(concern_behind_the_queue, here.concern_behind_a_queue, "lane"),
    "erase before durable": Defect(erased_before_durable, d.kept_for_days_then_restored, "I1"),
    "erase without proof": Defect(erased_without_proof, d.twin_fills_the_numbers, "I1"),
    "lease ignoring a clock set back": Defect(lease_believes_the_clock, here.lease_and_clock_set_back, "I8"),
    "SENT trusted after a start": Defect(sent_is_trusted_after_a_start, here.power_cut_while_sending, "I1"),
    "lost acknowledgements not noticed": Defect(lost_acknowledgements_not_noticed, d.acknowledged_then_restored, "I1"),
    "replay leaves out the durable": Defect(replay_leaves_out_the_durable, d.durable_then_restored_older, "I1"),
    "held ignored in the receipt": Defect(held_ignored_in_the_receipt, here.removed_while_open, "I9"),
    "held without end": Defect(held_without_end, here.left_open_for_an_hour, "I8"),
    "judging out of device order": Defect(judged_out_of_order, d.three_in_a_row, "I11"),
    "renumbering changes ids": Defect(renumbering_gives_new_ids, d.two_disks, "I1"),
    "anybody may record about anybody": Defect(anybody_may_record_about_anybody, d.forged, "scope"),
    "another person's sign-in sends": Defect(device_of_another_is_served, here.under_another_name, "I20"),
    "a snapshot that sweeps nothing": Defect(nothing_is_swept, d.snapshot_after_collection, "I8"),
    "a page believed without its hash": Defect(page_not_checked, here.page_altered, "I5"),
    "a page for a place that was given up": Defect(page_for_the_old_place, d.restored_and_told_by_the_head, "I5"),
    "an ended account may not hand in": Defect(ended_account_may_not_push, d.drained, "I1"),
    "another centre is believed": Defect(any_centre_is_believed, d.another_centre_answers, "I15"),
}
