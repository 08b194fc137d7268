"""Pulling the list: pages of NDJSON, each believed only when it is whole, in order and its hash is right.

A page that stops short, for whatever reason, changes nothing; the next pass asks for the same page again. What a reader
would get wrong: only while a list is read from zero is the next page asked for before this one is written. In a delta
the cursor of a question is the receipt for what was removed, and so may not run ahead of the removing. A machine that
dies in between holds a token of two pages ago; the centre does not know it any more, and the list is read from zero.
"""

import hashlib
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import requests

from caller_app.base.errors import CentreUnreachable
from caller_app.protocol.limits import PAGE_RECORDS, RECORD_BYTES
from caller_app.protocol.messages import Begin, End, Gone, Put, Reset
from caller_app.protocol.version import NDJSON_TYPE
from caller_app.store import mirror
from caller_app.store.mirror import Applied, Page, Position
from caller_app.store.unpacked import Unpacked, unpack
from caller_app.sync.api import Api, media_type
from caller_app.sync.http import doing_meanwhile

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore

PAGE_BYTES = 64 * 1024 * 1024  # no centre sends a page of this size
WORTH_ASKING_AHEAD = 1_000  # records; a list of one caller is one page
LEAST_RECORDS = 50  # of a page, on a line that cuts everything longer
log = logging.getLogger(__name__)

_CUT = "The list did not come through whole; it is asked for again."
_Line = Begin | Put | Gone | End
_FRAME = (Begin, End)
_decoder: msgspec.json.Decoder[_Line] = msgspec.json.Decoder(_Line)
_CHUNK = 1024 * 1024

_Reply = tuple[str, requests.Response]
_Answer = tuple[Page | Reset, Unpacked | None]
_Question = tuple[Position, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Pulled:
    """A page that was applied, or the centre's order to read from zero."""

    page: Page | None
    reset: Reset | None
    applied: Applied


class Pages:
    """The pages of one pass, one after the other; to be closed when the pass ends, however it ends."""

    def __init__(self, store: "LocalStore", api: Api, *, worth: int = WORTH_ASKING_AHEAD) -> None:
        self._store = store
        self._api = api
        self._worth = worth
        self._beside: ThreadPoolExecutor | None = None
        self._asked: tuple[_Question, Future[_Answer]] | None = None
        self._unwanted = threading.Event()

    def take(self, at: Position, held: list[str]) -> Pulled:
        """Get the page after a position and apply it; raises CentreUnreachable where it is not whole."""
        question = (_of_the_wire(at), tuple(held))
        page, unpacked = self._early(question) or (self._ask(question, at), None)
        if isinstance(page, Reset):
            return Pulled(None, page, Applied())
        if at.mode == "snapshot" and page.begin.more and len(page.lines) >= self._worth:
            self._ask_ahead(page.begin, tuple(held))
        return Pulled(page, None, mirror.apply_page(self._store, page, at, unpacked))

    def close(self) -> None:
        """Let go of a page that was asked for and is not wanted."""
        self._early(None)
        if self._beside is not None:
            self._beside.shutdown()
            self._beside = None

    def _ask(self, question: _Question, at: Position) -> Page | Reset:
        empty = mirror.is_empty(self._store, at)
        with doing_meanwhile(None if at.whole else partial(mirror.look_ahead, self._store)):
            request_id, response = _ask(self._api, *question, empty=empty)
        return _answer(self._api, request_id, response, at)

    def _ask_ahead(self, begin: Begin, held: tuple[str, ...]) -> None:
        if self._beside is None:
            self._beside = ThreadPoolExecutor(1, thread_name_prefix="sync-ahead")
        after = Position(begin.to, begin.token, begin.epoch, "snapshot", None)
        self._asked = (after, held), self._beside.submit(self._made_ready, after, held)

    def _made_ready(self, after: Position, held: tuple[str, ...]) -> _Answer:
        """Get a page and take its cases apart, all while the one before is being written."""
        request_id, response = _ask(self._api, after, held)
        page = _answer(self._api, request_id, response, after, self._unwanted)
        return page, unpack(page.lines, self._store.me) if isinstance(page, Page) else None

    def _early(self, question: _Question | None) -> _Answer | None:
        """Give the answer that was asked for early, where it is the one wanted now; else let go of it."""
        if self._asked is None:
            return None
        (asked, coming), self._asked = self._asked, None
        if asked == question:
            return coming.result()
        if not coming.cancel():
            self._unwanted.set()
            coming.exception()
            self._unwanted.clear()
        return None


def ask_page(api: Api, at: Position, held: list[str]) -> Page | Reset:
    """Ask for the page after a position and check it whole."""
    request_id, response = _ask(api, at, tuple(held))
    return _answer(api, request_id, response, at)


def _of_the_wire(at: Position) -> Position:
    return Position(at.cursor, at.token, at.epoch, at.mode, None)


def _ask(api: Api, at: Position, held: tuple[str, ...], *, empty: bool = False) -> _Reply:
    params: dict[str, str | int] = {"cursor": at.cursor, "mode": at.mode, "limit": api.page_records}
    if at.token:
        params["token"] = at.token
    if at.epoch:
        params["epoch"] = at.epoch
    if held:
        params["held"] = ",".join(held)
    if empty:
        params["empty"] = "true"  # who is refused a list says with it that the order to remove it was carried out
    return api.stream("/v1/pull", params)


def _answer(
    api: Api, request_id: str, response: requests.Response, at: Position, unwanted: threading.Event | None = None
) -> Page | Reset:
    with response:
        if media_type(response) != NDJSON_TYPE or response.status_code != 200:
            return api.read_json(response, request_id, Reset)
        try:
            page = _read(_whole(response, unwanted), at)
        except CentreUnreachable:
            # A line that is cut again and again still carries small pages.
            api.page_records = max(LEAST_RECORDS, api.page_records // 2)
            raise
    api.page_records = min(PAGE_RECORDS, 2 * api.page_records)
    api.believe(page.begin.request_id, page.begin.server_id, request_id)
    return page


def _whole(response: requests.Response, unwanted: threading.Event | None) -> bytes:
    """Give the whole body; raises CentreUnreachable where it is cut, or larger than a page can be, or let go of."""
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in response.iter_content(_CHUNK):
            parts.append(chunk)
            size += len(chunk)
            if size > PAGE_BYTES or (unwanted is not None and unwanted.is_set()):
                raise CentreUnreachable(_CUT)
    except (requests.RequestException, OSError):
        raise CentreUnreachable(_CUT) from None
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _read(body: bytes, at: Position) -> Page:
    closing = body.rfind(b"\n", 0, -1) + 1
    try:
        lines = _decoder.decode_lines(body) if body.endswith(b"\n") else []
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise CentreUnreachable(_CUT) from None
    if len(lines) < 2:
        raise CentreUnreachable(_CUT)
    begin, end = lines[0], lines[-1]
    if not isinstance(begin, Begin) or not isinstance(end, End):
        raise CentreUnreachable(_CUT)
    records = _in_order(lines[1:-1], at.cursor)
    digest = hashlib.sha256(memoryview(body)[:closing]).hexdigest()
    whole = len(records) == begin.n and end.to == begin.to and end.sha256 == digest
    if not whole or begin.from_ != at.cursor or (records and records[-1].s > begin.to):
        raise CentreUnreachable(_CUT)
    return Page(begin, _each_once(records))


def _each_once(records: list[Put | Gone]) -> list[Put | Gone]:
    """Keep the last word on each record: a centre says it once, and one that does not may not stop the list."""
    last = {(one.k, one.id): one for one in records}
    return records if len(last) == len(records) else sorted(last.values(), key=lambda one: one.s)


def _in_order(lines: list[_Line], last: int) -> list[Put | Gone]:
    """Give the records of a page; raises CentreUnreachable where one is no record, or not in order.

    One that is too large to be kept is taken off the list, and the rest of the page goes on: refusing the page would
    freeze the whole list for the sake of one record.
    """
    records: list[Put | Gone] = []
    for one in lines:
        if isinstance(one, _FRAME) or one.s <= last:  # numbers only ever grow within a page
            raise CentreUnreachable(_CUT)
        last = one.s
        if isinstance(one, Put) and memoryview(one.b).nbytes > 2 * RECORD_BYTES:
            log.error("a record is too large to be kept: id %s", one.id)
            records.append(Gone(k=one.k, s=one.s, id=one.id, why="withdrawn"))
            continue
        records.append(one)
    return records
