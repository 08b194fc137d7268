"""Reading the text files a command is given, with a sentence for each that cannot be one."""

from pathlib import Path

from caller_app.base.errors import Refused


def text_of(path: Path, what: str, *, largest: int) -> str:
    """Give a file's text; raises Refused where there is none, more than so many bytes of it, or it is not UTF-8."""
    if not path.is_file():
        raise Refused(f"There is no {what} {path.name}.")
    if path.stat().st_size > largest:
        raise Refused(f"{path.name} is far larger than any {what}.")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{path.name} is not text in UTF-8.") from None
