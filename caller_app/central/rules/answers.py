"""The answers of a project's calls for those who evaluate it: a flat workbook, and FHIR responses, read as a stream.

What a reader would get wrong: who was rung is not in it. Calls and people get references made with the centre's key
(domain governance 6.3): the same person has the same reference in every export of one project and another in the next,
and nobody without the key gets from one to the other. NHS numbers and names are added only where somebody says why, and
that is audited. Words people said may name somebody and are left out unless asked for; what belongs to somebody whose
record is sensitive, or about whom a concern was raised, is held back whole. Calls that were taken back are not in it.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from caller_app.base.clock import london_day
from caller_app.base.errors import Refused, Unavailable
from caller_app.central.centre import Centre
from caller_app.central.db import reading, writing
from caller_app.central.rules import audit, projects
from caller_app.central.rules.scripts_check import OPENING
from caller_app.domain.items import KIND_ITEM, KIND_SCRIPT
from caller_app.domain.outcomes import OutcomeCatalogue
from caller_app.domain.projects import Project
from caller_app.domain.script_values import script_values, told
from caller_app.excel.answers_sheet import write_answers
from caller_app.protocol.codec import decode, decode_item
from caller_app.protocol.messages import PushedChange
from caller_app.script import answer_columns
from caller_app.script.answer_columns import Cell, Column
from caller_app.script.record import read_record
from caller_app.script.script import Script

FIXED: Final = (
    ("call", "reference of the call"),
    ("person", "reference of the person, the same in every export of this project"),
    ("called_on", "day of the call in London"),
    ("script", "form of the project's script"),
    ("script_version", "its version"),
    ("script_sha256", "hash of its words"),
    ("opening_version", "version of the opening"),
    ("language", "language the script was read in, blank: its first"),
    ("outcome", "outcome code of the call"),
    ("outcome_label", "the outcome in words"),
    ("contact_level", "whom the caller spoke with"),
    ("pathways", "pathways the person took up"),
    ("held_back", "yes: outcome and answers are not given, because the record is sensitive or a concern was raised"),
    ("given_kept", "no: what led the call besides its answers (given/...) was not kept by the program of then"),
    ("other_answers", "answers to questions that none of these versions asks"),
)
NAMED: Final = (("nhs_number", "NHS number"), ("family_name", "family name"), ("given_name", "given name"))
GIVEN: Final = "urn:caller:given"  # whether what led a call besides its answers was kept with it
_AT_A_TIME: Final = 500
_CALLS: Final = """
SELECT a.attempt_id, a.case_id, a.at, a.outcome, a.contact_level, a.answers, a.script, k.person_id, p.sensitive,
       p.nhs_number, p.family_name, p.given_name, c.envelope, a.facts ->> 'pathway' AS pathways,
       EXISTS (SELECT 1 FROM concern n WHERE n.case_id = a.case_id) AS concerned
  FROM attempt a JOIN cases k USING (case_id) JOIN person p USING (person_id)
  LEFT JOIN change c ON c.change_id = a.attempt_id
 WHERE k.project_id = CAST(:project AS uuid) AND a.superseded_by IS NULL
   AND a.at >= coalesce(CAST(:since AS timestamptz), '-infinity')
   AND a.at < coalesce(CAST(:until AS timestamptz), 'infinity')
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an export shall hold: `named_for` is the reason why names are in it, blank for without."""

    project: str
    since: datetime | None = None
    until: datetime | None = None
    with_words: bool = False
    named_for: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    calls: int
    held_back: int


def export(centre: Centre, path: Path, asked: Asked) -> Exported:
    """Write the answers of a project's calls as a workbook; raises Refused, Unavailable."""
    held = [0]
    with reading(centre.engine) as conn:
        project, scripts = _of_project(conn, asked)
        led = [one for one in scripts.values() if one.form_id != OPENING]
        columns = [*answer_columns.columns_of(scripts.values()), *answer_columns.given_columns(led)]
        fixed = [*FIXED[:2], *(NAMED if asked.named_for else ()), *FIXED[2:]]
        table = _Table(centre.settings.stop_list_key, project, scripts, centre.rules.outcomes, asked)
        described = [[name, "", "", words, *[""] * 7] for name, words in fixed]
        count = _written(
            path,
            notes=_notes(project, asked, centre.now()),
            headings=[*(name for name, _ in fixed), *(one.heading for one in columns)],
            rows=table.rows(_calls(conn, project, asked), columns, held),
            dictionary_headings=answer_columns.HEADINGS,
            dictionary=[*described, *answer_columns.dictionary(columns)],
        )
    _audited(centre, project, asked, "answers_exported", count)
    return Exported(count, held[0])


def responses(centre: Centre, path: Path, asked: Asked) -> Exported:
    """Write each call as a FHIR QuestionnaireResponse, one a line; the person is a reference, never a name.

    What led the call along its path besides the answers (age, results) is what was kept with it. Calls recorded before
    it was kept are led by the record as it stands now, and say so in a tag.
    """
    held = count = 0
    with reading(centre.engine) as conn:
        project, scripts = _of_project(conn, asked)
        table = _Table(centre.settings.stop_list_key, project, scripts, centre.rules.outcomes, asked)
        unfinished = path.with_name(path.name + ".part")
        try:
            unfinished.touch(mode=0o600)
            with unfinished.open("w", encoding="utf-8") as file:
                for call in _calls(conn, project, asked):
                    made = None if _is_held_back(call) else table.response(conn, call)
                    held += _is_held_back(call)
                    if made is not None:
                        count += 1
                        file.write(json.dumps(made, ensure_ascii=False) + "\n")
            unfinished.replace(path)
        except OSError as fault:
            raise Unavailable(f"{path.name} could not be written: {fault.strerror}.") from fault
        finally:
            unfinished.unlink(missing_ok=True)
    _audited(centre, project, asked, "responses_exported", count)
    return Exported(count, held)


class _Table:
    """Calls as rows and as responses."""

    def __init__(
        self, key: bytes, project: Project, scripts: Mapping[str, Script], outcomes: OutcomeCatalogue, asked: Asked
    ) -> None:
        self._key = key
        self._project = project
        self._scripts = scripts
        self._outcomes = outcomes
        self._asked = asked

    def rows(self, calls: Iterator[Row[Any]], columns: Sequence[Column], held: list[int]) -> Iterator[list[Cell]]:
        """Give the row of each call as it is read; counts in `held` what is held back."""
        blank: list[Cell] = [None] * len(columns)
        for call in calls:
            hold = _is_held_back(call)
            held[0] += hold
            answers = {} if hold else call.answers
            values = {f"{answer_columns.GIVEN}{name}": value for name, value in (given_of(call) or {}).items()}
            said = {**answers, **values}
            cells = blank if hold else answer_columns.cells_of(columns, said, with_words=self._asked.with_words)
            yield [*self._head(call, answers, columns, hold=hold), *cells]

    def _head(self, call: Row[Any], answers: Mapping[str, Any], columns: Sequence[Column], *, hold: bool) -> list[Cell]:
        said = _said(call)
        script = self._scripts.get(call.script or "")
        opening = self._scripts.get(said.get("opening") or self._project.opening_script_id)
        known = self._outcomes.find(call.outcome)
        named: list[Cell] = [call.nhs_number, call.family_name, call.given_name] if self._asked.named_for else []
        return [
            self.reference("call", call.attempt_id),
            self.reference("person", call.person_id),
            *named,
            london_day(call.at),
            script.form_id if script else call.script,
            script.version if script else None,
            script.sha256 if script else None,
            opening.version if opening else None,
            said.get("language"),
            None if hold else call.outcome,
            None if hold or known is None else known.label,
            None if hold else call.contact_level,
            None if hold else call.pathways,
            "yes" if hold else None,
            None if hold else "no" if said.get("given") is None else "yes",
            " ".join(answer_columns.left_over(columns, answers)) or None,
        ]

    def reference(self, kind: str, one: object) -> str:
        """Give the reference of a call or person within this project."""
        words = f"{kind}:{self._project.project_id}:{one}"
        return hmac.new(self._key, words.encode(), hashlib.sha256).hexdigest()[:20]

    def response(self, conn: Connection, call: Row[Any]) -> dict[str, Any] | None:
        """Give the response of a call; None where its script is not known or it was never begun."""
        from caller_app.script.fhir import response
        from caller_app.script.run import Runner

        script = self._scripts.get(call.script or "")
        if script is None or not call.answers:
            return None
        kept = given_of(call)
        given = kept if kept is not None else self._as_it_stands(conn, call)
        standing = Runner(script).stand(_kept(script, call.answers, with_words=self._asked.with_words), given, call.at)
        made = response(script, standing, authored=call.at, finished=standing.finished, given=kept)
        return made | {
            "meta": {"tag": [{"system": GIVEN, "code": "as-recorded" if kept is not None else "as-of-export"}]},
            "identifier": {"value": self.reference("call", call.attempt_id)},
            "subject": {"identifier": {"value": self.reference("person", call.person_id)}},
        }

    def _as_it_stands(self, conn: Connection, call: Row[Any]) -> dict[str, str]:
        body = conn.execute(
            text("SELECT body FROM rec_body WHERE kind = :kind AND id = CAST(:c AS uuid)"),
            {"kind": KIND_ITEM, "c": call.case_id},
        ).scalar_one()
        patient, on = decode_item(body).patient, london_day(call.at)
        return told(patient, self._project, on) | script_values(patient, self._project, on)


def given_of(call: Row[Any]) -> dict[str, str] | None:
    """Give the values of the record that led a call, as they were kept with it; None where they were not."""
    given = _said(call).get("given")
    return {str(name): str(value) for name, value in given.items()} if isinstance(given, dict) else None


def _kept(script: Script, answers: Mapping[str, Any], *, with_words: bool) -> dict[str, Any]:
    if with_words:
        return dict(answers)
    words = {row.name for row in script.rows() if row.type == "text"}
    return {name: answer_columns.WITHHELD if name in words and value else value for name, value in answers.items()}


def _said(call: Row[Any]) -> dict[str, Any]:
    """Give the attempt as it was sent: the table does not repeat all of it."""
    if call.envelope is None:
        return {}
    said: dict[str, Any] = decode(bytes(decode(bytes(call.envelope), PushedChange).data), dict[str, Any])
    return said


def _is_held_back(call: Row[Any]) -> bool:
    return bool(call.sensitive or call.concerned)


def _calls(conn: Connection, project: Project, asked: Asked) -> Iterator[Row[Any]]:
    found = conn.execution_options(yield_per=_AT_A_TIME).execute(
        text(_CALLS + " ORDER BY a.at, a.attempt_id"), _bound(project, asked)
    )
    yield from found


def _bound(project: Project, asked: Asked) -> dict[str, Any]:
    return {"project": project.project_id, "since": asked.since, "until": asked.until}


def _of_project(conn: Connection, asked: Asked) -> tuple[Project, dict[str, Script]]:
    """Give the project and every script its calls were made with, the opening first, newest last."""
    project_id, _campaign = projects.project_named(conn, asked.project)
    project = projects.project_of(conn, project_id)
    cited = conn.execute(
        text(
            "SELECT script, substring(convert_from(envelope, 'UTF8') from '\"opening\" ?: ?\"([0-9a-f-]{36})\"') "
            f"AS opening, max(at) AS last FROM ({_CALLS}) AS calls GROUP BY 1, 2 ORDER BY 3"
        ),
        _bound(project, asked),
    ).all()
    ids = [
        project.opening_script_id,
        *(one.opening for one in cited),
        *(one.script for one in cited),
        project.script_id,
    ]
    scripts: dict[str, Script] = {}
    for script_id in dict.fromkeys(one for one in ids if one):
        body = conn.execute(
            text("SELECT body FROM rec_body WHERE kind = :kind AND CAST(id AS text) = :id"),
            {"kind": KIND_SCRIPT, "id": script_id},
        ).scalar_one_or_none()
        if body is not None:
            scripts[script_id] = read_record(body)
    return project, scripts


def _written(path: Path, **parts: Any) -> int:
    try:
        return write_answers(path, **parts)
    except OSError as fault:
        raise Unavailable(f"{path.name} could not be written: {fault.strerror}.") from fault


def _notes(project: Project, asked: Asked, now: datetime) -> list[str]:
    notes = [
        f"Project: {project.name}. Made on {london_day(now).isoformat()}.",
        "One row of the sheet Answers is one call; the sheet Dictionary says what each column holds.",
        "Answers are given as they were recorded, also where a later answer left their question behind.",
    ]
    if asked.named_for:
        notes.append(f"OFFICIAL-SENSITIVE: this file names patients, for this reason: {asked.named_for}")
    else:
        notes.append("People and calls have references, no names. Do not try to find out who they are.")
    if asked.with_words:
        notes.append("It holds words people said, which may name somebody. Keep it as you keep a record.")
    return notes


def _audited(centre: Centre, project: Project, asked: Asked, what: str, count: int) -> None:
    detail = {"calls": count, "words": asked.with_words, "named": bool(asked.named_for), "why": asked.named_for[:200]}
    writing(
        centre.engine,
        lambda conn: audit.note(conn, at=centre.now(), what=what, rec_id=project.project_id, detail=detail),
    )


def check_reason(words: str | None) -> str:
    """Give the reason names are asked for; raises Refused where it says nothing."""
    said = " ".join((words or "").split())
    if words is not None and len(said) < 10:
        raise Refused("Say in a sentence why names are needed: it is kept in the audit trail.", field="named_for")
    return said


def day_of(words: str | None, option: str) -> date | None:
    """Read a day of an option."""
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        raise Refused(f"{option} is a day, as 2026-11-22.") from None
