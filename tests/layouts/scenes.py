"""Overviews with sensible defaults, and what the layout offers to put figures in."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import plotly.utils

from dashboard import district
from dashboard.alerts import AlertStage, AlertState
from dashboard.backlog import AgeRow, BacklogFigures, OldCase, Ratio
from dashboard.heartbeats import FeedCondition, FeedState
from dashboard.overview import AreaForces, CentreState, Headline, Overview, TierFigures
from dashboard.records import STAGES, TIERS, Evidence, Level, Stage, Tier
from dashboard.response import Arrived, Candidate, IncidentState, Leg, LegState
from dashboard.sensors import Band, SensorState
from layouts.view import View
from layouts.words import Lang, Words

NOW = 1_795_000_000.0
ASSETS = Path(__file__).parents[2] / "assets"
HOSTILE = "<img src=x onerror=alert(1)>"


@functools.cache
def baoan() -> district.District:
    return district.load(Path(__file__).parents[2] / "dashboard" / "districts" / "baoan")


def view(lang: Lang = Lang.ZH) -> View:
    return View(baoan(), Words(lang), lambda still: f"/stills/{still}")


def leg(state: LegState = LegState.RUNNING, tier: Tier = Tier.VOLUNTEER, limit_s: float = 60.0, **fields: Any) -> Leg:
    return Leg(tier, limit_s, fields.pop("needed", 1), NOW + limit_s, state, **fields)


def incident(number: int = 1, level: Level = Level.III, **fields: Any) -> IncidentState:
    legs = (
        leg(LegState.MET, arrived=Arrived("YJ-0001", Tier.VOLUNTEER, NOW + 42, Evidence.GEOFENCE, 2.4)),
        leg(LegState.RUNNING, Tier.AUXILIARY, 180, candidates=(Candidate("FJ-0002", 1420, 95, 3),)),
        leg(LegState.UNKNOWN, Tier.POLICE, 300),
    )
    defaults: dict[str, Any] = {"key": f"cad/I{number}", "revision": 0, "kind": "none-such", "title": HOSTILE}
    defaults |= {"place": "海秀路 18 号", "lat": 22.6, "lon": 113.9, "community": 0, "legs": legs}
    return IncidentState(**{**defaults, "level": level, "reported_at": NOW, "zero_at": NOW, **fields})


def alert(number: int = 1, **fields: Any) -> AlertState:
    defaults: dict[str, Any] = {"key": f"cam/A{number}", "kind": "smoke", "device": "none-such", "title": HOSTILE}
    defaults |= {"level": Level.II, "stage": AlertStage.NEW, "active": True, "lat": 22.6, "lon": 113.9, "community": 0}
    return AlertState(**{**defaults, "first_at": NOW, "last_at": NOW, **fields})


def feed(name: str, condition: FeedCondition = FeedCondition.GOOD, **fields: Any) -> FeedState:
    return FeedState(name=name, title=name, condition=condition, beat_at=NOW, record_at=NOW, **fields)


def figures(**fields: Any) -> BacklogFigures:
    codes = [centre.code for centre in baoan().sub_districts]
    defaults: dict[str, Any] = {
        "as_of": NOW, "open": 6412, "overdue": 31, "found_today": 18_934, "closed_today": 18_102,
        "found_per_h": 1210.0, "closed_per_h": 1332.0, "clear_at": NOW + 50 * 3600,
        "funnel": tuple((stage, 100 * place) for place, stage in enumerate(STAGES[:7])),
        "aside": tuple((stage, place) for place, stage in enumerate(STAGES[7:])),
        "on_time": Ratio(90, 100, 86_400), "returned_today": 9, "rework_today": 4, "age_edges_h": (4.0, 24.0, 72.0),
        "by_sub_district": tuple(AgeRow(code, (5, 4, 3, 2), place) for place, code in enumerate(codes)),
        "by_department": (), "oldest": (OldCase("s/1", HOSTILE, "", Stage.HELD, 0, 0, NOW - 86_400, NOW - 1),),
        "stuck": Stage.HANDLING, "stuck_median_s": 5400.0, "hours": (NOW - 7200, NOW - 3600),
        "found_by_hour": (3, 4), "closed_by_hour": (2, 5),
    }  # fmt: skip
    return BacklogFigures(**{**defaults, **fields})


def overview(**fields: Any) -> Overview:
    """A wall with a little of everything on it."""
    place = baoan()
    first = incident(acknowledged_at=NOW)
    headline = Headline(
        open_by_level=(0, 0, 1, 0), drills=0, oldest_unacknowledged="", oldest_unacknowledged_at=0.0,
        next_deadline_key=first.key, next_deadline_tier=Tier.AUXILIARY, next_deadline_at=NOW + 180,
        feeds_good=1, feeds_all=2, duty_leader="陈", duty_chief="",
    )  # fmt: skip
    defaults: dict[str, Any] = {
        "as_of": NOW, "centre": place.root.code, "headline": headline, "backlog": figures(), "incidents": (first,),
        "alerts": (alert(),), "alert_counts": ((AlertStage.NEW, 1),),
        "tiers": tuple(TierFigures(tier, 10, 2, 1, 0) for tier in TIERS),
        "areas": tuple(AreaForces(centre.code, (1,) * len(TIERS), 1) for centre in place.sub_districts),
        "centres": tuple(CentreState(code, place_ % 2 == 0, NOW) for place_, code in enumerate(place.centres)),
        "feeds": (feed("cad"), feed("cam", FeedCondition.LOST, error="refused")),
        "sensors_abnormal": (SensorState("none-such", 1.3, NOW, Band.HIGH, NOW),),
        "sensors_normal": 298, "sensors_stale": 1,
    }  # fmt: skip
    return Overview(**{**defaults, **fields})


def tree(component: Any) -> Any:
    """What Dash sends of a component, as plain data."""
    return json.loads(json.dumps(component, cls=plotly.utils.PlotlyJSONEncoder))


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Every component of a tree, from the outside in."""
    if isinstance(node, list):
        for child in node:
            yield from walk(child)
    elif isinstance(node, dict) and "props" in node:
        yield node["props"]
        for name in ("children", "label"):
            yield from walk(node["props"].get(name))


def places(node: Any) -> dict[str, Any]:
    """Slots and lists of a panel as binder.js sees them: {slot: None, list: {"rows": n, **places of a row}}."""
    found: dict[str, Any] = {}
    if isinstance(node, list):
        for child in node:
            found |= places(child)
    elif isinstance(node, dict) and "props" in node:
        props = node["props"]
        inner = places(props.get("children")) | places(props.get("label"))
        if "data-list" in props:
            return {props["data-list"]: {"rows": int(props.get("data-rows", len(props["children"]))), **inner}}
        if "data-grown" in props:
            found |= places(json.loads(props["data-grown"]))
        if "data-slot" in props:
            found[props["data-slot"]] = None
        found |= inner
    return found


def misfits(payload: dict[str, Any], offered: dict[str, Any]) -> list[str]:
    """What a payload names and the layout does not offer, or has no room for."""
    wrong = []
    for name, content in payload.items():
        if name == "row":
            continue
        if name not in offered:
            wrong.append(name)
        elif isinstance(content, list):
            room = offered[name]["rows"]
            wrong += [f"{name} has {len(content)} of {room}"] if len(content) > room else []
            wrong += [f"{name}.{each}" for row in content for each in misfits(row, offered[name])]
    return wrong
