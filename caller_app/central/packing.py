"""Pack a page for the line: zstd where the other end has it (a third of gzip's time), else gzip at its quickest."""

import gzip

from caller_app.base.zstd import compress

WORTH_IT = 1_400  # smaller than a network packet: nothing to gain


def pack(page: bytes, accepted: str) -> tuple[str, bytes]:
    """Give the name of the encoding and the packed bytes; an empty name leaves the page as it is."""
    if len(page) < WORTH_IT:
        return "", page
    names = {
        part.split(";")[0].strip() for part in accepted.lower().split(",") if not part.replace(" ", "").endswith(";q=0")
    }
    if "zstd" in names:
        return "zstd", compress(page)
    if "gzip" in names:
        return "gzip", gzip.compress(page, compresslevel=1, mtime=0)
    return "", page
