"""The rulebook: every rule that is data, read once by a composition root and handed in everywhere.

What a reader would get wrong: nothing here reads files. `read_text` is given, so that the same rules come from the
source tree, from an installed package and from a test.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from caller_app.domain.concerns import HelpText, read_help_routes
from caller_app.domain.core_texts import CoreTexts, read_core_texts
from caller_app.domain.corrections import CorrectionCatalogue, read_corrections
from caller_app.domain.outcomes import OutcomeCatalogue, read_outcomes


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Outcomes, corrections, help routes, bank holidays of England and the texts of every call."""

    outcomes: OutcomeCatalogue
    corrections: CorrectionCatalogue
    help_routes: tuple[HelpText, ...]
    holidays: frozenset[date]
    core: CoreTexts


def read_rulebook(read_text: Callable[[str], str]) -> Rulebook:
    """Read the rulebook; `read_text("outcomes.csv")` gives a resource's text."""
    return Rulebook(
        outcomes=read_outcomes(read_text("outcomes.csv"), read_text("outcome_fields.toml")),
        corrections=read_corrections(read_text("corrections.csv"), read_text("correction_fields.toml")),
        help_routes=read_help_routes(read_text("help_routes.toml")),
        holidays=read_holidays(read_text("bank_holidays.csv")),
        core=read_core_texts(read_text("core_texts.toml")),
    )


def read_holidays(text: str) -> frozenset[date]:
    """Read the list of closed days: an ISO date first on each line, comments begin with #."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return frozenset(date.fromisoformat(row[0]) for row in csv.reader(lines))
