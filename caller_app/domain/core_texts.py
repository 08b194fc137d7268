"""Words that belong to every call: the fixed close, and what to say to somebody who fears a scam."""

import tomllib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CoreTexts:
    """`closing` holds (style, text, hint) per line, with merge fields still in them."""

    closing: tuple[tuple[str, str, str], ...]
    scam: tuple[str, ...]


def read_core_texts(text: str) -> CoreTexts:
    """Read the texts from their resource."""
    said = tomllib.loads(text)
    closing = tuple((one["style"], one["text"], one.get("hint", "")) for one in said["closing"])
    return CoreTexts(closing=closing, scam=tuple(said["scam"]["say"]))
