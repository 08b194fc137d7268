"""The scripts of a project over HTTP: the versions, their workbooks, adding one, taking one a step on."""

from typing import Annotated

from litestar import Response, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK

from caller_app.base.clock import to_text
from caller_app.central.centre import Centre
from caller_app.central.db import reading, writing
from caller_app.central.faults import Fault, malformed
from caller_app.central.replies import AnyRequest, Here, answer, common
from caller_app.central.request_ids import request_id
from caller_app.central.routes.documented import replies
from caller_app.central.routes.supervise import supervisor, viewed
from caller_app.central.rules import access, projects, script_rows, scripts, scripts_check, scripts_view
from caller_app.domain.script_life import DONE, STATES, STEPS
from caller_app.protocol.scripts import (
    BODY_BYTES,
    AddScript,
    ScriptDone,
    Scripts,
    ScriptWorkbook,
    TakeScriptStep,
)
from caller_app.protocol.version import JSON_TYPE

Which = Annotated[str, PathParameter(max_length=36)]
OfProject = Annotated[str | None, QueryParameter()]


@get("/v1/supervise/scripts", sync_to_thread=True, media_type=JSON_TYPE,
     responses=replies(Scripts, 400, 401, 403, 422, 503))  # fmt: skip
def script_versions(request: AnyRequest, centre: Here, project_id: OfProject = None) -> Response[Scripts]:
    """Give every project, and the versions of one of them: the first where none is named."""
    now = centre.now()
    wanted = _id(project_id, "project_id") if project_id is not None else None
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "manage_scripts")
        listed = scripts_view.projects_of(conn)
        shown = next((one.project_id for one in listed if one.project_id == wanted), None)
        if shown is None and wanted is None and listed:
            shown = listed[0].project_id
        versions = scripts_view.versions_of(conn, shown, asker.user) if shown is not None else []
    return answer(
        Scripts(
            **common(request, centre, now), as_of=to_text(now), projects=listed, project_id=shown, versions=versions
        )
    )


@get("/v1/supervise/scripts/{version_id:str}/workbook", sync_to_thread=True, media_type=JSON_TYPE,
     responses=replies(ScriptWorkbook, 400, 401, 403, 404, 422, 503))  # fmt: skip
def script_workbook(request: AnyRequest, centre: Here, version_id: Which) -> Response[ScriptWorkbook]:
    """Give the very workbook a version was made of."""
    now, which = centre.now(), _id(version_id, "version_id")
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "manage_scripts")
        row = script_rows.one(conn, which)
        workbook = script_rows.content(conn, which).workbook if row is not None else None
    if row is None or workbook is None:
        raise Fault(404, "not_found", "There is no workbook of this version: it was made with the project.")
    viewed(request, centre, asker, "script_workbook_read", version_id=which)
    return answer(
        ScriptWorkbook(
            **common(request, centre, now), version_id=which, file_name=f"{row['form_id']}_{row['version']}.xlsx",
            workbook=bytes(workbook),
        )
    )  # fmt: skip


@post(
    "/v1/supervise/scripts/add",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    media_type=JSON_TYPE,
    request_max_body_size=BODY_BYTES,
    responses=replies(ScriptDone, 400, 401, 403, 404, 413, 422, 503),
)
def add_script(request: AnyRequest, centre: Here, data: JSONBody[AddScript]) -> Response[ScriptDone]:
    """Check a workbook and add it to the versions of a project as a draft."""
    now = centre.now()
    version_id, project_id = _id(data.version_id, "version_id"), _id(data.project_id, "project_id")
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "manage_scripts")
        project = projects.project_if_any(conn, project_id)
    offered = scripts_check.check(data.workbook, project)
    done = writing(
        centre.engine,
        lambda conn: scripts.add(
            conn, project_id, version_id, offered, by=asker.user, now=now, request_id=request_id(request.scope)
        ),
    )
    form, _, version = done.cited.partition("/")
    said = f"Version {version} of {form} is in the list as a draft."
    sentence = said if done.done else f"{said[:-1]} already."
    return answer(_done(request, centre, done, sentence))


@post(
    "/v1/supervise/scripts/{version_id:str}/step",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    media_type=JSON_TYPE,
    responses=replies(ScriptDone, 400, 401, 403, 404, 422, 503),
)
def step_script(
    request: AnyRequest, centre: Here, version_id: Which, data: JSONBody[TakeScriptStep]
) -> Response[ScriptDone]:
    """Take a version one step on, or say who has done so already."""
    now, which = centre.now(), _id(version_id, "version_id")
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "manage_scripts")
        row = script_rows.one(conn, which)
        workbook = script_rows.content(conn, which).workbook if row is not None else None
        project = projects.project_if_any(conn, row["project_id"]) if row is not None else None
    offered = None
    wanted = STEPS.get(data.step)
    fits = row is not None and wanted is not None and row["state"] in wanted.begins
    if data.step == "publish" and fits and workbook is not None and project is not None:
        offered = scripts_check.check(bytes(workbook), project)
    done = writing(
        centre.engine,
        lambda conn: scripts.take_step(
            conn, which, data.step, data.why, by=asker.user, now=now, offered=offered,
            request_id=request_id(request.scope),
        ),
    )  # fmt: skip
    _form, _, version = done.cited.partition("/")
    if done.done:
        sentence = f"Version {version} is {DONE[data.step]}."
    else:
        state, who = STATES[done.state].lower(), done.by or "the centre's operator"
        sentence = f"Version {version} is {state} already, by {who}."
    return answer(_done(request, centre, done, sentence))


def _done(request: AnyRequest, centre: Centre, done: scripts.Done, sentence: str) -> ScriptDone:
    return ScriptDone(
        **common(request, centre, centre.now()), version_id=done.version_id, done=done.done, state=done.state,
        sentence=sentence,
    )  # fmt: skip


def _id(written: str, name: str) -> str:
    if not access.is_uuid(written):
        raise malformed("A number is not in the agreed form.", place=f"$.{name}")
    return written.lower()
