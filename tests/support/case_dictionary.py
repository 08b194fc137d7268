"""Makes `resources/case.zdict`, by which workstations pack what they received of a case: `python -m
tests.support.case_dictionary`.

It ends with one invented case that has an entry of nearly every kind, as the centre writes it; before that stands what
zstd learned about how often which letter comes, from three hundred more. The same zstd makes the same file each time.
"""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from caller_app.base.paths import resource_path
from caller_app.base.zstd import library
from caller_app.domain.items import (
    CorrectionLine,
    Item,
    NoteLine,
    Number,
    PastAttempt,
    Patient,
    Practice,
    Promise,
    ReferralLine,
)
from caller_app.protocol.codec import encode
from caller_app.store.bodies import DICTIONARY

CASES = 300
_MOST_BYTES = 4_096
_SINCE = datetime(2026, 9, 14, 9, 41, 27, 481936, tzinfo=UTC)
_LETTERS = "aabcdeeefghiijklmnnooprrsstuvwy"


def sample() -> bytes:
    """Give the case at the end of the dictionary."""
    return encode(_case(random.Random(0), full=True))


def make() -> bytes:
    """Give the whole dictionary."""
    zstd = library()
    chance = random.Random(1)
    others = [encode(_case(chance, full=chance.random() < 0.2)) for _ in range(CASES)]
    return zstd.finalize_dict(zstd.ZstdDict(sample(), is_raw=True), others, _MOST_BYTES, 1).dict_content


def _case(chance: random.Random, *, full: bool) -> Item:
    mobile, called = f"+447700900{chance.randrange(1000):03}", f"{_word(chance)} {_word(chance)}"
    at = [
        _SINCE + timedelta(seconds=chance.randrange(4_000_000), microseconds=chance.randrange(10**6)) for _ in "12345"
    ]
    act = _id(chance)
    return Item(
        case_id=_id(chance),
        project_id=_id(chance),
        patient=Patient(
            person_id=_id(chance),
            nhs_number=f"999{chance.randrange(10**7):07}",
            given_name=_word(chance),
            family_name=_word(chance),
            dob=f"19{chance.randrange(30, 90)}-0{chance.randrange(1, 10)}-{chance.randrange(10, 29)}",
            sex=chance.choice(("female", "male")),
            address_lines=(f"{chance.randrange(1, 180)} {_word(chance)} Street", _word(chance), "Norfolk"),
            postcode=f"NR{chance.randrange(1, 35)} {chance.randrange(10)}AA",
            practice=Practice(f"D82{chance.randrange(1000):03}", f"{_word(chance)} Medical Practice", "01632960010"),
            language="English" if full else None,
            communication_needs=("Large print",) if full else (),
            communication_note="Prefers the afternoon." if full else None,
            campaign={"imd_quintile": chance.randrange(1, 6), "hba1c": 44, "hba1c_date": "2026-08-11", "bmi": 31.2},
        ),
        assign_gen=1,
        numbers=(
            Number(mobile, "Mobile phone", "mobile", textable=True),
            Number("+441632960417", "Home phone", "landline", state="no_answer", no_answers=1),
        )[: 2 if full else 1],
        attempts=tuple(
            PastAttempt(_id(chance), one, chance.choice(("C01", "C03", "R01")), mobile, called, caller_id=3,
                        act_id=_id(chance), led_to="ready", led_not_before=one + timedelta(days=1))
            for one in at[: 2 if full else chance.randrange(3)]
        ),
        promises=(Promise(_id(chance), at[2], at[3], called, 3, act_id=act),) if full else (),
        corrections=(
            (CorrectionLine(_id(chance), "PHONE_WRONG", "mobile", mobile, None, at[2], act_id=act),) if full else ()
        ),
        notes=(NoteLine(_id(chance), at[3], called, "Rings back after lunch."),) if full else (),
        referrals=(ReferralLine(_id(chance), "talking_therapies", "self_referral", at[4], act_id=act),) if full else (),
        counted_attempts=2 if full else 0,
        priority=chance.randrange(1, 6),
        seed=chance.randrange(2**31),
    )  # fmt: skip


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_LETTERS, k=chance.randrange(4, 10))).title()


def _id(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128)))


if __name__ == "__main__":
    resource_path(DICTIONARY).write_bytes(make())
