"""Messages with a part spoiled: bytes that are no text, numbers beyond every column, depths nobody reads."""

import json
import random
from typing import Any

ODD: tuple[bytes, ...] = (
    b'"\xff\xfe"', b'"\\ud800"', b'"\\u0000"', b'"a\\u0000b"', b"null", b"true", b"[]", b"{}", b'""', b"-1", b"0",
    b"9223372036854775808", b"-9223372036854775809", b"1e400", b"1.5", b"NaN", b'"' + b"x" * 20_000 + b'"',
    b"[" * 5_000 + b"]" * 5_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'"\xc0\x80"', b'"\xed\xa0\x80"',
    "\u202e\ufeff\U000e0001".join('""').encode(), b'"2026-02-30T00:00:00Z"', b'"0001-01-01T00:00:00+23:59"',
    b'"9999-12-31T23:59:59.999999-23:59"', b'"00000000-0000-0000-0000-000000000000"', b'"{0}"', b"'", b"\x00", b"",
)  # fmt: skip


def spoiled(body: dict[str, Any], chance: random.Random) -> bytes:
    """Put something odd in the place of one value, wherever it stands, or alter some bytes."""
    if chance.random() < 0.3:
        raw = bytearray(json.dumps(body).encode())
        for _ in range(chance.randint(1, 4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        return bytes(raw[: chance.randint(1, len(raw))] if chance.random() < 0.3 else raw)
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
        for key, inner in pairs:
            places.append((value, key))
            if isinstance(inner, dict | list):
                walk(inner)

    copy = json.loads(json.dumps(body))
    walk(copy)
    if not places:
        return chance.choice(ODD)
    holder, key = chance.choice(places)
    holder[key] = "spoiled-here"
    return json.dumps(copy).encode().replace(b'"spoiled-here"', chance.choice(ODD))
