"""What the centre is told from outside, read once; it refuses to start half configured.

A reader would get wrong that the stop-list key may be made up when it is missing: a fresh key makes every earlier
suppression unreadable, and people who asked never to be rung would come back with the next import. So against a
database by URL it has to be given; only an embedded centre makes its own, once, beside its data.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from caller_app.base.errors import Refused

PREFIX = "CALLER_CENTRAL_"
KNOWN = ("DATABASE_URL", "NAME", "TEST_MODE", "DATA_DIR", "STOP_LIST_KEY", "OLDEST_EXTRACT_DAYS", "LOG_LEVEL")
STOP_KEY_FILE = "stop-list.key"
_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the centre needs to know before it opens its database."""

    database_url: str
    stop_list_key: bytes
    name: str = "Outreach centre"
    test_mode: bool = False
    data_dir: Path | None = None
    oldest_extract_days: int = 28
    log_level: str = "info"

    def __repr__(self) -> str:
        return f"Settings(name={self.name!r}, test_mode={self.test_mode}, data_dir={self.data_dir})"


def read_settings(
    environ: Mapping[str, str] | None = None,
    *,
    database_url: str | None = None,
    data_dir: Path | None = None,
    stop_list_key: bytes | None = None,
) -> Settings:
    """Read the settings from the environment, command-line values first; raises Refused naming what is missing."""
    given = os.environ if environ is None else environ
    unknown = sorted(key for key in given if key.startswith(PREFIX) and key.removeprefix(PREFIX) not in KNOWN)
    if unknown:
        known = ", ".join(PREFIX + name for name in KNOWN)
        raise Refused(f"The setting {unknown[0]} is not known. Known are {known}.", field=unknown[0])
    url = database_url or given.get(PREFIX + "DATABASE_URL", "").strip()
    if not url:
        raise Refused(
            f"No database is named: set {PREFIX}DATABASE_URL, or give --database-url, or --embedded with --data-dir.",
            field=PREFIX + "DATABASE_URL",
        )
    if not re.match(r"postgres(ql)?(\+psycopg)?://", url):
        raise Refused("The database address has to begin with postgresql://.", field=PREFIX + "DATABASE_URL")
    folder = data_dir or (Path(given[PREFIX + "DATA_DIR"]) if given.get(PREFIX + "DATA_DIR") else None)
    key = stop_list_key if stop_list_key is not None else _stop_list_key(given)
    settings = Settings(database_url=url, stop_list_key=key, data_dir=folder)
    if name := given.get(PREFIX + "NAME", "").strip():
        settings = replace(settings, name=name)
    settings = replace(settings, test_mode=_yes_no(given, "TEST_MODE"))
    if days := given.get(PREFIX + "OLDEST_EXTRACT_DAYS", "").strip():
        if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= 366:
            raise Refused(f"{PREFIX}OLDEST_EXTRACT_DAYS has to be a whole number from 1 to 366.")
        settings = replace(settings, oldest_extract_days=int(days))
    if level := given.get(PREFIX + "LOG_LEVEL", "").strip().lower():
        if level not in _LEVELS:
            raise Refused(f"{PREFIX}LOG_LEVEL has to be one of {', '.join(_LEVELS)}.")
        settings = replace(settings, log_level=level)
    return settings


def keep_stop_list_key(data_dir: Path) -> bytes:
    """Give the stop-list key of an embedded centre, made at its first start and then only ever read."""
    path = data_dir / STOP_KEY_FILE
    try:
        return _hex_key(path.read_text(encoding="ascii").strip(), str(STOP_KEY_FILE))
    except FileNotFoundError:
        pass
    key = secrets.token_bytes(32)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def _stop_list_key(given: Mapping[str, str]) -> bytes:
    text = given.get(PREFIX + "STOP_LIST_KEY", "").strip()
    if not text:
        raise Refused(
            f"{PREFIX}STOP_LIST_KEY is missing: 64 hexadecimal digits, made once (for instance by `openssl rand -hex "
            "32`) and kept with the other secrets of this centre. Without it the stop list cannot be read.",
            field=PREFIX + "STOP_LIST_KEY",
        )
    return _hex_key(text, PREFIX + "STOP_LIST_KEY")


def _hex_key(text: str, where: str) -> bytes:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise Refused(f"{where} has to hold exactly 64 hexadecimal digits.", field=where)
    return bytes.fromhex(text)


def _yes_no(given: Mapping[str, str], name: str) -> bool:
    text = given.get(PREFIX + name, "").strip().lower()
    if text in {"", "0", "no", "false"}:
        return False
    if text in {"1", "yes", "true"}:
        return True
    raise Refused(f"{PREFIX}{name} has to be yes or no.", field=PREFIX + name)
