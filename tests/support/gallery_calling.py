"""Pictures of the caller's window in every state, for people to look at: part of the gallery.

Each entry is (name, make): `make()` gives a widget ready to be shown at the size asked for.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from caller_app.base.errors import Refused, Unavailable
from caller_app.commands.attempts import RecordedAct
from caller_app.domain.items import Number
from caller_app.queries.rows import Card, CorrectionForm, ListCounts, OutcomeForm, SafetyLine
from caller_app.store.snapshot import WHY
from tests.support import calling_rows as rows
from tests.support.clock import StoppedClock
from tests.support.fake_client import CallClient
from tests.support.gallery import SIZES, picture
from ui.bridge import Bridge
from ui.navigation import Navigation
from ui.screens.calling.screen import CallingScreen
from ui.tasks import Desk, Tasks


def answers(card: Card | None = None, **more: Any) -> dict[str, Any]:
    """What the store would say."""
    shown = card or rows.card()
    verified = shown.identity.passed
    table: dict[str, Any] = {
        "my_list": lambda **q: tuple(r for r in rows.ROWS if q["search"].lower() in r.shown_name.lower()),
        "list_counts": rows.COUNTS,
        "next_case": lambda **_: "c6",
        "card": lambda case_id: replace(shown, case_id=case_id, call_id=shown.call_id if case_id == "c2" else None),
        "outcome_pad": rows.pad(dialled=shown.dialled_number is not None, verified=verified),
        "outcome_form": _form_of,
        "correction_form": _correction_of,
        "script_path": lambda **_: shown.script,
        "what_if": rows.OBJECTIONS,
        "open_call": "call-1",
        "take_incoming": "call-1",
        "record_dial": _number_of,
        "record_attempt": RecordedAct(
            "a9", ("a9",), "No answer: recorded.", rows.HOME, rows.NOW + timedelta(seconds=10)
        ),
    }
    return table | more


def _form_of(*, code: str, **_: str) -> OutcomeForm:
    return rows.form(code)


def _correction_of(*, detail: str, **_: str) -> CorrectionForm:
    return rows.correction(detail)


def _number_of(*, number: str, **_: str) -> str:
    return number


def settle() -> None:
    """Let queued answers arrive and be painted."""
    for _ in range(12):
        QApplication.processEvents()


def screen(card: Card | None = None, *, opened: bool = True, **more: Any) -> CallingScreen:
    """The caller's window with a person open."""
    bridge = Bridge()
    client = CallClient(answers(card, **more))
    made = CallingScreen(Desk(client, Tasks(bridge), bridge, StoppedClock(rows.NOW), {}))
    bridge.setParent(made)
    made.fake = client  # type: ignore[attr-defined]
    made.start()
    settle()
    if opened:
        made.open_person("c2")
        settle()
    return made


def framed(made: Any, place: str = "calling") -> QWidget:
    """Put a screen into the frame it has its room in."""
    stood = made.focusWidget()
    frame = Navigation(made._desk)
    frame._screens[place] = made
    frame.stack.addWidget(made)
    frame.go(place)
    made.frame = frame  # lives as long as the screen is held
    if stood is not None:
        stood.setFocus()
    settle()
    return made


def _then(card: Card | None, act: Callable[[CallingScreen], object], **more: Any) -> QWidget:
    made = screen(card, **more)
    act(made)
    settle()
    return made


def _form(code: str, card: Card | None = None) -> QWidget:
    person = card or rows.verified_card()
    return _then(
        person,
        lambda one: one.presenter.recording.on_outcome_chosen(code),
        outcome_pad=rows.pad(dialled=True, verified=True),
    )


def _pathway(made: Any) -> QWidget:
    made.form.facts.row("pathway").set_value("dpp")
    settle()
    return made


def _refused(**_: Any) -> None:
    raise Refused("Reason: please fill in.", field="reason")


def _disk_full(**_: Any) -> None:
    raise Unavailable(
        "The disk of this computer is full. Nothing was recorded. Free some space, then press the key again."
    )


def _many_needs() -> Card:
    return rows.card(
        shown_name=rows.LONG_NAME,
        needs=("Interpreter: Punjabi", "British Sign Language", "Large print", "Hearing loss",
               "Relay UK: dial 18002 first",
               "Needs more time", "Carer joins the call", "No texts"),
        safe_contact="Only ring between 10 and 12; if somebody else answers, say it is about a parcel and hang up",
        warnings=(SafetyLine("stop", "Do not leave a message on any number."), *rows.card().warnings),
        numbers=(*rows.NUMBERS, Number("+447700900777", "daughter", "mobile", state="wrong"),
                 Number("+441632960999", "work", "landline", extension="204", verified=False)),
    )  # fmt: skip


def _dialled(**changes: Any) -> Card:
    return rows.card(dialled_number=rows.MOBILE, dialled_at=rows.NOW, **changes)


def _revealed(ticks: str = "mnn", **changes: Any) -> Card:
    return _dialled(identity=rows.panel(revealed=True, ticks=ticks), page=1, **changes)


SCREENS: dict[str, Callable[[], QWidget]] = {
    "calling_rest": lambda: screen(opened=False),
    "calling_empty_list": lambda: screen(
        opened=False, my_list=(), next_case=None, list_counts=ListCounts(0, 0, 0, 0, None)
    ),
    "calling_card": screen,
    "calling_many_needs": lambda: screen(_many_needs()),
    "calling_held": lambda: screen(
        rows.card(
            may_dial=False,
            hold_reason="The list on this computer is 13 hours old: somebody may have asked us to stop since. "
            "Connect to the centre, or ask your supervisor.",
        )
    ),
    "calling_dialled": lambda: _then(_dialled(), lambda one: one.card_pane.numbers.hand_over(rows.MOBILE)),
    "calling_identity": lambda: _then(_revealed(), lambda one: one.focus_identity()),
    "calling_identity_failed": lambda: screen(_dialled(identity=rows.panel(failed=True, ticks="mdd"), page=1)),
    "calling_verified": lambda: screen(rows.verified_card(answers={"aware": "yes"})),
    "calling_verified_long": lambda: screen(rows.verified_card(shown_name=rows.LONG_NAME)),
    "calling_taken_away": lambda: screen(
        rows.verified_card(taken_away="passed to a colleague")
    ),
    "calling_cannot_be_read": lambda: screen(
        rows.verified_card(
            taken_away=WHY["unreadable"],
            may_dial=False,
            hold_reason=f"Do not dial: {WHY['unreadable']}. Finish and save.",
        )
    ),
    "calling_details": lambda: _then(rows.verified_card(), lambda one: one.presenter.details.on_details_wanted()),
    "calling_correction": lambda: _then(
        rows.verified_card(), lambda one: one.presenter.details.on_detail_chosen(f"phone:{rows.MOBILE}")
    ),
    "calling_pad_before": lambda: _then(_dialled(), lambda one: one.presenter.recording.on_pad_wanted()),
    "calling_pad_verified": lambda: _then(rows.verified_card(), lambda one: one.presenter.recording.on_pad_wanted()),
    "calling_other_number": lambda: _then(_dialled(), lambda one: one.presenter.recording.on_outcome_chosen("C01")),
    "calling_worry": lambda: _then(
        _dialled(),
        lambda one: one.presenter.recording.on_outcome_chosen("C01"),
        record_attempt=RecordedAct("a9", ("a9",), "No answer: recorded.", None, rows.NOW, offer_concern=True),
    ),
    "calling_voicemail": lambda: _form("C03", _dialled()),
    "calling_no_message": lambda: _then(
        _dialled(),
        lambda one: one.presenter.recording.on_outcome_chosen("C03"),
        outcome_pad=rows.pad(dialled=True),
        outcome_form=replace(rows.form("C03"), say="", warn="Leave no message: the number is shared."),
    ),
    "calling_wrong_number": lambda: _form("P02", _dialled()),
    "calling_callback": lambda: _form("R01"),
    "calling_declined": lambda: _form("D01"),
    "calling_died": lambda: _form("S01", _dialled()),
    "calling_refused": lambda: _then(
        rows.verified_card(),
        lambda one: (
            one.presenter.recording.on_outcome_chosen("D01"), settle(), one.presenter.recording.on_form_submitted({})
        ),
        record_attempt=_refused,
        outcome_pad=rows.pad(dialled=True, verified=True),
    ),
    "calling_disk_full": lambda: _then(
        _dialled(), lambda one: one.presenter.recording.on_outcome_chosen("C01"), record_attempt=_disk_full
    ),
    "calling_search_none": lambda: _then(None, lambda one: one.list_pane.searched.emit("zzz"), opened=False),
    "calling_consent": lambda: _pathway(_form("A01")),
    **{f"form_{code}": (lambda code=code: _form(code)) for code in (
        "N01", "N02", "C05", "P03", "T01", "T02", "R02", "R03", "R04", "R05", "R06", "A01", "A02", "A03", "A04", "A05",
        "A06", "A07", "D02", "D03", "E01", "E02", "S02", "S03",
    )},
}  # fmt: skip

for _name, _make in SCREENS.items():
    picture(_name, sizes=SIZES if _name in ("calling_card", "calling_verified", "calling_rest") else SIZES[:1])(
        lambda _stage, make=_make: framed(make())
    )
