import pytest

from dashboard.briefing.rules import Rules, RulesError, decode


def test_a_district_that_says_nothing_has_our_rules() -> None:
    assert decode({}) == Rules()


def test_a_district_sees_it_differently() -> None:
    rules = decode({"below_weeks": 4, "weights": {"on_time": 50}})
    assert (rules.below_weeks, rules.weights.on_time, rules.weights.patrol) == (4, 50, Rules().weights.patrol)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"bellow_weeks": 4}, "bellow_weeks"),
        ({"weights": {"on_time": -1}}, "negative"),
        ({"weights": dict.fromkeys(Rules().weights.__struct_fields__, 0)}, "greater than 0"),
        ({"compare_weeks": 0}, "1 or more"),
        ({"trend_weeks": 60}, "trend_weeks"),
        ({"trend_weeks": 5}, "trend_weeks"),
    ],
)
def test_what_cannot_be_is_refused_and_said(settings: dict[str, object], why: str) -> None:
    with pytest.raises(RulesError, match=why):
        decode(settings)
