"""The fields a cohort file may bring, and which campaign uses which.

A column that maps to no field of the campaign is left out and nothing of it is stored.
"""

from typing import Final

PERSON_FIELDS: Final = (
    "nhs_number",
    "given_name",
    "family_name",
    "dob",
    "sex",
    "practice_ods",
    "practice_name",
    "phone_mobile",
    "phone_home",
    "phone_work",
    "phone_other",
    "text_consent",
    "address_line_1",
    "address_line_2",
    "address_line_3",
    "address_line_4",
    "address_line_5",
    "postcode",
    "language",
    "interpreter",
    "communication_needs",
    "sensitive",
    "deceased",
    "opt_out",
    "imd_quintile",
    "ethnic_code",
    "risk_score",
)
PHONE_FIELDS: Final = ("phone_mobile", "phone_home", "phone_work", "phone_other")
ADDRESS_FIELDS: Final = tuple(f"address_line_{number}" for number in range(1, 6))

_EXTRA: Final = {
    "talking_therapies": ("fit_note_date", "ltc_count", "smi_register", "carer_flag"),
    "winter_vaccination": (
        "flu_given_date",
        "covid_given_date",
        "flu_risk_group",
        "care_home",
        "housebound",
        "pregnant",
        "carer_flag",
    ),
    "diabetes_prevention": (
        "hba1c_mmol_mol",
        "hba1c_percent",
        "hba1c_date",
        "fpg_mmol_l",
        "bmi",
        "gdm_history",
        "has_htn",
    ),
}
CAMPAIGNS: Final = tuple(_EXTRA)

DATE_FIELDS: Final = frozenset(("dob", "fit_note_date", "flu_given_date", "covid_given_date", "hba1c_date"))
FLAG_FIELDS: Final = frozenset(
    ("smi_register", "carer_flag", "flu_risk_group", "care_home", "housebound", "pregnant", "gdm_history", "has_htn")
)
MINIMUM_AGE: Final = 18
MAXIMUM_AGE: Final = 120


def campaign_fields(campaign: str) -> tuple[str, ...]:
    """The fields only this campaign uses."""
    return _EXTRA[campaign]


def fields_of(campaign: str) -> frozenset[str]:
    """Every field a file for this campaign may bring."""
    return frozenset(PERSON_FIELDS) | frozenset(_EXTRA[campaign])
