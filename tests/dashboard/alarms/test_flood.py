import numpy as np
import pytest

from dashboard.alarms.flood import Raise, RaiseLog, flood_since, rates
from dashboard.alarms.policy import AlarmPolicy

POLICY = AlarmPolicy()


def raises(*times: float, key: str = "k", level: int = 3) -> list[Raise]:
    return [Raise(at, f"{key}{number}", level, 0, "") for number, at in enumerate(times)]


def every(step_s: float, count: int, start: float = 0.0) -> list[float]:
    return [start + step_s * number for number in range(count)]


def flooded(times: list[float], now: float) -> float | None:
    return flood_since(np.array(sorted(times)), now, POLICY)


def test_ten_in_ten_minutes_are_no_flood_and_eleven_are() -> None:
    assert flooded(every(10, 10), 100) is None
    assert flooded(every(10, 11), 100) == 100


def test_a_flood_ends_when_fewer_than_five_came_in_ten_minutes() -> None:
    times = every(10, 11)  # the last at 100 s
    assert flooded(times, 659) == 100  # those from 60 s on: five
    assert flooded(times, 660) is None


def test_between_ten_and_five_a_flood_goes_on_and_a_quiet_time_does_not_become_one() -> None:
    slow = every(100, 20, start=200)  # six in ten minutes, for ever
    assert flooded(every(10, 11) + slow, 2000) == 100
    assert flooded(slow, 2000) is None


def test_a_second_flood_has_a_beginning_of_its_own() -> None:
    times = every(10, 11) + every(10, 12, start=5000)
    assert flooded(times, 5200) == 5100


@pytest.mark.parametrize("seed", range(20))
def test_the_flood_is_the_same_as_by_watching_every_second(seed: int) -> None:
    chance = np.random.default_rng(seed)
    times = np.sort(chance.integers(0, 6000, chance.integers(5, 120))).astype(float)
    since: float | None = None
    for now in range(6600):
        held = int(((times > now - 600) & (times <= now)).sum())
        if held < POLICY.flood_under:
            since = None
        elif held > POLICY.flood_over and since is None:
            since = float(now)
        if now % 37 == 0:
            assert flood_since(times, float(now), POLICY) == since, now


def test_a_raise_is_counted_once_and_for_a_day() -> None:
    log = RaiseLog()
    log.add(raises(0, 100))
    log.add(raises(0, 100))
    assert [each.at for each in log.all()] == [0, 100]
    assert log.times().tolist() == [0, 100]
    log.prune(86_450)
    assert [each.at for each in log.all()] == [100]


def test_rates_by_window_level_and_source() -> None:
    told = rates([*raises(0, 0, 0), *raises(3000, level=1, key="c"), *raises(3590, 3600)], 3601, POLICY)
    assert (told.last_10_min, told.last_hour, told.last_day) == (2, 3, 6)
    assert told.mix == (1, 0, 5, 0)
    assert told.top[0] == ("k0", 2)


def test_the_share_of_ten_minutes_that_one_person_cannot_take() -> None:
    told = rates(raises(*every(1, 11, start=80_000)), 86_400, POLICY)
    assert told.flood_share == pytest.approx(1 / 144)
    assert rates(raises(*every(1, 10, start=80_000)), 86_400, POLICY).flood_share == 0
