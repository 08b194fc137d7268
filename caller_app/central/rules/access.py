"""Who is asking, and may they? The one place that answers both; every signed-in route goes through here.

A reader would get wrong that a device id proves anything: it only names a position in the user's own feed. The user
comes from the token alone, and nobody can ask for another person's feed because no request names one.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from caller_app.central.faults import Fault, not_allowed
from caller_app.central.rules.accounts import check_status, spent
from caller_app.domain.staff import Deed, User, may

SESSION = (
    "SELECT s.session_id, s.access_sha256, s.access_until, s.ended_at, a.user_id, a.name, a.shown_name, "
    "a.role, a.status, a.status_since FROM session s JOIN account a USING (user_id)"
)


@dataclass(frozen=True, slots=True)
class Asker:
    """The person a valid access token belongs to."""

    user: User
    session_id: str
    status: str


def identify(conn: Connection, authorization: str | None, now: datetime) -> Asker:
    """Find who an Authorization header speaks for; raises Fault sign_in_needed or account_disabled."""
    given = token_hash(authorization)
    row = conn.execute(text(f"{SESSION} WHERE s.access_sha256 = :h"), {"h": given}).one_or_none()
    return asker_of(row, given, now)


def token_hash(authorization: str | None) -> bytes:
    """Give what is kept of the token in an Authorization header; raises Fault sign_in_needed."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > 200:
        raise spent()
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def asker_of(row: Any, given: bytes, now: datetime) -> Asker:
    """Give the person of a row of SESSION, or of none; raises Fault sign_in_needed or account_disabled."""
    if row is None or not hmac.compare_digest(bytes(row.access_sha256), given):
        raise spent()
    if row.ended_at is not None or row.access_until <= now:
        raise spent()
    check_status(row.status, row.status_since, now)
    user = User(user_id=row.user_id, name=row.name, shown_name=row.shown_name, role=row.role)
    return Asker(user=user, session_id=row.session_id, status=row.status)


def require(asker: Asker, deed: Deed) -> None:
    """Refuse a deed that the asker's role does not allow, or that a draining account may no longer do."""
    if not may(asker.user.role, deed):
        raise not_allowed()
    if asker.status != "active":
        raise Fault(403, "account_disabled", "This account may only hand in what it recorded.")


def device_of(conn: Connection, asker: Asker, device_id: str | None, *, lock: bool = False) -> Any:
    """Give the asker's own device row; raises Fault device_unknown, device_revoked is left to the caller."""
    row = None
    if device_id is not None and is_uuid(device_id):
        row = conn.execute(
            text(f"SELECT * FROM device WHERE device_id = CAST(:d AS uuid){' FOR UPDATE' if lock else ''}"),
            {"d": device_id},
        ).one_or_none()
    return own_device(row, asker)


def own_device(row: Any, asker: Asker) -> Any:
    """Give a device row back where it is the asker's own; raises Fault otherwise."""
    if row is None:
        raise Fault(410, "device_unknown", "The centre does not know this workstation. The program registers again.")
    if row.user_id != asker.user.user_id:
        raise not_allowed("This workstation's list belongs to another person.")
    return row


def refuse_revoked(row: Any) -> None:
    """Refuse to serve a list to a device that was taken out of use; a retired one simply comes back."""
    if row.status == "revoked":
        raise Fault(403, "device_revoked", "This workstation has been taken out of use. Its list has to be removed.")


def is_uuid(text_form: str) -> bool:
    """Tell whether a text is a UUID in its canonical 36-character form."""
    return _UUID.fullmatch(text_form) is not None


_UUID = re.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
