"""How the engine hands the situation on: changes to web processes, and now and then the whole picture."""

import msgspec

from dashboard.journal import Cursor
from dashboard.situation import Change, Memory, Signs


class Picture(msgspec.Struct, frozen=True):
    """The situation with all that a successor needs to continue it."""

    district: str  # District.version; another district's picture is of no use
    epoch: int
    seq: int
    delta: bytes  # id of the last delta that it holds
    cursor: Cursor
    everything: Change
    memory: Memory


class Head(msgspec.Struct, frozen=True):
    """Which picture it is."""

    district: str
    epoch: int
    delta: bytes


_CHANGES = msgspec.msgpack.Encoder()
_CHANGE = msgspec.msgpack.Decoder(Change)
_PICTURE = msgspec.msgpack.Decoder(Picture)
_HEAD = msgspec.msgpack.Decoder(Head)
_SIGNS = msgspec.msgpack.Decoder(Signs)


def encode_change(change: Change) -> bytes:
    """One change as the deltas carry it."""
    return _CHANGES.encode(change)


def decode_change(data: bytes) -> Change:
    """The change of `encode_change`; raises msgspec.DecodeError."""
    return _CHANGE.decode(data)


def encode_picture(picture: Picture) -> bytes:
    """A picture as the state server keeps it."""
    return _CHANGES.encode(picture)


def decode_picture(data: bytes) -> Picture:
    """The picture of `encode_picture`; raises msgspec.DecodeError."""
    return _PICTURE.decode(data)


def decode_head(data: bytes) -> Head:
    """Which picture it is, in a tenth of the time that all of it takes; raises msgspec.DecodeError."""
    return _HEAD.decode(data)


def encode_signs(signs: Signs) -> bytes:
    """What the engine took in with a second, as its messages carry it."""
    return _CHANGES.encode(signs)


def decode_signs(data: bytes) -> Signs:
    """The signs of `encode_signs`; nothing for no bytes. Raises msgspec.DecodeError."""
    return _SIGNS.decode(data) if data else Signs()
