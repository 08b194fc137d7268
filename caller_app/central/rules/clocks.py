"""Put a workstation's times right by how far its clock was off when it pushed.

The times only order what is shown and hint at reviews; nothing is decided by them alone (docs/sync.md,
"Conflict policy"). A difference of up to two minutes is how long a request may take and is left as it is.
"""

from datetime import datetime, timedelta

TOLERATED = timedelta(minutes=2)


def put_right(occurred_at: datetime, sent_at: datetime | None, received_at: datetime) -> datetime:
    """Give the corrected time of something a workstation recorded; never later than when it reached us."""
    if sent_at is not None and abs(received_at - sent_at) > TOLERATED:
        try:
            occurred_at += received_at - sent_at
        except OverflowError:
            return received_at
    return min(occurred_at, received_at)
