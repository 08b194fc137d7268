"""Correcting a detail in place: the old value stays beside the new one, the evidence is picked by 1 to 4.

A correction is a claim of its own: it is recorded at once and does not wait for the outcome of the call.
"""

from collections.abc import Callable
from typing import Any

from caller_app.base.errors import Refused
from caller_app.commands.corrections import propose_correction
from caller_app.queries.catalogue import correction_form
from caller_app.queries.rows import CorrectionForm
from ui.messages import sentence_of
from ui.screens.calling.view import CallingView, CallState
from ui.tasks import Work


class Details:
    """Opens the editor for a detail and records what was put right."""

    def __init__(self, view: CallingView, work: Work, state: CallState, reread: Callable[[], None]) -> None:
        self._view = view
        self._work = work
        self._state = state
        self._reread = reread
        self._form: CorrectionForm | None = None
        self._saving = False

    def on_details_wanted(self) -> None:
        """E in the script: the details, to highlight one."""
        card = self._state.card
        if card is None or self._state.finished:
            return
        if card.details:
            self._view.turn_to("details")
        else:
            self._view.show_refusal("card", "Details open once identity is confirmed in this call.")

    def on_detail_chosen(self, detail: str) -> None:
        """E was pressed on a detail."""
        card = self._state.card
        if card is None or self._state.finished:
            return
        self._work.read(
            correction_form,
            case_id=card.case_id,
            detail=detail,
            latest="correction form",
            done=self._show,
            failed=self._failed,
        )

    def _show(self, form: CorrectionForm) -> None:
        if self._state.card is not None and not self._state.finished:
            self._form = form
            self._view.clear_refusals()
            self._view.show_correction(form)
            self._view.turn_to("correction")

    def on_submitted(self, type_code: str, values: dict[str, Any], evidence: str) -> None:
        """Record the correction; the editor stays until it is on disk."""
        card, form = self._state.card, self._form
        if card is None or form is None or self._saving:
            return
        source = next((source for name, _, source in form.evidence if name == evidence), None)
        if source is None:
            self._view.show_refusal("correction", "Choose how we know this: keys 1 to 4.", "evidence")
            return
        self._saving = True
        self._work.write(
            propose_correction,
            case_id=card.case_id,
            type=type_code,
            values=values,
            source=source,
            evidence=evidence,
            done=lambda _: self._saved(form),
            failed=self._failed,
        )

    def _saved(self, form: CorrectionForm) -> None:
        self._saving = False
        self._form = None
        self._view.show_receipt(
            f"Correction recorded: {form.label}. The old value stays until it is confirmed.", undo=False
        )
        self._view.turn_to("script")
        self._reread()

    def _failed(self, error: Exception) -> None:
        self._saving = False
        if isinstance(error, Refused):
            self._view.show_refusal("correction" if self._form else "card", error.sentence, error.field)
        else:
            self._view.show_banner(sentence_of(error))
