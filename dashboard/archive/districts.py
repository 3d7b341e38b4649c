"""The district's files as they were: history is told by the roster, the areas and the names of its own time.

`districts/<version>.zip` holds the files of a district's folder, `rosters/<checksum>.json` the units of one roster, so
that a track is found without the areas. Both are small, and kept as long as the archive.
"""

import io
import logging
import re
import tempfile
import threading
import zipfile
import zlib
from collections import OrderedDict
from pathlib import Path
from sys import intern

import msgspec
import numpy as np

from dashboard import district as files
from dashboard.archive.store import Store
from dashboard.district import District, DistrictError, Roster
from dashboard.records import TIERS, Tier

log = logging.getLogger(__name__)

_LOADED_MOST = 4  # some tens of megabytes each
_LARGEST = 500_000_000  # bytes of all files, unpacked
_VERSION = re.compile(r"[0-9a-f]{12}")
# What zipfile raises for bytes that changed; the last where they name a method of packing that it does not know.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files are the same bytes


class _Units(msgspec.Struct, frozen=True):
    """One roster, in columns: by codes, for an archive outlives the places that a district's files give them."""

    call_signs: list[str]
    tiers: list[Tier]
    homes: list[str]  # code of the community, "" none


class Districts:
    """The editions of one district that an archive has. Safe to ask on any thread."""

    def __init__(self, store: Store, current: District) -> None:
        self._store = store
        self.current = current
        self._loaded: OrderedDict[str, District | None] = OrderedDict()  # None: damaged
        self._rosters: dict[str, Roster | None] = {}  # by the name of the file
        self._lock = threading.RLock()  # to load one takes half a second: once is enough

    def of(self, version: str) -> District | None:
        """The district as its files were; None where they are not kept, or are damaged."""
        if version == self.current.version:
            return self.current
        if not _VERSION.fullmatch(version):
            return None
        with self._lock:
            if version not in self._loaded:
                try:
                    packed = self._store.read(_name_of(version))
                except OSError as error:
                    log.warning("the district's files of version %s are not to be had: %s", version, error)
                    return None
                self._loaded[version] = _unpacked(packed, version)
            self._loaded.move_to_end(version)
            while len(self._loaded) > _LOADED_MOST:
                self._loaded.popitem(last=False)
            return self._loaded[version]

    def has_others(self) -> bool:
        """Whether an edition is kept that is not the current one. Raises what the store raises."""
        return any(name != _name_of(self.current.version) for name in self._store.names("districts"))

    def rosters(self) -> dict[int, Roster]:
        """Every roster that is known, by its checksum, the current one first; homes are of the current district.

        Raises what the store raises.
        """
        found = {self.current.roster.checksum: self.current.roster}
        with self._lock:
            for name in self._store.names("rosters"):
                if name not in self._rosters:
                    self._rosters[name] = self._read_roster(name)
                roster = self._rosters[name]
                if roster is not None:
                    found.setdefault(roster.checksum, roster)
        return found

    def _read_roster(self, name: str) -> Roster | None:
        try:
            units = msgspec.json.decode(self._store.read(name), type=_Units)
            place_of, tiers = self.current.community_index, {tier: place for place, tier in enumerate(TIERS)}
            roster = Roster(
                [intern(each) for each in units.call_signs],
                np.array([tiers[each] for each in units.tiers], np.uint8),
                np.array([place_of.get(each, -1) for each in units.homes], np.int16),
            )
        except (msgspec.DecodeError, FileNotFoundError) as error:
            log.warning("%s cannot be read: %s", name, error)
            return None
        if not len(roster.call_signs) == len(roster.tier) == len(roster.home) or name != _roster_name(roster):
            log.warning("%s is damaged", name)
            return None
        return roster


def pack(folder: Path, version: str) -> bytes | None:
    """The files of a district's folder as one; None where they are not those of this version any more."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in files.files_of(folder):
            packed.writestr(zipfile.ZipInfo(path.name, _EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED)
    content = into.getvalue()
    with tempfile.TemporaryDirectory() as again:
        _unpack(content, Path(again))
        is_same = files.version_of(Path(again)) == version
    if not is_same:
        log.warning("the district's files changed while they were read: history of this edition cannot be replayed")
    return content if is_same else None


def keep(store: Store, district: District, packed: bytes) -> None:
    """Put what `pack` made of a district's folder into the archive, if it is not there. Raises StoreError."""
    roster = district.roster
    codes = [*(centre.code for centre in district.communities), ""]
    units = _Units(roster.call_signs, [TIERS[each] for each in roster.tier], [codes[each] for each in roster.home])
    store.write(_roster_name(roster), msgspec.json.encode(units))
    store.write(_name_of(district.version), packed)


def _name_of(version: str) -> str:
    return f"districts/{version}.zip"


def _roster_name(roster: Roster) -> str:
    return f"rosters/{roster.checksum:08x}.json"


def _unpacked(packed: bytes, version: str) -> District | None:
    try:
        with tempfile.TemporaryDirectory(prefix="wall-district-") as folder:
            _unpack(packed, Path(folder))
            if files.version_of(Path(folder)) != version:
                raise zipfile.BadZipFile("it holds other files")
            return files.load(folder)
    except (*_DAMAGED, OSError, DistrictError) as error:
        log.warning("the district's files of version %s cannot be read: %s", version, error)
        return None


def _unpack(packed: bytes, folder: Path) -> None:
    """Raises BadZipFile for what `pack` did not make."""
    with zipfile.ZipFile(io.BytesIO(packed)) as held:
        if sum(each.file_size for each in held.infolist()) > _LARGEST:
            raise zipfile.BadZipFile("it is too large")
        for each in held.infolist():
            if each.filename != Path(each.filename).name or each.is_dir():
                raise zipfile.BadZipFile("it holds a folder")
            (folder / each.filename).write_bytes(held.read(each))
