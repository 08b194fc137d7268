"""The shared texts of a workbook: cells refer to them by number.

A text written plainly is cut out by a pattern; rich text, phonetic readings and entities go through expat.
"""

import codecs
import re

from caller_app.base.errors import Refused
from caller_app.excel.limits import Limits
from caller_app.excel.package import Attributes, Package, local, new_parser

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_USUAL_TEXT = re.compile(r'(<si><t(?: xml:space="preserve")?>([^<&\x00-\x08\x0b-\x1f]*)</t></si>)')
_TEXT_END = "</si>"
# With all its markup; what goes on for longer has no end, and looking for one again and again would take minutes.
_LONGEST_TEXT = 5_000_000


def unescape(text: str) -> str:
    """Undo the spreadsheet escape for control characters ('_x000D_')."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _Collector:
    """Takes texts in order, from expat or cut by the pattern."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.texts: list[str] = []
        self._name = name
        self._limits = limits
        self._total = 0
        self._pieces: list[str] = []
        self._collect = False
        self._phonetic = False
        self.parser = new_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def add(self, text: str) -> None:
        """Take one text."""
        self._total += len(text)
        if len(text) > self._limits.cell_characters:
            raise Refused(f"{self._name} holds a cell with more than {self._limits.cell_characters:,} characters.")
        if self._total > self._limits.text_characters:
            raise Refused(f"{self._name} holds more text than a cohort list can. It is not read.")
        self.texts.append(unescape(text))

    def _start(self, name: str, _: Attributes) -> None:
        element = local(name)
        if element == "t":
            self._collect = not self._phonetic
        elif element == "si":
            self._pieces = []
        elif element == "rPh":
            self._phonetic = True

    def _end(self, name: str) -> None:
        element = local(name)
        if element == "t":
            self._collect = False
        elif element == "rPh":
            self._phonetic = False
        elif element == "si":
            self.add("".join(self._pieces))

    def _text(self, data: str) -> None:
        if self._collect:
            self._pieces.append(data)


def read_texts(package: Package, part: str | None, limits: Limits) -> list[str]:
    """The shared texts of the workbook, without phonetic readings."""
    if part is None or not package.has(part):
        return []
    collector = _Collector(package.name, limits)
    plain = package.is_plain(part)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    for chunk in package.chunks(part):
        if plain:
            try:
                rest = _take_texts(rest + decoder.decode(chunk), collector, package)
            except UnicodeDecodeError as error:
                raise package.damaged() from error
        else:
            package.parse(collector.parser, chunk)
    package.parse(collector.parser, rest.encode(), last=True)
    return collector.texts


def _take_texts(text: str, collector: _Collector, package: Package) -> str:
    """Take the texts of a piece; the answer is what is left over. A piece with anything unusual goes to expat whole."""
    end = text.rfind(_TEXT_END)
    if end < 0:
        if len(text) > _LONGEST_TEXT:
            raise package.damaged()
        return text
    end += len(_TEXT_END)
    start = text.find("<si>")
    if start < 0 or start > end:
        start = end
    found = _USUAL_TEXT.findall(text, start, end)
    if sum([len(whole) for whole, _ in found]) != end - start:
        start, found = end, []
    package.parse(collector.parser, text[:start].encode())
    for _, content in found:
        collector.add(content)
    return text[end:]
