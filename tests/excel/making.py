"""Makes cohort files for tests: tidy ones with openpyxl, odd ones from raw parts."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from caller_app.domain.nhs_number import check_digit_fits
from caller_app.domain.practices import Practice, PracticeDirectory
from caller_app.excel.cohort import CohortCheck, check_cohort
from caller_app.excel.limits import DEFAULT_LIMITS, Limits

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
PRACTICE_LIST = ROOT / "resources" / "practices" / "epraccur.csv"
AS_OF = date(2026, 10, 5)
HEADINGS = (
    "NHS number",
    "Surname",
    "Forename",
    "Date of birth",
    "Practice code",
    "Practice name",
    "Mobile",
    "Home tel",
    "Postcode",
    "Do not contact",
)
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def practice(code: str, name: str, *, status: str = "A", setting: str = "4", phone: str = "") -> Practice:
    """A practice with nothing but what look-ups need."""
    return Practice(code, name, (), "NR1 1AA", phone, status, setting, None, None)


PRACTICES = PracticeDirectory(
    [
        practice("D82001", "Church Hill Surgery", phone="01632 960900"),
        practice("D82002", "The Grove Surgery"),
        practice("D82003", "THE GROVE SURGERY"),
        practice("D82004", "Closed Surgery", status="C"),
        practice("D82005", "Hospice", setting="8"),
    ]
)


def good_numbers(count: int, *, start: int = 100_000) -> list[str]:
    """So many valid numbers of the 999 range."""
    numbers: list[str] = []
    stem = start
    while len(numbers) < count:
        numbers += [number for last in "0123456789" if check_digit_fits(number := f"999{stem:06d}{last}")]
        stem += 1
    return numbers


def person(place: int = 0, **changes: Any) -> dict[str, Any]:
    """A good row by heading; `changes` use the headings with underscores."""
    row: dict[str, Any] = {
        "NHS number": good_numbers(place + 1)[place],
        "Surname": "Kett",
        "Forename": f"Person {chr(97 + place % 26)}",
        "Date of birth": date(1960, 1, 1 + place % 28),
        "Practice code": "D82001",
        "Practice name": "Church Hill Surgery",
        "Mobile": f"07700 900{place % 1000:03d}",
        "Home tel": None,
        "Postcode": "NR1 1AA",
        "Do not contact": "N",
    }
    return row | {name.replace("_", " "): value for name, value in changes.items()}


def table(people: Sequence[Mapping[str, Any]], headings: Sequence[str] = HEADINGS) -> list[list[Any]]:
    """Headings and one list for each person."""
    return [list(headings), *([row.get(heading) for heading in headings] for row in people)]


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook with these sheets."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def write_raw(
    path: Path, sheet_xml: str, *, workbook: str = "", parts: Mapping[str, bytes | str] | None = None
) -> Path:
    """A workbook of one sheet whose XML is given; `parts` adds or replaces parts."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    whole: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="xml" ContentType="{kind}.sheet"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{LINK}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{LINK}">{workbook}<sheets>'
        '<sheet name="Cohort" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{LINK}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{LINK}/styles" Target="/xl/styles.xml"/>'
        f'<Relationship Id="rId3" Type="{LINK}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{SHEET}">'
        '<numFmts><numFmt numFmtId="170" formatCode="d\\-mmm\\-yy"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}"/>',
        "xl/worksheets/sheet1.xml": sheet_xml,
    }
    whole |= parts or {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    return path


def text_cell(place: str, text: str) -> str:
    """A cell with text written in place."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet_xml(*rows: str, before: str = "", after: str = "") -> str:
    """A sheet of whole rows given as XML."""
    return f'<worksheet xmlns="{SHEET}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def header_row(number: int = 1) -> str:
    """The headings NHS number, Surname, Date of birth, Practice code, Mobile in columns A to E."""
    names = ("NHS number", "Surname", "Date of birth", "Practice code", "Mobile")
    cells = "".join(text_cell(f"{'ABCDE'[index]}{number}", name) for index, name in enumerate(names))
    return f'<row r="{number}">{cells}</row>'


def person_row(number: int, nhs: str, *, dob: str = "<v>21916</v>", extra: str = "", attributes: str = "") -> str:
    """A person under `header_row`; born 1 January 1960 as a number with a date format unless told otherwise."""
    return (
        f'<row r="{number}"{attributes}>{text_cell(f"A{number}", nhs)}{text_cell(f"B{number}", "Kett")}'
        f'<c r="C{number}" s="1">{dob}</c>{text_cell(f"D{number}", "D82001")}'
        f"{text_cell(f'E{number}', '07700 900123')}{extra}</row>"
    )


def check(
    path: Path,
    *,
    campaign: str = "talking_therapies",
    practices: PracticeDirectory = PRACTICES,
    test_mode: bool = True,
    sheet: str | None = None,
    date_order: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> CohortCheck:
    """Check a file as the tests of this folder do."""
    return check_cohort(
        path,
        campaign=campaign,
        practices=practices,
        as_of=AS_OF,
        test_mode=test_mode,
        sheet=sheet,
        date_order=date_order,
        limits=limits,
    )


def check_people(folder: Path, people: Sequence[Mapping[str, Any]], **options: Any) -> CohortCheck:
    """Check a tidy workbook of these people; row 2 holds the first."""
    return check(write_xlsx(folder / "cohort.xlsx", {"Cohort": table(people)}), **options)
