"""Decides the scripts of a project: the versions and their steps, which workbook is rehearsed, what is added.

What a reader would get wrong: the list is the centre's and has an age; what is rehearsed lies on this computer and the
centre does not know of it until it is added. A version is added under an id made here once, so that pressing twice, or
again after a lost answer, adds it once.
"""

from pathlib import Path
from typing import Protocol

from caller_app.base.clock import Clock
from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.protocol.scripts import ScriptAct, ScriptDone, ScriptProject, Scripts, ScriptVersion, ScriptWorkbook
from caller_app.supervise.rehearsal import Rehearsal, rehearse_bytes, rehearse_file, save_workbook
from caller_app.supervise.scripts import add_script, script_versions, script_workbook, step_script
from ui.asking import AnswerAge
from ui.tasks import OwnWork

WHY_LONGEST = 300


class ScriptsView(Protocol):
    """The screen as its presenter sees it."""

    def show_projects(self, projects: tuple[ScriptProject, ...], chosen: str | None) -> None: ...
    def show_versions(self, versions: tuple[ScriptVersion, ...]) -> None: ...
    def show_age(self, sentence: str, *, old: bool) -> None: ...
    def show_version(self, version: ScriptVersion | None) -> None: ...
    def show_failure(self, fault: Exception) -> None: ...
    def clear_failure(self) -> None: ...
    def show_reading(self, reading: bool) -> None: ...
    def show_rehearsal(self, rehearsal: Rehearsal, *, from_disk: bool) -> None: ...
    def show_refused(self, fault: Exception) -> None: ...
    def show_adding(self, adding: bool) -> None: ...
    def show_added(self, sentence: str) -> None: ...
    def show_stepping(self, stepping: bool) -> None: ...
    def show_step_refused(self, fault: Exception) -> None: ...
    def show_stepped(self, sentence: str, *, mine: bool) -> None: ...
    def show_saved(self, path: Path) -> None: ...


class ScriptsPresenter:
    """The scripts as supervisors answer for them."""

    def __init__(self, view: ScriptsView, work: OwnWork, clock: Clock) -> None:
        self._view, self._work = view, work
        self._age = AnswerAge(view, clock)
        self.answer: Scripts | None = None
        self.project_id: str | None = None
        self.chosen: str | None = None
        self.rehearsal: Rehearsal | None = None
        self._path: Path | None = None  # of what is rehearsed, where it lies on the disk
        self._new_id = ""
        self._busy = False  # a step or an addition is on its way
        self._reading = 0

    # ---- the list -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask the centre again."""
        wanted = self.project_id

        def done(answer: Scripts) -> None:
            if wanted != self.project_id:
                return
            self.answer, self.project_id = answer, answer.project_id
            self._age.came(answer.as_of)
            self._view.show_projects(tuple(answer.projects), answer.project_id)
            self._view.show_versions(tuple(answer.versions))
            self._view.show_version(self.version(self.chosen))

        def failed(fault: Exception) -> None:
            shown = self.answer is not None and self.answer.project_id == self.project_id
            self._age.failed(fault, old_says_it=shown)

        self._work.ask(script_versions, done=done, failed=failed, latest="versions", project_id=wanted)

    def on_project(self, project_id: str) -> None:
        """Show the scripts of another project."""
        if project_id != self.project_id:
            self.project_id, self.chosen = project_id, None
            self._view.show_versions(())
            self._view.show_version(None)
            self.refresh()

    def show_age(self) -> None:
        """Say of when this is."""
        self._age.show()

    def project(self) -> ScriptProject | None:
        """Give the project whose scripts are shown."""
        projects = self.answer.projects if self.answer is not None else []
        return next((one for one in projects if one.project_id == self.project_id), None)

    def version(self, version_id: str | None) -> ScriptVersion | None:
        """Give one version."""
        versions = self.answer.versions if self.answer is not None else []
        return next((one for one in versions if one.version_id == version_id), None)

    def on_chosen(self, version_id: str | None) -> None:
        """Show one version."""
        self.chosen = version_id
        self._view.show_version(self.version(version_id))

    # ---- a step --------------------------------------------------------------------------------------------------

    def act_of(self, code: str) -> ScriptAct | None:
        """Give a step that can be taken with the chosen version."""
        version = self.version(self.chosen)
        return next((one for one in version.acts if one.code == code), None) if version is not None else None

    def on_step(self, code: str, why: str) -> None:
        """Take the chosen version one step on."""
        act, version_id = self.act_of(code), self.chosen
        if self._busy or act is None or version_id is None:
            return
        reason = " ".join(why.split())[:WHY_LONGEST]
        if act.refused or (act.asks_why and not reason):
            said = Refused(act.refused) if act.refused else Refused("Say why: it is kept with it.", field="why")
            self._view.show_step_refused(said)
            return
        self._busy = True
        self._view.show_stepping(True)

        def done(answer: ScriptDone) -> None:
            self._busy = False
            self._view.show_stepping(False)
            self._view.show_stepped(answer.sentence, mine=answer.done)
            self.refresh()

        def failed(fault: Exception) -> None:
            self._busy = False
            self._view.show_stepping(False)
            self._view.show_step_refused(fault)

        self._work.ask(step_script, done=done, failed=failed, version_id=version_id, step=code, why=reason)

    # ---- rehearsing ---------------------------------------------------------------------------------------------

    def on_file(self, path: Path) -> None:
        """Check a workbook from the disk."""
        project = self.project()
        if project is None:
            return
        reading = self._begin_reading()
        self._work.job(
            rehearse_file,
            done=lambda found: self._rehearse(found, reading, path),
            failed=lambda fault: self._not_read(fault, reading),
            path=path,
            pathways=project.pathways,
            fields=project.fields,
        )

    def on_read_again(self) -> None:
        """Read the file anew: it was saved in Excel meanwhile."""
        if self._path is not None:
            self.on_file(self._path)

    def on_rehearse_version(self) -> None:
        """Fetch the workbook of the chosen version and rehearse it."""
        version = self.version(self.chosen)
        project = self.project()
        if version is None or project is None or not version.has_workbook:
            return
        reading = self._begin_reading()

        def fetched(answer: ScriptWorkbook) -> None:
            self._work.job(
                rehearse_bytes,
                done=lambda found: self._rehearse(found, reading, None),
                failed=lambda fault: self._not_read(fault, reading),
                file_name=answer.file_name,
                body=answer.workbook,
                pathways=project.pathways,
                fields=project.fields,
            )

        self._work.ask(
            script_workbook,
            done=fetched,
            failed=lambda fault: self._not_read(fault, reading),
            version_id=version.version_id,
        )

    def on_left_rehearsal(self) -> None:
        """Back to the versions: what was rehearsed is put away."""
        self.rehearsal, self._path = None, None
        self._reading += 1
        self._view.show_reading(False)

    def on_add(self) -> None:
        """Add what is rehearsed to the versions of the project, as a draft."""
        rehearsal, project_id = self.rehearsal, self.project_id
        if self._busy or rehearsal is None or project_id is None or not rehearsal.may_be_added:
            return
        self._busy = True
        self._view.show_adding(True)

        def done(answer: ScriptDone) -> None:
            self._busy = False
            self._view.show_adding(False)
            self.chosen = answer.version_id
            self.on_left_rehearsal()
            self._view.show_added(answer.sentence)
            self.refresh()

        def failed(fault: Exception) -> None:
            self._busy = False
            self._view.show_adding(False)
            self._view.show_refused(fault)

        self._work.ask(
            add_script, done=done, failed=failed, version_id=self._new_id, project_id=project_id,
            workbook=rehearsal.body,
        )  # fmt: skip

    def on_save_workbook(self, path: Path) -> None:
        """Save the chosen version's workbook to the disk, to write the next one from it."""
        version = self.version(self.chosen)
        if version is None:
            return

        def fetched(answer: ScriptWorkbook) -> None:
            self._work.job(
                save_workbook, done=self._view.show_saved, failed=self._view.show_refused, path=path,
                body=answer.workbook,
            )  # fmt: skip

        self._work.ask(script_workbook, done=fetched, failed=self._view.show_refused, version_id=version.version_id)

    def _begin_reading(self) -> int:
        self._reading += 1
        self._view.show_reading(True)
        return self._reading

    def _rehearse(self, found: Rehearsal, reading: int, path: Path | None) -> None:
        if reading != self._reading:
            return  # another file was chosen meanwhile, or the rehearsal was left
        if self.rehearsal is None or self.rehearsal.body != found.body:
            self._new_id = new_id()
        self.rehearsal, self._path = found, path
        self._view.show_reading(False)
        self._view.show_rehearsal(found, from_disk=path is not None)

    def _not_read(self, fault: Exception, reading: int) -> None:
        if reading == self._reading:
            self._view.show_reading(False)
            self._view.show_refused(fault)
