"""What the map stands on: roster, outlines, cells and places of this district, and how loaded its cells are now."""

import functools
import gzip
from collections.abc import Callable
from typing import Any

import msgspec
from flask import Flask, Response, abort, request

from callbacks import answers, identity
from dashboard.district import District
from dashboard.follower import Follower

LOAD_EDGES = (1, 2, 3, 5, 8)  # open cases of one cell from which the next shade begins


def register(server: Flask, district: District, follower: Follower) -> None:
    """Serve /wall/<file>.json; a browser keeps each until the district changes, but for the loads."""
    makers: dict[str, Callable[[], Any]] = {
        "roster": functools.partial(roster, district),
        "outlines": district.outlines,
        "cells": district.cells,
        "places": district.places,
    }
    packed = functools.cache(lambda name: gzip.compress(msgspec.json.encode(makers[name]()), 6))

    def serve(name: str) -> Response:
        if name not in makers:
            abort(404)
        etag = f'"{district.version}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers={"ETag": etag})
        return Response(
            packed(name),
            mimetype="application/json",
            headers={
                "Content-Encoding": "gzip",
                "ETag": etag,
                "Cache-Control": "private, max-age=0, must-revalidate",
            },
        )

    server.add_url_rule("/wall/<name>.json", "geography", serve)
    server.add_url_rule("/wall/loads.json", "loads", lambda: loads(district, follower, request.args.get("centre", "")))


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
    """Call-signs and tiers by place in the roster: what turns the numbers of a frame into units."""
    return {
        "checksum": district.roster.checksum,
        "call_signs": list(district.roster.call_signs),
        "tiers": district.roster.tier.tolist(),
    }
