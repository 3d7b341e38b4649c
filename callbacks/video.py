"""Live view: tells a console where the pictures of one camera are, and puts on record who looked at it, and why."""

from collections.abc import Callable
from typing import Any

import msgspec
from flask import Flask, Response, request

from callbacks import identity
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
        return _answer(404, {"error": "unknown", "why": "no such camera in your area"})
    live = gateways.live_of(device.id)
    if live is None:
        return _answer(404, {"error": "no_gateway", "why": "WALL_VIDEO_URL names no gateway for live views"})
    try:
        note("sight", principal.name, f"camera/{device.id}", request.args.get("why", "")[:_WHY_MOST], principal)
    except JournalUnavailable:
        return _answer(503, {"error": "journal_away", "why": "nobody looks without a record: try again"})
    return _answer(200, {"kind": live.kind.value, "url": live.url, "name": device.name or device.id})


def _camera(district: District, camera: str) -> Device | None:
    place = district.device_index.get(camera)
    device = district.devices[place] if place is not None else None
    return device if device is not None and device.kind in _CAMERAS else None


def _is_within(device: Device, principal: Principal, district: District) -> bool:
    """A camera outside every community belongs to the whole district."""
    if device.community < 0:
        return principal.covers(district.root.code, district)
    return bool(district.scope(principal.centre).communities[device.community])


def _answer(status: int, body: dict[str, Any]) -> Response:
    return Response(
        msgspec.json.encode(body), status, mimetype="application/json", headers={"Cache-Control": "no-store"}
    )
