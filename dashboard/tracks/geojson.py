"""An after-action record as GeoJSON (RFC 7946), for maps of others: times are in the properties, ISO 8601 in UTC."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from dashboard.tracks import Track
from dashboard.tracks.aftermath import Aftermath

Feature = dict[str, Any]


def collection(aftermath: Aftermath, note: str) -> dict[str, Any]:
    """The incident, the ways and stays of its units, their arrivals, the cameras. `note`: who took it, when and why."""
    return {"type": "FeatureCollection", "note": note, "features": list(_features(aftermath))}


def _features(aftermath: Aftermath) -> Iterator[Feature]:
    incident = aftermath.incident
    yield _point(
        incident.lat,
        incident.lon,
        what="incident",
        key=incident.key,
        kind=incident.kind,
        level=int(incident.level),
        title=incident.title,
        reported_at=_utc(incident.reported_at),
        acknowledged_at=_utc(incident.acknowledged_at),
        closed_at=_utc(incident.closed_at),
        drill=incident.drill,
        legs=[
            {"tier": leg.tier.value, "state": leg.state.value, "due_at": _utc(leg.due_at), "limit_s": leg.limit_s}
            for leg in incident.legs
        ],
    )
    for arrived in incident.arrivals:
        what = {"unit": arrived.call_sign, "tier": arrived.tier.value, "evidence": arrived.evidence.value}
        yield _point(
            incident.lat, incident.lon, what="arrival", at=_utc(arrived.at), error_s=round(arrived.error_s, 1), **what
        )
    for track in aftermath.tracks:
        yield from of_track(track)
    for camera in aftermath.cameras:
        device = camera.device
        yield _point(device.lat, device.lon, what="camera", id=device.id, name=device.name, away_m=round(camera.away_m))


def of_track(track: Track) -> Iterator[Feature]:
    """One line for each stretch without a gap, then the stays."""
    about = {"unit": track.call_sign, "tier": track.tier.value}
    for piece in track.pieces():
        at, places = track.at[piece], np.stack((track.lon[piece], track.lat[piece]), axis=1).round(6).tolist()
        times = [_utc(each) for each in at.tolist()]
        if len(places) == 1:
            yield _point(places[0][1], places[0][0], what="fix", at=times[0], **about)
            continue
        geometry = {"type": "LineString", "coordinates": places}
        yield {"type": "Feature", "geometry": geometry, "properties": {"what": "track", **about, "times": times}}
    for stay in track.stays():
        span = {"from": _utc(stay.from_at), "to": _utc(stay.to_at), "seconds": round(stay.seconds)}
        yield _point(stay.lat, stay.lon, what="stay", **about, **span)


def _point(lat: float, lon: float, **properties: Any) -> Feature:
    geometry = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _utc(at: float | None) -> str | None:
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
