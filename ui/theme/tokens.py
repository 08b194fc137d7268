"""Roles of colour, size and time; three instances. Nothing else in the program names a colour.

What a reader would get wrong: a pair that is drawn on another must stand in `TEXT_PAIRS` or `GRAPHIC_PAIRS`, or the
contrast test does not see it. Colours take the NHS identity palette as their source; no logo is shipped.
"""

from typing import NamedTuple


class Tokens(NamedTuple):
    """One look. Colours are #rrggbb, sizes are pixels at 100 % text size, durations are milliseconds.

    A named tuple: one of sixty fields is made ten times as fast as a dataclass, and this is made at each start.
    """

    name: str
    title: str
    dark: bool

    # surfaces, from the back to the front
    window: str  # behind the panes
    surface: str  # panes, tables, forms
    raised: str  # bars, cards, menus, dialogs
    sunken: str  # read-only wells, table headers, placeholders
    field: str  # what one types into
    hover: str
    pressed: str
    selected: str  # selected row

    # text
    text: str
    text_quiet: str
    text_disabled: str
    on_selected: str

    # lines: `line` only separates, `line_strong` is the edge of a control
    line: str
    line_strong: str
    focus: str

    # the one accent
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    focus_on_accent: str
    link: str

    # tones: mark for shapes and text, fill for the quiet ground behind, text on the fill
    danger: str
    danger_fill: str
    danger_text: str
    danger_solid: str  # button that does the dangerous thing
    on_danger: str
    caution: str
    caution_fill: str
    caution_text: str
    good: str
    good_fill: str
    good_text: str
    info: str
    info_fill: str
    info_text: str

    # type sizes
    type_small: int = 12
    type_body: int = 14
    type_large: int = 16
    type_title: int = 20
    type_display: int = 26
    type_read: int = 19  # what is read aloud: never under 18

    # the 8 px grid
    step: int = 8
    half: int = 4
    radius: int = 6
    radius_small: int = 4
    control: int = 34  # height of buttons and fields
    row: int = 32  # height of a table row
    row_tall: int = 52  # height of a two-line row
    icon: int = 18

    # durations
    toast_ms: int = 10_000
    search_ms: int = 120


LIGHT = Tokens(
    name="light",
    title="Light",
    dark=False,
    window="#eef1f4",
    surface="#ffffff",
    raised="#ffffff",
    sunken="#f4f6f8",
    field="#ffffff",
    hover="#e9eef4",
    pressed="#dce4ed",
    selected="#dbe9f8",
    text="#18222d",
    text_quiet="#4d5a67",
    text_disabled="#6f7b87",
    on_selected="#10253c",
    line="#d8dee5",
    line_strong="#76828f",
    focus="#003087",
    accent="#005eb8",
    accent_hover="#004f9c",
    accent_pressed="#003f7e",
    on_accent="#ffffff",
    focus_on_accent="#ffb81c",
    link="#005eb8",
    danger="#c21f18",
    danger_fill="#fcebea",
    danger_text="#8f1510",
    danger_solid="#b71c15",
    on_danger="#ffffff",
    caution="#a15c00",
    caution_fill="#fff3d9",
    caution_text="#6e4200",
    good="#007f3b",
    good_fill="#e4f4ea",
    good_text="#00592a",
    info="#2a6db0",
    info_fill="#e6f0fa",
    info_text="#0b3f73",
)

DARK = Tokens(
    name="dark",
    title="Dark",
    dark=True,
    window="#12171d",
    surface="#1a2129",
    raised="#212a33",
    sunken="#151b22",
    field="#11171d",
    hover="#27323d",
    pressed="#303d4a",
    selected="#1f4063",
    text="#e8edf2",
    text_quiet="#a9b5c1",
    text_disabled="#8793a0",
    on_selected="#f2f7fc",
    line="#323d48",
    line_strong="#7d8b99",
    focus="#ffd166",
    accent="#78b4f0",
    accent_hover="#92c4f5",
    accent_pressed="#64a3e2",
    on_accent="#08131f",
    focus_on_accent="#08131f",
    link="#7db8f2",
    danger="#ff7d72",
    danger_fill="#3a1d1d",
    danger_text="#ffb4ad",
    danger_solid="#c8372d",
    on_danger="#ffffff",
    caution="#f0ad3d",
    caution_fill="#382a10",
    caution_text="#ffd794",
    good="#4cc27c",
    good_fill="#14301f",
    good_text="#9fe3b9",
    info="#6aaef0",
    info_fill="#17304a",
    info_text="#b5d7f8",
)

HIGH_CONTRAST = DARK._replace(
    name="high_contrast",
    title="High contrast",
    window="#000000",
    surface="#000000",
    raised="#000000",
    sunken="#000000",
    field="#000000",
    hover="#1f1f1f",
    pressed="#333333",
    selected="#00337a",
    text="#ffffff",
    text_quiet="#e6e6e6",
    text_disabled="#b8b8b8",
    on_selected="#ffffff",
    line="#9a9a9a",
    line_strong="#ffffff",
    focus="#ffff00",
    accent="#ffffff",
    accent_hover="#ffff99",
    accent_pressed="#ffff00",
    on_accent="#000000",
    focus_on_accent="#0000c8",
    link="#9ecbff",
    danger="#ff9a92",
    danger_fill="#2b0000",
    danger_text="#ffd0cc",
    danger_solid="#ffb0aa",
    on_danger="#000000",
    caution="#ffd166",
    caution_fill="#261b00",
    caution_text="#ffe6ad",
    good="#7ce8a6",
    good_fill="#00220f",
    good_text="#c9f7da",
    info="#9ecbff",
    info_fill="#001a38",
    info_text="#d3e7ff",
)

THEMES = {one.name: one for one in (LIGHT, DARK, HIGH_CONTRAST)}

_GROUNDS = ("window", "surface", "raised", "sunken", "field", "hover")

# (text, ground): 4.5:1.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("text", "text_quiet", "link") for ground in _GROUNDS),
    ("text", "pressed"),
    ("on_selected", "selected"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("on_danger", "danger_solid"),
    ("danger_text", "danger_fill"),
    ("caution_text", "caution_fill"),
    ("good_text", "good_fill"),
    ("info_text", "info_fill"),
    ("danger", "surface"),  # field errors, overdue in lists
    ("danger", "raised"),
    ("danger", "window"),
    ("danger", "sunken"),
)

# (shape, ground): 3:1. Disabled text needs none by rule; we ask 3:1 of it all the same.
GRAPHIC_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("line_strong", "focus", "text_disabled") for ground in _GROUNDS[:-1]),
    *((tone, ground) for tone in ("danger", "caution", "good", "info", "accent") for ground in _GROUNDS[:4]),
    *((tone, f"{tone}_fill") for tone in ("danger", "caution", "good", "info")),
    ("focus_on_accent", "accent"),
    ("focus", "selected"),
    ("danger", "selected"),
)


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours as WCAG 2.2 defines it."""
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


_SCALED = frozenset(
    {
        "type_small", "type_body", "type_large", "type_title", "type_display", "type_read",
        "control", "row", "row_tall", "icon",
    }
)  # fmt: skip


def scaled(tokens: Tokens, percent: int) -> Tokens:
    """Give the same look at another text size (100 to 200 %): type and what must hold it grow, gaps do not."""
    factor = max(75, min(200, percent)) / 100
    return tokens._replace(**{name: round(getattr(tokens, name) * factor) for name in _SCALED})
