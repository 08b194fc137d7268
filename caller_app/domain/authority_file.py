"""What a supervisor says of who may speak for a person, read from a file: no name stands in a command or its history.

What a reader would get wrong: agreeing for the person is not meant by speaking for them. It is off unless it is said,
and a consent of the person's own always has a last day: it is asked for again (domain rules 2.11).
"""

from dataclasses import dataclass

from caller_app.domain.authorities import KINDS
from caller_app.domain.project_keys import read_toml

WHAT = "The authority file"
NAME_LONGEST, WORDS_LONGEST = 120, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritySaid:
    """One authority as it is to be recorded; `projects` are names, and none of them means every project."""

    nhs_number: str
    kind: str
    name: str
    relationship: str
    projects: tuple[str, ...] = ()
    pathways: tuple[str, ...] = ()
    may_agree: bool = False
    limits: str = ""
    from_on: str
    until_on: str | None = None
    seen: str


def read_authority(toml_text: str) -> AuthoritySaid:
    """Read an authority file; raises Refused naming the key that is wrong."""
    top = read_toml(toml_text, WHAT)
    kind = top.choice("kind", tuple(KINDS))
    from_on, until_on = top.day("from"), top.day("until")
    top.expect(from_on is not None, "from", "is missing: say from which day it holds")
    top.expect(until_on is None or until_on >= (from_on or ""), "until", "may not come before from")
    top.expect(
        until_on is not None or kind != "consent", "until", "is missing: a consent is asked for again after some time"
    )
    said = AuthoritySaid(
        nhs_number=top.text("nhs_number", limit=20),
        kind=kind,
        name=" ".join(top.text("name", limit=NAME_LONGEST).split()),
        relationship=" ".join(top.text("relationship", limit=NAME_LONGEST).split()),
        projects=top.texts("projects", ()),
        pathways=top.texts("pathways", ()),
        may_agree=top.flag("may_agree", False),
        limits=" ".join(top.text("limits", "", limit=WORDS_LONGEST).split()),
        from_on=from_on or "",
        until_on=until_on,
        seen=top.text("seen", limit=WORDS_LONGEST),
    )
    top.finish()
    return said
