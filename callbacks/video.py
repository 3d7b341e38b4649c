"""Live view: tells a console where the pictures of one camera are, and puts on record who looked at it, and why."""

from collections.abc import Callable

from flask import Flask, Response, request

from callbacks import answers, identity
from dashboard.access import Principal
from dashboard.district import Device, DeviceKind, District
from dashboard.store import JournalUnavailable
from dashboard.video import Gateways

_CAMERAS = (DeviceKind.CAMERA, DeviceKind.AI_CAMERA)
_WHY_MOST = 200

Note = Callable[..., None]  # Trail.note: kind, actor, subject, detail, who


def register(server: Flask, district: District, gateways: Gateways, note: Note) -> None:
    """Serve GET /video/<camera>?why=..."""
    server.add_url_rule("/video/<path:camera>", "video", lambda camera: show(district, gateways, note, camera))


def show(district: District, gateways: Gateways, note: Note, camera: str) -> Response:
    """Where the live view of one camera is, once the sight of it is on record."""
    principal = identity.current()
    device = _camera(district, camera)
    if device is None or not _is_within(device, principal, district):
        return answers.json({"error": "unknown", "why": "no such camera in your area"}, 404)
    live = gateways.live_of(device.id)
    if live is None:
        return answers.json({"error": "no_gateway", "why": "WALL_VIDEO_URL names no gateway for live views"}, 404)
    try:
        note("sight", principal.name, f"camera/{device.id}", request.args.get("why", "")[:_WHY_MOST], principal)
    except JournalUnavailable:
        return answers.json({"error": "journal_away", "why": "nobody looks without a record: try again"}, 503)
    return answers.json({"kind": live.kind.value, "url": live.url, "name": device.name or device.id})


def _camera(district: District, camera: str) -> Device | None:
    place = district.device_index.get(camera)
    device = district.devices[place] if place is not None else None
    return device if device is not None and device.kind in _CAMERAS else None


def _is_within(device: Device, principal: Principal, district: District) -> bool:
    """A camera outside every community belongs to the whole district."""
    if device.community < 0:
        return principal.covers(district.root.code, district)
    return bool(district.scope(principal.centre).communities[device.community])
