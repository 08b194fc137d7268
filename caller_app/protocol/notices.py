"""The body of a notice record (feed kind 4): something the centre tells one person after the fact.

With a `change_id` it carries the verdict of a change that had none yet when its push was answered; the workstation
settles its outbox entry with it. `words` may be shown and hold no patient data.
"""

import msgspec


class NoticeBody(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One notice; `words` are empty where only a verdict is delivered."""

    notice_id: str
    at: str
    words: str = ""
    case_id: str | None = None
    change_id: str | None = None
    verdict: str | None = None
    reason: str | None = None
    review_id: str | None = None
    ver: int | None = None
