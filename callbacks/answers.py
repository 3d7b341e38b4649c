"""Answers that no browser keeps: JSON, and files to be put away."""

from collections.abc import Iterable
from typing import Any

import msgspec
from flask import Response


def json(content: Any, status: int = 200) -> Response:
    """Anything that msgspec can write; bytes are JSON already."""
    body = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return Response(body, status, mimetype="application/json", headers={"Cache-Control": "no-store"})


def attachment(body: bytes | Iterable[str], media_type: str, name: str) -> Response:
    """A file under a name of ours, whole or as it comes."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, mimetype=media_type, headers=headers)
