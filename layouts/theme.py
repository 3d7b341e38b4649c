"""Colours and sizes of both themes, once: the CSS variables of assets/theme.css and Plotly take them from here.

Normal states are grey; hue is kept for what is abnormal (levels, overdue, lost). Categorical hues are Okabe-Ito.
"""

from dataclasses import dataclass
from enum import StrEnum

CHARACTER_ARC_MIN = 16.0  # least height of a character at the longest viewing distance (ISO 9241-303, NUREG-0700)
SMALLEST_TEXT_REM = 0.8
ROWS_REM = 54.0  # height of the frame; 1 rem is 40 px on 2160 lines
COLUMNS_REM = 96.0


class Theme(StrEnum):
    """Which of the two: dark rooms or lit ones."""

    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True)
class Palette:
    """One theme's colours; a field `ink_soft` is the CSS variable `--ink-soft`."""

    ground: str  # behind everything
    panel: str
    raised: str  # a card or a cell on a panel
    line: str  # hairlines
    ink: str  # figures and names
    ink_soft: str  # words beside them
    ink_mute: str  # the second language, units of measure, times
    bar: str  # a quantity without judgement
    bar_soft: str  # the one it is compared with
    track: str  # the empty part of a bar
    land: str
    water: str
    border: str  # of sub-districts
    border_soft: str  # of communities
    alarm: str  # level I only
    alarm_ink: str
    late: str  # overdue
    late_ink: str
    warn: str  # at risk, level II
    warn_ink: str
    note: str  # level III
    note_ink: str
    info: str  # level IV
    info_ink: str
    tier_0: str  # units, by records.TIERS: told apart by shape first
    tier_1: str
    tier_2: str
    tier_3: str
    tier_4: str
    tier_5: str
    unit_sent: str  # committed or on scene, whatever the tier
    unit_stale: str


DARK = Palette(
    ground="#0B1220",
    panel="#111A2A",
    raised="#172236",
    line="#233048",
    ink="#F1F5FA",
    ink_soft="#C3CEDC",
    ink_mute="#9FADC0",
    bar="#8497B2",
    bar_soft="#4F617D",
    track="#1E2A3F",
    land="#131E31",
    water="#0B1220",
    border="#5E7190",
    border_soft="#263551",
    alarm="#D32F2F",
    alarm_ink="#FFFFFF",
    late="#D55E00",
    late_ink="#000000",
    warn="#E69F00",
    warn_ink="#000000",
    note="#F0E442",
    note_ink="#000000",
    info="#56B4E9",
    info_ink="#000000",
    tier_0="#7E95B3",
    tier_1="#A9C2DD",
    tier_2="#6DB6E8",
    tier_3="#52627D",
    tier_4="#B9A3D0",
    tier_5="#93C2AE",
    unit_sent="#FFFFFF",
    unit_stale="#44536B",
)

LIGHT = Palette(
    ground="#D5D9DE",
    panel="#E9ECEF",
    raised="#F6F7F9",
    line="#C3C9D1",
    ink="#10161F",
    ink_soft="#2B3542",
    ink_mute="#414C5B",
    bar="#5B6B80",
    bar_soft="#98A5B5",
    track="#D3D9E0",
    land="#F3F4F6",
    water="#D5D9DE",
    border="#6B7A8E",
    border_soft="#C9CFD7",
    alarm="#C62828",
    alarm_ink="#FFFFFF",
    late="#D55E00",
    late_ink="#000000",
    warn="#E69F00",
    warn_ink="#000000",
    note="#F0E442",
    note_ink="#000000",
    info="#56B4E9",
    info_ink="#000000",
    tier_0="#5F7794",
    tier_1="#3F5F83",
    tier_2="#0072B2",
    tier_3="#8794A5",
    tier_4="#7A5C99",
    tier_5="#2E7A5F",
    unit_sent="#000000",
    unit_stale="#B4BDC9",
)

PALETTES = {Theme.DARK: DARK, Theme.LIGHT: LIGHT}

FONTS = '"Inter Variable", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", '
FONTS += '"Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif'


def least_root_px(viewing_distance_m: float, pixel_pitch_mm: float) -> float:
    """The root font size at which the smallest text still reaches 16 arc minutes; 0 where the room is not known.

    h = 6.283 D MA / 21600, with D and h in the same unit.
    """
    if viewing_distance_m <= 0 or pixel_pitch_mm <= 0:
        return 0.0
    height_mm = 6.283 * viewing_distance_m * 1000 * CHARACTER_ARC_MIN / 21600
    return height_mm / pixel_pitch_mm / SMALLEST_TEXT_REM
