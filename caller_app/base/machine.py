"""Tells one run of the machine from the next, so that monotonic readings are compared only within one run."""

import functools
import uuid
from pathlib import Path

_KERNEL_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_OWN = str(uuid.uuid4())


@functools.cache
def boot_id() -> str:
    """Give the id of this start of the machine; where the system has none, one for this process."""
    try:
        return _KERNEL_BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return _OWN
