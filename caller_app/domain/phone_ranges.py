"""Which kind of number a UK number is: Ofcom's drama ranges, then the ranges `phonenumbers` carries.

Asking `phonenumbers` number by number costs a third of a millisecond; a cohort holds a hundred thousand. Its own
patterns for Great Britain, Guernsey, Jersey and the Isle of Man are taken once and matched directly; a test
compares the answers with the library's.
"""

import re
from enum import StrEnum
from functools import cache


class Kind(StrEnum):
    """What a number is, read from the number itself."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    UNKNOWN = "unknown"


# Whether a caller may be offered the number: (kind, allowed). None as kind: no such number.
Classified = tuple[Kind | None, bool]

# Ofcom's numbers for drama (domain rules 2.2, 7): each range is the thousand numbers behind eight digits.
_DRAMA: dict[str, Classified] = {
    "07700900": (Kind.MOBILE, True),
    "01632960": (Kind.LANDLINE, True),
    "02079460": (Kind.LANDLINE, True),
    "01914980": (Kind.LANDLINE, True),
    "02896496": (Kind.LANDLINE, True),
    "02920180": (Kind.LANDLINE, True),
    "03069990": (Kind.UNKNOWN, True),
    "08081570": (Kind.UNKNOWN, True),
    "09098790": (Kind.UNKNOWN, False),
    **{f"{area}4960": (Kind.LANDLINE, True) for area in ("0113", "0114", "0115", "0116", "0117", "0118")},
    **{f"{area}4960": (Kind.LANDLINE, True) for area in ("0121", "0131", "0141", "0151", "0161")},
}
_REGIONS = ("GB", "GG", "IM", "JE")


def drama_kind(national: str) -> Classified | None:
    """The kind of a number in a drama range, None for every other number."""
    return _DRAMA.get(national[:8]) if len(national) == 11 else None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]], ...]:
    """Per region: the general pattern and the patterns of each type, in the order in which the library asks."""
    from phonenumbers import PhoneMetadata

    regions = []
    for region in _REGIONS:
        metadata = PhoneMetadata.metadata_for_region(region)
        if metadata is None or metadata.general_desc is None:
            raise RuntimeError(f"phonenumbers holds no patterns for {region}")
        descriptions = (
            ("premium", metadata.premium_rate),
            ("toll free", metadata.toll_free),
            ("shared cost", metadata.shared_cost),
            ("voip", metadata.voip),
            ("personal", metadata.personal_number),
            ("pager", metadata.pager),
            ("uan", metadata.uan),
            ("voicemail", metadata.voicemail),
            ("fixed", metadata.fixed_line),
            ("mobile", metadata.mobile),
        )
        kinds = tuple(
            (name, re.compile(description.national_number_pattern))
            for name, description in descriptions
            if description is not None and description.national_number_pattern
        )
        regions.append((re.compile(metadata.general_desc.national_number_pattern or ""), kinds))
    return tuple(regions)


def library_type(national: str) -> str | None:
    """The type of a national number without its zero, as `phonenumbers` tells types apart; None when invalid."""
    for general, kinds in _patterns():
        if general.fullmatch(national):
            for name, pattern in kinds:
                if pattern.fullmatch(national):
                    return name
    return None


def classify_gb(national: str) -> Classified:
    """Kind of a national number without its zero, and whether a caller may be offered it (domain rules 2.2, 3)."""
    name = library_type(national)
    if name is None or name == "voicemail":
        return None, False
    if name == "mobile":
        return Kind.MOBILE, True
    if name == "fixed":
        return Kind.LANDLINE, True
    return Kind.UNKNOWN, name == "voip" or (name == "uan" and national.startswith("3"))
