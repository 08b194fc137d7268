"""Makes the sample cohort the demo imports: 48 invented people for diabetes prevention, in the shape of a tidy extract.

Nobody in it exists: NHS numbers come from the 999 range, which is never issued, telephones from the ranges Ofcom keeps
for drama. The result is the same every time, so that the workbook in `resources/demo` can be compared with it.
"""

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from caller_app.domain.nhs_number import check_digit_fits
from caller_app.excel.table import write_table

HEADINGS: Final = (
    "NHS number",
    "Family name",
    "Given name",
    "Sex",
    "Date of birth",
    "Address line 1",
    "Address line 2",
    "Address line 3",
    "Address line 4",
    "Postcode",
    "Mobile phone",
    "Home phone",
    "Work phone",
    "Text consent",
    "Main language",
    "Interpreter needed",
    "Communication needs",
    "Practice code",
    "Practice name",
    "Sensitive record",
    "Deceased",
    "Do not contact",
    "IMD quintile",
    "Ethnic category",
    "Risk score",
    "HbA1c (mmol/mol)",
    "HbA1c date",
    "Fasting glucose (mmol/L)",
    "BMI",
    "Gestational diabetes history",
    "Hypertension",
)
PEOPLE: Final = 48
MADE_FOR: Final = date(2026, 10, 5)
_DATES: Final = frozenset(("Date of birth", "HbA1c date"))
_PRACTICES: Final = (
    ("D82104", "Acle Medical Partnership", "Acle", "NR13"),
    ("D82054", "Fakenham Medical Practice", "Fakenham", "NR21"),
    ("D82045", "Wymondham Medical Partnership", "Wymondham", "NR18"),
)
_FAMILY: Final = (
    "Kett Nudd Larter Thirtle Blyth Spinks Duffield Rix Eke Utting Gedge Bullard Cubitt Mace Howes Secker Tooke Goodrum"
    " Bacon Fiddy Kerrison Ulph Pye Wigger"
)
_GIVEN: Final = (
    "Maureen Trevor Hayley Kenneth Joanne Liam Pauline Nigel Tracey Cyril Winifred Derek Karen Alfie Sheila Graham"
    " Brenda Terence Carol Leonard Ethel Stuart Dorothy Rachel"
)
_MEN: Final = "Trevor Kenneth Liam Nigel Cyril Derek Alfie Graham Terence Leonard Stuart"
_STREETS: Final = ("Larkenby Drive", "Squit Lane", "Mill Loke", "Pinkfoot Crescent", "Saltmarram Lane", "Teasel Holt")

# What is special about a person, by place in the list: these rows are what the demo shows.
_SPECIAL: Final[dict[int, dict[str, object]]] = {
    3: {
        "Family name": "Kowalska",
        "Given name": "Agnieszka",
        "Sex": "Female",
        "Main language": "Polish",
        "Interpreter needed": "Y",
        "Ethnic category": "C",
    },
    6: {"Communication needs": "Large print"},
    9: {"Communication needs": "Hearing aid; Lip reads"},
    11: {
        "Family name": "Jankauskas",
        "Given name": "Tomas",
        "Sex": "Male",
        "Main language": "Lithuanian",
        "Interpreter needed": "N",
        "Ethnic category": "C",
    },
    14: {"Main language": "British Sign Language", "Interpreter needed": "Y", "Communication needs": "Text relay"},
    17: {"Mobile phone": None, "Home phone": "01632 960417", "Family name": "Cubitt", "Address line 2": "12 Mill Loke"},
    18: {"Mobile phone": None, "Home phone": "01632 960417", "Family name": "Cubitt", "Address line 2": "12 Mill Loke"},
    21: {"Mobile phone": None, "Home phone": None, "Work phone": None},
    24: {"Sensitive record": "Y"},
    27: {"Communication needs": "Speaks softly, allow extra time"},
    30: {
        "Family name": "dos Santos",
        "Given name": "Lúcia",
        "Sex": "Female",
        "Main language": "Portuguese",
        "Interpreter needed": "Y",
        "Ethnic category": "C",
    },
    33: {"Mobile phone": "07700 900533 (daughter)"},
    36: {"Address line 1": None, "Address line 2": None, "Address line 4": None, "Postcode": "ZZ99 3VZ"},
    39: {"Text consent": "N"},
    42: {"HbA1c (mmol/mol)": 49},
    45: {"Communication needs": "Easy read; Advocate"},
}
_DUPLICATE_OF, _DUPLICATE = 5, 47


def nhs_numbers(chance: random.Random) -> Iterator[str]:
    """Numbers of the 999 range with good check digits, none twice."""
    seen: set[str] = set()
    while True:
        stem = f"999{chance.randint(100_000, 999_999)}"
        number = next((stem + last for last in "0123456789" if check_digit_fits(stem + last)), None)
        if number is not None and number not in seen:
            seen.add(number)
            yield number


def people() -> list[dict[str, object]]:
    """The people of the sample cohort, one by heading each."""
    chance = random.Random(48)
    numbers = nhs_numbers(chance)
    given, family = _GIVEN.split(), _FAMILY.split()
    rows: list[dict[str, object]] = []
    for place in range(PEOPLE):
        code, practice, town, area = _PRACTICES[place % len(_PRACTICES)]
        forename = given[place % len(given)]
        row: dict[str, object] = dict.fromkeys(HEADINGS)
        row |= {
            "NHS number": next(numbers),
            "Family name": family[(place * 7) % len(family)],
            "Given name": forename,
            "Sex": "Male" if forename in _MEN.split() else "Female",
            "Date of birth": date(1944, 1, 1) + timedelta(days=chance.randint(0, 20_000)),
            "Address line 1": f"Flat {chance.randint(1, 24)}" if chance.random() < 0.2 else None,
            "Address line 2": f"{chance.randint(1, 180)} {chance.choice(_STREETS)}",
            "Address line 4": town,
            "Postcode": f"{area} {chance.randint(1, 9)}{chance.choice('ABDEFGH')}{chance.choice('LNPQRT')}",
            "Mobile phone": f"07700 900{300 + place}" if chance.random() < 0.85 else None,
            "Home phone": f"01632 960{300 + place}" if chance.random() < 0.6 else None,
            "Text consent": "Y",
            "Main language": "English",
            "Interpreter needed": "N",
            "Practice code": code,
            "Practice name": practice,
            "Sensitive record": "N",
            "Deceased": "N",
            "Do not contact": "N",
            "IMD quintile": chance.randint(1, 5),
            "Ethnic category": "A",
            "Risk score": round(chance.uniform(0.05, 0.6), 3),
            "HbA1c (mmol/mol)": chance.randint(42, 47),
            "HbA1c date": MADE_FOR - timedelta(days=chance.randint(20, 330)),
            "BMI": round(chance.uniform(22, 41), 1),
            "Gestational diabetes history": "N",
            "Hypertension": chance.choice("YN"),
        }
        if row["Mobile phone"] is None and row["Home phone"] is None:
            row["Home phone"] = f"01632 960{300 + place}"
        row |= _SPECIAL.get(place, {})
        rows.append(row)
    rows[_DUPLICATE] = rows[_DUPLICATE_OF] | {"Home phone": "01632 960399"}
    return rows


def write_demo_cohort(path: Path) -> None:
    """Write the sample cohort as a workbook: one sheet, headings in row 1, numbers as text, real dates."""
    write_table(
        path, "Cohort", HEADINGS, [[row[heading] for heading in HEADINGS] for row in people()], _DATES, MADE_FOR
    )


if __name__ == "__main__":
    write_demo_cohort(Path(sys.argv[1]))
