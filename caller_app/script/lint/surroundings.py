"""What a script is checked against: codes, fields and limits of where it will be used; None: not checked."""

from dataclasses import dataclass

# Words that would tell whoever picks up the telephone what the call is about; nothing of it before identity [L].
DISCLOSING = (
    "diabet", "blood test", "blood sugar", "hba1c", "cancer", "hiv", "depress", "anxi", "mental health",
    "talking therap", "psych", "dementia", "pregnan", "sexual", "alcohol", "drug", "addict", "vaccin", "obes",
    "overweight", "screening", "test result",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The catalogues of the product and of a project, and limits of what can be read aloud (words) [L]."""

    outcomes: frozenset[str] | None = None
    pathways: frozenset[str] | None = None
    routes: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    disclosing: tuple[str, ...] = DISCLOSING
    page_words: int = 150
    sentence_words: int = 35
