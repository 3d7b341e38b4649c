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


def test_the_first_report_is_due_within_half_an_hour_unless_the_district_says_otherwise():
    assert decode({}).first_report_s(Level.IV) == 1800
    assert decode({"reports": {"first_s": 900}}).first_report_s(Level.IV) == 900
    by_level = decode({"reports": {"first_s": {"I": 600, "2": 1200}}})
    assert [by_level.first_report_s(level) for level in Level] == [600, 1200, None, None]
    assert decode({"reports": {"first_s": {"I": 600, "*": 1800}}}).first_report_s(Level.III) == 1800


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
        ({"answer_s": 0}, "answer_s"),
        ({"offer_s": -1}, "offer_s"),
        ({"reports": {"first_s": {"V": 60}}}, "reports.first_s.V: a level is one of"),
        ({"reports": {"first_s": {"I": 0}}}, r"reports.first_s\[...\]"),
        ({"reports": {"final_s": 60}}, "unknown field `final_s`"),
    ],
)
def test_a_wrong_policy_is_refused_with_field_and_reason(raw, says):
    with pytest.raises(PolicyError, match=says):
        decode(raw)
