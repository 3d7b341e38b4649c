import tomllib
from pathlib import Path
from typing import Any

import pytest

from dashboard.alarms.policy import AlarmPolicy, decode
from dashboard.alarms.states import AlarmKind
from dashboard.records import Level
from dashboard.response.policy import PolicyError


def test_the_defaults_are_those_of_the_standard() -> None:
    policy = decode({})
    assert (policy.flood_over, policy.flood_under, policy.flood_s) == (10, 5, 600)
    assert policy.shelve_most_s == 8 * 3600
    assert [policy.again_s(level) for level in Level] == [60, 120, 300, 0]


def test_a_delay_is_said_by_kind() -> None:
    policy = decode({"on_s": {"sensor": 30}})
    assert policy.on_delay_s(AlarmKind.SENSOR) == 30
    assert policy.on_delay_s(AlarmKind.INCIDENT) == 0
    assert policy.off_delay_s(AlarmKind.FEED) == 5


def test_the_numbers_in_the_document_are_the_defaults() -> None:
    text = (Path(__file__).parents[3] / "docs" / "alarms.md").read_text(encoding="utf-8")
    table = "\n".join(line.strip() for line in text[text.index("    [alarms]") :].splitlines())
    said = tomllib.loads(table)["alarms"]
    assert set(said) == set(AlarmPolicy.__struct_fields__)
    assert decode(said | {"on_s": {}, "off_s": {}}) == AlarmPolicy()


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ({"shelve_most_s": 9 * 3600}, "shelve_most_s"),
        ({"on_s": {"earthquake": 1}}, "on_s"),
        ({"re_alarm_s": [60, 120]}, "re_alarm_s"),
        ({"flood_over": 4}, "flood_under"),
        ({"bell": True}, "bell"),
    ],
)
def test_what_cannot_be_used_is_named(raw: dict[str, Any], named: str) -> None:
    with pytest.raises(PolicyError, match=named):
        decode(raw)
