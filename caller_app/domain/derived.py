"""Whether the outcome a caller chooses fits the one the answers lead to.

What a reader would get wrong: the script derives, the caller confirms. A result that contradicts the answers gets
people rung again, so it is refused with the reason; what protects the person may always be recorded, and so may a call
that broke off or goes on another day. A script that did not come to its end decides nothing but what overrides all.
"""

from typing import Final

# What overrides every other answer of a script, the weightiest first.
OVERRIDING: Final = ("E01", "S01", "D03", "D02", "E02")
# The person's safety and wishes, a call that broke off, and a call that goes on another day.
ALWAYS: Final = frozenset({"E01", "S01", "D03", "D02", "E02", "R01", "R03", "R04"})


def contradiction(derived: str, chosen: str, *, finished: bool) -> bool:
    """Tell whether the chosen outcome contradicts the derived one; `derived` is empty where nothing was concluded."""
    if not derived or chosen == derived:
        return False
    if derived in OVERRIDING:
        return chosen not in OVERRIDING[: OVERRIDING.index(derived)]
    return finished and chosen not in ALWAYS


def refusal(derived_label: str, chosen_label: str, reason: str) -> str:
    """Say why a result that contradicts the answers is refused; `reason` names the answer that decides, if one does."""
    named = f" ({reason})" if reason else ""
    return (
        f"The answers of this call lead to “{derived_label}”{named}, not to “{chosen_label}”. "
        f"Record “{derived_label}”, or change that answer."
    )
