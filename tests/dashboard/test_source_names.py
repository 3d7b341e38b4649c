import pytest

from dashboard import sensors, source_names
from dashboard.records import DESK
from feeds import courier, replay, simulator


@pytest.mark.parametrize("name", ["cad", "local", "video-platform", "宝安-110", "a", "field.1", "IoT"])
def test_a_plain_name_is_good(name: str) -> None:
    source_names.check(name)


def test_every_name_that_we_speak_under_ourselves_is_ours() -> None:
    for name in (DESK, courier.SOURCE, sensors.SOURCE, replay.OWN_SOURCE, *simulator.TITLES):
        with pytest.raises(ValueError, match="wall135's own"):
            source_names.check(name)


@pytest.mark.parametrize("name", ["Desk", "DESK", " desk", "desk ", "ｄｅｓｋ", "Sensors"])
def test_a_name_that_looks_like_ours_is_ours_too(name: str) -> None:
    with pytest.raises(ValueError, match="wall135's own"):
        source_names.check(name)


@pytest.mark.parametrize("name", ["", " ", "cad/x", "cad|bad_time", "a" * 61, "cad\n", "cad\x00", "\u202edac", " cad"])
def test_what_could_be_taken_for_something_else_names_no_source(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a source"):
        source_names.check(name)
