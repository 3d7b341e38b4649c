"""What the map stands on, as static files of this district: roster, outlines, cells, places. Compressed once."""

import functools
import gzip
from collections.abc import Callable
from typing import Any

import msgspec
from flask import Flask, Response, abort, request

from dashboard.district import District


def register(server: Flask, district: District) -> None:
    """Serve /wall/<file>.json; a browser keeps each until the district changes."""
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


def roster(district: District) -> dict[str, Any]:
    """Call-signs and tiers by place in the roster: what turns the numbers of a frame into units."""
    return {
        "checksum": district.roster.checksum,
        "call_signs": list(district.roster.call_signs),
        "tiers": district.roster.tier.tolist(),
    }
