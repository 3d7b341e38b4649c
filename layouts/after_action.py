"""The past of one incident as a page: clock, ways of the units, orders, reports, cameras. HTML that prints as it is."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

import numpy as np

from dashboard.response import Leg
from dashboard.response import policy as policies
from dashboard.response.incidents import IncidentState
from dashboard.tracks import Track
from dashboard.tracks.aftermath import Aftermath
from layouts import leg_words, tracks_map
from layouts import words as write
from layouts.case_rows import exactly
from layouts.duty_parts import called, where
from layouts.incident_context import log_line
from layouts.markup import Html, tag
from layouts.plain_page import Look, both, button, fault, field, form, page
from layouts.view import View

_KMH = 3.6


def ask(look: Look, key: str, trouble: str = "") -> Html:
    """What is asked before anything is shown: which incident, and why."""
    words = look.words
    return page(
        look,
        "after.title",
        fault(trouble),
        form(
            field(words, "after.incident", "incident", key, required=True, maxlength=200),
            field(
                words, "after.why", "why", hint=words("after.why_hint"), required=True, maxlength=200, autofocus=True
            ),
            button(words, "after.show"),
            action=look.link("/after-action"),
        ),
    )


def screen(look: Look, view: View, aftermath: Aftermath, why: str, mark: str, is_print: bool = False) -> Html:
    """The whole record. `mark`: who looked, when and why; `is_print`: without what can only be clicked."""
    incident = aftermath.incident
    tools = Html("") if is_print else _tools(look, view, incident, why)
    return page(
        look,
        "after.title",
        _head(view, incident),
        tools,
        _section(look, "after.clock", _facts(view, incident), _legs(view, incident)),
        _section(look, "after.map", *_map(view, aftermath)),
        _section(look, "after.record", _log(view, incident)),
        _section(look, "after.reports", *_reports(view, incident)),
        _section(look, "after.around", _cameras(view, aftermath), _alerts(view, aftermath)),
        tag("p", mark, class_="mark-line"),
        css="wide record",
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], none: str) -> Html:
    """A table, or the word for nothing."""
    made = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    if not made:
        return tag("p", none, class_="soft")
    head = tag("thead", tag("tr", *(tag("th", cell, scope="col") for cell in heads)))
    return tag("table", head, tag("tbody", *made))


def track_rows(tracks: Sequence[Track], view: View) -> list[list[str]]:
    """What each track says: number and call-sign, tier, way, fastest, stays."""
    rows = []
    for place, track in enumerate(tracks):
        speeds = track.speed_mps[~np.isnan(track.speed_mps)]
        fastest = f"{float(speeds.max()) * _KMH:.0f} km/h" if len(speeds) else write.UNKNOWN
        stays = [
            f"{write.time_of_day(stay.from_at, view.zone)} {view.words.duration(stay.seconds)}"
            for stay in track.stays()
        ]
        number = tag("b", str(place + 1), style=f"color:{tracks_map.hue(place)}")
        unit = tag("span", number, f" {track.call_sign}")
        tier = view.words(f"tier.{track.tier.value}")
        rows.append([unit, tier, write.distance(track.length_m), fastest, " · ".join(stays) or write.UNKNOWN])
    return rows


def track_heads(view: View) -> list[str]:
    """The heads of `track_rows`."""
    return [view.words(f"after.{name}") for name in ("unit", "tier", "way", "fastest", "stays")]


def _section(look: Look, title: str, *content: str) -> Html:
    return tag("section", tag("h2", *both(look.words, title)), *content)


def _head(view: View, incident: IncidentState) -> Html:
    level = tag("span", write.NUMERALS[int(incident.level)], class_=f"level level-{int(incident.level)}")
    drill = tag("b", view.words("drill_mark"), class_="drill") if incident.drill else Html("")
    title = tag(
        "p", level, drill, tag("strong", f" {called(incident, view)} "), view.kind(incident.kind), class_="what"
    )
    return tag("header", title, tag("p", f"{where(incident, view)} · {incident.key}", class_="soft"))


def _tools(look: Look, view: View, incident: IncidentState, why: str) -> Html:
    words = look.words
    at = exactly(incident.reported_at, view).replace(" ", "T")
    again = [
        tag("input", type="hidden", name=name, value=value)
        for name, value in (("incident", incident.key), ("why", why))
    ]
    made = [
        form(*again, button(words, f"after.{kind}", "plain"), action=look.link(f"/after-action.{kind}"))
        for kind in ("pdf", "geojson")
    ]
    replay = tag("a", *both(words, "after.replay"), href=f"/wall?at={quote(at)}", class_="plain")
    return tag("nav", replay, *made, class_="tools")


def _facts(view: View, incident: IncidentState) -> Html:
    words = view.words
    outcome = f"outcome.{incident.outcome}"
    facts = [
        ("after.reported", _exact(incident.reported_at, view)),
        ("after.acknowledged", _exact(incident.acknowledged_at, view)),
        ("after.closed", _exact(incident.closed_at, view)),
        ("after.outcome", words(outcome) if outcome in write.WORDS else incident.outcome or write.UNKNOWN),
    ]
    return tag("dl", *(tag("div", tag("dt", words(key)), tag("dd", text)) for key, text in facts))


def _legs(view: View, incident: IncidentState) -> Html:
    words = view.words
    heads = [words(f"after.{name}") for name in ("tier", "limit", "state", "took", "arrival")]
    return table(heads, [_leg(leg, incident, view) for leg in incident.legs], words("after.none"))


def _leg(leg: Leg, incident: IncidentState, view: View) -> list[str]:
    took = write.minutes(leg.arrived.at - incident.zero_at) if leg.arrived else write.UNKNOWN
    there = leg_words.arrival(leg.arrived, view) if leg.arrived else write.UNKNOWN
    state = tag("span", view.words(f"leg.{leg.state.value}"), class_=f"leg-{leg.state.value}")
    return [view.words(f"tier.{leg.tier.value}"), write.minutes(leg.limit_s), state, took, there]


def _map(view: View, aftermath: Aftermath) -> list[Html]:
    words, incident, tracks = view.words, aftermath.incident, aftermath.tracks
    marks = [(each.device.lat, each.device.lon, each.device.name or each.device.id) for each in aftermath.cameras[:6]]
    ring = policies.decode(view.district.response_settings).geofence_m
    place = (incident.lat, incident.lon)
    made = [tracks_map.draw(view.district, tracks, place, ring, marks, words("after.map"))]
    made.append(table(track_heads(view), track_rows(tracks, view), words("after.no_tracks")))
    if aftermath.silent:
        made.append(tag("p", words("after.silent", names="、".join(aftermath.silent)), class_="soft"))
    return made


def _log(view: View, incident: IncidentState) -> Html:
    heads = [view.words(f"after.{name}") for name in ("at", "what", "who", "text")]
    return table(heads, [log_line(deed, view) for deed in incident.deeds], view.words("after.none"))


def _reports(view: View, incident: IncidentState) -> list[Html]:
    made = [
        tag(
            "article",
            tag("h3", f"{view.words(f'report.{report.part.value}')} · {_exact(report.at, view)} · {report.by}"),
            tag("pre", report.text),
        )
        for report in incident.reports
    ]
    return made or [tag("p", view.words("after.none"), class_="soft")]


def _cameras(view: View, aftermath: Aftermath) -> Html:
    rows = [[each.device.name or each.device.id, write.distance(each.away_m)] for each in aftermath.cameras]
    return table([view.words("after.device"), view.words("after.distance")], rows, view.words("after.none"))


def _alerts(view: View, aftermath: Aftermath) -> Html:
    heads = [view.words(f"after.{name}") for name in ("at", "alert", "device", "state")]
    rows = [
        [_exact(alert.first_at, view), alert.kind, view.device(alert.device), view.words(f"alert.{alert.stage}")]
        for alert in aftermath.alerts
    ]
    return table(heads, rows, view.words("after.none"))


def _exact(at: float | None, view: View) -> str:
    return exactly(at, view) or write.UNKNOWN
