"""A pathway: something the person can be offered, whose it is, whom it fits, how it is reached, and how many it takes.

What a reader would get wrong: `full` is not here. How many places are taken is counted at the centre, which sends down
only until when a pathway is full (`Project.full`). A message's template never says in its first line what it is about
(domain rules 2.18): somebody else may read the screen of the telephone.
"""

import re
from dataclasses import dataclass, field

from caller_app.domain.pathway_rules import Facts, Rule, read_rule
from caller_app.domain.project_keys import Table

ROUTES = ("signpost", "self_referral", "supported_referral", "practice_task")
SENDING = frozenset({"supported_referral", "practice_task"})  # something about the person leaves us
REACHED = {
    "signpost": "told where to go",
    "self_referral": "refers themselves",
    "supported_referral": "we send the referral",
    "practice_task": "we ask the practice",
}
OUTCOMES = frozenset({"A01", "A02", "A03", "A07", "E02"})
CHANNELS = ("text", "letter", "email")
TEXT_LONGEST = 918  # characters a text service takes (domain rules 2.18)
TELLING = ("diabet", "mental health", "therap", "depress", "hba1c", "blood result", "suicid")
_SHORTENED = re.compile(r"\b(?:bit\.ly|tinyurl|t\.co|goo\.gl|ow\.ly|is\.gd)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """Something the person can be offered, how it is done, and for whom it is."""

    code: str
    title: str
    route: str  # one of ROUTES
    how: str  # what the caller does or says next
    outcomes: tuple[str, ...]  # codes that may end a call with this pathway
    owner: str = ""  # who runs it and answers for it
    offers: str = ""  # what the person gets, in words that may be read out
    contact: str = ""
    url: str = ""
    include: tuple[Rule, ...] = ()  # every one must hold
    exclude: tuple[Rule, ...] = ()  # none may hold
    needs: tuple[Rule, ...] = ()  # what makes it matter more for this person: the order of the offers
    ignores_hold: bool = False  # may be offered though a result waits for the practice
    consent_wording: str | None = None
    consent_version: str = ""
    shared_fields: tuple[str, ...] = ()
    shared_with: str | None = None
    task: str = ""  # what the practice is asked to do
    due_days: int = 14
    until: str | None = None  # ISO date of the last day it may be offered
    places_a_week: int | None = None
    places: int | None = None  # in all
    templates: dict[str, str] = field(default_factory=dict)  # by channel

    @property
    def limited(self) -> bool:
        """Tell whether it takes only so many people."""
        return self.places is not None or self.places_a_week is not None

    @property
    def sends(self) -> bool:
        """Tell whether something about the person is sent to somebody."""
        return self.route in SENDING


def read_pathway(table: Table, facts: Facts) -> Pathway:
    """Read one pathway of a project file."""
    route = table.choice("route", ROUTES)
    consent = table.text("consent_wording", "") or None
    shared = table.texts("shared_fields", ())
    sends = route == "supported_referral"
    table.expect(bool(consent) or not sends, "consent_wording", "is needed where we pass the person's data on")
    table.expect(bool(shared) or not sends, "shared_fields", "must say what is shared where we pass data on")
    pathway = Pathway(
        code=table.text("code", limit=40),
        title=table.text("title", limit=80),
        route=route,
        how=table.text("how"),
        outcomes=table.texts("outcomes"),
        owner=table.text("owner", "", limit=120),
        offers=table.text("offers", "", limit=400),
        contact=table.text("contact", ""),
        url=table.text("url", ""),
        include=tuple(read_rule(one, facts) for one in table.tables("include")),
        exclude=tuple(read_rule(one, facts) for one in table.tables("exclude")),
        needs=tuple(read_rule(one, facts, weighs=True) for one in table.tables("needs")),
        ignores_hold=table.flag("ignores_hold", False),
        consent_wording=consent,
        consent_version=table.text("consent_version", "1" if consent else ""),
        shared_fields=shared,
        shared_with=table.text("shared_with", "") or None,
        task=table.text("task", ""),
        due_days=table.whole("due_days", 14, 1, 90),
        until=table.day("until"),
        places_a_week=table.whole("places_a_week", 0, 1, 10_000) or None,
        places=table.whole("places", 0, 1, 1_000_000) or None,
        templates=table.table("templates").words(),
    )
    table.expect(set(pathway.outcomes) <= OUTCOMES, "outcomes", f"may hold only {', '.join(sorted(OUTCOMES))}")
    table.expect(bool(pathway.task) or route != "practice_task", "task", "is needed for a task to the practice")
    _check_templates(table.table("templates"), pathway)
    table.finish()
    return pathway


def _check_templates(table: Table, pathway: Pathway) -> None:
    for channel, words in pathway.templates.items():
        table.expect(channel in CHANNELS, channel, f"is no channel: {', '.join(CHANNELS)}")
        first = words.strip().partition("\n")[0].lower()
        for telling in TELLING:
            table.expect(telling not in first, channel, f"may not say {telling!r} in its first line")
        table.expect(_SHORTENED.search(words) is None, channel, "may not hold a shortened link")
    length = len(pathway.templates.get("text", ""))
    table.expect(length <= TEXT_LONGEST, "text", f"is longer than {TEXT_LONGEST} characters")
