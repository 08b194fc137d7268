"""Who may speak for a person: recorded authorities, what they cover and for how long (domain rules 2.11, 2.13).

What a reader would get wrong: an authority lets somebody be checked, nothing more. The script opens for them only once
they said their own name and relationship and the person's identifiers. It is judged by the day of the call, at the
workstation and at the centre again: one that ended meanwhile, or had not begun, covers nothing. Under sixteen nobody
but somebody with parental responsibility is spoken to, and from sixteen on a parent is a third party.
"""

from dataclasses import dataclass
from datetime import date, datetime

from caller_app.base.clock import london_day
from caller_app.domain.dates import age_on
from caller_app.domain.items import Authority, Item

OWN_PERSON = 16  # from this age on a person speaks for themselves
AT_MOST = 20  # of one person, the ended ones included: they travel with every case


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of authority: what it is called, and the ages of the person at which it can hold."""

    label: str
    least: int
    below: int | None = None

    def fits(self, age: int | None) -> bool:
        """Tell whether it can hold for somebody of this age; an unknown age is a grown person's."""
        if age is None:
            return self.below is None
        return age >= self.least and (self.below is None or age < self.below)


KINDS: dict[str, Kind] = {
    "lpa_health": Kind("attorney for health and welfare", 18),
    "deputy": Kind("deputy for health and welfare", OWN_PERSON),
    "parental": Kind("parental responsibility", 0, OWN_PERSON),
    "consent": Kind("the person's own recorded consent", OWN_PERSON),
}


def kind_words(kind: str) -> str:
    """Say a kind; one that a newer centre knows is shown as it came, and covers nothing here."""
    return KINDS[kind].label if kind in KINDS else kind.replace("_", " ")


def said_of(one: Authority) -> str:
    """Say who somebody is: "Ann Sample (mother)"."""
    return f"{one.name} ({one.relationship})"


def age_at(item: Item, at: datetime) -> int | None:
    """Give the person's age on the day of the call; None where the date of birth cannot be read."""
    try:
        return age_on(date.fromisoformat(item.patient.dob), london_day(at))
    except ValueError:
        return None


def is_child(item: Item, at: datetime) -> bool:
    """Tell whether the person is too young to be asked who they are: somebody else is spoken to (domain rules 2.13)."""
    age = age_at(item, at)
    return age is not None and age < OWN_PERSON


def holds(one: Authority, item: Item, at: datetime) -> bool:
    """Tell whether an authority holds on the day of a call: its kind fits the age, it has begun and not ended."""
    known, day = KINDS.get(one.kind), london_day(at).isoformat()
    if known is None or not known.fits(age_at(item, at)):
        return False
    if one.ended_at is not None and at >= one.ended_at:
        return False
    return one.from_on <= day and (one.until_on is None or day <= one.until_on)


def holding(item: Item, at: datetime) -> tuple[Authority, ...]:
    """Give the authorities under which somebody may speak for the person on the day of a call."""
    return tuple(one for one in item.authorities if holds(one, item, at))


def authority_of(item: Item, authority_id: str | None, at: datetime) -> Authority | None:
    """Give one authority, where it holds."""
    return next((one for one in holding(item, at) if one.authority_id == authority_id), None)


def covers(one: Authority, pathway: str) -> bool:
    """Tell whether a pathway may be arranged with them."""
    return not one.pathways or pathway in one.pathways


def may_agree(one: Authority | None, pathway: str) -> bool:
    """Tell whether they may agree to a pathway on the person's behalf, and take it back."""
    return one is not None and one.may_agree and covers(one, pathway)
