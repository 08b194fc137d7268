"""Write new persons and cases in bulk: a few set-based statements per chunk, ids made here and not asked back.

New cases belong to nobody, so nothing of an import touches a feed; `rules.assign` does, chunk by chunk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from caller_app.domain.items import KIND_ITEM, Item
from caller_app.protocol.codec import encode


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person as `person` keeps them; the NHS number is the identity."""

    person_id: str
    nhs_number: str
    given_name: str
    family_name: str
    dob: str
    practice_ods: str | None
    sensitive: bool = False


def write_persons(conn: Connection, people: Sequence[NewPerson], *, now: datetime) -> None:
    """Insert persons that are not known yet, and refresh what the list says of those who are."""
    if not people:
        return
    conn.execute(
        text(
            "INSERT INTO person(person_id, nhs_number, given_name, family_name, dob, practice_ods, sensitive, made_at) "
            "SELECT i, n, g, f, d, o, s, :now FROM unnest(CAST(:ids AS uuid[]), CAST(:nhs AS text[]), "
            "  CAST(:given AS text[]), CAST(:family AS text[]), CAST(:dob AS text[]), CAST(:ods AS text[]), "
            "  CAST(:sensitive AS bool[])) t(i, n, g, f, d, o, s) "
            "ON CONFLICT (nhs_number) DO UPDATE SET given_name = excluded.given_name, "
            "  family_name = excluded.family_name, dob = excluded.dob, practice_ods = excluded.practice_ods, "
            "  sensitive = person.sensitive OR excluded.sensitive"
        ),
        {
            "ids": [one.person_id for one in people],
            "nhs": [one.nhs_number for one in people],
            "given": [one.given_name for one in people],
            "family": [one.family_name for one in people],
            "dob": [one.dob for one in people],
            "ods": [one.practice_ods for one in people],
            "sensitive": [one.sensitive for one in people],
            "now": now,
        },
    )


def write_cases(conn: Connection, items: Sequence[Item], *, batch_id: str) -> None:
    """Insert new cases with their items, unassigned."""
    if not items:
        return
    ids = [one.case_id for one in items]
    practices = [one.patient.practice for one in items]
    conn.execute(
        text(
            "INSERT INTO cases(case_id, project_id, person_id, batch_id, practice_ods, priority, seed) "
            "SELECT c, p, q, CAST(:batch AS uuid), o, r, s FROM unnest(CAST(:ids AS uuid[]), "
            "  CAST(:projects AS uuid[]), CAST(:persons AS uuid[]), CAST(:ods AS text[]), CAST(:priority AS int[]), "
            "  CAST(:seed AS int[])) t(c, p, q, o, r, s)"
        ),
        {
            "batch": batch_id,
            "ids": ids,
            "projects": [one.project_id for one in items],
            "persons": [one.patient.person_id for one in items],
            "ods": [one.ods if one else None for one in practices],
            "priority": [one.priority for one in items],
            "seed": [one.seed for one in items],
        },
    )
    conn.execute(
        text(
            "INSERT INTO rec_ver(id, ver, status) SELECT i, 1, s FROM unnest(CAST(:ids AS uuid[]), "
            "CAST(:statuses AS text[])) t(i, s)"
        ),
        {"ids": ids, "statuses": [one.status for one in items]},
    )
    conn.execute(
        text(
            "INSERT INTO rec_body(kind, id, body) SELECT :kind, i, b FROM unnest(CAST(:ids AS uuid[]), "
            "CAST(:bodies AS text[])) t(i, b)"
        ),
        {"kind": KIND_ITEM, "ids": ids, "bodies": [encode(one).decode() for one in items]},
    )
