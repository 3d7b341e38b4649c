from pathlib import Path

import pytest

from dashboard.records import TIERS, Tier
from feeds.rehearsal import RehearsalError, build_rehearsal
from tests.rehearsal import rehearsal_district


def test_an_unknown_rehearsal_names_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(RehearsalError, match="sf, boston"):
        build_rehearsal("paris", tmp_path, tmp_path)


def test_an_absent_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(RehearsalError, match=r"sf_fire.*no such file"):
        build_rehearsal("sf", tmp_path, tmp_path / "out")


def test_san_francisco_has_its_neighbourhoods_and_every_unit(shared_data: Path) -> None:
    district = rehearsal_district("sf", shared_data)
    assert len(district.communities) == 41
    assert {centre.name for centre in district.sub_districts} >= {"B01", "B10"}
    tier = dict(zip(district.roster.call_signs, district.roster.tier, strict=True))
    assert len(tier) == 199 + 490
    tiers = [TIERS[tier[unit]] for unit in ("KM03", "E16", "B04")]
    assert tiers == [Tier.VOLUNTEER, Tier.AUXILIARY, Tier.POLICE]
    assert len(district.kinds) == 32
    assert district.community_at(37.7966, -122.4311) == _place(district.communities, "Marina")


def test_boston_has_its_wards_and_departments(shared_data: Path) -> None:
    district = rehearsal_district("boston", shared_data)
    assert len(district.communities) == 22
    assert district.department_index["PWDx"] >= 0
    assert all(item.limit is None for item in district.items.values())
    assert not district.demonstration


def test_the_folder_holds_nothing_of_the_tables(shared_data: Path, tmp_path: Path) -> None:
    folder = build_rehearsal("sf", shared_data, tmp_path / "sf")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_000_000
    assert not any("200980004" in path.read_text("utf-8") for path in folder.glob("*.csv"))


def _place(communities: list[object], name: str) -> int:
    return next(place for place, centre in enumerate(communities) if getattr(centre, "name", "") == name)
