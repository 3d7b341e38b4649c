"""Positions as the OwnTracks apps publish them over MQTT: topic owntracks/<user>/<device>, one JSON object.

Source: https://owntracks.org/booklet/tech/json/ - only `location` is a position; the rest yields nothing.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from dashboard.district import geo
from dashboard.district.geo import Crs
from dashboard.records import Fix, moment
from feeds.source import FeedError, build, parse

_KMH_PER_MPS = 3.6
_YEAR_10000_S = 253_402_300_800  # beyond, it is no time in seconds: milliseconds, most likely


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a message names its unit."""

    unit_from: Literal["device", "user", "tid"] = "device"  # last topic level, the one before, tracker id
    units: Mapping[str, str] = field(default_factory=dict)  # that name -> call-sign, where they differ


class _Kind(Struct):
    kind: str = field(name="_type")


class _Location(Struct):
    lat: float
    lon: float
    tst: float  # epoch seconds of the fix
    tid: str = ""
    vel: float | None = None  # km/h
    cog: float | None = None  # degrees
    acc: float | None = None  # metres


def decode(topic: str, payload: bytes, crs: Crs, options: Options) -> list[Fix]:
    """The position in one message, or nothing if it is another kind of message.

    Speed arrives in km/h and leaves in m/s; negative speed, course and accuracy mean "unknown" (iOS).
    Raises FeedError.
    """
    if not payload:  # clearing a retained message
        return []
    kind = parse(payload, _Kind, "owntracks message").kind
    if kind == "encrypted":
        raise FeedError("owntracks message: it is encrypted; switch payload encryption off and use TLS")
    if kind != "location":
        return []
    seen = parse(payload, _Location, "owntracks location")
    if not 0 < seen.tst < _YEAR_10000_S:
        raise FeedError("owntracks location: `tst` is not a time in epoch seconds")
    if not (-90 <= seen.lat <= 90 and -180 <= seen.lon <= 180):
        raise FeedError("owntracks location: `lat` or `lon` is outside the earth's range")
    lat, lon = geo.to_wgs84(seen.lat, seen.lon, crs)
    speed_kmh = _known(seen.vel)
    fix = build(
        Fix,
        unit=_unit(topic, seen, options),
        at=moment(seen.tst),
        lat=lat,
        lon=lon,
        speed_mps=None if speed_kmh is None else speed_kmh / _KMH_PER_MPS,
        bearing_deg=_known(seen.cog),
        accuracy_m=_known(seen.acc),
    )
    return [fix]


def _unit(topic: str, seen: _Location, options: Options) -> str:
    levels = topic.split("/")
    if options.unit_from == "tid":
        name = seen.tid
    else:
        place = -1 if options.unit_from == "device" else -2
        name = levels[place] if len(levels) >= -place else ""
    if not name:
        raise FeedError(f"owntracks location: no {options.unit_from} to name the unit by")
    return options.units.get(name, name)


def _known(value: float | None) -> float | None:
    return None if value is None or value < 0 else value
