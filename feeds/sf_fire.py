"""San Francisco Fire/EMS unit responses as incidents, orders and arrivals; a row is one unit on one call.

The tiers are a reading of ours, so that real responses run our 1-3-5 clock: the private ambulances that lend
a hand stand for volunteers, fire companies for auxiliaries, the department's own medics and chiefs for
police. Source: data.sfgov.org "Fire Department and Emergency Medical Services Dispatched Calls for Service",
ODC-PDDL.
"""

from datetime import datetime
from typing import Any

import pandas as pd

from dashboard.records import Arrival, Incident, Level, Order, Record, Tier, Verb
from feeds import recorded_tables

SOURCE = "sf-fire"
ZONE = "America/Los_Angeles"
HEADER = ("call_number", "unit_id", "call_type", "received", "dispatch", "on_scene", "available")

TIER_OF_UNIT_TYPE = {
    "PRIVATE": Tier.VOLUNTEER,
    "ENGINE": Tier.AUXILIARY,
    "TRUCK": Tier.AUXILIARY,
    "SUPPORT": Tier.AUXILIARY,
    "RESCUE SQUAD": Tier.AUXILIARY,
    "MEDIC": Tier.POLICE,
    "CHIEF": Tier.POLICE,
    "RESCUE CAPTAIN": Tier.POLICE,
    "INVESTIGATION": Tier.POLICE,
}

_KIND_OF_CALL_TYPE = {  # codes of the 32 kinds that the demonstration district ships
    "Medical Incident": "drinking_water",
    "Alarms": "fire",
    "Structure Fire": "fire",
    "Outside Fire": "fire",
    "Vehicle Fire": "fire",
    "Smoke Investigation (Outside)": "fire",
    "Traffic Collision": "road_traffic",
    "Gas Leak (Natural and LP Gases)": "lifeline",
    "Electrical Hazard": "lifeline",
    "Elevator / Escalator Rescue": "special_equipment",
    "Water Rescue": "rail_ship_air",
    "Fuel Spill": "hazardous_goods",
    "Odor (Strange / Unknown)": "hazardous_goods",
    "Assist Police": "criminal",
}
_OTHER_KIND = "drinking_water"  # 饮用水及其他卫生事件: the only one that takes "other"

_LEVEL_OF_PRIORITY = {
    "E": Level.II,
    "3": Level.III,
}  # as first given; all others are not emergencies to the source


def decode(rows: pd.DataFrame) -> list[Record]:
    """The calls' life in order of time: the incident, each unit's dispatch, arrival and release, the close.

    A unit without `on_scene` was cancelled and never arrives. A call closes when its last unit is free again;
    one whose units' release is nowhere recorded stays open. Local times become UTC.
    """
    columns: dict[str, list[Any]] = {
        name: recorded_tables.texts(rows[name])
        for name in ("call_number", "unit_id", "call_type", "neighborhood", "original_priority", "address")
    }
    for name in ("received", "dispatch", "on_scene", "available"):
        columns[name] = recorded_tables.moments(rows[name], ZONE)
    for name in ("lat", "lon"):
        columns[name] = pd.to_numeric(rows[name]).tolist()
    calls: dict[str, list[dict[str, Any]]] = {}
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        calls.setdefault(row["call_number"], []).append(row)
    timed = [step for call in calls.values() for step in _life(call)]
    timed.sort(key=lambda step: step[0])  # stable: what a call does in one second keeps its order
    return [record for _, record in timed]


def _life(units: list[dict[str, Any]]) -> list[tuple[datetime, Record]]:
    """One call's records with the times at which they happened."""
    call = units[0]
    life: list[tuple[datetime, Record]] = [(call["received"], _incident(call))]
    life += [(unit["dispatch"], _order(Verb.DISPATCH, unit, unit["dispatch"])) for unit in units]
    life += [(unit["on_scene"], _arrival(unit)) for unit in units if unit["on_scene"]]
    # A clerk's slip frees one unit before it arrives; it is freed when both are true.
    freed = [
        (unit, max(unit["available"], unit["on_scene"] or unit["available"])) for unit in units if unit["available"]
    ]
    life += [(at, _order(Verb.STAND_DOWN, unit, at)) for unit, at in freed]
    if freed:
        closed_at = max(at for at, _ in life)
        life.append((closed_at, _order(Verb.CLOSE, call, closed_at)))
    return life


def _incident(call: dict[str, Any]) -> Incident:
    call_type = call["call_type"]
    return Incident(
        source=SOURCE,
        id=call["call_number"],
        kind=_KIND_OF_CALL_TYPE.get(call_type, _OTHER_KIND),
        level=_LEVEL_OF_PRIORITY.get(call["original_priority"], Level.IV),
        reported_at=call["received"],
        lat=call["lat"],
        lon=call["lon"],
        title=call_type,
        place=", ".join(part for part in (call["address"], call["neighborhood"]) if part),
    )


def _arrival(unit: dict[str, Any]) -> Arrival:
    return Arrival(
        source=SOURCE,
        id=f"{unit['call_number']}-{unit['unit_id']}",
        incident=unit["call_number"],
        unit=unit["unit_id"],
        at=unit["on_scene"],
    )


def _order(verb: Verb, unit: dict[str, Any], at: datetime) -> Order:
    one_unit = verb is not Verb.CLOSE
    call, call_sign = unit["call_number"], unit["unit_id"] if one_unit else ""
    return Order(
        source=SOURCE,
        id="-".join(part for part in (call, call_sign, verb.value) if part),
        verb=verb,
        target=f"{SOURCE}/{call}",
        at=at,
        unit=call_sign,
        by="dispatch",
    )
