"""What a supervisor's screen and the centre say to each other about the scripts of a project.

A workbook travels as bytes (base64 in JSON) and is checked anew at the centre, whatever the workstation found.
"""

import msgspec

from caller_app.protocol.messages import Reply

WORKBOOK_BYTES = 5 * 2**20
BODY_BYTES = WORKBOOK_BYTES * 4 // 3 + 64 * 1024  # of a request that carries one


class ScriptStep(msgspec.Struct, kw_only=True):
    """One step in the life of a version; nobody named: on the centre's own command line."""

    at: str
    step: str
    words: str
    by: str | None = None
    why: str = ""


class ScriptAct(msgspec.Struct, kw_only=True):
    """One step that could be taken now; `refused` says why this person may not."""

    code: str
    label: str
    will: str
    asks_why: bool
    refused: str = ""


class ScriptVersion(msgspec.Struct, kw_only=True):
    """One version of a project's script; its words never change, its state does."""

    version_id: str
    script_id: str
    form_id: str
    version: str
    title: str
    sha256: str
    state: str  # draft | in_review | approved | published | retired | dropped
    in_use: bool
    author: str | None
    made_at: str
    state_at: str
    state_by: str | None
    has_workbook: bool
    warnings: int
    examples: int
    steps: list[ScriptStep]
    acts: list[ScriptAct]


class ScriptProject(msgspec.Struct, kw_only=True):
    """One project as its scripts see it: the pathways they may lead to and the fields a call brings."""

    project_id: str
    name: str
    form_id: str
    pathways: dict[str, str]
    fields: list[str]


class Scripts(Reply, kw_only=True):
    """`GET /v1/supervise/scripts?project_id`: every project, and the versions of one, newest first."""

    as_of: str
    projects: list[ScriptProject]
    project_id: str | None
    versions: list[ScriptVersion]


class AddScript(msgspec.Struct, kw_only=True):
    """`POST /v1/supervise/scripts/add`: the id is made by who asks, so that asking twice adds once."""

    version_id: str
    project_id: str
    workbook: bytes


class TakeScriptStep(msgspec.Struct, kw_only=True):
    """`POST /v1/supervise/scripts/{version_id}/step`."""

    step: str
    why: str = ""


class ScriptDone(Reply, kw_only=True):
    """What became of it; `done` is False where it had been done before, by whomever the sentence names."""

    version_id: str
    done: bool
    state: str
    sentence: str


class ScriptWorkbook(Reply, kw_only=True):
    """`GET /v1/supervise/scripts/{version_id}/workbook`: the very workbook a version was made of."""

    version_id: str
    file_name: str
    workbook: bytes
