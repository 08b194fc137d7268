"""Pulling the list: one page of NDJSON, believed only when it is whole, in order and its hash is right.

Lines are split here: `iter_lines` of requests doubles the work. A page that stops short, for whatever reason, changes
nothing; the next pass asks for the same page again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import requests

from caller_app.base.errors import CentreUnreachable
from caller_app.protocol.limits import PAGE_RECORDS, RECORD_BYTES
from caller_app.protocol.messages import Begin, End, Gone, Put, Reset
from caller_app.protocol.version import NDJSON_TYPE
from caller_app.store import mirror
from caller_app.store.mirror import Applied, Page, Position
from caller_app.sync.api import Api, media_type

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore

_CUT = "The list did not come through whole; it is asked for again."
_Line = Begin | Put | Gone | End
_decoder: msgspec.json.Decoder[_Line] = msgspec.json.Decoder(_Line)
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Pulled:
    """A page that was applied, or the centre's order to read from zero."""

    page: Page | None
    reset: Reset | None
    applied: Applied


def pull_page(store: "LocalStore", api: Api, at: Position, held: list[str]) -> Pulled:
    """Ask for the next page and apply it; raises CentreUnreachable where it is not whole."""
    asked = ask_page(api, at, held)
    if isinstance(asked, Reset):
        return Pulled(None, asked, Applied())
    return Pulled(asked, None, mirror.apply_page(store, asked))


def ask_page(api: Api, at: Position, held: list[str], *, limit: int = PAGE_RECORDS) -> Page | Reset:
    """Ask for the page after a position and check it whole."""
    params: dict[str, str | int] = {"cursor": at.cursor, "mode": at.mode, "limit": limit}
    if at.token:
        params["token"] = at.token
    if at.epoch:
        params["epoch"] = at.epoch
    if held:
        params["held"] = ",".join(held)
    request_id, response = api.stream("/v1/pull", params)
    with response:
        if media_type(response) != NDJSON_TYPE or response.status_code != 200:
            return api.read_json(response, request_id, Reset)
        page = _read(_lines(response), at)
    api.believe(page.begin.request_id, page.begin.server_id, request_id)
    return page


def _lines(response: requests.Response) -> Iterator[bytes]:
    """Give the lines with their newlines; raises CentreUnreachable where the body is cut or a line has no end."""
    rest = b""
    try:
        for chunk in response.iter_content(_CHUNK):
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            if len(rest) > 2 * RECORD_BYTES:
                raise CentreUnreachable(_CUT)
            for line in lines:
                yield line + b"\n"
    except (requests.RequestException, OSError):
        raise CentreUnreachable(_CUT) from None
    if rest:
        raise CentreUnreachable(_CUT)


def _read(lines: Iterator[bytes], at: Position) -> Page:
    digest = hashlib.sha256()
    begin: Begin | None = None
    end: End | None = None
    records: list[Put | Gone] = []
    last = at.cursor
    for line in lines:
        if end is not None:
            raise CentreUnreachable(_CUT)
        try:
            one = _decoder.decode(line)
        except (msgspec.DecodeError, RecursionError):
            raise CentreUnreachable(_CUT) from None
        if isinstance(one, End):
            end = one
            continue
        digest.update(line)
        if isinstance(one, Begin):
            if begin is not None or records:
                raise CentreUnreachable(_CUT)
            begin = one
            continue
        if one.s <= last:  # numbers only ever grow within a page
            raise CentreUnreachable(_CUT)
        last = one.s
        records.append(one)
    if begin is None or end is None:
        raise CentreUnreachable(_CUT)
    whole = len(records) == begin.n and end.to == begin.to and end.sha256 == digest.hexdigest()
    if not whole or begin.from_ != at.cursor or last > begin.to:
        raise CentreUnreachable(_CUT)
    return Page(begin, records)
