"""Writing what people told us into one workbook per practice, and noting in the centre what was written.

A correction goes out once. The files and the note of them belong together: if the note cannot be kept, the files are
taken back, so that no practice gets a row twice and none is forgotten. A claim that clashes with what stands now
(`candidate`) waits for a supervisor.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from caller_app.base.clock import london_day
from caller_app.base.errors import Refused, Unavailable
from caller_app.central.centre import Centre
from caller_app.central.rules import audit
from caller_app.central.rules.projects import project_named
from caller_app.central.rules.workspace import read_projects
from caller_app.domain import phones
from caller_app.domain.corrections import URGENCY_WORDS, report_texts, who_told
from caller_app.domain.rulebook import Rulebook
from caller_app.excel.write import CorrectionRow, corrections_file_name, write_corrections


@dataclass(frozen=True, slots=True)
class Exported:
    """One workbook that was written."""

    path: Path
    practice_ods: str
    rows: int
    sha256: str


def export(centre: Centre, folder: Path, *, project: str | None = None) -> list[Exported]:
    """Write what no practice has been told yet, of one project or of all."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise Refused(f"The folder {folder} cannot be made: {fault.strerror}.") from None
    now = centre.now()
    written: list[Exported] = []
    try:
        with centre.engine.begin() as conn:
            conn.execute(text("SELECT pg_advisory_xact_lock(7203114005)"))  # one export at a time
            project_id, code = _project(conn, project)
            for rows in _due(conn, project_id):
                written.append(_write(conn, centre.rules, folder, rows, code, now))  # noqa: PERF401 - known when one fails
    except BaseException as fault:
        for one in written:
            one.path.unlink(missing_ok=True)
        if isinstance(fault, OSError):
            raise Unavailable(f"The workbooks could not be written: {fault.strerror}. None was kept.") from fault
        raise
    return written


def _project(conn: Connection, name: str | None) -> tuple[str | None, str | None]:
    if name is None:
        return None, None
    project_id, _ = project_named(conn, name)
    return project_id, read_projects(conn, [project_id])[project_id].code


def _due(conn: Connection, project_id: str | None) -> list[list[Any]]:
    rows = conn.execute(
        text(
            "SELECT c.*, p.nhs_number, p.given_name, p.family_name, p.dob, r.name AS practice_name FROM correction c "
            "JOIN cases k USING (case_id) JOIN person p USING (person_id) JOIN practice r ON r.ods = c.practice_ods "
            "WHERE c.exported_at IS NULL AND c.state = 'new' "
            "AND (CAST(:project AS uuid) IS NULL OR k.project_id = CAST(:project AS uuid)) "
            "ORDER BY c.practice_ods, c.urgency, p.family_name, c.told_at, c.correction_id FOR UPDATE OF c"
        ),
        {"project": project_id},
    )
    per_practice: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        per_practice[row.practice_ods].append(row)
    return list(per_practice.values())


def _write(
    conn: Connection, rules: Rulebook, folder: Path, rows: Sequence[Any], code: str | None, now: datetime
) -> Exported:
    ods, made_on = rows[0].practice_ods, london_day(now)
    sequence = (
        conn.execute(
            text("SELECT coalesce(max(sequence), 0) FROM correction_export WHERE practice_ods = :o AND made_on = :d"),
            {"o": ods, "d": made_on},
        ).scalar_one()
        + 1
    )
    path = folder / corrections_file_name(ods, code, made_on, sequence)
    if path.exists():
        raise Refused(f"{path.name} lies in this folder already. Name another folder.")
    done = write_corrections(
        path,
        [_row(one, rules) for one in rows],
        practice_ods=ods,
        practice_name=rows[0].practice_name,
        project_code=code,
        made_on=made_on,
        sequence=sequence,
    )
    conn.execute(
        text(
            "INSERT INTO correction_export(file_name, practice_ods, made_on, sequence, rows, sha256, made_at) "
            "VALUES (:file, :o, :d, :n, :rows, :sha, :now)"
        ),
        {"file": path.name, "o": ods, "d": made_on, "n": sequence, "rows": done.rows, "sha": done.sha256, "now": now},
    )
    conn.execute(
        text("UPDATE correction SET exported_at = :now WHERE correction_id = ANY(CAST(:ids AS uuid[]))"),
        {"now": now, "ids": [one.correction_id for one in rows]},
    )
    audit.note(conn, at=now, what="corrections_exported", detail={"rows": done.rows, "sha256": done.sha256})
    return Exported(path, ods, done.rows, done.sha256)


def _row(row: Any, rules: Rulebook) -> CorrectionRow:
    kind = rules.corrections.find(row.type)
    old, new = report_texts(kind, row.old, row.new) if kind else (row.old or "", row.new or "")
    return CorrectionRow(
        ref=row.correction_id,
        practice_ods=row.practice_ods,
        nhs_number=row.nhs_number,
        surname=row.family_name,
        forename=row.given_name,
        date_of_birth=date.fromisoformat(row.dob),
        type_label=kind.label if kind else row.type,
        on_record=_shown(old),
        given=_shown(new),
        who_told=who_told(row.source),
        told_on=london_day(row.told_at),
        priority=URGENCY_WORDS.get(row.urgency, row.urgency),
        ask=kind.asked_of_practice if kind else "As described",
    )


def _shown(value: str) -> str:
    return phones.show(value) if value.startswith("+44") else value
