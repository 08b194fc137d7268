"""The JSON file of answers or values that somebody gives to a command: names, and what each is worth, as text.

What a reader would get wrong: a value is taken as it is written, with its spaces. A name that stands there twice is
refused: nobody knows which of the two was meant.
"""

import json
import math
from pathlib import Path
from typing import Any

from caller_app.base.errors import Refused

_LARGEST = 1_000_000


def given_values(path: Path | None) -> dict[str, Any]:
    """Read a file of names and values; raises Refused, in a sentence, where it is none."""
    if path is None:
        return {}
    if not path.is_file():
        raise Refused(f"There is no file {path.name}.")
    if path.stat().st_size > _LARGEST:
        raise Refused(f"{path.name} is far larger than a file of answers.")
    try:
        read = json.loads(path.read_text("utf-8-sig"), object_pairs_hook=_once)
    except Refused:
        raise
    except (ValueError, RecursionError):
        raise Refused(f"{path.name} is not JSON, or not written in UTF-8.") from None
    if not isinstance(read, dict):
        raise Refused(f"{path.name} must hold an object of names and values.")
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            raise Refused(f"The name {name[:40]!r} stands there twice: which of its values counts?")
        read[name] = value
    return read


def as_given(name: str, value: Any, path: Path, *, truth: tuple[str, str] = ("true", "false")) -> str:
    """Give a value of a JSON file as the text an expression sees; several answers with spaces between."""
    from caller_app.script.expressions.values import number_text

    if value is None:
        return ""
    if isinstance(value, bool):
        return truth[not value]
    if isinstance(value, str):
        return value
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return str(value) if isinstance(value, int) else number_text(value)
    if isinstance(value, list) and all(isinstance(one, str | int) and not isinstance(one, bool) for one in value):
        return " ".join(map(str, value))
    raise Refused(f"{path.name}: {name[:40]!r} must be words, a number, or a list of the answers picked.")
