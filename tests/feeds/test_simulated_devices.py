from collections import Counter

import numpy as np
import pytest

from dashboard.district import District
from dashboard.records import Reply, ReplyState, Tier
from feeds.simulated_devices import Postbox, SimulatedDevices
from feeds.simulated_places import Places
from feeds.simulated_units import SimulatedUnits
from tests.feeds.letters import SCENE, letter
from tests.feeds.small_district import small_district

T0 = 1_795_000_000.0


@pytest.fixture(scope="module")
def district() -> District:
    return small_district()


def devices(district: District) -> tuple[SimulatedDevices, SimulatedUnits]:
    places = Places.of(district, 1)
    units = SimulatedUnits(district, places, 1, T0)
    return SimulatedDevices(district, places, units, 1), units


def answers(made: SimulatedDevices, *letters: object) -> list[Reply]:
    told = made.happen(list(letters), T0)  # type: ignore[arg-type]
    for second in range(1, 30):
        told += made.happen([], T0 + second)
    return told


def test_a_unit_reads_answers_and_goes_to_the_scene(district: District) -> None:
    made, units = devices(district)
    for number in range(40):  # most accept
        told = answers(made, letter(f"o{number}"))
        if [reply.state for reply in told] == [ReplyState.READ, ReplyState.ACCEPTED]:
            break
    else:
        raise AssertionError("nobody accepts")
    unit = district.roster.index["PO000"]
    assert units.on_errand[unit]
    for second in range(1, 4000):
        units.advance(T0 + second)
    places = Places.of(district, 1)
    x, y = places.metres(np.array([SCENE.lat]), np.array([SCENE.lon]))
    assert np.hypot(units.x[unit] - x[0], units.y[unit] - y[0]) < 25


def test_a_letter_that_comes_twice_is_answered_once(district: District) -> None:
    made, _ = devices(district)
    told = answers(made, letter(), letter())
    assert [reply.state for reply in told] == [ReplyState.READ, ReplyState.ACCEPTED]
    assert not answers(made, letter())


def test_some_decline_and_stay_and_some_say_nothing(district: District) -> None:
    made, units = devices(district)
    ends: Counter[ReplyState | None] = Counter()
    for number in range(300):
        told = answers(made, letter(f"n{number}"))
        ends[told[-1].state if told else None] += 1
        units.release(district.roster.index["PO000"])
    assert ends[ReplyState.ACCEPTED] > 240
    assert ends[ReplyState.DECLINED] > 3
    assert ends[None] > 2


def test_who_is_stood_down_goes_back_to_patrol(district: District) -> None:
    made, units = devices(district)
    answers(made, letter("go"))
    [reply] = answers(made, letter("back", go=False))
    assert reply.state is ReplyState.ACCEPTED
    assert not units.on_errand[district.roster.index["PO000"]]
    assert units.nearest(Tier.POLICE, 0.0, 0.0, T0) is not None


def test_the_postbox_hands_out_each_letter_once() -> None:
    box = Postbox()
    assert box.send(letter()) is ReplyState.DELIVERED
    assert [each.order for each in box.take()] == ["o1"]
    assert box.take() == []
    box.close()
