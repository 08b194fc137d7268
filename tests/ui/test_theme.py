"""Is every look readable, whole and the same everywhere?"""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget

from caller_app.base.paths import resource_path
from tests.support.qt import dressed
from ui.theme.fonts import FAMILY, app_font, load_fonts
from ui.theme.icons import icon_names, tinted
from ui.theme.live import follow, look
from ui.theme.stylesheet import fill, stylesheet
from ui.theme.tokens import GRAPHIC_PAIRS, LIGHT, TEXT_PAIRS, THEMES, Tokens, contrast, scaled

ROOT = Path(__file__).resolve().parents[2]


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#ffffff", "#767676") == contrast("#767676", "#ffffff")


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda one: one.name)
def test_text_stands_out_from_its_ground(theme: Tokens) -> None:
    weak = {
        pair: round(contrast(getattr(theme, pair[0]), getattr(theme, pair[1])), 2)
        for pair in TEXT_PAIRS
        if contrast(getattr(theme, pair[0]), getattr(theme, pair[1])) < 4.5
    }
    assert not weak


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda one: one.name)
def test_shapes_and_focus_stand_out_from_their_ground(theme: Tokens) -> None:
    weak = {
        pair: round(contrast(getattr(theme, pair[0]), getattr(theme, pair[1])), 2)
        for pair in GRAPHIC_PAIRS
        if contrast(getattr(theme, pair[0]), getattr(theme, pair[1])) < 3.0
    }
    assert not weak


def test_every_tone_has_its_text_and_its_mark_in_the_contrast_test() -> None:
    for tone in ("danger", "caution", "good", "info"):
        assert (f"{tone}_text", f"{tone}_fill") in TEXT_PAIRS
        assert (tone, f"{tone}_fill") in GRAPHIC_PAIRS


def test_a_role_that_does_not_exist_is_an_error_and_not_an_unstyled_widget() -> None:
    with pytest.raises(KeyError):
        fill("color: {{ no_such_role }};", LIGHT)


def test_a_template_can_do_one_step_of_arithmetic() -> None:
    assert fill("{{ control - 2 }}px {{ text }}", LIGHT) == f"{LIGHT.control - 2}px {LIGHT.text}"


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda one: one.name)
def test_the_style_sheet_has_no_gap_left(theme: Tokens) -> None:
    sheet = stylesheet(theme)
    assert "{{" not in sheet
    assert theme.accent in sheet


def test_templates_name_no_colour_of_their_own() -> None:
    for path in resource_path("qss").glob("*.qss"):
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=\s*[;}])", path.read_text(encoding="utf-8")), path.name


def test_what_is_read_aloud_is_never_under_eighteen_pixels() -> None:
    assert all(theme.type_read >= 18 for theme in THEMES.values())


def test_text_grows_to_two_hundred_percent_and_gaps_stay() -> None:
    large = scaled(LIGHT, 200)
    assert large.type_body == 2 * LIGHT.type_body
    assert large.control == 2 * LIGHT.control
    assert large.step == LIGHT.step
    assert scaled(LIGHT, 5000) == large


def test_gaps_keep_to_the_grid() -> None:
    assert LIGHT.step == 8
    assert LIGHT.half * 2 == LIGHT.step


def test_the_shipped_font_is_there_with_figures_of_one_width(qapp: QApplication) -> None:
    assert load_fonts()
    font = app_font(14)
    assert font.family() == FAMILY
    metrics = QFontMetricsF(font)
    assert len({round(metrics.horizontalAdvance(figure * 4), 3) for figure in "0123456789"}) == 1


def test_the_font_ships_with_its_licence() -> None:
    words = (resource_path("fonts") / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in words
    assert "Inter" in words


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_is_one_colour_and_draws_something(name: str, qapp: QApplication) -> None:
    drawing = (resource_path("icons") / f"{name}.svg").read_text(encoding="utf-8")
    assert "currentColor" in drawing
    assert not re.search(r"#[0-9a-fA-F]{3,6}", drawing)
    image = tinted(name, "#ff0000", 32).toImage()
    inked = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 200]
    assert inked
    assert all(colour.red() > 200 and colour.green() < 60 for colour in inked)


def test_every_icon_the_code_names_is_shipped() -> None:
    shipped = set(icon_names())
    named = set()
    for path in (ROOT / "ui").rglob("*.py"):
        named |= set(re.findall(r"""icon=["']([a-z-]+)["']""", path.read_text(encoding="utf-8")))
    assert named - shipped == set()
    assert named


def test_the_look_changes_while_the_window_is_open(qapp: QApplication) -> None:
    drawn = []
    owner = QWidget()
    follow(owner, lambda: drawn.append(look.tokens.name))
    dressed("dark")
    assert qapp.styleSheet().count(THEMES["dark"].surface) > 0
    dressed("light", 150)
    assert look.tokens.type_body == 21
    dressed("light")
    assert drawn[1:] == ["dark", "light", "light"]
    owner.deleteLater()


def test_an_unknown_theme_falls_back_to_light(qapp: QApplication) -> None:
    dressed("no such theme")
    assert look.tokens == LIGHT
