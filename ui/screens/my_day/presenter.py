"""My day: my own calls, searchable, private, each with how far it has got on its way to the centre.

An earlier call is corrected by superseding it with a reason: the fact stays in history, its effects do not.
"""

from collections.abc import Iterable
from typing import Protocol

from caller_app.base.errors import Refused
from caller_app.commands.attempts import supersede_attempt
from caller_app.queries.history import my_calls
from caller_app.queries.rows import CallLine
from ui.messages import sentence_of
from ui.tasks import Work

PAGE = 200


class MyDayView(Protocol):
    """The screen as its presenter sees it."""

    def show_lines(self, lines: tuple[CallLine, ...], *, more: bool, search: str) -> None: ...
    def add_lines(self, lines: tuple[CallLine, ...], *, more: bool) -> None: ...
    def ask_reason(self, line: CallLine) -> None: ...
    def close_reason(self) -> None: ...
    def show_refusal(self, sentence: str) -> None: ...
    def show_banner(self, sentence: str) -> None: ...
    def say(self, sentence: str) -> None: ...
    def open_person(self, case_id: str) -> None: ...


class MyDayPresenter:
    """Keeps the lines true and takes an earlier result back."""

    def __init__(self, view: MyDayView, work: Work) -> None:
        self._view = view
        self._work = work
        self._search = ""
        self._lines: tuple[CallLine, ...] = ()
        self._correcting: CallLine | None = None
        self._saving = False

    def start(self) -> None:
        """Read the first page."""
        self.refresh()

    def on_notice(self, kinds: Iterable[str], _ids: Iterable[str], _by: str) -> None:
        """Something was recorded, sent or judged."""
        if frozenset(kinds) & {"outbox", "case", "list"}:
            self.refresh()

    def refresh(self) -> None:
        """Ask again for as many lines as are shown."""
        wanted, search = max(PAGE, len(self._lines)), self._search
        self._work.read(
            my_calls,
            search=search,
            limit=wanted,
            offset=0,
            latest="my calls",
            done=lambda lines: self._listed(lines, wanted, search),
            failed=self._failed,
        )

    def on_searched(self, text: str) -> None:
        """The person typed in the search box."""
        self._search = text.strip()
        self._lines = ()
        self.refresh()

    def on_more_wanted(self) -> None:
        """The end came into sight."""
        offset, search = len(self._lines), self._search
        self._work.read(
            my_calls,
            search=search,
            limit=PAGE,
            offset=offset,
            latest="my calls",
            done=lambda lines: self._added(lines, offset, search),
            failed=self._failed,
        )

    def _listed(self, lines: tuple[CallLine, ...], wanted: int, search: str) -> None:
        if search == self._search:
            self._lines = lines
            self._view.show_lines(lines, more=len(lines) >= wanted, search=search)

    def _added(self, lines: tuple[CallLine, ...], offset: int, search: str) -> None:
        if search == self._search and offset == len(self._lines):
            self._lines += lines
            self._view.add_lines(lines, more=len(lines) >= PAGE)

    def on_person_wanted(self, line: CallLine) -> None:
        """Open the person of a line, while they are on my list."""
        if line.still_on_list:
            self._view.open_person(line.case_id)
        else:
            self._view.say("This person is no longer on your list, so the card stays closed. Your call is kept.")

    def on_correct_wanted(self, line: CallLine) -> None:
        """An earlier result was wrong: ask why before taking it back."""
        self._correcting = line
        self._view.ask_reason(line)

    def on_correct_given_up(self) -> None:
        """Leave the earlier result as it is."""
        self._correcting = None
        self._view.close_reason()

    def on_reason_given(self, reason: str) -> None:
        """Take the result back with its reason; the form stays until that is on disk."""
        line = self._correcting
        if line is None or self._saving:
            return
        if not reason.strip():
            self._view.show_refusal("Say in a few words why the result was wrong.")
            return
        self._saving = True
        self._work.write(
            supersede_attempt,
            attempt_id=line.attempt_id,
            reason=reason.strip(),
            case_id=line.case_id,
            done=lambda _: self._corrected(line),
            failed=self._not_corrected,
        )

    def _corrected(self, line: CallLine) -> None:
        self._saving = False
        self._correcting = None
        self._view.close_reason()
        self._view.say(
            "The result is taken back. Open the person to record what really happened."
            if line.still_on_list
            else "The result is taken back. The person is on someone else's list: tell your supervisor what happened."
        )
        self.refresh()

    def _not_corrected(self, error: Exception) -> None:
        self._saving = False
        if isinstance(error, Refused):
            self._view.show_refusal(error.sentence)
        else:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._view.show_banner(sentence_of(error))
