"""The places of the signed-in window: what each is called, who may go there, how its screen is built.

What a reader would get wrong: screens are imported when they are first gone to, which keeps start-up short.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from caller_app.domain.staff import Deed
from ui.tasks import Desk

if TYPE_CHECKING:
    from ui.screens.calling.screen import CallingScreen

log = logging.getLogger(__name__)


def calling_screen(desk: Desk, parent: QWidget | None = None) -> "CallingScreen":
    """Make the caller's screen; with a desk at which nobody sits yet it is laid out part by part."""
    from ui.screens.calling.screen import CallingScreen

    return CallingScreen(desk, parent)


def _lookup(desk: Desk) -> QWidget:
    from ui.screens.lookup.screen import LookupScreen

    return LookupScreen(desk)


def _my_day(desk: Desk) -> QWidget:
    from ui.screens.my_day.screen import MyDayScreen

    return MyDayScreen(desk)


def _concern(desk: Desk) -> QWidget:
    from ui.screens.concern.screen import ConcernScreen

    return ConcernScreen(desk)


def _standing(desk: Desk) -> QWidget:
    from ui.screens.standing.screen import StandingScreen

    return StandingScreen(desk)


def _board(desk: Desk) -> QWidget:
    from ui.screens.board.screen import BoardScreen

    return BoardScreen(desk)


def _corrections(desk: Desk) -> QWidget:
    from ui.screens.corrections.screen import CorrectionsScreen

    return CorrectionsScreen(desk)


def _reviews(desk: Desk) -> QWidget:
    from ui.screens.reviews.screen import ReviewsScreen

    return ReviewsScreen(desk)


def _referrals(desk: Desk) -> QWidget:
    from ui.screens.referrals.screen import ReferralsScreen

    return ReferralsScreen(desk)


def _workstations(desk: Desk) -> QWidget:
    from ui.screens.workstations.screen import WorkstationsScreen

    return WorkstationsScreen(desk)


def _scripts(desk: Desk) -> QWidget:
    from ui.screens.scripts.screen import ScriptsScreen

    return ScriptsScreen(desk)


def _settings(desk: Desk) -> QWidget:
    from ui.screens.settings.screen import SettingsScreen

    return SettingsScreen(desk)


_FIRST = (
    "ui.navigation.frame", "ui.widgets.tables", "ui.widgets.fact_fields", "ui.models.my_list",
    "ui.delegates.my_list_row", "ui.screens.calling.presenter", "ui.screens.calling.parts", "ui.screens.calling.screen",
)  # fmt: skip


def load_first() -> Iterator[str]:
    """Import what a caller sees first, in parts between which a key press is answered."""
    for one in _FIRST:
        import_module(one)
        yield one


@dataclass(frozen=True, slots=True)
class Place:
    """One place to go to; `needs` is the deed a role must be allowed, `tab` whether it stands in the bar.

    `short` is the title where the bar has no room for the whole of it.
    """

    key: str
    title: str
    icon: str
    build: Callable[[Desk], QWidget]
    shortcut: str
    needs: Deed | None = None
    tab: bool = True
    short: str = ""


PLACES = (
    Place("board", "Board", "board", _board, "go_board", "see_board"),
    Place("reviews", "Reviews", "eye", _reviews, "go_reviews", "settle_reviews"),
    Place("referrals", "Referrals", "sending", _referrals, "go_referrals", "move_referrals"),
    Place("corrections", "Corrections", "correct", _corrections, "go_corrections", "see_corrections"),
    Place("scripts", "Scripts", "speech", _scripts, "go_scripts", "manage_scripts"),
    Place(
        "workstations", "Workstations", "home", _workstations, "go_workstations", "see_workstations", short="Stations"
    ),
    Place("calling", "Calling", "phone", calling_screen, "go_calling", "work_own_list"),
    Place("lookup", "Someone rang me", "phone-in", _lookup, "lookup", "work_own_list", short="Rang me"),
    Place("my_day", "My day", "day", _my_day, "go_my_day", "work_own_list"),
    Place("standing", "What is sent", "outbox", _standing, "go_outbox", short="Sent"),
    Place("concern", "I am worried about this person", "heart", _concern, "worried", "work_own_list", tab=False),
    Place("settings", "Settings", "settings", _settings, "go_settings", tab=False),
)

PLACES_IN_BAR = {one.key: one for one in PLACES if one.tab}
