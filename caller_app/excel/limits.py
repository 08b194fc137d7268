"""How large a cohort file may be before it is refused unread.

A file of one and a half megabytes can unfold to gigabytes: every bound is checked before or while reading, never after.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a cohort file."""

    file_bytes: int = 100_000_000
    expanded_bytes: int = 300_000_000
    ratio: int = 100
    # Below this a file does no harm whatever its ratio: short files of equal rows compress very well.
    ratio_from_bytes: int = 1_000_000
    members: int = 5_000
    rows: int = 100_000
    sheet_rows: int = 1_048_576
    columns: int = 256
    cell_characters: int = 32_767
    text_characters: int = 80_000_000


DEFAULT_LIMITS = Limits()
