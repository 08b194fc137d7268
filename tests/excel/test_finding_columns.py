"""Finding the headings and what they mean, and telling people from everything else on a sheet."""

from pathlib import Path
from typing import Any

import pytest

from caller_app.excel.headings import match_heading
from tests.excel.making import (
    HEADINGS,
    check,
    good_numbers,
    header_row,
    person,
    person_row,
    sheet_xml,
    table,
    text_cell,
    write_raw,
    write_xlsx,
)


@pytest.mark.parametrize(
    ("heading", "above", "field"),
    [
        ("NHS No.", None, "nhs_number"),
        ("Patient's NHS number (10 digits)", None, "nhs_number"),
        ("NHS_NUMBER", None, "nhs_number"),
        ("D.O.B", None, "dob"),
        ("SURNAME ", None, "family_name"),
        ("Post\nCode", None, "postcode"),
        ("Tel (mob)", None, "phone_mobile"),
        ("Code", "GP practice", "practice_ods"),
        ("Name", "GP practice", "practice_name"),
        ("Date", "HbA1c", "hba1c_date"),
        ("Result (mmol/mol)", "HbA1c", "hba1c_mmol_mol"),
        ("HbA1c (%)", None, "hba1c_percent"),
        ("Home", "Telephone", "phone_home"),
        ("Dec'd", None, "deceased"),
        ("Opted Out?", None, "opt_out"),
        ("Txt consent (Y/N)", None, "text_consent"),
        ("Telephone number", None, "phone_other"),
        ("Patient home address line 1", None, "address_line_1"),
        ("Latest HbA1c result (mmol/mol)", None, "hba1c_mmol_mol"),
        ("Latest HbA1c result (%)", None, "hba1c_percent"),
        ("Date of last flu vaccination", None, "flu_given_date"),
        ("Flu Dt", None, "flu_given_date"),
        ("Last COVID-19 vacc.", None, "covid_given_date"),
        ("HbA1c Dt", None, "hba1c_date"),
        ("Birth Dt", None, "dob"),
        ("Fit Note Dt", None, "fit_note_date"),
        ("GDM Hx", None, "gdm_history"),
        ("HTN reg.", None, "has_htn"),
        ("Not to be contacted", None, "opt_out"),
        ("Type 1 opt-out", None, "opt_out"),
        ("Restricted record", None, "sensitive"),
        ("Interp req'd", None, "interpreter"),
        ("AddressLine2", None, "address_line_2"),
        ("Alt. Tel", None, "phone_other"),
        ("Home", None, "phone_home"),
        ("Pref. lang.", None, "language"),
        ("Ethnic Origin", None, "ethnic_code"),
        ("PHM score", None, "risk_score"),
    ],
)
def test_headings_are_understood(heading: str, above: str | None, field: str) -> None:
    found = match_heading(heading, above)
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    ("heading", "above"),
    [
        ("Next of kin mobile", None),
        ("Mobile", "Next of kin"),
        ("Previous surname", None),
        ("NHS number status", None),
        ("Date", None),
        ("Code", None),
        ("Name", None),
        ("Registration Dt", None),
        ("Emergency contact tel", None),
        ("Carer's phone", None),
        ("GP name", None),
        ("Email", None),
        ("Email address", None),
        ("Flu declined date", None),
        ("Flu invite date", None),
        ("Type 1", None),
        ("Home", "Next of kin"),
        ("Birth Dt", "Child"),
        ("Risk", "Carer"),
        ("", None),
        ("x" * 200, None),
    ],
)
def test_headings_about_somebody_or_something_else_mean_nothing(heading: str, above: str | None) -> None:
    assert match_heading(heading, above) is None


def test_columns_of_another_campaign_are_left_out_and_nothing_of_them_is_stored(tmp_path: Path) -> None:
    rows = table([person(0)])
    rows[0] += ["HbA1c (mmol/mol)", "Email", "LTC count"]
    rows[1] += [44, "someone@example.invalid", 2]
    given = check(write_xlsx(tmp_path / "c.xlsx", {"List": rows}))
    assert [column.header for column in given.dropped_columns] == ["HbA1c (mmol/mol)", "Email"]
    patient = given.rows[1].canonical
    assert patient is not None
    assert patient.campaign["ltc_count"] == 2
    assert "someone" not in repr(given.rows)


def test_every_kind_of_row_gets_its_name(tmp_path: Path) -> None:
    people = [[*row] for row in table([person(place) for place in range(3)])]
    blank: list[Any] = [None] * len(HEADINGS)
    rows = [
        ["Talking Therapies extract"],
        blank,
        people[0],
        ["Acle Medical Partnership"],
        people[1],
        ["  ", "\u00a0"],
        people[0],
        people[2],
        ["Church Hill"],
        people[3],
        blank,
        ["Total", 3],
        ["End of report"],
        [None, None, None, None, "Printed by", "somebody"],
    ]
    given = check(write_xlsx(tmp_path / "c.xlsx", {"List": rows}))
    assert [result.reasons[0] if result.reasons else result.verdict.value for result in given.rows] == [
        "BANNER",
        "BLANK",
        "HEADER",
        "SECTION",
        "accept",
        "BLANK",
        "HEADER_REPEATED",
        "accept",
        "SECTION",
        "accept",
        "BLANK",
        "TOTALS",
        "NOTE",
        "NOTE",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"NHS_number": None},
        {"NHS_number": "TBC"},
        {"NHS_number": "#N/A"},
        {"Date_of_birth": None, "Practice_code": None, "Practice_name": None, "Mobile": None, "Surname": None},
        {"Surname": "Total", "Forename": "Eclipse"},
    ],
)
def test_a_row_that_could_be_a_person_is_judged_and_never_skipped(tmp_path: Path, changes: dict[str, Any]) -> None:
    given = check(write_xlsx(tmp_path / "c.xlsx", {"List": table([person(0, **changes), person(1)])}))
    assert given.rows[1].verdict.value in ("reject", "accept", "accept_with_repair")


def test_a_number_alone_is_judged_as_a_person(tmp_path: Path) -> None:
    lonely = [good_numbers(1)[0], *[None] * (len(HEADINGS) - 1)]
    given = check(write_xlsx(tmp_path / "c.xlsx", {"List": [*table([person(1)]), lonely]}))
    assert given.rows[2].verdict.value == "reject"


def test_hidden_rows_are_people_and_count(tmp_path: Path) -> None:
    numbers = good_numbers(2)
    rows = [person_row(2, numbers[0], attributes=' hidden="1"'), person_row(3, numbers[1])]
    given = check(write_raw(tmp_path / "c.xlsx", sheet_xml(header_row(), *rows)))
    assert [result.hidden for result in given.rows] == [False, True, False]
    assert given.counts.verdicts["accept"] == 2
    assert any(finding.code == "HIDDEN_ROWS" for finding in given.findings)


def test_formulas_and_errors_in_identity_cells_refuse_and_elsewhere_leave_blank(tmp_path: Path) -> None:
    numbers = good_numbers(4)
    error = '<c r="F{0}" t="e"><v>#N/A</v></c>'
    rows = [
        f'<row r="2"><c r="A2" t="str"><f>"{numbers[0]}"</f><v>{numbers[0]}</v></c>{text_cell("B2", "Kett")}</row>',
        person_row(3, numbers[1], dob="<f>DATE(1960,1,1)</f><v>21916</v>"),
        person_row(4, numbers[2], extra=error.format(4)),
        person_row(5, numbers[3], extra='<c r="F5"><f>1</f><v>1</v></c><c r="G5"><f>2</f><v>2</v></c>'),
    ]
    heads = header_row().replace("</row>", text_cell("F1", "IMD quintile") + text_cell("G1", "Age") + "</row>")
    given = check(write_raw(tmp_path / "c.xlsx", sheet_xml(heads, *rows)))
    assert [result.reasons for result in given.rows[1:]] == [
        ("FORMULA_CELL", "DOB_MISSING", "PRACTICE_MISSING"),
        ("FORMULA_CELL",),
        ("CELL_ERROR",),
        ("FORMULA_CELL",),
    ]
    assert [result.verdict.value for result in given.rows[1:]] == [
        "reject",
        "reject",
        "accept_with_repair",
        "accept_with_repair",
    ]


def test_dates_since_1904_come_out_right(tmp_path: Path) -> None:
    row = person_row(2, good_numbers(1)[0], dob="<v>20454</v>")
    given = check(write_raw(tmp_path / "c.xlsx", sheet_xml(header_row(), row), workbook='<workbookPr date1904="1"/>'))
    patient = given.rows[1].canonical
    assert patient is not None
    assert str(patient.dob) == "1960-01-01"
    assert any(finding.code == "DATES_SINCE_1904" for finding in given.findings)


WHO = ("NHS number", "Surname", "Forename", "Date of birth", "Practice code", "Practice name")


def test_two_rows_of_headings_are_read_without_believing_merged_cells(tmp_path: Path) -> None:
    group = ["Patient", None, None, None, "GP practice", None, "Telephone", None]
    names = ["NHS No.", "Surname", "Forename", "D.O.B", "Code", "Name", "Mobile", "Home"]
    row = person(0)
    values = [row[name] for name in (*WHO, "Mobile", "Home tel")]
    given = check(write_xlsx(tmp_path / "c.xlsx", {"List": [["Extract"], group, names, values]}))
    assert given.header_rows == (2, 3)
    assert given.counts.verdicts == {"accept": 1, "skip": 3}


@pytest.mark.parametrize("groups", [[None] * 6, ["Patient", *[None] * 3, "GP practice", None]])
def test_a_heading_merged_over_both_rows_is_read(tmp_path: Path, groups: list[str | None]) -> None:
    names = ["NHS No.", "Surname", "Forename", "D.O.B", "Practice code", "Practice name"]
    single = groups[0] is None
    upper = [*(names if single else groups), "Post code", "Telephone", None]
    lower = [*(groups if single else names), None, "Mobile", "Home"]
    row = person(0, Home_tel="01632 960123")
    values = [row[name] for name in (*WHO, "Postcode", "Mobile", "Home tel")]
    given = check(write_xlsx(tmp_path / "c.xlsx", {"List": [["Extract"], upper, lower, values]}))
    assert given.header_rows == (2, 3)
    assert given.dropped_columns == ()
    patient = given.rows[3].canonical
    assert patient is not None
    assert patient.postcode == "NR1 1AA"
    assert [phone.label for phone in patient.phones] == ["mobile", "home"]


def test_a_title_with_a_code_in_it_is_no_person_and_a_total_may_stand_anywhere(tmp_path: Path) -> None:
    total: list[Any] = [None] * len(HEADINGS)
    total[8], total[6] = "Total", 2
    rows = [*table([person(0)]), ["Acle Medical Partnership (D82104)"], *table([person(1)])[1:], total]
    given = check(write_xlsx(tmp_path / "c.xlsx", {"List": rows}))
    assert [result.reasons for result in given.rows] == [("HEADER",), (), ("SECTION",), (), ("TOTALS",)]


def test_an_unusual_name_of_a_part_is_followed(tmp_path: Path) -> None:
    row = person_row(2, good_numbers(1)[0])
    path = write_raw(
        tmp_path / "c.xlsx",
        "<x/>",
        parts={
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Type="x/worksheet" Target="/xl/worksheets/People.XML"/></Relationships>',
            "xl/worksheets/people.xml": sheet_xml(header_row(), row),
        },
    )
    assert check(path).rows[1].reasons == ("DOB_SERIAL",)  # there are no styles to tell dates by
