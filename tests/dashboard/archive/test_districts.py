from pathlib import Path

import pytest

from dashboard.archive import districts
from dashboard.archive.districts import Districts
from dashboard.archive.store import LocalStore
from dashboard.district import District, load
from tests.feeds import small_district


class Kept:
    """A district before and after an edit, the archive that keeps both, and what the later one makes of it."""

    def __init__(self, folder: Path) -> None:
        self.store = LocalStore(folder / "archive")
        files = folder / "district"
        files.mkdir()
        small_district.write(files)
        self.before = self._keep(files)
        small_district.edit(files)
        self.now = self._keep(files)
        self.districts = Districts(self.store, self.now)
        self.file = self.store.folder / "districts" / f"{self.before.version}.zip"

    def _keep(self, files: Path) -> District:
        district = load(files)
        packed = districts.pack(files, district.version)
        assert packed is not None
        districts.keep(self.store, district, packed)
        return district


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_an_earlier_district_is_as_its_files_were(kept: Kept) -> None:
    found = kept.districts.of(kept.before.version)
    assert found is not None
    assert found.version == kept.before.version
    assert found.roster.call_signs == kept.before.roster.call_signs
    assert found.centres["C0"].name == "C0社区" != kept.now.centres["C0"].name
    assert (len(found.devices), "P1" in found.centres) == (len(kept.now.devices) - 1, False)
    assert found.cells() == kept.before.cells()
    assert kept.districts.of(kept.before.version) is found
    assert kept.districts.of(kept.now.version) is kept.now


def test_to_keep_it_again_changes_nothing(kept: Kept, tmp_path: Path) -> None:
    names = kept.store.names("")
    packed = districts.pack(tmp_path / "district", kept.now.version)
    assert packed == districts.pack(tmp_path / "district", kept.now.version)
    assert packed is not None
    districts.keep(kept.store, kept.now, packed)
    assert kept.store.names("") == names


def test_files_that_changed_since_they_were_loaded_are_not_kept_under_a_wrong_name(kept: Kept, tmp_path: Path) -> None:
    assert districts.pack(tmp_path / "district", kept.before.version) is None


@pytest.mark.parametrize("version", ["0123456789ab", "", "../../secret", "0123456789ab/../x", "0123456789AB"])
def test_a_version_that_is_not_kept_is_none(kept: Kept, version: str) -> None:
    assert kept.districts.of(version) is None


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "swapped"])
def test_a_damaged_file_is_none_and_said(kept: Kept, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    whole = kept.file.read_bytes()
    middle = len(whole) // 2
    kept.file.write_bytes(
        {
            "empty": b"",
            "cut": whole[:middle],
            "flipped": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
            "swapped": (kept.file.parent / f"{kept.now.version}.zip").read_bytes(),
        }[damage]
    )
    assert kept.districts.of(kept.before.version) is None
    assert kept.before.version in caplog.text


def test_every_roster_is_known_the_current_one_first(kept: Kept) -> None:
    found = kept.districts.rosters()
    assert list(found) == [kept.now.roster.checksum, kept.before.roster.checksum]
    earlier = found[kept.before.roster.checksum]
    assert earlier.call_signs == kept.before.roster.call_signs
    assert earlier.tier.tolist() == kept.before.roster.tier.tolist()
    assert earlier.home.tolist() == kept.before.roster.home.tolist()


def test_a_damaged_roster_is_left_out_and_said(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    (kept.store.folder / "rosters" / f"{kept.before.roster.checksum:08x}.json").write_bytes(b'{"call_signs":[]')
    assert list(kept.districts.rosters()) == [kept.now.roster.checksum]
    assert "cannot be read" in caplog.text


def test_only_the_last_few_are_held(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(districts, "_LOADED_MOST", 1)
    small_district.edit(tmp_path / "district", 2)
    found = Districts(kept.store, load(tmp_path / "district"))
    first = found.of(kept.before.version)
    assert found.of(kept.before.version) is first
    assert found.of(kept.now.version) is not None
    assert found.of(kept.before.version) is not first
