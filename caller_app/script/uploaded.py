"""Checking a workbook that came as bytes: at the centre, which believes no workstation, and beside the supervisor.

What a reader would get wrong: what is checked is exactly what was read once. The file on the disk may be saved anew by
Excel a moment later.
"""

import tempfile
from pathlib import Path

from caller_app.base.errors import Refused
from caller_app.script.compile import Checked, check_script
from caller_app.script.container import FILE_BYTES
from caller_app.script.lint import Surroundings

TOO_LARGE = "The script is too large a file: at most 5 MB."


def check_bytes(body: bytes, around: Surroundings) -> Checked:
    """Check a workbook given as bytes; raises Refused where it is no workbook at all."""
    if len(body) > FILE_BYTES:
        raise Refused(TOO_LARGE, field="file")
    with tempfile.TemporaryDirectory(prefix="script-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "script.xlsx"
        path.write_bytes(body)
        return check_script(path, around)


def read_file(path: Path) -> bytes:
    """Read a workbook from the disk, never more than a script may be large."""
    try:
        if not path.is_file():
            raise Refused("There is no such file.", field="file")
        with path.open("rb") as file:
            body = file.read(FILE_BYTES + 1)
    except OSError:
        raise Refused("The file cannot be opened. Close it in Excel, and try again.", field="file") from None
    if len(body) > FILE_BYTES:
        raise Refused(TOO_LARGE, field="file")
    return body
