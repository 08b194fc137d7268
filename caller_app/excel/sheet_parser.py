"""Turns the XML of a sheet into rows, tag by tag through expat or a plainly written row at once.

A cell with a formula, or in the range of an array formula, is a mark without content. Asking expat for each tag takes
most of the time of a large file, so a row in which every cell has the usual form is cut by one pattern; whatever
differs in the least goes through expat.
"""

import re
from collections import deque
from datetime import date
from xml.parsers import expat

from caller_app.base.errors import Refused
from caller_app.domain.cohort.cells import ERROR, FORMULA, Cell
from caller_app.domain.dates import from_serial
from caller_app.excel.limits import Limits
from caller_app.excel.package import Attributes, local
from caller_app.excel.rows import Row, SheetFacts, column_index, column_letter
from caller_app.excel.shared_texts import unescape
from caller_app.excel.workbook import WorkbookFacts

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_ELEMENTS = frozenset(("row", "c", "v", "t", "f", "is", "rPh", "filterColumn"))
_USUAL_CELL = re.compile(
    r'(<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="(n|s|b|str|inlineStr)")?'
    r"(?:/>|>(?:<v>([^<&\x00-\x08\x0b-\x1f]*)</v>|<v/>|"
    r'<is><t(?: xml:space="preserve")?>([^<&\x00-\x08\x0b-\x1f]*)</t></is>)?</c>))'
)
_ROW_NUMBER = re.compile(r'\sr="([0-9]{1,7})"')
_USUAL_ROW = re.compile(r'<row r="([0-9]{1,7})"((?: [A-Za-z0-9:]+="[^"<>&]*")*)>')


class SheetParser:
    """Turns the events of expat into rows."""

    def __init__(self, name: str, facts: WorkbookFacts, texts: list[str], limits: Limits, met: SheetFacts) -> None:
        self.rows: deque[Row] = deque()
        self._name = name
        self._facts = facts
        self._texts = texts
        self._limits = limits
        self._met = met
        self._local = {element: element for element in _ELEMENTS}
        self._columns: dict[str, int] = {}
        self._arrays: list[tuple[int, int, int, int]] = []
        self._row = 0
        self._number_text = "0"
        self._digits = -1
        self._hidden = False
        self._cells: dict[int, Cell] = {}
        self._column = -1
        self._type = "n"
        self._style = ""
        self._formula = False
        self._collect = False
        self._pieces: list[str] = []
        self._dates = frozenset(str(style) for style in facts.date_styles)

    parser: expat.XMLParserType

    def attach(self, parser: expat.XMLParserType) -> None:
        """Take the events of a parser."""
        self.parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: Attributes) -> None:
        # Called three times for each cell of the sheet: the order of the questions is the order of how often they hit.
        element = self._local.get(name)
        if element is None:
            element = self._local[name] = local(name)
        if element == "v":
            self._collect = True
        elif element == "c":
            reference = attributes.get("r")
            if reference is None:
                self._column += 1
            else:
                column = self._columns.get(reference[: self._digits]) if reference.endswith(self._number_text) else None
                self._column = self._new_column(reference) if column is None else column
            self._type = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._formula = False
            if self._pieces:
                self._pieces = []
        elif element == "row":
            self._begin_row(attributes.get("r"), attributes.get("hidden"))
        elif element == "t":
            self._collect = self._type == "inlineStr"
        elif element == "f":
            self._formula = True
            if attributes.get("t") in ("array", "dataTable") and (found := _RANGE.fullmatch(attributes.get("ref", ""))):
                self._arrays.append(_area(found))
        elif element == "rPh":
            self._type = "phonetic"
        elif element == "filterColumn":
            self._met.filtered = True

    def _begin_row(self, number: str | None, hidden: str | None) -> None:
        row = self._row + 1 if number is None else int(number) if number.isascii() and number.isdigit() else -1
        if row <= self._row or row > self._limits.sheet_rows:
            raise Refused(f"{self._name} is damaged: the rows of a sheet are out of order.")
        self._row = row
        if self._arrays:  # those above are done with: twenty thousand of them would be asked for each cell
            self._arrays = [area for area in self._arrays if area[2] >= row]
        self._number_text = str(row)
        self._digits = -len(self._number_text)
        self._column = -1
        self._hidden = hidden in ("1", "true")
        self._cells = {}

    def take_usual_row(self, text: str, start: int, end: int) -> bool:
        """Take a whole row if each of its cells has the usual form; False leaves it, untouched, to expat."""
        head = _USUAL_ROW.match(text, start, end)
        if head is None or self._arrays:
            return False
        body = text[head.end() : end - 6]
        cells = _USUAL_CELL.findall(body)
        number = head[1]
        if sum([len(cell[0]) for cell in cells if cell[2] == number]) != len(body):
            return False
        self._begin_row(number, "1" if ' hidden="1"' in head[2] or ' hidden="true"' in head[2] else None)
        known = self._columns
        filled = self._cells
        widest = self._limits.columns
        texts, dates = self._texts, self._dates
        for _, letters, _, style, kind, value, inline in cells:
            column = known.get(letters)
            if column is None:
                column = known[letters] = column_index(letters)
            if value == "" and inline == "":
                continue
            if kind == "s" and column < widest and value.isdecimal() and (place := int(value)) < len(texts):
                if texts[place]:
                    filled[column] = texts[place]
                continue
            if kind in ("", "n") and column < widest and value.isdecimal() and len(value) < 16 and style not in dates:
                filled[column] = int(value)
                continue
            self._column, self._style = column, style
            self._put(self._read(kind or "n", inline if kind == "inlineStr" else value))
        self._end_row()
        return True

    def take_empty_rows(self, text: str, start: int, end: int) -> bool:
        """Take rows without cells all at once: only the number of the last one matters; False leaves them to expat."""
        last = _ROW_NUMBER.search(text, text.rfind("<row ", start, end), end)
        if last is None:
            return False
        self._begin_row(last[1], None)
        self._end_row()
        return True

    def _new_column(self, reference: str) -> int:
        letters = reference.removesuffix(self._number_text)
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
            raise Refused(f"{self._name} is damaged: a cell has no proper address.")
        column = self._columns[letters] = column_index(letters.upper())
        return column

    def _text(self, data: str) -> None:
        if self._collect:
            self._pieces.append(data)

    def _end(self, name: str) -> None:
        element = self._local[name]
        if element == "v" or element == "t":
            self._collect = False
        elif element == "c":
            if self._pieces or self._formula:
                self._end_cell()
        elif element == "row":
            self._end_row()
        elif element == "rPh":
            self._type = "inlineStr"

    def _end_row(self) -> None:
        self._met.last_row = self._row
        if self._cells:
            self.rows.append(Row(self._row, self._cells, self._hidden))

    def _end_cell(self) -> None:
        if self._formula or (self._arrays and self._in_array()):
            self._met.formulas += 1
            self._put(FORMULA)
        else:
            self._put(self._read(self._type, "".join(self._pieces)))

    def _read(self, kind: str, text: str) -> Cell | None:
        """The value of a cell of this type; column, row and style are those of the cell at hand."""
        if kind == "s":
            return self._shared_text(text)
        return self._number(text) if kind == "n" else self._other(kind, text)

    def _put(self, value: Cell | None) -> None:
        if value is None:
            return
        if self._column >= self._limits.columns:
            raise Refused(
                f"{self._name} has content in column {column_letter(self._column)}; at most {self._limits.columns} "
                "columns are read. Delete the columns that are not needed."
            )
        self._cells[self._column] = value

    def _in_array(self) -> bool:
        return any(
            top <= self._row <= bottom and left <= self._column <= right for top, left, bottom, right in self._arrays
        )

    def _shared_text(self, text: str) -> str | None:
        try:
            return self._texts[int(text)] or None
        except (ValueError, IndexError) as error:
            raise Refused(f"{self._name} is damaged: a cell points to a text that is not there.") from error

    def _other(self, kind: str, text: str) -> Cell | None:
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            self._met.errors += 1
            return ERROR
        if len(text) > self._limits.cell_characters:
            raise Refused(
                f"{self._name} has more than {self._limits.cell_characters:,} characters in cell "
                f"{column_letter(self._column)}{self._row}."
            )
        if kind == "d":
            try:
                return date.fromisoformat(text.strip()[:10])
            except ValueError:
                return text or None
        return unescape(text) or None

    def _number(self, text: str) -> Cell | None:
        text = text.strip()
        if not text:
            return None
        try:
            number = int(text) if text.isdigit() and len(text) < 18 else float(text)
        except ValueError as error:
            raise Refused(f"{self._name} is damaged: a number in a sheet is none.") from error
        if number != number or number in (float("inf"), float("-inf")):
            raise Refused(f"{self._name} is damaged: a number in a sheet is none.")
        if self._style in self._dates:
            day = from_serial(number, date1904=self._facts.date1904)
            return number if day is None else day
        return number


def _area(found: re.Match[str]) -> tuple[int, int, int, int]:
    left, top = column_index(found[1]), int(found[2])
    if found[3] is None:
        return top, left, top, left
    return top, left, int(found[4]), column_index(found[3])
