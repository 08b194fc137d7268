"""The deliberate defects: one safety of the protocol taken away at a time, and the invariant that has to notice.

Each is a switch in the model (`world.bad`), so that the same schedules run with it and without.
"""

DEFECTS: dict[str, tuple[str, str]] = {
    "cursor_from_a_sequence": ("I6", "feed numbers come from a sequence, not from a counter under its row lock"),
    "receipt_before_commit": ("I4", "the centre answers before what it stores is committed"),
    "delete_on_send": ("I1", "a change leaves the outbox when it is sent"),
    "no_idempotency": ("I2", "a change that comes again is judged again"),
    "highest_number_as_watermark": ("I10", "the watermark is the highest number, holes or not (R1)"),
    "short_page_ends_at_its_last_row": ("I8", "a short page ends at its last row, not at the head (R2)"),
    "horizon_check_in_snapshots": ("I7", "a snapshot below the tombstone horizon is reset (R3)"),
    "no_token": ("I8", "the centre does not look at the token of a pull"),
    "naive_tombstone_collection": ("I8", "tombstones are collected whoever still needs them"),
    "acknowledged_on_any_200": ("I15", "any answer to a push counts as its receipt"),
    "removal_not_delivered": ("I8", "what leaves a person's scope leaves the feed without a word"),
    "late_work_rejected": ("I4", "work on a case that moved meanwhile is refused"),
    "no_fork_check": ("I4", "a number used twice is passed over in silence (R4)"),
    "cursor_before_page": ("I5", "the cursor is stored before the rows of its page"),
    "stop_overwritten_by_a_late_outcome": ("I12", "an outcome after a stop sets the status"),
    "correction_last_writer_wins": ("P-correction", "a correction goes over a value its author had not seen"),
    "promise_lost_on_reassignment": ("P-promise", "promises do not move with the case"),
    "safeguarding_behind_the_queue": ("F54", "a safeguarding flag is sent when its turn comes"),
    "erased_without_proof": ("I1", "what was called durable by its number is erased without asking for it by its id"),
    "erase_before_durable": ("I1", "an acknowledged change is erased at once"),
    "lease_ignores_a_clock_set_back": ("I8", "the lease believes the machine's clock alone"),
    "sent_trusted_after_a_start": ("I7", "what was on its way counts as sent after a start"),
    "replay_skips_the_durable": ("I7", "a replay leaves out what was called durable"),
    "id_reuse_swallowed": ("F51", "a known id with other content is answered as known"),
    "held_ignored_in_the_receipt": ("I9", "records kept for an open call count as removed"),
    "prev_token_not_accepted": ("R-reset", "only the newest token is accepted, so that a lost reply is a reset"),
    "renumbering_changes_ids": ("I2", "a new device id gives what is retained new change ids"),
    "effects_before_verdict": ("I2", "effects are committed before the verdict"),
    "judged_in_the_order_of_clocks": ("I11", "changes are judged in the order of the workstations' clocks"),
    "urgent_draws_waiting_work_with_it": ("I11", "what is urgent has judged with it whatever waits below its number"),
    "only_the_new_ones_judged": ("I11", "a push judges what it brought and not what its device has waiting"),
    "judged_beyond_a_hole": ("I11", "a change is judged while changes before it are known to be missing"),
    "sent_as_whoever_is_signed_in": ("I20", "the outbox is sent by whoever is signed in"),
    "reply_without_its_echo_counts": ("I15", "an answer counts without the echo of its question"),
    "cut_page_counts": ("I5", "a page that was cut is applied"),
    "no_watermark_check": ("I7", "the workstation does not compare the centre's watermark with its own"),
    "token_reset_replays_nothing": ("I7", "a reset for the token reads the list again and sends nothing again"),
    "feed_behind_replays_nothing": ("I7", "a feed behind the copy reads the list again and sends nothing again"),
    "token_with_the_last_slice": ("I8", "a page's token is stored with its last slice, the cursor with each"),
    "hot_retry": ("I16", "a failed request is sent again at once"),
    "no_bisecting": ("I7", "a batch with one unreadable change is sent whole for ever"),
    "message_without_its_key": ("I2", "a message has no key of its own when it is sent again"),
    "rows_before_head": ("I5", "a page's rows and its head are read in two snapshots"),
    "durable_before_it_is_in_a_backup": ("I1", "numbers are called durable that the backup does not hold"),
    "stop_clears_a_concern": ("I12", "a stop clears the concerns of the case"),
    "undo_lifts_a_stop": ("I12", "an undo that comes late lifts a stop"),
    "new_device_keeps_its_numbers": ("I7", "a new device id goes on with the old numbers"),
    "reset_empties_the_outbox": ("I1", "reading the list anew empties the outbox"),
    "one_bad_change_spoils_the_set": ("F9", "no savepoints: one change that fails takes the others with it"),
    "verdict_without_a_case": ("I3", "a doubtful change opens no review case"),
    "snapshot_without_a_sweep": ("I8", "a snapshot removes nothing"),
    "late_verdict_not_told": ("I3", "a verdict given after the receipt is told to nobody"),
    "notice_heard_after_the_page": ("I3", "notices are heard after the page's cursor is stored"),
    "lost_list_asks_for_no_receipts": ("I3", "a list that was lost is read anew and nothing is sent again"),
    "newer_never_judged_again": ("F47", "what nobody understood stays set aside after the upgrade"),
    "held_for_ever": ("I8", "a record kept for an open call stays as long as the call"),
    "belief_never_let_down": ("I7", "the latest moment a wrong clock ever showed counts for ever"),
    "twins_never_part": ("I7", "two copies of one disk share a device id until one of them records"),
    "erased_missed_by_its_number": ("F28", "what was erased is missed by the centre's watermark, not by its id"),
    "forgotten_without_an_alarm": ("F28", "a workstation the centre forgot registers anew and says nothing"),
    "nobody_asks_where_no_list_is_served": ("I7", "a barred workstation never learns that the centre went back"),
}

# What may be taken away and nothing breaks; a test plays it.
HARMLESS: dict[str, str] = {
    "receipt_during_a_snapshot": "the cursor of a snapshot counts as a receipt for removals",
}

# What is noticed too rarely for a test: once in some thousands of schedules.
RARE: dict[str, tuple[str, str]] = {
    "horizon_before_token": ("I7", "a cursor below the horizon is reset without a look at its token"),
    "no_epoch": ("I3", "nobody compares epochs; only a verdict of a history that is gone may stay on show"),
}
