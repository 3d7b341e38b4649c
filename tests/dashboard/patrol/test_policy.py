from dataclasses import replace

import pytest

from dashboard.patrol import policy
from dashboard.records import Tier
from dashboard.response.policy import PolicyError
from tests.feeds.small_district import small_district
from tests.layouts.scenes import baoan


def test_without_settings_every_cell_is_due_once_a_day() -> None:
    assert set(policy.of(small_district()).cycles_s(small_district())) == {86_400.0}


def test_the_narrowest_cycle_counts() -> None:
    district = small_district()
    code = district.cell_codes[0]
    community = district.communities[int(district.cell_community[0])].code
    rules = policy.decode({"cycle_h": 24, "cycles_h": {"A": 12, community: 6, code: 1}})
    cycles = rules.cycles_s(district) / 3600
    owner = district.cell_community
    assert cycles[0] == 1
    assert set(cycles[1:][owner[1:] == owner[0]]) == {6}
    assert set(cycles[district.sub_district_of[owner] == 1]) == {24}


def test_cells_with_a_key_area_have_a_cycle_of_their_own() -> None:
    cycles = policy.decode({"key_area_cycle_h": 2}).cycles_s(baoan()) / 3600
    assert 0 < (cycles == 2).sum() <= 92
    assert set(cycles) == {2, 24}


@pytest.mark.parametrize(
    "raw",
    [{"cycle_h": 0}, {"tiers": ["nobody"]}, {"stay": 3}, {"minimum": {"A": {"police": 0}}}, {"silent_s": {"x": 1}}],
)
def test_settings_that_cannot_be_used_are_refused(raw: dict[str, object]) -> None:
    with pytest.raises(PolicyError, match="patrol"):
        policy.decode(raw)


@pytest.mark.parametrize("raw", [{"minimum": {"Z": {"police": 1}}}, {"cycles_h": {"Z": 3}}])
def test_areas_that_the_district_does_not_have_are_refused(raw: dict[str, object]) -> None:
    with pytest.raises(PolicyError, match="'Z'"):
        policy.of(replace(small_district(), patrol_settings=raw))


def test_the_demonstration_has_settings_that_can_be_used() -> None:
    assert policy.of(baoan()).silent_by_tier()[list(Tier).index(Tier.WARDEN)] > 0
