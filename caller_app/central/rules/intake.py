"""Taking in a cohort: one file, one batch, one transaction; it is there whole or not at all (domain governance 6.4).

The check of the rows is the same one `check-cohort` prints. Here the centre adds what only it knows: who is on the stop
list, who has a case in this project already, and whose open cases elsewhere the new list stops. Refused rows leave
nothing behind but the hash of a person who must not be rung.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

import msgspec
from sqlalchemy import Connection, text

from caller_app.base.clock import london_day
from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.central.rules import audit, authorities, feed, stops, withdrawals, wrong_numbers
from caller_app.central.rules.new_cases import NewPerson, write_cases, write_persons
from caller_app.central.rules.new_items import item_of
from caller_app.central.settings import Settings
from caller_app.domain.cohort.records import CanonicalPatient, RowResult
from caller_app.domain.practices import PracticeDirectory
from caller_app.excel.cohort import CohortCheck

CHUNK = 1_000
STOP_KINDS = {"deceased": "deceased", "opt_out": "import_opt_out"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a list came from and on what ground we may use it."""

    source: str
    extracted_on: date
    legal_basis: str
    opt_outs_applied: str
    opt_outs_applied_on: date
    imported_by: str
    dpia_ref: str = ""


@dataclass(slots=True)
class Taken:
    """What an import came to, in numbers of people."""

    batch_id: str
    cases: int = 0
    ready: int = 0
    held: int = 0
    to_confirm: int = 0
    sensitive: int = 0
    already_there: int = 0
    on_stop_list: int = 0
    newly_stopped: int = 0
    conflicts: int = 0  # the number belongs to somebody of another name and birth date here
    conflict_rows: list[int] = field(default_factory=list)
    verdicts: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """A person whom an earlier list brought."""

    person_id: str
    dob: str
    family_name: str
    sensitive: bool
    has_case: bool

    def same_person(self, patient: CanonicalPatient) -> bool:
        """Tell whether the row is about this person: same number, and the same birth date or family name."""
        return self.dob == patient.dob.isoformat() or _folded(self.family_name) == _folded(patient.family_name or "")


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def check_provenance(settings: Settings, told: Provenance, *, now: datetime) -> None:
    """Refuse a list without ground, from the future, or too old (28 days unless the centre says otherwise)."""
    today = london_day(now)
    for name, value in (("source", told.source), ("legal basis", told.legal_basis), ("importer", told.imported_by)):
        if not value.strip():
            raise Refused(f"The {name} may not be empty: it is recorded with the batch.", field=name)
    if told.extracted_on > today or told.opt_outs_applied_on > today:
        raise Refused("A date of the list lies in the future. Please check the dates.", field="extracted_on")
    oldest = today - timedelta(days=settings.oldest_extract_days)
    if told.extracted_on < oldest:
        raise Refused(
            f"The list was extracted on {told.extracted_on:%d/%m/%Y}, more than {settings.oldest_extract_days} days "
            "ago. Ask for a fresh one: people may have died, moved or opted out since.",
            field="extracted_on",
        )


def import_cohort(
    conn: Connection,
    check: CohortCheck,
    told: Provenance,
    *,
    settings: Settings,
    project_id: str,
    practices: PracticeDirectory,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    chunk_rows: int = CHUNK,
) -> Taken:
    """Write a checked cohort as one batch of a project; the caller's transaction makes it whole."""
    check_provenance(settings, told, now=now)
    conn.execute(text("SELECT pg_advisory_xact_lock(7203114004)"))  # one import at a time
    if conn.execute(
        text(
            "SELECT 1 FROM cohort_batch WHERE project_id = CAST(:p AS uuid) AND file_sha256 = :h AND state = 'applied'"
        ),
        {"p": project_id, "h": check.sha256},
    ).first():
        raise Refused("This very file has been taken into this project already.")
    taken = Taken(batch_id=new_id(), verdicts=dict(check.counts.verdicts), reasons=dict(check.counts.reasons))
    _write_batch(conn, check, told, taken.batch_id, project_id, now)
    entries = _take_stops(conn, check.rows, settings, taken, now)
    total, done = sum(1 for _ in check.accepted()), 0
    for chunk in _chunks(check.accepted(), chunk_rows):
        entries.extend(_take_chunk(conn, chunk, check, settings, project_id, practices, taken, now))
        done += len(chunk)
        if progress is not None:
            progress(done, total)
    if taken.cases + taken.sensitive + taken.already_there + taken.on_stop_list + taken.conflicts != total:
        raise RuntimeError("an import has to account for every accepted row")
    counts = {name: value for name, value in asdict(taken).items() if name != "batch_id"}
    conn.execute(
        text("UPDATE cohort_batch SET counts = CAST(:counts AS jsonb) WHERE batch_id = CAST(:b AS uuid)"),
        {"counts": msgspec.json.encode(counts).decode(), "b": taken.batch_id},
    )
    audit.note(
        conn, at=now, what="cohort_imported", rec_id=taken.batch_id,
        detail={"cases": taken.cases, "stopped": taken.on_stop_list + taken.newly_stopped},
    )  # fmt: skip
    feed.write(conn, entries)
    return taken


def _chunks(rows: Iterator[RowResult], size: int) -> Iterator[Sequence[RowResult]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _write_batch(
    conn: Connection, check: CohortCheck, told: Provenance, batch_id: str, project_id: str, now: datetime
) -> None:
    conn.execute(
        text(
            "INSERT INTO cohort_batch(batch_id, project_id, file_name, file_sha256, sheet, source, extracted_on, "
            "legal_basis, dpia_ref, opt_outs_applied, opt_outs_applied_on, imported_by, imported_at, counts) VALUES "
            "(:batch, :project, :file, :sha, :sheet, :source, :extracted, :basis, :dpia, :outs, :outs_on, :by, :now, "
            "CAST('{}' AS jsonb))"
        ),
        {
            "batch": batch_id,
            "project": project_id,
            "file": check.file_name[:200],
            "sha": check.sha256,
            "sheet": check.sheet,
            "source": told.source,
            "extracted": told.extracted_on,
            "basis": told.legal_basis,
            "dpia": told.dpia_ref,
            "outs": told.opt_outs_applied,
            "outs_on": told.opt_outs_applied_on,
            "by": told.imported_by,
            "now": now,
        },
    )


def _take_stops(
    conn: Connection, rows: Sequence[RowResult], settings: Settings, taken: Taken, now: datetime
) -> list[feed.Entry]:
    """Put those whom the list itself stops on the stop list, and close what is open of theirs anywhere."""
    kinds = {
        row.stop_nhs_number: STOP_KINDS[row.stop_kind]
        for row in rows
        if row.stop_nhs_number is not None and row.stop_kind in STOP_KINDS
    }
    listed = [stops.Stop(number, kind, "", f"batch:{taken.batch_id}") for number, kind in sorted(kinds.items())]
    stops.add(conn, settings.stop_list_key, listed, now=now)
    taken.newly_stopped = len(kinds)
    return withdrawals.close_cases(conn, kinds, now=now)


def _take_chunk(
    conn: Connection,
    chunk: Sequence[RowResult],
    check: CohortCheck,
    settings: Settings,
    project_id: str,
    practices: PracticeDirectory,
    taken: Taken,
    now: datetime,
) -> list[feed.Entry]:
    numbers = [row.canonical.nhs_number for row in chunk if row.canonical is not None]
    stopped = stops.stopped(conn, settings.stop_list_key, numbers, campaign=check.campaign)
    known = _known(conn, numbers, project_id)
    people: list[NewPerson] = []
    items = []
    hidden: dict[str, str] = {}
    for row in chunk:
        patient = row.canonical
        if patient is None:
            continue
        if patient.nhs_number in stopped:
            taken.on_stop_list += 1
            continue
        before = known.get(patient.nhs_number)
        if before is not None and not before.same_person(patient):
            taken.conflicts += 1
            taken.conflict_rows.append(row.row)
            continue
        person_id = before.person_id if before else new_id()
        sensitive = before is not None and before.sensitive
        people.append(
            NewPerson(
                person_id=person_id,
                nhs_number=patient.nhs_number,
                given_name=patient.given_name or "",
                family_name=patient.family_name or "",
                dob=patient.dob.isoformat(),
                practice_ods=None if patient.sensitive or sensitive else patient.practice_ods,
                sensitive=patient.sensitive,
            )
        )
        if patient.sensitive or sensitive:
            taken.sensitive += 1
            if not sensitive:
                hidden[patient.nhs_number] = withdrawals.SENSITIVE
        elif before is not None and before.has_case:
            taken.already_there += 1
        else:
            case_id = new_id()
            seed = int.from_bytes(hashlib.sha256(case_id.encode()).digest()[:4]) >> 1
            items.append(item_of(row, patient, case_id, person_id, project_id, practices, seed))
    known_ids = [one.person_id for one in known.values()]
    items = wrong_numbers.carried(conn, items, known_ids)
    write_persons(conn, people, now=now)
    items = authorities.carried(conn, items, known_ids)  # the persons are locked now: nothing is recorded beside it
    write_cases(conn, items, batch_id=taken.batch_id)
    taken.cases += len(items)
    taken.ready += sum(one.status == "ready" for one in items)
    taken.held += sum(one.status == "held" for one in items)
    taken.to_confirm += sum(one.status == "supervisor" for one in items)
    return withdrawals.close_cases(conn, hidden, now=now)


def _known(conn: Connection, numbers: Sequence[str], project_id: str) -> dict[str, _Known]:
    rows = conn.execute(
        text(
            "SELECT p.nhs_number, p.person_id, p.dob, p.family_name, p.sensitive, EXISTS (SELECT 1 FROM cases k "
            "WHERE k.person_id = p.person_id AND k.project_id = CAST(:project AS uuid)) AS has_case FROM person p "
            "WHERE p.nhs_number = ANY(:nhs)"
        ),
        {"project": project_id, "nhs": list(numbers)},
    )
    return {
        row.nhs_number: _Known(row.person_id, row.dob, row.family_name, row.sensitive, row.has_case) for row in rows
    }
