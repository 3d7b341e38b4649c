"""What the map stands on: roster, outlines, cells and places of the district, and how loaded its cells are now.

A replay stands on those of its own time: `?version=` names them.
"""

import functools
import gzip
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from flask import Flask, Response, abort, request

from callbacks import answers, identity
from dashboard.archive.districts import Districts
from dashboard.district import District
from dashboard.follower import Follower

_PACKED_MOST = 20  # files of five editions
LOAD_EDGES = (1, 2, 3, 5, 8)  # open cases of one cell from which the next shade begins


def register(server: Flask, districts: Districts, follower: Follower) -> None:
    """Serve /wall/<file>.json; a browser keeps each until the district changes, but for the loads."""

    @functools.lru_cache(_PACKED_MOST)
    def packed(name: str, version: str) -> bytes:
        district = districts.of(version)
        if name not in _MAKERS or district is None:
            abort(404)
        return gzip.compress(msgspec.json.encode(_MAKERS[name](district)), 6)

    def serve(name: str) -> Response:
        version = request.args.get("version", "") or districts.current.version
        content = packed(name, version)
        etag = f'"{version}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers={"ETag": etag})
        return Response(
            content,
            mimetype="application/json",
            headers={
                "Content-Encoding": "gzip",
                "ETag": etag,
                "Cache-Control": "private, max-age=0, must-revalidate",
            },
        )

    server.add_url_rule("/wall/<name>.json", "geography", serve)
    now = districts.current
    server.add_url_rule("/wall/loads.json", "loads", lambda: loads(now, follower, request.args.get("centre", "")))


def loads(district: District, follower: Follower, centre: str) -> Response:
    """Open cases by cell in one scope, and the edges of its shades."""
    who = identity.current()
    centre = centre or who.centre
    if centre not in district.centres:
        abort(404)
    if not who.covers(centre, district):
        abort(403)
    scope = district.scope(centre)
    with follower.lock:
        counts = follower.situation.backlog.open_by_cell(len(district.cell_codes), scope.department)
    counts[~scope.communities[district.cell_community]] = 0
    return answers.json({"edges": LOAD_EDGES, "loads": counts.tolist()})


def roster(district: District) -> dict[str, Any]:
    """Call-signs and tiers by place in the roster, and where metres are counted from: what turns a frame into units."""
    return {
        "checksum": district.roster.checksum,
        "call_signs": list(district.roster.call_signs),
        "tiers": district.roster.tier.tolist(),
        "origin": {"lat": district.origin.lat, "lon": district.origin.lon},
    }


_MAKERS: Mapping[str, Callable[[District], Any]] = {
    "roster": roster,
    "outlines": District.outlines,
    "cells": District.cells,
    "places": District.places,
}
