"""Streams the rows of one sheet of an .xlsx file.

Reads the XML itself: the size a sheet states may be wrong, results of formulas must not be read, and 60,000 rows have
to fit in little memory.
"""

import codecs
import re
from collections.abc import Callable, Iterator

from caller_app.base.errors import Refused
from caller_app.excel.limits import Limits
from caller_app.excel.package import Package, new_parser
from caller_app.excel.rows import Row, SheetFacts
from caller_app.excel.sheet_parser import SheetParser
from caller_app.excel.workbook import WorkbookFacts

_LONGEST_ROW = 20_000_000
_ROW_START, _ROW_END = "<row ", "</row>"
# Rows that have a height or a colour and no cell: a sheet formatted to its foot ends in a million of them.
_EMPTY_ROWS = re.compile(r'(?:<row (?:[^"<>/]|"[^"<>]*+")*+/>\s*+)++')

Progress = Callable[[int, int], None]


def stream_rows(
    package: Package,
    part: str,
    facts: WorkbookFacts,
    texts: list[str],
    limits: Limits,
    met: SheetFacts,
    progress: Progress | None = None,
) -> Iterator[Row]:
    """The filled rows of a sheet, in order; `progress` gets bytes done and bytes in all."""
    parser = new_parser()
    collector = SheetParser(package.name, facts, texts, limits, met)
    collector.attach(parser)
    total = package.size(part) if package.has(part) else 0
    plain = package.is_plain(part)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    done = 0
    for chunk in package.chunks(part):
        done += len(chunk)
        if plain:
            try:
                rest = _take_rows(rest + decoder.decode(chunk), collector, package)
            except UnicodeDecodeError as error:
                raise package.damaged() from error
        else:
            package.parse(parser, chunk)
        while collector.rows:
            yield collector.rows.popleft()
        if progress is not None:
            progress(min(done, total), total)
    package.parse(parser, rest.encode(), last=True)
    while collector.rows:
        yield collector.rows.popleft()


def _take_rows(text: str, collector: SheetParser, package: Package) -> str:
    """Hand all whole rows in a piece of XML to the collector; the answer is what is left over."""
    at = 0
    while True:
        start = text.find(_ROW_START, at)
        if start < 0:
            # Nothing here is a plain row: all but a tag that may have been cut off goes to expat.
            cut = max(text.rfind("<"), at)
            package.parse(collector.parser, text[at:cut].encode())
            at = cut
            break
        end = text.find(_ROW_END, start)
        if end < 0:
            empty = _EMPTY_ROWS.match(text, start)
            if empty is None:
                break
            package.parse(collector.parser, text[at:start].encode())
            if not collector.take_empty_rows(text, start, empty.end()):
                package.parse(collector.parser, text[start : empty.end()].encode())
            at = empty.end()
            continue
        end += len(_ROW_END)
        if start > at:
            package.parse(collector.parser, text[at:start].encode())
        if not collector.take_usual_row(text, start, end):
            package.parse(collector.parser, text[start:end].encode())
        at = end
    if len(text) - at > _LONGEST_ROW:
        raise Refused(f"{package.name} is damaged: a row of a sheet has no end.")
    return text[at:]
