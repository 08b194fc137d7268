"""Sizes both ends agree on; measured reasons in docs/sync.md."""

PUSH_CHANGES = 200
PUSH_BYTES = 512 * 1024
PUSH_SPANS = 64  # how many spans of receipts above the watermark a push names, the newest ones
ASKED_CHANGES = 500  # how many changes one question about what the centre holds may name
ENVELOPE_BYTES = 64 * 1024  # one change; larger is refused at recording time
PAGE_RECORDS = 2_000
APPLY_SLICE = 200  # rows per local transaction while the list is not empty
RECORD_BYTES = 256 * 1024
LEASE_HOURS = 72
ACCESS_TOKEN_SECONDS = 15 * 60
SIGN_IN_HOURS = 12
HELD_NAMED = 200  # cases a pull can name as held for an open call: their ids stand in its address, with 8 KB to spare
