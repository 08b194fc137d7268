"""Pages, answers and the note of the open call: every one is durable as it is given.

What a reader would get wrong: what follows from an answer is asked of the answers on the screen, not of those on the
disk, so the next page waits for no write. Answers are kept under the names of the script's lines; the note of the call
travels with them under "note", so that a crash loses neither.
"""

from collections.abc import Callable
from typing import Any

from caller_app.commands.calls import save_page
from caller_app.queries.objections import what_if
from caller_app.queries.rows import Card
from caller_app.queries.script_path import script_path
from caller_app.queries.script_rows import Objection, ScriptPage, ScriptPath
from ui.messages import sentence_of
from ui.screens.calling.view import CallingView, CallState
from ui.tasks import Work

NOTE_LIMIT = 300


class ScriptSteps:
    """Moves through the pages and keeps what was answered."""

    def __init__(
        self, view: CallingView, work: Work, state: CallState, *, finish: Callable[[], None], reread: Callable[[], None]
    ) -> None:
        self._view = view
        self._work = work
        self._state = state
        self._reread = reread
        self._finish = finish  # the script has come to its end: its result is taken
        self._unsaved = False
        self._asking = False
        self._then = 0  # a step that waits for the pages

    def begin(self) -> None:
        """Another person, or nobody: nothing is awaited for the last one."""
        self._unsaved, self._asking, self._then = False, False, 0

    def show_again(self) -> None:
        """A result was refused: the script stands as its answers say."""
        if not self._asking:
            self._show()

    # ---- the card ------------------------------------------------------------------------------------------------

    def on_card(self, card: Card, *, resumed: bool, decided: bool) -> None:
        """A card is here; resumed: the draft on the disk says where its call stands; decided: the check has ended."""
        state = self._state
        if resumed:
            state.page, state.language = card.page, card.language
        kept = {name: value for name, value in card.answers.items() if name != "note"}
        current = kept == state.answers and card.language == state.language
        if resumed or decided or current or not state.path.pages:
            state.path = card.script
        if decided:
            state.page = self._first_open()
        self._asking = self._asking and not current
        self._show()
        if not current:
            self._ask()

    def _first_open(self) -> int:
        pages = self._state.path.pages
        return next((at for at, page in enumerate(pages) if not page.done), len(pages) - 1)

    # ---- moving --------------------------------------------------------------------------------------------------

    def on_page_moved(self, step: int) -> None:
        """Next or back; on only where the page is done. Past the opening lies the check, past the end the result."""
        state = self._state
        if state.card is None or state.finished:
            return
        if self._asking:
            self._then = step
            return
        pages = state.path.pages
        if step < 0 or not pages:
            self._turn(max(0, state.page + step))
            return
        page = pages[min(state.page, len(pages) - 1)]
        line, sentence = _wanting(page)
        if line is not None:
            self._view.show_refusal("script", sentence, line)
        elif page.identity or (state.page + 1 >= len(pages) and not self._may_end()):
            self._view.focus_identity()
        elif state.page + 1 < len(pages):
            self._keep_taken(page)
            self._turn(state.page + step)
        else:
            self._keep_taken(page)
            self._finish()

    def _may_end(self) -> bool:
        card = self._state.card
        return self._state.path.finished or (card is not None and card.identity.passed)

    def on_line_wanted(self, page: int, _line: str) -> None:
        """Back to an earlier answer."""
        if self._state.card is not None and 0 <= page < len(self._state.path.pages):
            self._turn(page, again=True)

    def _turn(self, page: int, *, again: bool = False) -> None:
        if page != self._state.page or again:
            moved = page != self._state.page
            self._state.page = page
            self._show()
            if moved:
                self._save()

    # ---- answering -----------------------------------------------------------------------------------------------

    def on_answered(self, line: str, value: str) -> None:
        """An answer was given; the same answer again takes it back. Where several fit, each is switched by itself."""
        if self._state.card is None or self._state.finished:
            return
        answers = self._state.answers
        if self._takes_many(line):
            given = answers.get(line, self._state.path.taken.get(line)) or ()
            given = given.split() if isinstance(given, str) else list(given)
            self._answer(line, [one for one in given if one != value] if value in given else [*given, value])
        else:
            self._answer(line, None if answers.get(line) == value else value)

    def on_typed(self, line: str, text: str) -> None:
        """An answer was typed; nothing takes it back."""
        if self._state.card is not None and not self._state.finished:
            self._answer(line, text or None)

    def _answer(self, line: str, value: Any) -> None:
        if value:
            self._state.answers[line] = value
        else:
            self._state.answers.pop(line, None)
        self._save(taken_back=None if value else line)
        self._ask()

    def _keep_taken(self, page: ScriptPage) -> None:
        """What stood there by its default and was left standing is an answer once the page is left."""
        shown = {line.name for line in page.lines} & self._state.path.defaults
        for name in shown - self._state.answers.keys():
            self._state.answers[name] = self._state.path.taken[name]

    def _takes_many(self, name: str) -> bool:
        return any(line.many for page in self._state.path.pages for line in page.lines if line.name == name)

    def on_language_wanted(self) -> None:
        """The next language of the script."""
        state = self._state
        languages = state.path.languages
        if state.card is None or state.finished or len(languages) < 2:
            return
        at = languages.index(state.language) if state.language in languages else 0
        state.language = languages[(at + 1) % len(languages)]
        self._save()
        self._ask()

    # ---- what follows --------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask where the call stands with these answers; what is shown meanwhile is ticked already."""
        state = self._state
        case_id = state.case_id
        if case_id is None:
            return
        self._asking = True
        self._show()
        self._work.read(
            script_path,
            case_id=case_id,
            answers=dict(state.answers),
            language=state.language,
            latest="script",
            done=lambda path: self._stands(case_id, path),
            failed=lambda error: self._not_asked(case_id, error),
        )

    def _stands(self, case_id: str, path: ScriptPath) -> None:
        if case_id != self._state.case_id:
            return
        self._asking = False
        if self._state.finished:
            return
        self._state.path = path
        if self._state.recording:  # nothing is painted while the result is committed
            return
        then, self._then = self._then, 0
        self._show()
        if then:
            self.on_page_moved(then)

    def _not_asked(self, case_id: str, error: Exception) -> None:
        if case_id == self._state.case_id:
            self._asking, self._then = False, 0
            self._show()
            self._view.show_banner(sentence_of(error))

    def _show(self) -> None:
        state = self._state
        state.page = max(0, min(state.page, len(state.path.pages) - 1))
        self._view.show_script(state.path, state.page, state.answers, settled=not self._asking)

    # ---- objections ----------------------------------------------------------------------------------------------

    def on_what_if(self) -> None:
        """F1: what may be said to whatever they object."""
        state = self._state
        if state.card is None or state.case_id is None:
            return
        case_id = state.case_id
        self._work.read(
            what_if,
            case_id=case_id,
            language=state.language,
            latest="what if",
            done=lambda found: self._show_objections(case_id, found),
            failed=lambda error: self._view.show_banner(sentence_of(error)),
        )

    def _show_objections(self, case_id: str, found: tuple[Objection, ...]) -> None:
        if case_id == self._state.case_id and not self._state.finished:
            self._view.show_objections(found)
            self._view.turn_to("what_if")

    # ---- keeping -------------------------------------------------------------------------------------------------

    def on_note_typed(self, words: str) -> None:
        """The note changed; it is saved when the typing pauses or the box is left."""
        if words != self._state.note:
            self._state.note = words
            self._unsaved = True

    def flush(self) -> None:
        """Save what was typed and not saved yet: an answer in its box, the note."""
        self._view.hand_over_typed()
        if self._unsaved:
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
        self._work.write(
            save_page,
            case_id=state.case_id,
            page=state.page,
            answers=kept,
            language=state.language,
            done=self._saved,
            failed=self._not_saved,
        )

    def _saved(self, another: object) -> None:
        """Somebody else is on the line than the one who was checked: the card closes again."""
        if another is True:
            self._reread()

    def _not_saved(self, error: Exception) -> None:
        self._view.show_banner(sentence_of(error))


def _wanting(page: ScriptPage) -> tuple[str | None, str]:
    """Name the first line that keeps a page from being done, and what to say about it."""
    faulty = next((line for line in page.lines if line.fault), None)
    if faulty is not None:
        return faulty.name, faulty.fault
    missing = [line for line in page.lines if line.name in page.missing]
    if not missing:
        return None, ""
    words = missing[0].text if len(missing[0].text) <= 80 else f"{missing[0].text[:79]}…"
    more = f" And {len(missing) - 1} more." if len(missing) > 1 else ""
    return missing[0].name, f"Still to answer: {words}{more}"
