"""The handover document as bytes and as a tree: its canonical JSON, its digest, and whether one fits the other."""

import hashlib
from typing import Any

import msgspec

Document = dict[str, Any]


def canonical(document: Document) -> str:
    """The one JSON text of a document: keys in order, no blanks."""
    return msgspec.json.encode(document, order="sorted").decode()


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str) -> Document | None:
    """The document of a text; None if it is no JSON object."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
