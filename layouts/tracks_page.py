"""Where several units were: a form, then a map that plays, with tails, one unit followed, speed and dwell."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from dashboard.tracks import GAP_S, Track
from layouts import after_action, tracks_map
from layouts.markup import Html, tag
from layouts.plain_page import Look, button, fault, field, form, page
from layouts.view import View

_TAILS_S = (60, 300, 900, 3600)


class Asked(NamedTuple):
    """What the form said."""

    units: str = ""
    from_at: str = ""  # local, as an input of the type datetime-local writes it
    to_at: str = ""
    why: str = ""


def ask(look: Look, asked: Asked, trouble: str = "") -> Html:
    """Which units, from when until when, and why."""
    words = look.words
    box = tag("textarea", asked.units, name="units", id="units", rows="5", required=True, maxlength="2000")
    return page(
        look,
        "tracks.title",
        fault(trouble),
        form(
            tag("p", tag("label", words("tracks.units"), for_="units"), box, class_="field"),
            field(words, "tracks.from", "from", asked.from_at, type="datetime-local", required=True, step=1),
            field(words, "tracks.to", "to", asked.to_at, type="datetime-local", required=True, step=1),
            field(words, "after.why", "why", asked.why, hint=words("after.why_hint"), required=True, maxlength=200),
            button(words, "after.show"),
            action=look.link("/tracks"),
        ),
    )


def screen(look: Look, view: View, tracks: Sequence[Track], span: tuple[float, float], mark: str) -> Html:
    """The map with its player, and what each track says."""
    words = look.words
    if not tracks:
        return page(look, "tracks.title", tag("p", words("after.no_tracks"), class_="soft"), css="wide record")
    return page(
        look,
        "tracks.title",
        _player(look, view, tracks, span),
        tracks_map.draw(view.district, tracks, label=words("tracks.title")),
        after_action.table(after_action.track_heads(view), after_action.track_rows(tracks, view), words("after.none")),
        tag("p", mark, class_="mark-line"),
        tag("script", src="/assets/tracks.js", defer=True),
        css="wide record",
    )


def _player(look: Look, view: View, tracks: Sequence[Track], span: tuple[float, float]) -> Html:
    words = look.words
    everybody = tag("option", words("tracks.all"), value="")
    each = (tag("option", track.call_sign, value=str(place)) for place, track in enumerate(tracks))
    spans = [(str(seconds), words.duration(seconds)) for seconds in _TAILS_S]
    tails = (tag("option", text, value=seconds, selected=seconds == "300") for seconds, text in spans)
    return tag(
        "div",
        tag("button", words("tracks.play"), type="button", class_="plain"),
        tag("input", type="range", min="0", max="1", step="0.0005", value="1", aria_label=words("after.at")),
        tag("output", ""),
        tag("label", words("tracks.follow"), " ", tag("select", everybody, *each, name="follow")),
        tag("label", words("tracks.tail"), " ", tag("select", *tails, name="tail")),
        class_="tracks-play",
        data_tracks=json.dumps(_data(look, view, tracks, span), ensure_ascii=False),
    )


def _data(look: Look, view: View, tracks: Sequence[Track], span: tuple[float, float]) -> dict[str, Any]:
    """What the script plays: columns in the pixels of the map."""
    frame, words = tracks_map.frame_of(view.district, tracks, None), look.words
    units = []
    for place, track in enumerate(tracks):
        x, y = frame.of(track.lat, track.lon)
        speeds = [None if np.isnan(speed) else round(float(speed), 1) for speed in track.speed_mps]
        units.append(
            {
                "name": track.call_sign,
                "hue": tracks_map.hue(place),
                "at": track.at.round(1).tolist(),
                "x": np.round(x, 1).tolist(),
                "y": np.round(y, 1).tolist(),
                "speed": speeds,
                "stays": [(stay.from_at, stay.to_at) for stay in track.stays()],
                "gap": GAP_S,
            }
        )
    told = {"play": words("tracks.play"), "pause": words("tracks.pause"), "dwell": words("tracks.dwell")}
    return {"units": units, "from": span[0], "to": span[1], "zone": view.zone.key, "words": told}
