"""Who interprets: a booked interpreter, or family, who do not interpret where it is about the mind or about safety.

What a reader would get wrong: this warns and does not refuse. What was said through a relative was said; it is recorded
as that, and the next call is made with an interpreter (domain rules 2.11).
"""

from caller_app.domain.projects import Project

NONE, BOOKED, FAMILY, SOMEBODY = "", "booked", "family", "yes"
WHO = ((NONE or "no", "Nobody interpreted"), (BOOKED, "A booked interpreter"), (FAMILY, "Family or a friend"))
WORDS = {BOOKED: "with a booked interpreter", FAMILY: "with family interpreting", SOMEBODY: "with an interpreter"}
NO_FAMILY_IN = frozenset({"talking_therapies"})  # campaigns about mental health
NO_FAMILY = "Family and friends do not interpret for this. Book an interpreter, and agree nothing today."


def who_interpreted(said: str) -> str:
    """Give what is kept of the answer to who interpreted."""
    return said if said in WORDS else NONE


def family_warning(project: Project | None) -> str:
    """Say that family may not interpret in a project; empty where it may."""
    return NO_FAMILY if project is not None and project.campaign in NO_FAMILY_IN else ""
