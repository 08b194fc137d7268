"""People who work with the program, and what a role may do."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["caller", "supervisor", "administrator"]
Deed = Literal[
    "work_own_list",
    "see_board",
    "reassign",
    "see_corrections",
    "settle_reviews",
    "move_referrals",
    "see_workstations",
    "revoke_workstations",
    "manage_scripts",
    "record_authorities",
    "manage_accounts",
    "import_cohorts",
]

MAY: dict[str, frozenset[str]] = {
    "caller": frozenset({"work_own_list"}),
    "supervisor": frozenset(
        {
            "work_own_list",
            "see_board",
            "reassign",
            "see_corrections",
            "settle_reviews",
            "move_referrals",
            "see_workstations",
            "revoke_workstations",
            "manage_scripts",
            "record_authorities",
            "import_cohorts",
        }
    ),
    "administrator": frozenset({"manage_accounts"}),  # no patient data
}


@dataclass(frozen=True, slots=True)
class User:
    """One account: `shown_name` is what colleagues and history see."""

    user_id: int
    name: str
    shown_name: str
    role: Role


def may(role: str, deed: Deed) -> bool:
    """Tell whether a role may do a deed; an unknown role may do nothing."""
    return deed in MAY.get(role, frozenset())
