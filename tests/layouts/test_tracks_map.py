import re

import numpy as np
import pytest

from dashboard.records import Tier
from dashboard.tracks import Track
from layouts import tracks_map
from tests.layouts import scenes

PLACE = (22.6, 113.9)


def track(gap_s: float = 10.0) -> Track:
    at = np.array([0.0, 10.0, 10.0 + gap_s, 20.0 + gap_s])
    return Track("<b>", Tier.POLICE, at, 22.6 + np.arange(4) * 0.001, np.full(4, 113.9), np.full(4, np.nan))


def test_the_frame_holds_all_with_a_margin_and_keeps_the_shape_of_the_ground() -> None:
    frame = tracks_map.frame_of(scenes.baoan(), [track()], PLACE)
    x, y = frame.of(track().lat, track().lon)
    assert (x > 0).all() and (x < tracks_map.WIDTH).all() and (y > 0).all() and (y < tracks_map.HEIGHT).all()
    east = frame.of(22.6, 113.901)[0] - frame.of(22.6, 113.9)[0]
    assert east == pytest.approx(frame.metres(102.8), rel=0.01)


def test_a_single_place_has_ground_around_it() -> None:
    frame = tracks_map.frame_of(scenes.baoan(), [], PLACE)
    assert tracks_map.WIDTH / frame.metres(1) >= tracks_map.LEAST_M


def test_a_gap_is_a_gap_in_the_line() -> None:
    whole = tracks_map.draw(scenes.baoan(), [track()], PLACE, 50)
    broken = tracks_map.draw(scenes.baoan(), [track(gap_s=600)], PLACE, 50)
    lines = [len(re.findall(r'<path d="M[^"]*"[^>]*stroke-width="3"', svg)) for svg in (whole, broken)]
    assert lines == [1, 2]


def test_names_are_text_and_the_scale_is_round() -> None:
    svg = tracks_map.draw(scenes.baoan(), [track()], PLACE, 50, [(22.6, 113.9, "<i>")])
    assert "<b>" not in svg and "<i>" not in svg and "&lt;b&gt;" in svg
    assert re.search(r">(50|100|200|500) m<", svg)


def test_an_empty_map_shows_the_district() -> None:
    assert "area-0" in tracks_map.draw(scenes.baoan(), [])
