"""Pack a page for the line: zstd where both ends have it (a third of gzip's time), else gzip at its quickest.

zstd is part of Python from 3.14; before, the centre uses `backports.zstd` where it is installed and else does without.
"""

import gzip
from collections.abc import Callable
from functools import cache

WORTH_IT = 1_400  # smaller than a network packet: nothing to gain


def pack(page: bytes, accepted: str) -> tuple[str, bytes]:
    """Give the name of the encoding and the packed bytes; an empty name leaves the page as it is."""
    if len(page) < WORTH_IT:
        return "", page
    names = {
        part.split(";")[0].strip() for part in accepted.lower().split(",") if not part.replace(" ", "").endswith(";q=0")
    }
    zstd = _zstd()
    if "zstd" in names and zstd is not None:
        return "zstd", zstd(page)
    if "gzip" in names:
        return "gzip", gzip.compress(page, compresslevel=1, mtime=0)
    return "", page


@cache
def _zstd() -> Callable[[bytes], bytes] | None:
    try:
        from compression.zstd import compress  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        try:
            from backports.zstd import compress
        except ImportError:
            return None
    return lambda page: bytes(compress(page, 1))
