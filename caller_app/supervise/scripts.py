"""The scripts of a project asked of the centre: versions, a version's workbook, adding one, taking one a step on."""

from caller_app.protocol.scripts import AddScript, ScriptDone, Scripts, ScriptWorkbook, TakeScriptStep
from caller_app.supervise.board import Asks


def script_versions(api: Asks, *, project_id: str | None = None) -> Scripts:
    """Ask for every project and for the versions of one; of the first where none is named."""
    return api.ask("GET", "/v1/supervise/scripts", Scripts, params={"project_id": project_id} if project_id else None)


def script_workbook(api: Asks, *, version_id: str) -> ScriptWorkbook:
    """Ask for the very workbook a version was made of."""
    return api.ask("GET", f"/v1/supervise/scripts/{version_id}/workbook", ScriptWorkbook)


def add_script(api: Asks, *, version_id: str, project_id: str, workbook: bytes) -> ScriptDone:
    """Add a version as a draft; asking twice with one id adds it once."""
    body = AddScript(version_id=version_id, project_id=project_id, workbook=workbook)
    return api.ask("POST", "/v1/supervise/scripts/add", ScriptDone, body=body)


def step_script(api: Asks, *, version_id: str, step: str, why: str) -> ScriptDone:
    """Take a version one step on; asking twice takes it once, and the reply says who did."""
    body = TakeScriptStep(step=step, why=why)
    return api.ask("POST", f"/v1/supervise/scripts/{version_id}/step", ScriptDone, body=body)
