"""Checkpoints: the engine's whole picture, about once a minute, so that a replay need not fold from the beginning.

`checkpoints/<local day>/<id of the last delta that it holds>.zst`. Between two whole ones a picture is compressed
against the whole one before it, whose name stands in its first line: most of a picture is what it was minutes ago.
"""

from bisect import bisect_right
from datetime import tzinfo
from typing import NamedTuple

import zstandard

from dashboard.archive.parts import day_of
from dashboard.archive.schema import number, received_at
from dashboard.archive.store import Store
from dashboard.picture import Picture, decode_picture

WHOLE_S = 600.0
_LEVEL = 3
_MAGIC = b"CKP1"


class Checkpoint(NamedTuple):
    """One of them."""

    id: int  # of the last delta that it holds
    name: str

    @property
    def at(self) -> float:
        """When the last delta that it holds was published."""
        return received_at(self.id)


class Checkpoints:
    """Those of one archive."""

    def __init__(self, store: Store, zone: tzinfo, every_s: float = 60.0) -> None:
        self._store = store
        self._zone = zone
        self._every_s = every_s
        self._due_at = 0.0
        self._base: tuple[float, str, bytes] | None = None  # when, name and bytes of the last whole one

    def is_due(self, now: float) -> bool:
        """Whether another one is wanted."""
        return now >= self._due_at

    def taken_at(self, now: float) -> None:
        """One was taken, to be kept soon."""
        self._due_at = now + self._every_s

    def keep(self, at: float, delta: bytes, picture: bytes) -> str:
        """Write an encoded picture (picture.encode_picture); its name. Raises StoreError."""
        id_ = number(delta)
        folder = f"checkpoints/{day_of(id_, self._zone)}/"
        name = f"{folder}{id_:020}.zst"
        # None leans on one of the day before, which is deleted a day earlier.
        if self._base is None or at - self._base[0] >= WHOLE_S or not self._base[1].startswith(folder):
            packed = _MAGIC + b"\n" + zstandard.ZstdCompressor(level=_LEVEL).compress(picture)
            # Only what is there under that name, and is ours, can be leant on.
            self._base = (at, name, picture) if self._store.write(name, packed) else None
        else:
            packed = b"\n".join((_MAGIC + self._base[1].encode(), _against(self._base[2], picture)))
            self._store.write(name, packed)
        return name

    def all(self) -> list[Checkpoint]:
        """Every checkpoint, oldest first."""
        names = [name for name in self._store.names("checkpoints") if name.endswith(".zst")]
        return sorted(Checkpoint(int(name.rpartition("/")[2].removesuffix(".zst")), name) for name in names)

    def latest(self, at: float) -> Checkpoint | None:
        """The newest that was published at `at` or before it."""
        known = self.all()
        place = bisect_right(known, at, key=lambda checkpoint: checkpoint.at)
        return known[place - 1] if place else None

    def load(self, name: str) -> Picture:
        """A checkpoint's picture; raises FileNotFoundError, StoreError, or DecodeError for another version's."""
        return decode_picture(self._open(name))

    def _open(self, name: str) -> bytes:
        head, _, packed = self._store.read(name).partition(b"\n")
        base = head.removeprefix(_MAGIC).decode()
        if not base:
            return zstandard.ZstdDecompressor().decompress(packed)
        known = zstandard.ZstdCompressionDict(self._open(base), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        return zstandard.ZstdDecompressor(dict_data=known, max_window_size=2**31).decompress(packed)


def _against(base: bytes, picture: bytes) -> bytes:
    """A picture as what it differs from another in."""
    known = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    window = min(27, max(20, (len(base) + len(picture)).bit_length()))
    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, window_log=window, enable_ldm=True, source_size=len(picture)
    )
    return zstandard.ZstdCompressor(dict_data=known, compression_params=parameters).compress(picture)
