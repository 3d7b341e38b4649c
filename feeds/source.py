"""What every feed has in common: its settings, its two kinds of failure, and safe reading of messages."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from dashboard.district.geo import Crs

T = TypeVar("T")

_LONGEST_ID = 80  # records.Id


class FeedError(ValueError):
    """A message or a setting is not what it should be; the text says what, where and why."""


class FeedLost(Exception):
    """The source does not answer, refuses us, or ended the connection; the runner tries again."""


class FeedSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every feed's table in wall.toml has; `name` is the table's own."""

    name: str
    crs: Crs  # the system of coordinates that the source sends, never guessed
    title: str = ""  # what the feed strip shows; empty: the name
    rhythm_s: float = 60.0  # silence longer than this is worth saying


@dataclass(frozen=True)
class Feed:
    """One kind of source: the `type` of its tables in wall.toml, how they are read, what runs for each."""

    name: str
    settings: type[FeedSettings]
    fetch: Callable[[Any, Any, Any], None] | None  # (settings, deliver, stop); None: it comes to us by HTTP


def parse(raw: bytes | str, kind: type[T], what: str) -> T:
    """The JSON in `raw` as `kind`; raises FeedError that begins with `what`."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FeedError(f"{what}: {error}") from error


def build(form: type[T], /, **fields: object) -> T:
    """A record or fix of these fields, checked against its limits; raises FeedError that names the field."""
    try:
        return msgspec.convert(fields, form)
    except msgspec.ValidationError as error:
        raise FeedError(f"{form.__name__.lower()}: {error}") from error


def identifier(*parts: object) -> str:
    """One identifier out of several values; a digest where they are too long for a record."""
    joined = ":".join(str(part) for part in parts)
    return joined if len(joined) <= _LONGEST_ID else hashlib.sha256(joined.encode()).hexdigest()[:40]
