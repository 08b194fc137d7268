"""Which version of the program this is, as the installed distribution says."""

import functools
from importlib import metadata


@functools.cache
def program_version() -> str:
    """Give the version; "0" when run from a bare source tree."""
    try:
        return metadata.version("caller-app")
    except metadata.PackageNotFoundError:
        return "0"
