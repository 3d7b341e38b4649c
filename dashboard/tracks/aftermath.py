"""The past of one incident: its last state, the ways of the units that came, the alerts and cameras around it."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import DecodeError, Struct
from msgspec.structs import replace

from dashboard.archive.facts import open_incident
from dashboard.district import Device, DeviceKind, District, Roster
from dashboard.district.geo import distance_m
from dashboard.response.incidents import IncidentState
from dashboard.tracks import Reads, Track, read

BEFORE_S, AFTER_S = 300.0, 300.0  # tracks begin so long before the report and end so long after the close
LONGEST_S = 6 * 3600.0  # of an incident that was never closed; longer tracks are asked for by themselves
NEAR_M = 300.0
CAMERAS_MOST, ALERTS_MOST = 12, 20

_INCIDENT = "SELECT body, community FROM incidents WHERE key = ?"
_ALERTS = """
    SELECT a.key, a.kind, a.device, a.level, a.stage, a.first_at, a.last_at, a.into
    FROM alerts a
    WHERE a.merged_into = '' AND (a.into = ? OR (a.first_at <= ? AND a.last_at >= ? AND list_contains(?, a.device)))
    ORDER BY a.first_at
"""


class AlertThen(Struct, frozen=True):
    """An alert that was near, or became the incident."""

    key: str
    kind: str
    device: str
    level: int
    stage: str
    first_at: float
    last_at: float
    into: str


class Camera(Struct, frozen=True):
    """A camera near the place."""

    device: Device
    away_m: float


class Aftermath(Struct, frozen=True):
    """All that the archive knows of one incident."""

    incident: IncidentState
    from_at: float
    to_at: float
    tracks: Sequence[Track]
    silent: Sequence[str]  # units that were sent or came, and of which no fix is known
    cameras: Sequence[Camera]
    alerts: Sequence[AlertThen]


def find(reading: Reads, district: District, key: str) -> IncidentState | None:
    """The last state of an incident; None where the archive has none that this version can read.

    Its community is that of the same code today: another district file may have had it at another place.
    """
    for body, community in reading.rows(_INCIDENT, [key]):
        try:
            return replace(open_incident(body), community=district.community_index.get(community, -1))
        except DecodeError:
            return None
    return None


def gather(
    reading: Reads, district: District, rosters: Mapping[int, Roster], incident: IncidentState, now: float
) -> Aftermath:
    """What happened around an incident, up to `now` (epoch seconds). Raises what the archive raises.

    `rosters`: all that are known, the current one first.
    """
    from_at, to_at = span(incident, now)
    names = involved(incident)
    tracks = read(reading, rosters, names, from_at, to_at)
    known = {track.call_sign for track in tracks}
    cameras = cameras_near(district, incident.lat, incident.lon)
    devices = [camera.device.id for camera in cameras]
    rows = reading.rows(_ALERTS, [incident.key, to_at, from_at, devices])
    alerts = [AlertThen(*row) for row in rows[:ALERTS_MOST]]
    silent = [name for name in names if name not in known]
    return Aftermath(incident, from_at, to_at, tracks, silent, cameras, alerts)


def span(incident: IncidentState, now: float) -> tuple[float, float]:
    """From when until when its tracks are of interest."""
    began = min(incident.reported_at, incident.occurred_at or incident.reported_at)
    ended = incident.closed_at + AFTER_S if incident.closed_at is not None else now
    return began - BEFORE_S, min(ended, now, began + LONGEST_S)


def involved(incident: IncidentState) -> list[str]:
    """The units that were sent or came, in the order of the first word of them."""
    seen = [(order.at, order.unit) for order in incident.sent]
    seen += [(arrived.at, arrived.call_sign) for arrived in incident.arrivals]
    return list(dict.fromkeys([name for _, name in sorted(seen)] + list(incident.assigned)))


def cameras_near(district: District, lat: float, lon: float) -> list[Camera]:
    """The cameras around a place, the nearest first."""
    cameras = [each for each in district.devices if each.kind in (DeviceKind.CAMERA, DeviceKind.AI_CAMERA)]
    if not cameras:
        return []
    lats, lons = np.array([(each.lat, each.lon) for each in cameras]).T
    away = distance_m(lat, lon, lats, lons)
    order: Iterable[int] = np.argsort(away)[:CAMERAS_MOST].tolist()
    return [Camera(cameras[place], float(away[place])) for place in order if away[place] <= NEAR_M]
