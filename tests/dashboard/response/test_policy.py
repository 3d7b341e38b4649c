import pytest

from dashboard.records import TIERS, Level, Tier
from dashboard.response.policy import LADDER, ClockZero, LegRule, PolicyError, decode

POLICE_FAST = {"tier": "police", "limit_s": 120, "needed": 2}


def test_an_empty_policy_is_one_three_five():
    policy = decode({})
    assert [(leg.tier, leg.limit_s, leg.needed) for leg in policy.legs] == [
        (Tier.VOLUNTEER, 60, 1),
        (Tier.AUXILIARY, 180, 1),
        (Tier.POLICE, 300, 1),
    ]
    assert (policy.zero, policy.geofence_m) == (ClockZero.REPORTED_AT, 50)


def test_kind_and_level_choose_the_legs_from_narrow_to_wide():
    policy = decode({"kinds": {"fire": {"I": [POLICE_FAST], "2": [], "*": [{"tier": "drone", "limit_s": 90}]}}})
    assert policy.legs_for("fire", Level.I) == (LegRule(Tier.POLICE, 120, 2),)
    assert policy.legs_for("fire", Level.II) == ()
    assert policy.legs_for("fire", Level.III) == (LegRule(Tier.DRONE, 90),)
    assert policy.legs_for("flood", Level.I) == LADDER


def test_freshness_is_one_number_or_one_for_a_tier():
    assert set(decode({"fresh_s": 45}).fresh_by_tier()) == {45}
    by_tier = decode({"fresh_s": {"warden": 90}}).fresh_by_tier()
    assert (by_tier[TIERS.index(Tier.WARDEN)], by_tier[TIERS.index(Tier.POLICE)]) == (90, 60)


def test_speeds_are_given_for_some_tiers_and_known_for_the_others():
    policy = decode({"speeds_mps": {"police": 12}})
    assert policy.speed_mps(Tier.POLICE) == 12
    assert policy.speed_mps(Tier.VOLUNTEER) == 2


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"legs": [{"tier": "volunter", "limit_s": 60}]}, r"volunter.*legs\[0\].tier"),
        ({"legs": [{"tier": "police", "limit_s": 0}]}, r"legs\[0\].limit_s"),
        ({"legs": [{"tier": "police"}]}, "limit_s"),
        ({"legs": [POLICE_FAST, POLICE_FAST]}, "legs: police has more than one leg"),
        ({"kinds": {"fire": {"*": [POLICE_FAST, POLICE_FAST]}}}, r"kinds.fire.\*: police"),
        ({"kinds": {"fire": {"V": []}}}, "kinds.fire.V: a level is one of"),
        ({"zero": "noticed_at"}, r"noticed_at.*zero"),
        ({"detour": 0.5}, "detour"),
        ({"geofence": 50}, "unknown field `geofence`"),
        ({"climb_s": [300, 120]}, "climb_s"),
        ({"look_m": []}, "look_m"),
        ({"fresh_s": 1000}, "off_after_s"),
    ],
)
def test_a_wrong_policy_is_refused_with_field_and_reason(raw, says):
    with pytest.raises(PolicyError, match=says):
        decode(raw)
