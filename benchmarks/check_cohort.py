"""check-cohort on 60,000 rows x 25 columns against openpyxl's own read-only pass over the same file.

Limits: at most 0.5 of openpyxl's time, at most 300 MB of memory at the peak. Each part runs in its own process, so that
neither time nor memory of one counts for the other. `--short` takes 5,000 rows (memory is then only reported).

    python -m benchmarks.check_cohort [--short] [--rows N]
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.report import Figure, peak_mb, show

ROOT = Path(__file__).resolve().parents[1]
RATIO_LIMIT = 0.5
MEMORY_LIMIT_MB = 300
HEADINGS = (
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
    "Text consent",
    "Main language",
    "Interpreter needed",
    "Communication needs",
    "Practice code",
    "Practice name",
    "Do not contact",
    "IMD quintile",
    "Ethnic category",
    "Risk score",
    "HbA1c (mmol/mol)",
    "HbA1c date",
    "BMI",
)
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def nhs_number(stem: int) -> str | None:
    """The 999 number of a stem, None where no check digit exists."""
    digits = f"999{stem:06d}"
    check = 11 - sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11
    return None if check == 10 else digits + str(check % 11)


def make_rows(count: int) -> list[list[object]]:
    """Invented people, none of whom shares a text with another more than real lists do."""
    chance = random.Random(20261005)
    stems = iter(range(1_000_000))
    rows: list[list[object]] = []
    while len(rows) < count:
        number = nhs_number(next(stems))
        if number is None:
            continue
        person = len(rows)
        rows.append(
            [
                number,
                f"Surname {chr(97 + person % 26)}{chr(97 + person // 26 % 26)}{chr(97 + person // 676 % 26)}",
                f"Given {chr(97 + person % 23)}{chr(97 + person // 23 % 26)}",
                chance.choice(("Male", "Female")),
                chance.randint(10_000, 38_000),
                f"Flat {chance.randint(1, 40)}" if chance.random() < 0.3 else None,
                f"{chance.randint(1, 180)} {chance.choice(('Larkenby Drive', 'Squit Lane', 'Mill Loke'))}",
                chance.choice((None, "Thornwick Green")),
                chance.choice(("Norwich", "Diss", "Cromer")),
                f"NR{chance.randint(1, 30)} {chance.randint(1, 9)}{chance.choice('ABDEFGHJ')}{chance.choice('LNPQ')}",
                f"07700 900{chance.randint(0, 999):03d}"
                if chance.random() < 0.8
                else 7_700_900_000 + chance.randint(0, 999),
                f"01632 960{chance.randint(0, 999):03d}" if chance.random() < 0.6 else None,
                chance.choice(("Y", "N")),
                chance.choice(("English", "Polish", "Lithuanian")),
                chance.choice(("N", "Y")),
                chance.choice((None, None, None, "Large print")),
                "D82001",
                None,
                "N",
                chance.randint(1, 5),
                chance.choice("ABCH"),
                round(chance.random(), 3),
                chance.randint(38, 52),
                chance.randint(45_900, 46_290),
                round(chance.uniform(19, 45), 1),
            ]
        )
    return rows


def write_workbook(path: Path, rows: list[list[object]]) -> None:
    """A workbook as Excel writes it: shared texts, dates as numbers with a style."""
    texts: dict[str, int] = {}
    letters = [chr(65 + index) for index in range(len(HEADINGS))]

    def cell(column: int, row: int, value: object) -> str:
        if value is None:
            return ""
        place = f'r="{letters[column]}{row}"'
        if isinstance(value, str):
            return f'<c {place} t="s"><v>{texts.setdefault(value, len(texts))}</v></c>'
        style = ' s="1"' if HEADINGS[column] in ("Date of birth", "HbA1c date") else ""
        return f"<c {place}{style}><v>{value}</v></c>"

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{SHEET}"><sheetData>'.encode())
            for number, values in enumerate([list(HEADINGS), *rows], start=1):
                cells = "".join(cell(column, number, value) for column, value in enumerate(values))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SHEET}">{shared}</sst>')
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{SHEET}"><fonts><font/></fonts><fills><fill><patternFill/></fill></fills>'
            "<borders><border/></borders>"
            '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{SHEET}" xmlns:r="{LINK}"><sheets>'
            '<sheet name="Cohort" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        links = (
            ("worksheet", "worksheets/sheet1.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        )
        package = "http://schemas.openxmlformats.org/package/2006"
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">'
            + "".join(
                f'<Relationship Id="rId{number}" Type="{LINK}/{kind}" Target="{target}"/>'
                for number, (kind, target) in enumerate(links, start=1)
            )
            + "</Relationships>",
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{LINK}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        )


def part_make(path: Path, rows: int) -> None:
    """Write the workbook and a practice list of one practice."""
    write_workbook(path, make_rows(rows))


def part_ours(path: Path, rows: int) -> None:
    """The whole command, report included."""
    from caller_app.central.check_command import run

    practices = path.with_name("practices.csv")
    fields = ["D82001", "A PRACTICE", *[""] * 7, "NR1 1AA", "19740401", "", "A", *[""] * 12, "4", ""]
    practices.write_text(",".join(f'"{field}"' for field in fields) + "\n", encoding="cp1252")
    arguments = ["--campaign", "diabetes_prevention", "--practices", str(practices), "--as-of", "2026-10-05"]
    if run([str(path), *arguments, "--test-mode", "--json"]) != 0:
        raise SystemExit(f"the check of {rows} rows failed")


def part_openpyxl(path: Path, rows: int) -> None:
    """openpyxl's own read-only pass: values of every cell, nothing done with them."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    seen = sum(1 for _ in book.active.iter_rows(values_only=True))
    if seen != rows + 1:
        raise SystemExit(f"openpyxl saw {seen} rows")


PARTS = {"make": part_make, "ours": part_ours, "openpyxl": part_openpyxl}


def measure(part: str, path: Path, rows: int) -> dict[str, float]:
    """Run a part in its own process; CPU and wall seconds and peak memory in MB."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.check_cohort",
        "--part",
        part,
        "--file",
        str(path),
        "--rows",
        str(rows),
    ]
    with path.with_suffix(f".{part}.out").open("wb") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, check=True, cwd=ROOT)
    figures: dict[str, float] = json.loads(done.stderr.decode().strip().splitlines()[-1])
    return figures


def main() -> int:
    """Print the table; exit 1 when a limit is passed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true")
    options.add_argument("--rows", type=int)
    options.add_argument("--part", choices=PARTS)
    options.add_argument("--file", type=Path)
    given = options.parse_args()
    rows = given.rows or (5_000 if given.short else 60_000)
    if given.part:
        wall, cpu = time.perf_counter(), time.process_time()
        PARTS[given.part](given.file, rows)
        figures = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "memory_mb": peak_mb()}
        print(json.dumps(figures), file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cohort.xlsx"
        measure("make", path, rows)
        size = path.stat().st_size / 1_000_000
        theirs = measure("openpyxl", path, rows)
        ours = measure("ours", path, rows)
    memory_limit = None if given.short else MEMORY_LIMIT_MB
    return show(
        f"check-cohort of {rows:,} rows x {len(HEADINGS)} columns ({size:.1f} MB .xlsx), --json, no database",
        [
            Figure("CPU time", ours["cpu"], "s", "openpyxl read-only", theirs["cpu"], RATIO_LIMIT),
            Figure("elapsed time", ours["wall"], "s", "openpyxl read-only", theirs["wall"]),
            Figure("peak memory", ours["memory_mb"], "MB", "limit alone", None, memory_limit),
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
