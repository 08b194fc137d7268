"""Typed names for the ids that travel: UUID text everywhere, so that JSON, SQLite and logs agree.

UUIDv7 ids are identity only; their time bits are never used for order (workstation clocks lie).
"""

from typing import NewType

import uuid_utils

CaseId = NewType("CaseId", str)
PersonId = NewType("PersonId", str)
ProjectId = NewType("ProjectId", str)
DeviceId = NewType("DeviceId", str)
ChangeId = NewType("ChangeId", str)
ReviewId = NewType("ReviewId", str)
UserId = NewType("UserId", int)


def new_id() -> str:
    """Give a fresh UUIDv7 in its 36-character text form."""
    return str(uuid_utils.uuid7())
