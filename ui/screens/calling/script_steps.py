"""Pages, answers and the note of the open call: every one is durable as it is given.

Answers are kept under the names of the script's lines; the note of the call travels with them under "note", so that a
crash loses neither.
"""

from typing import Any

from caller_app.commands.calls import save_page
from ui.messages import sentence_of
from ui.screens.calling.view import CallingView, CallState
from ui.tasks import Work

NOTE_LIMIT = 300


class ScriptSteps:
    """Moves through the pages and keeps what was answered."""

    def __init__(self, view: CallingView, work: Work, state: CallState) -> None:
        self._view = view
        self._work = work
        self._state = state
        self._unsaved = False
        self._before: int | None = None  # where F1 was pressed

    def on_page_moved(self, step: int) -> None:
        """Next or back; past the last opening page lies the identity check, past the last page the pad."""
        card = self._state.card
        if card is None:
            return
        page = self._state.page + step
        if page >= len(card.pages):
            if card.identity.passed:
                self._view.turn_to("pad")
            else:
                self._view.focus_identity()
            return
        self._turn(max(0, page))

    def on_page_chosen(self, page: int) -> None:
        """A page was chosen by its name."""
        card = self._state.card
        if card is not None and 0 <= page < len(card.pages):
            self._turn(page)

    def on_what_if(self) -> None:
        """F1: the answers to what people object, and back again."""
        card = self._state.card
        if card is None:
            return
        pages = [at for at, page in enumerate(card.pages) if any(line.style == "objection" for line in page.lines)]
        before, self._before = self._before, None
        if self._state.page in pages and before is not None:
            self._turn(before)
        elif pages:
            self._before = self._state.page
            self._turn(pages[0])
            self._view.turn_to("script")
        else:
            self._view.show_refusal("card", "This script holds no answers to objections.")

    def on_answered(self, line: str, value: str) -> None:
        """An answer was given; the same answer again takes it back. Where several fit, each is switched by itself."""
        if self._state.card is None or self._state.finished:
            return
        answers = self._state.answers
        if self._takes_many(line):
            given = list(answers.get(line) or ())
            taken = [one for one in given if one != value] if value in given else [*given, value]
            answers[line] = taken
            if not taken:
                del answers[line]
            self._save(taken_back=None if taken else line)
        elif answers.get(line) == value:
            del answers[line]
            self._save(taken_back=line)
        else:
            answers[line] = value
            self._save()
        self._view.show_page(self._state.page, answers)

    def _takes_many(self, name: str) -> bool:
        card = self._state.card
        pages = card.pages if card is not None else ()
        return any(line.many for page in pages for line in page.lines if line.name == name)

    def on_note_typed(self, words: str) -> None:
        """The note changed; it is saved when the typing pauses or the box is left."""
        if words != self._state.note:
            self._state.note = words
            self._unsaved = True

    def flush(self) -> None:
        """Save a note that was typed and not saved yet."""
        if self._unsaved:
            self._save()

    def _turn(self, page: int) -> None:
        if page != self._state.page:
            self._state.page = page
            self._view.show_page(page, self._state.answers)
            self._save()

    def _save(self, *, taken_back: str | None = None) -> None:
        state = self._state
        if state.case_id is None or state.finished:
            return
        self._unsaved = False
        kept: dict[str, Any] = dict(state.answers)
        kept["note"] = state.note[:NOTE_LIMIT] if state.note.strip() else None
        if taken_back is not None:
            kept[taken_back] = None
        self._work.write(save_page, case_id=state.case_id, page=state.page, answers=kept, failed=self._not_saved)

    def _not_saved(self, error: Exception) -> None:
        self._view.show_banner(sentence_of(error))
