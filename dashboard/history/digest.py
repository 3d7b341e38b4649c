"""One number for a whole situation: two that fold the same have the same, whatever order they keep it in."""

import hashlib

import msgspec

from dashboard.picture import decode_change, encode_change
from dashboard.situation import Memory, Situation

_ENCODER = msgspec.json.Encoder(order="sorted")
_PACKED = msgspec.msgpack.Encoder()
_MEMORY = msgspec.msgpack.Decoder(Memory)


def digest(situation: Situation) -> str:
    """SHA-256 over all states and over what only an engine remembers."""
    # As a successor would read it: a whole number where a fraction may stand is the same as that fraction.
    everything = decode_change(encode_change(situation.everything()))
    memory = _MEMORY.decode(_PACKED.encode(situation.memory()))
    found = hashlib.sha256()
    for name in everything.__struct_fields__:
        value = getattr(everything, name)
        parts = sorted(map(_ENCODER.encode, value)) if isinstance(value, tuple) else [_ENCODER.encode(value)]
        found.update(b"\n".join([name.encode(), *parts, b""]))
    found.update(_ENCODER.encode(msgspec.to_builtins(memory, str_keys=True)))  # some are known by numbers
    return found.hexdigest()
