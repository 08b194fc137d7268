"""The identity check: who is asked what, when it has passed, and what to say when it has not (domain rules 2.10).

What a reader would get wrong: the person states, the caller ticks. Nothing here ever says which field failed, and no
value is compared or stored: a tick is a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from caller_app.base.errors import Refused

Tick = Literal["matches", "differs", "declined", "not_asked", "partial"]
TICKS: tuple[Tick, ...] = ("matches", "differs", "declined", "not_asked", "partial")
PARTIAL: Tick = "partial"  # of the date of birth only: day and month, without the year
PROXY = "proxy:"  # begins the name of what somebody who speaks for the person says of themselves
TITLES = {
    "full_name": "Full name",
    "dob": "Date of birth",
    "address": "First line of address with postcode",
    "phone": "Telephone number",
    "nhs_number": "NHS number",
}
_NEEDED = {"3of3": 3, "2of3": 2, "3of4": 3}
_WORDS = {
    "3of3": "All three must match. The person says them; you tick.",
    "2of3": "Two of three must match, the date of birth among them. The person says them; you tick.",
    "3of4": "Three of four must match, the date of birth among them. The person says them; you tick.",
}
FAILED = (
    "Thank you. I have not been able to match all the details, so I cannot say more today. Nothing is wrong. "
    "Please check with your GP surgery that your details are up to date."
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Where the check stands; `sentence` is what to do or say next and never names a field that failed."""

    state: Literal["passed", "failed", "unfinished"]
    sentence: str
    corrections: tuple[str, ...] = ()  # fields that differ though the rule is met: a correction is due

    @property
    def passed(self) -> bool:
        return self.state == "passed"

    @property
    def failed(self) -> bool:
        return self.state == "failed"


def policy_words(policy: str) -> str:
    """Say a policy in words."""
    return _WORDS[_known(policy)]


def proxy_field(authority_id: str) -> str:
    """Name the tick for somebody's own name and relationship, under one authority."""
    return f"{PROXY}{authority_id}"


def proxy_of(ticks: Mapping[str, str]) -> str:
    """Give the authority whose holder said who they are; empty where nobody did."""
    return next((name.removeprefix(PROXY) for name, tick in ticks.items()
                 if name.startswith(PROXY) and tick == "matches"), "")  # fmt: skip


def fields_for(policy: str, fields: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Give the fields a policy asks for; a project may name its own."""
    if fields:
        return fields
    return ("full_name", "dob", "address", "phone")[: 4 if _known(policy) == "3of4" else 3]


def _known(policy: str) -> str:
    if policy not in _NEEDED:
        raise Refused("This identity policy is not known here.", field="policy")
    return policy


def assess(
    policy: str,
    ticks: Mapping[str, str],
    fields: tuple[str, ...] = (),
    *,
    partial_dob: bool = False,
    proxies: tuple[str, ...] | None = None,
) -> Assessment:
    """Tell whether the check has passed: enough matches, the date of birth always among them.

    Not asked is not failed: while enough fields are open the check is unfinished. A tick for a field that the policy
    does not ask counts for nothing. Day and month of birth count as differs unless the project says otherwise.
    `proxies` are the ticks of those who may speak for the person, where one of them is on the line: one of them has to
    match as well (domain rules 2.11).
    """
    asked = fields_for(policy, fields)
    for name, tick in ticks.items():
        if tick not in TICKS or (tick == PARTIAL and name != "dob"):
            raise Refused("A check is matches, differs, declined or not asked.", field="ticks")
    given = {name: ticks.get(name, "not_asked") for name in asked}
    if given.get("dob") == PARTIAL:
        given["dob"] = "matches" if partial_dob else "differs"
    person = _of_the_person(given, _NEEDED[_known(policy)])
    if proxies is None or person.failed:
        return person
    said = [ticks.get(name, "not_asked") for name in proxies]
    if "matches" in said:
        return person
    if "not_asked" not in said:
        return Assessment("failed", FAILED)
    if person.passed:
        return Assessment("unfinished", "Now ask for their own name and how they are related. Read nothing out.")
    return person


def _of_the_person(given: Mapping[str, str], needed: int) -> Assessment:
    asked = tuple(given)
    matches = sum(tick == "matches" for tick in given.values())
    unasked = sum(tick == "not_asked" for tick in given.values())
    born = given.get("dob", "not_asked")
    if matches >= needed and born == "matches":
        if unasked:
            return Assessment("passed", "Identity is confirmed. You may go on.")
        differs = tuple(name for name, tick in given.items() if tick == "differs")
        also = " One detail differs: raise a correction for it." if differs else ""
        return Assessment("passed", f"Identity is confirmed. You may go on.{also}", differs)
    if born in ("differs", "declined") or matches + unasked < needed:
        return Assessment("failed", FAILED)
    if unasked == len(asked):
        return Assessment("unfinished", "Ask the person to say each detail. Never read one out, hint or correct.")
    return Assessment("unfinished", "Go on asking: the check is not finished.")
