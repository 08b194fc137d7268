"""Pictures of the scripts: the versions of a project and the rehearsal of a workbook, made by the real checks."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from caller_app.base.clock import to_text
from caller_app.base.errors import CentreUnreachable
from caller_app.domain.script_life import DONE, label_of, possible, refusal
from caller_app.protocol.scripts import (
    ScriptAct,
    ScriptDone,
    ScriptProject,
    Scripts,
    ScriptStep,
    ScriptVersion,
    ScriptWorkbook,
)
from caller_app.supervise import rehearsal
from caller_app.supervise.scripts import add_script, script_versions, script_workbook, step_script
from tests.script.books import PACKS
from tests.support.gallery import Stage, picture
from tests.support.gallery_board import REPLY, ago, supervisor
from tests.support.gallery_window import signed_in
from tests.support.qt import NOW, FakeClient

SMALL = (QSize(1366, 768),)
LONG = "Wilhelmina-Anastasia Featherstonehaugh-Cholmondeley"
PATHWAYS = {
    "dpp_referral": "Refer to Healthier You",
    "dpp_self": "The person refers themselves",
    "dpp_practice_confirm": "Ask the practice to confirm before anything else is offered",
    "blood_test": "A blood test at the practice",
    "dwmp_practice": "Digital weight programme",
    "lifestyle_local": "Local offers: stop smoking, activity, weight",
}
FIELDS = [
    "pt_first", "pt_age", "practice_name", "hba1c", "fpg", "result_months", "gdm_history", "bmi", "bmi_threshold",
    "has_dm", "has_htn", "max_months",
]  # fmt: skip


def version(number: int, state: str, *steps: str, author: str | None = "Sian Pritchard", **more: Any) -> ScriptVersion:
    """Give one version with its steps; who is signed in is Sian Pritchard."""
    names = ("Sian Pritchard", "Ben Carter", LONG)
    listed = [
        ScriptStep(
            at=ago(hours=30 * number - at), step=code, words=DONE[code],
            by=None if author is None else names[at % 3],
            why="the second page is far too long to be read aloud" if code in ("send_back", "drop") else "",
        )
        for at, code in enumerate(("added", *steps) if author else steps)
    ]  # fmt: skip
    acts = [
        ScriptAct(code=one.code, label=label_of(one, state), will=one.will, asks_why=one.asks_why,
                  refused=refusal(one, author=author == "Sian Pritchard"))
        for one in possible(state)
    ]  # fmt: skip
    facts: dict[str, Any] = {"title": "Diabetes prevention", "has_workbook": author is not None, "warnings": 2}
    return ScriptVersion(
        version_id=f"v{number}", script_id=f"s{number}", form_id="diabetes_prevention", version=f"20261122{number:02d}",
        sha256=f"{number:02d}c41f0be2d94a77d0", state=state, in_use=state == "published", author=author,
        made_at=listed[0].at, state_at=listed[-1].at, state_by=listed[-1].by, examples=12, steps=listed, acts=acts,
        **{**facts, **more},
    )  # fmt: skip


VERSIONS = (
    version(3, "published", "ask_review", "approve", "publish", author="Ben Carter"),
    version(7, "draft"),
    version(6, "in_review", "ask_review"),
    version(5, "approved", "ask_review", "send_back", "ask_review", "approve", author=LONG,
            title="Diabetes prevention: the second invitation, for people who were too ill to talk the first time"),
    version(4, "dropped", "drop"),
    version(2, "retired", "ask_review", "approve", "publish", "retired"),
    version(1, "retired", "publish", "retired", author=None),
)  # fmt: skip


def scripts_client(versions: tuple[ScriptVersion, ...] = VERSIONS, *, projects: int = 2) -> FakeClient:
    """Give a supervisor whose centre has scripts, and whose workbooks are checked by the real rules."""
    client = supervisor()
    listed = [
        ScriptProject(project_id="p1", name="Diabetes prevention", form_id="diabetes_prevention", pathways=PATHWAYS,
                      fields=FIELDS),
        ScriptProject(project_id="p2", name="Talking Therapies for people after a long illness, second invitation",
                      form_id="talking_therapies", pathways={}, fields=[]),
    ][:projects]  # fmt: skip
    client.set(
        script_versions,
        lambda project_id: Scripts(
            **REPLY, as_of=to_text(NOW), projects=listed, project_id=(project_id or "p1") if listed else None,
            versions=list(versions) if project_id in (None, "p1") and listed else [],
        ),
    )  # fmt: skip
    client.set(
        step_script,
        lambda version_id, step, **_why: ScriptDone(
            **REPLY, version_id=version_id, done=True, state="approved", sentence=f"Version 2026112206 is {DONE[step]}."
        ),
    )
    client.set(
        add_script,
        lambda version_id, **_rest: ScriptDone(
            **REPLY, version_id=version_id, done=True, state="draft",
            sentence="Version 2026112201 of diabetes_prevention is in the list as a draft.",
        ),
    )  # fmt: skip
    client.set(
        script_workbook,
        lambda version_id: ScriptWorkbook(
            **REPLY, version_id=version_id, file_name="diabetes_prevention_2026112206.xlsx",
            workbook=(PACKS / "diabetes_prevention.xlsx").read_bytes(),
        ),
    )  # fmt: skip
    for real in (rehearsal.rehearse_file, rehearsal.rehearse_bytes, rehearsal.walk, rehearsal.save_findings,
                 rehearsal.save_workbook):  # fmt: skip
        client.set(real, real)
    return client


_HEAD = [
    "example", "pt_first", "practice_name", "max_months", "pt_age", "hba1c", "result_months", "has_dm", "aware",
    "interest", "excl", "light", "path", "follow", "consent_share", "decline_kind", "outcome", "pathways",
]  # fmt: skip
_WHO = ["Ann", "Alder Grove Surgery", 12]
EXAMPLES: list[list[Any]] = [
    _HEAD,
    ["In range, seven months old", *_WHO, 52, 44, 7, "n", "no", "yes", "none", "y", "dpp_refer", "sms", "y", None,
     "A01", "dpp_referral"],
    ["Wants to think it over", *_WHO, 52, 44, 7, "n", "yes", "unsure", "none", "n", "none_now", None, None, "think",
     "A04", None],
    ["Result too old, so a new blood test is offered first", *_WHO, 61, 44, 19, "n", "no", "yes", "none", "y",
     "retest", "letter", None, None, "A02", "dpp_self"],
    ["Does not say whether she knew", *_WHO, 52, 44, 7, "n", None, "yes", "none", "y", "dpp_self", "sms", None, None,
     "A02", "dpp_self"],
]  # fmt: skip


def with_examples(folder: Path, *, spoiled: bool = False) -> Path:
    """Give a copy of a pack with example patients, two of which end elsewhere; spoiled: with mistakes of every kind."""
    import openpyxl

    book = openpyxl.load_workbook(PACKS / "diabetes_prevention.xlsx")
    del book["examples"]
    sheet = book.create_sheet("examples")
    for row in EXAMPLES:
        sheet.append(row)
    if spoiled:
        survey = book["survey"]
        heads = {cell.value: cell.column for cell in survey[1]}
        survey.cell(1, heads["relevant"]).value = "relevent"
        survey.cell(9, heads["type"]).value = "imteger"
        survey.cell(12, heads["label"]).value = "Hello ${pt_frist}, " + "and how are you today, my dear friend, " * 12
        survey.cell(14, heads["label"]).value = "=HYPERLINK(A1)"
    path = folder / ("a workbook with mistakes.xlsx" if spoiled else "diabetes_prevention.xlsx")
    book.save(path)
    return path


def at_scripts(stage: Stage, client: FakeClient, row: int = 2) -> Any:
    """Give the versions with one chosen."""
    made = signed_in(stage, client, "scripts")
    if client.names():
        made.built("scripts").table.selectRow(row)
    stage.settle()
    return made


def rehearsing(stage: Stage, path: Path, look: str = "") -> Any:
    """Give a rehearsal of a workbook."""
    made = at_scripts(stage, scripts_client())
    screen = made.built("scripts")
    screen.presenter.on_file(path)
    stage.settle()
    if look:
        screen.rehearsal.look_at(look)
        stage.settle()
    return made


@picture("scripts")
def scripts_full(stage: Stage) -> QWidget:
    return at_scripts(stage, scripts_client())


@picture("scripts-long", sizes=SMALL)
def scripts_long(stage: Stage) -> QWidget:
    return at_scripts(stage, scripts_client(), 3)


@picture("scripts-empty", sizes=SMALL)
def scripts_empty(stage: Stage) -> QWidget:
    return at_scripts(stage, scripts_client(()))


@picture("scripts-no-project", sizes=SMALL)
def scripts_no_project(stage: Stage) -> QWidget:
    return at_scripts(stage, scripts_client((), projects=0))


@picture("scripts-never", sizes=SMALL)
def scripts_never(stage: Stage) -> QWidget:
    client = scripts_client()
    client.set(script_versions, CentreUnreachable("The centre cannot be reached."))
    return at_scripts(stage, client)


@picture("scripts-unreachable", sizes=SMALL)
def scripts_unreachable(stage: Stage) -> QWidget:
    client = scripts_client()
    made = at_scripts(stage, client)
    client.set(script_versions, CentreUnreachable("The centre cannot be reached."))
    stage.clock.pass_by(minutes=4)
    made.built("scripts").presenter.refresh()
    stage.settle()
    return made


@picture("scripts-step", sizes=SMALL)
def scripts_step(stage: Stage) -> QWidget:
    made = at_scripts(stage, scripts_client(), 3)
    made.resize(1366, 768)
    made.show()
    screen = made.built("scripts")
    screen.open_step("send_back")
    screen._dialog.deed.click()
    stage.settle()
    return made


@picture("scripts-done", sizes=SMALL)
def scripts_done(stage: Stage) -> QWidget:
    made = at_scripts(stage, scripts_client(), 1)
    made.built("scripts").presenter.on_step("ask_review", "")
    stage.settle()
    return made


@picture("scripts-findings")
def scripts_findings(stage: Stage) -> QWidget:
    return rehearsing(stage, with_examples(stage.folder, spoiled=True))


@picture("scripts-examples")
def scripts_examples(stage: Stage) -> QWidget:
    return rehearsing(stage, with_examples(stage.folder), "examples")


@picture("scripts-walk")
def scripts_walk(stage: Stage) -> QWidget:
    made = rehearsing(stage, with_examples(stage.folder), "examples")
    made.built("scripts").rehearsal.walk_example(0)
    made.built("scripts").rehearsal.presenter.on_moved(1)
    stage.settle()
    return made


@picture("scripts-walk-end", sizes=SMALL)
def scripts_walk_end(stage: Stage) -> QWidget:
    made = rehearsing(stage, with_examples(stage.folder), "examples")
    made.built("scripts").rehearsal.walk_example(2)
    for _ in range(6):
        made.built("scripts").rehearsal.presenter.on_moved(1)
    stage.settle()
    return made


@picture("scripts-good", sizes=SMALL)
def scripts_good(stage: Stage) -> QWidget:
    return rehearsing(stage, PACKS / "diabetes_prevention.xlsx", "findings")


@picture("scripts-walk-pack", sizes=SMALL)
def scripts_walk_pack(stage: Stage) -> QWidget:
    made = rehearsing(stage, PACKS / "talking_therapies.xlsx", "walk")
    made.built("scripts").rehearsal.presenter.on_moved(1)
    stage.settle()
    return made


@picture("scripts-walk-help", sizes=SMALL)
def scripts_walk_help(stage: Stage) -> QWidget:
    made = rehearsing(stage, PACKS / "talking_therapies.xlsx", "walk")
    walk = made.built("scripts").rehearsal.presenter
    walk.on_answered("interest", "yes")
    walk.on_moved(1)
    walk.on_answered("risk", "thoughts")
    stage.settle()
    return made


@picture("scripts-reading", sizes=SMALL)
def scripts_reading(stage: Stage) -> QWidget:
    made = at_scripts(stage, scripts_client())
    made.built("scripts").show_reading(True)
    stage.settle()
    return made


@picture("scripts-no-file", sizes=SMALL)
def scripts_no_file(stage: Stage) -> QWidget:
    made = at_scripts(stage, scripts_client())
    path = stage.folder / "holiday.xlsx"
    path.write_bytes(b"no workbook")
    made.built("scripts").presenter.on_file(path)
    stage.settle()
    return made
