"""I am worried about this person: help first, record second (domain rules 2.15).

What a reader would get wrong: the three choices and their words never wait for a write or for the network. The routes
are read ahead when the card opens; if even that failed, the sentence to say and 999 are still on the screen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from caller_app.commands.concerns import add_to_concern, raise_concern, reveal_danger_details
from caller_app.queries.cards import card
from caller_app.queries.concerns import danger_details, help_routes
from caller_app.queries.rows import Card, DangerDetails, HelpRoute
from ui.messages import sentence_of
from ui.tasks import Work

# What stands there until the texts of the service have been read, and if they cannot be read at all.
LAST_RESORT = (
    HelpRoute(
        "immediate", "Immediate danger", "In danger now, has taken something, a weapon, a serious injury.",
        ("I am worried about you and I am going to get help. Stay on the phone with me.",),
        ("Where are you now?", "Is anyone with you?", "Have you taken or done anything?"),
        (("Emergency services", "999"),), ("Keep the person on the line.",), "",
    ),
    HelpRoute(
        "distress", "Thoughts of suicide or self-harm, or very distressed", "No immediate danger.",
        ("Thank you for telling me. I would like to get you some help.",), ("Are you safe right now?",),
        (("NHS 111, mental health option (option 2)", "111"),), (), "",
    ),
    HelpRoute(
        "safeguarding", "Safeguarding", "Abuse, neglect, coercion, self-neglect, a child at risk.",
        ("Thank you for telling me. I may need to share this with people who can help keep you safe.",),
        ("Are you safe now?", "Is it safe to talk?"), (("In an emergency", "999"),), (), "",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A concern of this call that is on disk: further words and people told are added to it, nothing is edited."""

    concern_id: str
    route: str


class ConcernView(Protocol):
    """The screen as its presenter sees it."""

    def show_choices(self, routes: tuple[HelpRoute, ...], shown_name: str) -> None: ...
    def show_route(self, route: HelpRoute, kept: Kept | None) -> None: ...
    def show_danger(self, details: DangerDetails | None) -> None: ...
    def show_kept(self, kept: Kept, sentence: str) -> None: ...
    def show_refusal(self, sentence: str) -> None: ...
    def set_saving(self, saving: bool) -> None: ...
    def close_panel(self) -> None: ...


class ConcernPresenter:
    """Shows the help, reveals the address for 999, keeps the record."""

    def __init__(self, view: ConcernView, work: Work, *, is_online: Callable[[], bool]) -> None:
        self._view = view
        self._work = work
        self._is_online = is_online
        self._case_id: str | None = None
        self._name = ""
        self._routes: tuple[HelpRoute, ...] = LAST_RESORT
        self._route: HelpRoute | None = None
        self._kept: Kept | None = None
        self._saving = False

    def open_for(self, case_id: str | None) -> None:
        """F12: the three choices, at once; for nobody in particular where no person is chosen."""
        self._view.show_danger(None)
        if case_id != self._case_id:
            self._case_id, self._name, self._kept = case_id, "", None
        self._route = None
        self._view.show_choices(self._routes, self._name)
        if case_id is not None:
            self._work.read(
                card, case_id=case_id, latest="name", done=lambda one: self._named(one, case_id), failed=lambda _: None
            )
        self._work.read(
            help_routes,
            case_id=case_id or "",
            latest="routes",
            done=lambda routes: self._read(routes, case_id),
            failed=self._failed,
        )

    def _named(self, one: Card, case_id: str) -> None:
        if case_id == self._case_id:
            self._name = one.shown_name
            if self._route is None:
                self._view.show_choices(self._routes, self._name)

    def _read(self, routes: tuple[HelpRoute, ...], case_id: str | None) -> None:
        if case_id != self._case_id or not routes:
            return
        self._routes = routes
        if self._route is None:
            self._view.show_choices(routes, self._name)

    def on_route_chosen(self, name: str) -> None:
        """One of the three: what to say, what to ask, whom to ring."""
        route = next((one for one in self._routes if one.route == name), None)
        if route is not None:
            self._route = route
            self._view.show_route(route, self._kept)

    def on_back(self) -> None:
        """Back to the three choices, or out."""
        if self._route is not None:
            self._route = None
            self._view.show_choices(self._routes, self._name)
        else:
            self.on_closed()

    def on_closed(self) -> None:
        """Back to the call."""
        self._view.show_danger(None)
        self._route = None
        self._view.close_panel()

    # ---- address for 999 -----------------------------------------------------------------------------------------

    def on_reveal_pressed(self) -> None:
        """Show address and numbers to read to the operator; the reveal is on disk first."""
        case_id = self._case_id
        if case_id is None:
            self._view.show_refusal("Nobody is chosen. Go back, open the person, and press F12 again.")
            return
        self._work.write(
            reveal_danger_details, case_id=case_id, done=lambda _: self._revealed(case_id), failed=self._failed
        )

    def _revealed(self, case_id: str) -> None:
        self._work.read(
            danger_details,
            case_id=case_id,
            latest="danger",
            done=lambda details: self._show_danger(details, case_id),
            failed=self._failed,
        )

    def _show_danger(self, details: DangerDetails, case_id: str) -> None:
        if case_id == self._case_id and self._route is not None:
            self._view.show_danger(details)

    # ---- the record ----------------------------------------------------------------------------------------------

    def on_saved(self, words: str, told: tuple[str, ...]) -> None:
        """Keep what was said and who was told; a second time adds to the same record."""
        case_id, route = self._case_id, self._route
        if route is None or self._saving:
            return
        if case_id is None:
            self._view.show_refusal("Nobody is chosen, so this cannot be kept. Get help first, then open the person.")
            return
        words = words.strip()
        if self._kept is None or self._kept.route != route.route:
            if not words:
                self._view.show_refusal("Write what was said, in their words. A few words are enough.")
                return
            self._saving = True
            self._view.set_saving(True)
            self._work.write(
                raise_concern,
                case_id=case_id,
                route=route.route,
                words=words,
                told=told,
                done=lambda concern_id: self._raised(Kept(concern_id, route.route)),
                failed=self._failed,
            )
            return
        if not words and not told:
            self._view.show_refusal("There is nothing to add yet.")
            return
        self._saving = True
        self._view.set_saving(True)
        kept = self._kept
        self._work.write(
            add_to_concern,
            case_id=case_id,
            concern_id=kept.concern_id,
            words=words,
            told=told,
            done=lambda _: self._raised(kept),
            failed=self._failed,
        )

    def _raised(self, kept: Kept) -> None:
        self._saving = False
        self._view.set_saving(False)
        self._kept = kept
        self._view.show_kept(
            kept,
            "Kept on this workstation and being sent first."
            if self._is_online()
            else "Kept on this workstation. You are offline, so nobody has been told electronically: "
            "ring your supervisor now.",
        )

    def _failed(self, error: Exception) -> None:
        self._saving = False
        self._view.set_saving(False)
        self._view.show_refusal(sentence_of(error))
