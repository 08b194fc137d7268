"""The versions of a project's script: adding one, taking it through review and approval, publishing it.

What a reader would get wrong: the project's row is locked first, so that two supervisors cannot take two steps at
once; the second is told who did it. What is published is the very script that was approved: its workbook is checked
once more, with the table of example patients, and has to give the same words. A call in progress ends on the version it
began with, because that one stays where it is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from caller_app.base.clock import to_text
from caller_app.base.errors import Refused
from caller_app.central.faults import Fault
from caller_app.central.rules import audit, feed, notices, projects, script_rows
from caller_app.central.rules.scripts_check import Offered
from caller_app.domain.items import KIND_SCRIPT
from caller_app.domain.projects import Project
from caller_app.domain.script_life import PUT_BACK, STATES, STEPS, Step, refusal
from caller_app.domain.staff import User
from caller_app.script.lint import Surroundings
from caller_app.script.lint.codes import unknown_codes
from caller_app.script.record import read_record
from caller_app.script.script import Script

WHY_LONGEST = 300
COMMAND_LINE = "on the centre's own command line"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a step: `done` is False where it had been taken before, `by` whom (None: the command line)."""

    version_id: str
    done: bool
    state: str
    by: str | None
    at: str
    cited: str


def add(
    conn: Connection,
    project_id: str,
    version_id: str,
    offered: Offered,
    *,
    by: User | None,
    now: datetime,
    request_id: str = "",
) -> Done:
    """Add a version as a draft; asking twice with one id adds it once."""
    project = _locked(conn, project_id)
    known = script_rows.one(conn, version_id) if version_id else None
    if known is not None:
        if (known["project_id"], known["workbook_sha256"]) != (project_id, offered.workbook_sha256):
            raise Refused("There is another version under this number. Add it again.", field="version_id")
        return _stands(conn, known)
    _refuse_unfit(conn, project, offered)
    entered = script_rows.enter(
        conn,
        script_rows.NewVersion(
            project_id=project_id, script=offered.script, body=offered.body, state="draft", workbook=offered.workbook,
            workbook_sha256=offered.workbook_sha256, warnings=offered.warnings, examples=offered.examples,
            author_id=by.user_id if by else None, version_id=version_id,
        ),
        now=now,
    )  # fmt: skip
    script_rows.note(conn, [entered], "added", by_user=by.user_id if by else None, now=now)
    audit.note(
        conn, at=now, what="script_added", user_id=by.user_id if by else None, rec_id=project_id,
        detail={"version_id": entered, "script": offered.script.cited, "script_id": offered.script.script_id},
        request_id=request_id,
    )  # fmt: skip
    return Done(entered, True, "draft", by.shown_name if by else None, to_text(now), offered.script.cited)


def take_step(
    conn: Connection,
    version_id: str,
    code: str,
    why: str,
    *,
    by: User | None,
    now: datetime,
    offered: Offered | None = None,
    request_id: str = "",
) -> Done:
    """Take a version one step on; publishing wants what its workbook was `offered` as a moment ago."""
    row = script_rows.one(conn, version_id)
    if row is None:
        raise Fault(404, "not_found", "There is no such version of a script.")
    project = _locked(conn, row["project_id"])
    row = script_rows.one(conn, version_id)  # as it stands now that nobody else can move it
    step = STEPS.get(code)
    if row is None or step is None:
        raise Refused("This cannot be done here.", field="step")
    if row["state"] == step.state and row["state"] not in step.begins:
        return _stands(conn, row)
    if row["state"] not in step.begins:
        raise Refused(f"This version is {STATES[row['state']].lower()} by now. Look at it again.", field="step")
    why = " ".join(why.split())[:WHY_LONGEST]
    if step.asks_why and not why:
        raise Refused("Say why: it is kept with the version.", field="why")
    refused = refusal(step, author=by is not None and row["author_id"] == by.user_id)
    if refused:
        raise Fault(403, "not_allowed", refused)
    told = _told(conn, row, step, why, by=by, now=now)
    by_user = by.user_id if by else None
    if step.code == "publish":
        script = _as_approved(conn, row, project, offered)
        retired = script_rows.retire_published(conn, row["project_id"])
        script_rows.note(conn, retired, "retired", by_user=by_user, why=f"replaced by {script.cited}", now=now)
    script_rows.move(conn, version_id, step.state, now=now)
    script_rows.note(conn, [version_id], step.code, by_user=by_user, why=why, now=now)
    audit.note(
        conn, at=now, what=f"script_{step.code}", user_id=by_user, rec_id=row["project_id"],
        detail={"version_id": version_id, "script": _cited(row), "from": row["state"], "why": why},
        request_id=request_id,
    )  # fmt: skip
    if step.code == "publish":
        record = projects.ScriptRecord(script.script_id, script_rows.content(conn, version_id).body.encode())
        projects.publish_script(
            conn, row["project_id"], record, cited=script.cited, now=now, by_user=by_user, told=told
        )
    else:
        feed.write(conn, told)
    return Done(version_id, True, step.state, by.shown_name if by else None, to_text(now), _cited(row))


def publish_at_once(conn: Connection, project_id: str, offered: Offered, *, now: datetime) -> Done:
    """Publish from the centre's own command line: the same checks and the same rows, by nobody's account."""
    project = _locked(conn, project_id)
    if project.script_id == offered.script.script_id:
        raise Refused("The project works with this very script already.", field="script")
    known = script_rows.same_words(conn, project_id, offered.script.script_id)
    if known is None:
        version_id = add(conn, project_id, "", offered, by=None, now=now).version_id
        script_rows.move(conn, version_id, "approved", now=now)
        script_rows.note(conn, [version_id], "approve", by_user=None, why=COMMAND_LINE, now=now)
    elif known["state"] in ("draft", "in_review"):
        raise Refused("This very script is in the list of versions and waits there to be approved.", field="script")
    else:
        version_id = known["version_id"]
    return take_step(conn, version_id, "publish", COMMAND_LINE, by=None, now=now, offered=offered)


def _locked(conn: Connection, project_id: str) -> Project:
    found = conn.execute(
        text("SELECT 1 FROM project WHERE project_id = CAST(:p AS uuid) FOR UPDATE"), {"p": project_id}
    ).first()
    if found is None:
        raise Fault(404, "not_found", "There is no such project.")
    return projects.project_of(conn, project_id)


def _refuse_unfit(conn: Connection, project: Project, offered: Offered) -> None:
    _refuse_changed(project, offered)
    script = offered.script
    known = script_rows.same_words(conn, project.project_id, script.script_id)
    if known is not None:
        raise Refused(
            f"These very words are version {known['version']} already: {STATES[known['state']].lower()}.",
            field="workbook",
        )
    if script_rows.other_words(conn, script):
        raise Refused(
            f"Version {script.version} of {script.form_id} has other words already. Give the new words a new version, "
            "on the sheet settings.",
            field="workbook",
            place="settings",
        )
    using = _form_in_use(conn, project)
    if using and using != script.form_id:
        raise Refused(
            f"This is the script {script.form_id}; the project works with {using}. A new version keeps the form_id.",
            field="workbook",
            place="settings",
        )


def _refuse_changed(project: Project, offered: Offered) -> None:
    if not offered.fits(project):
        raise Refused("The project was changed a moment ago. Try again, so that it is checked against what it is now.")


def _form_in_use(conn: Connection, project: Project) -> str:
    if not project.script_id:
        return ""
    found = conn.execute(
        text("SELECT CAST(body AS jsonb)->>'form_id' FROM rec_body WHERE id = CAST(:s AS uuid) AND kind = :k"),
        {"s": project.script_id, "k": KIND_SCRIPT},
    ).scalar()
    return str(found or "")


def _as_approved(conn: Connection, row: RowMapping, project: Project, offered: Offered | None) -> Script:
    """Give the script that was approved; its workbook has to give it still, and without an error."""
    script = read_record(script_rows.content(conn, row["version_id"]).body)
    if row["workbook_sha256"] is None:  # made with the project; its codes are what can be checked
        faults = unknown_codes(script, _around(project))
        if faults:
            raise Refused("The script does not fit the project any more: " + "; ".join(faults[:5]) + ".", field="step")
        return script
    if offered is None or offered.workbook_sha256 != row["workbook_sha256"]:
        raise Refused("The workbook of this version was not checked.", field="step")
    _refuse_changed(project, offered)
    if offered.script.script_id != script.script_id:
        raise Refused(
            "The program has been updated since this version was approved and reads its workbook otherwise. "
            "Add the workbook again.",
            field="step",
        )
    return script


def _around(project: Project) -> Surroundings:
    from caller_app.script.lint.product import of_project

    return of_project(project)


def _stands(conn: Connection, row: RowMapping) -> Done:
    """Say that nothing had to be done, and who did it when."""
    (last,) = script_rows.steps(conn, [row["version_id"]])[row["version_id"]][-1:]
    return Done(row["version_id"], False, row["state"], last["shown_name"], to_text(last["at"]), _cited(row))


def _cited(row: RowMapping) -> str:
    return f"{row['form_id']}/{row['version']}"


def _told(
    conn: Connection, row: RowMapping, step: Step, why: str, *, by: User | None, now: datetime
) -> list[feed.Entry]:
    """Tell who wrote a version what became of it, and the other supervisors that one waits for them."""
    who = by.shown_name if by else "The centre's operator"
    verb = PUT_BACK.lower() if row["state"] == "retired" else step.done
    words = f"Script “{row['title']}”, version {row['version']}: {verb} by {who}."
    if why and step.asks_why:
        words += f" Why: {why}"
    listed: list[Any] = []
    if step.code == "ask_review":
        words = f"Script “{row['title']}”, version {row['version']}, waits for your review: {who} asks for it."
        listed = list(
            conn.execute(
                text("SELECT user_id FROM account WHERE role = 'supervisor' AND status = 'active' ORDER BY user_id")
            ).scalars()
        )
    elif row["author_id"] is not None:
        listed = [row["author_id"]]
    mine = {by.user_id if by else None} | ({row["author_id"]} if step.code == "ask_review" else set())
    return notices.make(conn, [(user, notices.said(now, words)) for user in listed if user not in mine])
