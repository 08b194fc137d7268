"""What this machine remembers between runs: look, text size, window place. Declared once, kept in one small file.

What a reader would get wrong: nothing about patients and nothing secret goes here; the file lies in the data folder in
the clear. A damaged file means defaults, never a failed start.
"""

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set: key, title and help as the settings screen shows them, default, what is allowed."""

    key: str
    title: str
    help: str
    default: Any
    choices: tuple[tuple[Any, str], ...] = ()


SETTINGS = {
    one.key: one
    for one in (
        Setting(
            "theme",
            "Theme",
            "High contrast is for people who need the strongest difference between text and ground.",
            "light",
            (
                ("light", "Light"),
                ("dark", "Dark"),
                ("high_contrast", "High contrast"),
                ("system", "As the desktop is set"),
            ),
        ),
        Setting(
            "text_percent",
            "Text size",
            "Everything on the screen grows with it; nothing is cut off up to 200 %.",
            100,
            tuple((one, f"{one} %") for one in (90, 100, 110, 125, 150, 175, 200)),
        ),
        Setting(
            "tel_links",
            "Dialling",
            "Whether Enter on a number hands it to a softphone on this computer, or copies it for a desk phone.",
            False,
            ((False, "Copy the number (desk phone)"), (True, "Open it in the softphone")),
        ),
        Setting("geometry", "", "", ""),
        Setting("notices_seen", "", "", {}),
    )
}


class Remembered:
    """The values of this machine; written at once when changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = self._load()

    def get(self, key: str) -> Any:
        """Give a value: what was set where it is still allowed, else the default."""
        setting = SETTINGS[key]
        value = self._values.get(key, setting.default)
        if type(value) is not type(setting.default):
            return setting.default
        if setting.choices and value not in [choice for choice, _words in setting.choices]:
            return setting.default
        return value

    def set(self, key: str, value: Any) -> None:
        """Keep a value."""
        if key not in SETTINGS:
            raise KeyError(key)
        if self._values.get(key) == value:
            return
        self._values[key] = value
        beside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_text(json.dumps(self._values, indent=1, sort_keys=True), encoding="utf-8")
            os.replace(beside, self._path)  # noqa: PTH105 - atomic on every system
        except OSError as fault:
            log.info("settings could not be kept: %s", type(fault).__name__)

    def _load(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
