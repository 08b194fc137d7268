"""I am worried about this person: the three help routes with what to say, what to ask and whom to ring.

What a reader would get wrong: this must work with no open call, before identity, offline and for a person whose
project is not here. So nothing in it depends on anything but the texts; a project only adds its own numbers.
"""

import re
import tomllib
from dataclasses import dataclass

from caller_app.domain.projects import Contact, Project

ROUTES = ("immediate", "distress", "safeguarding")
_WATCH = re.compile(r"\b(suicid\w*|kill\w*|abus\w*|hit|hits|hitting|overdose\w*)\b", re.IGNORECASE)
UNCHECKED = "not checked for this service yet"


@dataclass(frozen=True, slots=True)
class HelpText:
    """One route as the resources say it."""

    route: str
    title: str
    when: str
    say: tuple[str, ...]
    ask: tuple[str, ...]
    remember: tuple[str, ...]
    ring: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """One route as the caller sees it: numbers of the project and of the person's area first."""

    text: HelpText
    ring: tuple[tuple[str, str], ...]
    checked_on: str  # the oldest check among the numbers shown


def read_help_routes(text: str) -> tuple[HelpText, ...]:
    """Read the routes from their resource."""
    routes = []
    for one in tomllib.loads(text)["routes"]:
        ring = tuple(
            Contact(
                route=one["route"],
                whom=said["whom"],
                phone=said["phone"],
                checked_on=said.get("checked_on", ""),
                area=said.get("area", ""),
            )
            for said in one["ring"]
        )
        texts = {name: tuple(one[name]) for name in ("say", "ask", "remember")}
        routes.append(HelpText(route=one["route"], title=one["title"], when=one["when"], ring=ring, **texts))
    if tuple(one.route for one in routes) != ROUTES:
        raise ValueError("help_routes.toml must hold immediate, distress and safeguarding in this order")
    return tuple(routes)


def help_for(texts: tuple[HelpText, ...], project: Project | None, postcode: str | None) -> tuple[Help, ...]:
    """Give the three routes for one person; 999 always stands first under immediate danger.

    The area of a safeguarding team is chosen by home address; where it is not known, every area is shown.
    """
    return tuple(_help(one, project, postcode) for one in texts)


def _help(text: HelpText, project: Project | None, postcode: str | None) -> Help:
    own: list[Contact] = []
    if project is not None:
        own = [one for one in project.help_contacts if one.route in (text.route, "any")]
    shown = [one for one in (*own, *text.ring) if _serves(one.area, postcode)]
    if text.route == "immediate":
        shown.sort(key=lambda one: one.phone != "999")
    numbers: dict[str, Contact] = {}
    for one in shown:
        numbers.setdefault(re.sub(r"\D", "", one.phone), one)
    ring = [(one.whom, one.phone) for one in numbers.values()]
    if project is not None and project.duty_phone:
        ring.append(("Supervisor on duty", project.duty_phone))
    dates = [one.checked_on for one in numbers.values()]
    return Help(text, tuple(ring), UNCHECKED if not all(dates) else min(dates, default=UNCHECKED))


def _serves(area: str, postcode: str | None) -> bool:
    letters = re.match(r"[A-Z]+", (postcode or "").upper())
    return not area or letters is None or letters[0] == "ZZ" or letters[0] in area.split()


def watch_words(note: str) -> bool:
    """Tell whether a note holds a word that should offer the worry button (domain rules 2.20)."""
    return _WATCH.search(note) is not None
