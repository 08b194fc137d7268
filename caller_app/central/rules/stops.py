"""Stops: who must never be rung again, at once, everywhere (domain rules 2.14).

The stop list holds a keyed hash of the NHS number, so it survives the deletion of the person and says nothing to
whoever reads the table without the key. Nothing here ever lifts a stop: only a supervisor does, online, by name.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

EVERYWHERE = frozenset({"contact_objection", "deceased", "import_opt_out"})


@dataclass(frozen=True, slots=True)
class Stop:
    """One entry for the stop list; `campaign` is empty for a stop that holds everywhere."""

    nhs_number: str
    kind: str
    campaign: str
    source: str


def nhs_hash(key: bytes, nhs_number: str) -> bytes:
    """Hash an NHS number under the centre's stop-list key."""
    return hmac.new(key, nhs_number.encode("ascii"), hashlib.sha256).digest()


def add(conn: Connection, key: bytes, stops: Sequence[Stop], *, now: datetime) -> None:
    """Put persons on the stop list; a stop that was lifted stands again."""
    if not stops:
        return
    conn.execute(
        text(
            "INSERT INTO suppression(nhs_hash, kind, campaign, from_at, source) VALUES (:h, :kind, :campaign, :now, "
            ":source) ON CONFLICT (nhs_hash, kind, campaign) DO UPDATE SET from_at = excluded.from_at, "
            "source = excluded.source, lifted_at = NULL, lifted_by = NULL WHERE suppression.lifted_at IS NOT NULL"
        ),
        [
            {
                "h": nhs_hash(key, one.nhs_number),
                "kind": one.kind,
                "campaign": "" if one.kind in EVERYWHERE else one.campaign,
                "now": now,
                "source": one.source,
            }
            for one in stops
        ],
    )


def stopped(conn: Connection, key: bytes, nhs_numbers: Sequence[str], *, campaign: str) -> set[str]:
    """Tell which of these persons may not be rung for this campaign."""
    hashes = {nhs_hash(key, one): one for one in nhs_numbers}
    rows = conn.execute(
        text(
            "SELECT DISTINCT nhs_hash FROM suppression WHERE nhs_hash = ANY(CAST(:hashes AS bytea[])) "
            "AND lifted_at IS NULL AND (campaign = '' OR campaign = :campaign)"
        ),
        {"hashes": list(hashes), "campaign": campaign},
    ).scalars()
    return {hashes[bytes(found)] for found in rows}
