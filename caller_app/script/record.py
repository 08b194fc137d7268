"""A script as the record that travels: its JSON as it is or, where that is too long for a record, packed inside one.

What a reader would get wrong: the head of a packed record (id, form, version, hash) stands in the open, and its pages
are one page that says what is the matter: a program that does not know how it is packed reads that to the caller, and
takes it for no script of its own. Id and hash are of the words, packed or not. What is unpacked is never longer than
`UNPACKED_MOST`, whatever the record claims.
"""

import base64
import binascii
import lzma
from dataclasses import dataclass, replace
from typing import Final

from caller_app.protocol.codec import Malformed, decode, encode
from caller_app.protocol.limits import RECORD_BYTES
from caller_app.script.script import Page, Row, Script

OPEN_MOST: Final = (
    RECORD_BYTES * 8 // 5
)  # up to here a script travels as it is, and every program ever shipped reads it
PACKED_MOST: Final = 2 * RECORD_BYTES - 8 * 1024  # a workstation takes in twice RECORD_BYTES
UNPACKED_MOST: Final = 8 * 2**20
FORM: Final = "xz+base64"
NEWER: Final = (
    "The script of this project needs a newer version of the program. Please ask your supervisor for the update."
)
_MEMORY: Final = 64 * 2**20  # for unpacking; what is packed here needs 9 MB


@dataclass(frozen=True, slots=True)
class _Packed:
    form: str
    data: str


@dataclass(frozen=True, slots=True)
class _Packs:
    """What is read of a record first: whether something is packed in it."""

    script_id: str
    sha256: str
    packed: _Packed | None = None


def as_record(script: Script) -> bytes:
    """Give a script as the body of its record."""
    whole = encode(script)
    if len(whole) <= OPEN_MOST:
        return whole
    data = base64.b64encode(lzma.compress(whole, format=lzma.FORMAT_XZ)).decode()
    row = Row(type="note", name="newer_program", label=NEWER, style="warn")
    stand_in = Page(name="newer_program_page", title="The program is too old for this script", rows=(row,))
    head = decode(encode(replace(script, pages=(stand_in,), expressions={}, languages=())), dict)
    return encode(head | {"packed": {"form": FORM, "data": data}})


def read_record(body: bytes | str) -> Script:
    """Read a script from the body of its record; raises Malformed."""
    packs = decode(body, _Packs)
    if packs.packed is None or packs.packed.form != FORM:
        return decode(body, Script)
    script = decode(_unpacked(packs.packed.data), Script)
    if (script.script_id, script.sha256) != (packs.script_id, packs.sha256):
        raise Malformed("The script in the record is another one than the record says.", place="$.packed")
    return script


def _unpacked(data: str) -> bytes:
    try:
        opener = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_MEMORY)
        whole = opener.decompress(base64.b64decode(data, validate=True), max_length=UNPACKED_MOST + 1)
    except (binascii.Error, ValueError, lzma.LZMAError):
        raise Malformed("The script in the record is damaged.", place="$.packed.data") from None
    if len(whole) > UNPACKED_MOST:
        raise Malformed("The script in the record is larger than any script.", place="$.packed.data")
    if not opener.eof:
        raise Malformed("The script in the record is damaged.", place="$.packed.data")
    return whole
