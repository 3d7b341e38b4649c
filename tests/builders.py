"""Records with sensible defaults: a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from dashboard.district import District
from dashboard.records import Alert, Arrival, Case, CaseStep, Incident, Level, Order, Reply, ReplyState, Stage, Verb
from dashboard.wire import FixBatch

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # in Beijing
HERE = (22.601, 113.901)  # in the small district


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def case(number: int = 1, after_s: float = 0.0, **fields: Any) -> Case:
    """A reported case."""
    defaults = {"source": "cases", "id": f"C{number}", "reported_at": at(after_s), "item": "I1"}
    return Case(**{**defaults, "lat": HERE[0], "lon": HERE[1], **fields})


def step(number: int, after_s: float, stage: Stage, **fields: Any) -> CaseStep:
    """A move of case `number`."""
    defaults = {
        "source": "cases",
        "id": f"C{number}-{stage}-{after_s}",
        "case": f"C{number}",
        "at": at(after_s),
    }
    return CaseStep(**{**defaults, "stage": stage, **fields})


def incident(number: int = 1, after_s: float = 0.0, **fields: Any) -> Incident:
    """A fire of level III."""
    defaults = {"source": "cad", "id": f"I{number}", "kind": "fire", "level": Level.III}
    return Incident(**{**defaults, "reported_at": at(after_s), "lat": HERE[0], "lon": HERE[1], **fields})


def arrival(number: int, unit: str, after_s: float, **fields: Any) -> Arrival:
    """A unit says that it is at incident `number`."""
    return Arrival(
        **{
            "source": "cad",
            "id": f"I{number}-{unit}",
            "incident": f"I{number}",
            "unit": unit,
            "at": at(after_s),
            **fields,
        }
    )


def order(verb: Verb, target: str, after_s: float, **fields: Any) -> Order:
    """What an operator said."""
    return Order(
        **{
            "source": "desk",
            "id": f"{verb}-{target}-{after_s}",
            "verb": verb,
            "target": target,
            "at": at(after_s),
            **fields,
        }
    )


def reply(of: Order, after_s: float, state: ReplyState, **fields: Any) -> Reply:
    """The device of the unit that an order went to speaks."""
    defaults = {"source": "devices", "id": f"{of.id}/{state}", "order": of.id, "unit": of.unit, "at": at(after_s)}
    return Reply(**{**defaults, "state": state, **fields})


def alert(number: int = 1, after_s: float = 0.0, **fields: Any) -> Alert:
    """A signal of an AI camera."""
    defaults = {
        "source": "video",
        "id": f"A{number}",
        "kind": "smoke",
        "device": "ai_camera-1",
        "at": at(after_s),
    }
    return Alert(**{**defaults, **fields})


def fixes(district: District, places: dict[str, tuple[float, float]], after_s: float) -> FixBatch:
    """One fix a unit, all at one time."""
    index = district.roster.index
    count = len(places)
    lat, lon = np.array(list(places.values()), float).reshape(count, 2).T
    unknown = np.full(count, np.nan)
    return FixBatch(
        np.array([index[name] for name in places], np.int64),
        np.full(count, at(after_s).timestamp()),
        lat,
        lon,
        unknown,
        unknown,
        np.full(count, 5.0),
    )
