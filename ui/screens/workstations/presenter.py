"""Decides the workstations: what each last said, what is still on it, what it has taken, taking one out of use.

What a reader would get wrong: nothing here is of now. A workstation that is off says nothing; what it last said is
shown with its age, and its list locks itself when it has not been heard from for three days.
"""

from typing import Protocol

from caller_app.base.clock import Clock
from caller_app.base.errors import Refused
from caller_app.protocol.supervision import RecordsToGo, RecordToGo, Revoked, Workstation, Workstations
from caller_app.supervise.workstations import records_to_go, revoke_workstation, workstations
from ui.asking import AnswerAge
from ui.tasks import OwnWork

PAGE = 200
WHY_LONGEST = 200


class WorkstationsView(Protocol):
    """The screen as its presenter sees it."""

    def show_workstations(self, answer: Workstations) -> None: ...
    def show_age(self, sentence: str, *, old: bool) -> None: ...
    def show_chosen(self, chosen: Workstation | None, *, own: bool) -> None: ...
    def show_to_go(self, offset: int, lines: tuple[RecordToGo, ...], total: int) -> None: ...
    def show_failure(self, fault: Exception) -> None: ...
    def clear_failure(self) -> None: ...
    def show_revoking(self, revoking: bool) -> None: ...
    def show_revoke_refused(self, fault: Exception) -> None: ...
    def show_revoked(self, sentence: str) -> None: ...


class WorkstationsPresenter:
    """Every workstation as supervisors answer for it."""

    def __init__(self, view: WorkstationsView, work: OwnWork, clock: Clock) -> None:
        self._view, self._work = view, work
        self._age = AnswerAge(view, clock)
        self.answer: Workstations | None = None
        self.chosen: str | None = None
        self._asking = False
        self._revoking = False

    def refresh(self) -> None:
        """Ask the centre again; one question at a time."""
        if not self._asking:
            self._asking = True
            self._work.ask(workstations, done=self._answered, failed=self._failed)

    def show_age(self) -> None:
        """Say of when this is."""
        self._age.show()

    def line(self, device_id: str | None) -> Workstation | None:
        """Give one workstation."""
        lines = self.answer.lines if self.answer is not None else []
        return next((one for one in lines if one.device_id == device_id), None)

    def on_chosen(self, device_id: str | None) -> None:
        """Show one workstation with what is still on it."""
        if device_id != self.chosen:
            self.chosen = device_id
            self._view.show_to_go(0, (), 0)
        self._show_chosen()

    def on_to_go_wanted(self, offset: int) -> None:
        """Ask for one page of what should be gone."""
        device_id = self.chosen
        if device_id is None:
            return

        def done(answer: RecordsToGo) -> None:
            if device_id == self.chosen:
                self._view.show_to_go(offset, tuple(answer.lines), answer.total)

        self._work.ask(
            records_to_go, done=done, failed=self._failed, latest=f"to go {offset}", device_id=device_id,
            offset=offset, limit=PAGE,
        )  # fmt: skip

    def on_revoke(self, why: str) -> None:
        """Take the chosen workstation out of use, after the supervisor has confirmed."""
        device_id, reason = self.chosen, " ".join(why.split())
        if self._revoking or device_id is None:
            return
        if not reason:
            self._view.show_revoke_refused(Refused("Say why: it is kept with the record.", field="why"))
            return
        self._revoking = True
        self._view.show_revoking(True)

        def done(answer: Revoked) -> None:
            self._revoking = False
            self._view.show_revoking(False)
            self._view.show_revoked(answer.sentence)
            self.refresh()

        def failed(fault: Exception) -> None:
            self._revoking = False
            self._view.show_revoking(False)
            self._view.show_revoke_refused(fault)

        self._work.ask(revoke_workstation, done=done, failed=failed, device_id=device_id, why=reason[:WHY_LONGEST])

    def _answered(self, answer: Workstations) -> None:
        self._asking, self.answer = False, answer
        self._age.came(answer.as_of)
        before = self.chosen
        self._view.show_workstations(answer)
        if self.chosen == before:  # else the choice has shown it
            self._show_chosen()

    def _show_chosen(self) -> None:
        line = self.line(self.chosen)
        own = line is not None and self.answer is not None and self.answer.own_device == line.device_id
        self._view.show_chosen(line, own=own)
        if line is not None and line.to_go:
            self.on_to_go_wanted(0)
        else:
            self._view.show_to_go(0, (), 0)

    def _failed(self, fault: Exception) -> None:
        self._asking = False
        self._age.failed(fault, old_says_it=True)
