"""Pictures of My day, Someone rang me and the help pages: part of the gallery."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from caller_app.queries.rows import CallLine, DangerDetails, LookupRow
from tests.support import calling_rows as rows
from tests.support.clock import StoppedClock
from tests.support.fake_client import CallClient
from tests.support.gallery import SIZES, picture
from tests.support.gallery_calling import framed, settle
from ui.bridge import Bridge
from ui.screens.concern.screen import ConcernScreen
from ui.screens.lookup.screen import LookupScreen
from ui.screens.my_day.screen import MyDayScreen
from ui.tasks import Desk, Tasks


def ago(**how_long: float) -> datetime:
    """Give an instant before the pictures were taken."""
    return rows.NOW - timedelta(**how_long)


LINES = (
    CallLine("a1", "c1", rows.LONG_NAME, ago(minutes=4), "C01", "No answer", rows.MOBILE, "saved here"),
    CallLine("a2", "c2", "Ravi Sharma", ago(minutes=20), "A01", "Referred by us", rows.HOME, "sent"),
    CallLine("a3", "c3", "Zoë Müller", ago(minutes=31), "R01", "Callback agreed", rows.HOME, "accepted"),
    CallLine("a4", "c4", "Mohammed Abdul-Rahman", ago(hours=20), "P02", "Wrong number", rows.MOBILE,
             "being looked at: someone else had called too", still_on_list=False),
)  # fmt: skip
FOUND = (
    LookupRow("c2", "Ravi Sharma", rows.MOBILE, ago(hours=2), "Dee Carter", "Neutral message left",
              "Thank you for ringing back. May I take your full name? I will check that I have the right person."),
    LookupRow("c4", rows.LONG_NAME, rows.MOBILE, None, "", "nothing", "Thank you for ringing. May I take your name?"),
)  # fmt: skip
DANGER = DangerDetails(
    "Ravi Sharma", "4 March 1961", ("12 Mill Lane", "Wymondham"), "NR18 0AB", ("07700 900123", "01632 960456")
)


def desk(**answers: Any) -> tuple[Desk, CallClient]:
    """A desk over a fake client."""
    bridge = Bridge()
    client = CallClient(answers)
    return Desk(client, Tasks(bridge), bridge, StoppedClock(rows.NOW), {}), client


def _made(build: Callable[[Desk], Any], act: Callable[[Any], object] | None = None, **answers: Any) -> QWidget:
    table = {
        "my_calls": LINES,
        "who_rang": FOUND,
        "help_routes": rows.routes(),
        "card": rows.card(),
        "danger_details": DANGER,
        "raise_concern": "k1",
    }
    one, client = desk(**(table | answers))
    made = build(one)
    made._desk = one  # for the frame
    one.bridge.setParent(made)
    made.fake = client
    if hasattr(made, "start"):
        made.start()
    settle()
    if act is not None:
        act(made)
        settle()
    return made


def _on(route: str, then: Callable[[Any], object] | None = None) -> Callable[[Any], object]:
    def act(screen: Any) -> None:
        screen.open_for("c2")
        settle()
        screen.presenter.on_route_chosen(route)
        settle()
        if then is not None:
            then(screen)

    return act


SCREENS: dict[str, Callable[[], QWidget]] = {
    "my_day": lambda: _made(MyDayScreen),
    "my_day_empty": lambda: _made(MyDayScreen, my_calls=()),
    "my_day_wrong": lambda: _made(MyDayScreen, lambda one: one.presenter.on_correct_wanted(LINES[0])),
    "lookup": lambda: _made(LookupScreen),
    "lookup_found": lambda: _made(
        LookupScreen, lambda one: one.search.setText("90012") or one.search.searched.emit("90012")
    ),
    "lookup_none": lambda: _made(LookupScreen, lambda one: one.search.searched.emit("zzz"), who_rang=()),
    "concern": lambda: _made(ConcernScreen, lambda one: one.open_for("c2")),
    "concern_immediate": lambda: _made(ConcernScreen, _on("immediate", lambda one: one.presenter.on_reveal_pressed())),
    "concern_distress": lambda: _made(
        ConcernScreen, _on("distress", lambda one: one.presenter.on_saved("I cannot go on", ("My supervisor",)))
    ),
    "concern_safeguarding": lambda: _made(
        ConcernScreen, _on("safeguarding", lambda one: one.presenter.on_saved("", ()))
    ),
}


def _place(name: str) -> str:
    return next(one for one in ("my_day", "lookup", "concern") if name.startswith(one))


for _name, _make in SCREENS.items():
    picture(_name, sizes=SIZES[:1])(lambda _stage, make=_make, at=_name: framed(make(), _place(at)))
