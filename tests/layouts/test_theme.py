import re
from dataclasses import asdict

import pytest

from layouts.theme import FONTS, PALETTES, SMALLEST_TEXT_REM, Palette, Theme, least_root_px
from tests.layouts.scenes import ASSETS


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", Theme)
def test_css_variables_are_the_palette(theme: Theme) -> None:
    css = (ASSETS / "theme.css").read_text()
    block = css.split(f'.wall[data-theme="{theme}"] {{')[1].split("}")[0]
    found = dict(re.findall(r"--([\w-]+): (#\w+);", block))
    assert found == {name.replace("_", "-"): colour for name, colour in asdict(PALETTES[theme]).items()}
    assert FONTS in css


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(Theme))
def test_text_can_be_read_on_every_ground(palette: Palette) -> None:
    for ground in (palette.panel, palette.raised):
        assert contrast(palette.ink, ground) >= 12
        assert contrast(palette.ink_soft, ground) >= 7
        assert contrast(palette.ink_mute, ground) >= 6
        assert contrast(palette.bar, ground) >= 3


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(Theme))
def test_level_chips_carry_their_numeral(palette: Palette) -> None:
    for name in ("alarm", "late", "warn", "note", "info"):
        assert contrast(getattr(palette, name), getattr(palette, f"{name}_ink")) >= 4.5, name


def test_no_text_is_smaller_than_the_smallest() -> None:
    for sheet in ASSETS.glob("*.css"):
        for size in re.findall(r"font-size: ([\d.]+)rem", sheet.read_text()):
            assert float(size) >= SMALLEST_TEXT_REM, sheet.name


def test_at_most_one_animation_and_it_can_be_switched_off() -> None:
    sheets = "".join(sheet.read_text() for sheet in ASSETS.glob("*.css"))
    assert sheets.count("@keyframes") == 1
    assert "prefers-reduced-motion" in sheets


def test_root_grows_with_distance_and_pitch() -> None:
    assert least_root_px(8, 1.25) == pytest.approx(37.2, abs=0.1)
    assert least_root_px(8, 0) == 0
