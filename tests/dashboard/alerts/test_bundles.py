import msgspec

from dashboard.alerts.bundles import SIGNALS_MOST, Bundles, BundlesMemory
from dashboard.alerts.episodes import Habit, Habits, Signal


def signal(at: float, id: str = "", **changes) -> Signal:
    facts = {
        "id": id or f"s{at:g}",
        "revision": 0,
        "kind": "smoke",
        "active": True,
        "level": 4,
        "received_at": at,
    }
    return Signal(at=at, **(facts | changes))


def heard(*signals: Signal, habits: Habits = Habits()) -> Bundles:  # noqa: B008 - frozen
    bundles = Bundles(habits)
    for one in signals:
        bundles.hear("nvr", "cam-1", one)
    return bundles


def told(bundles: Bundles) -> dict[str, tuple[float, float, int]]:
    found = [bundles.find(key)[1] for key in list(bundles.keys())]
    return {f"nvr/{one.id}": (one.first_at, one.last_at, one.count) for one in found}


def test_without_a_device_each_id_is_alone():
    bundles = Bundles(Habits())
    for id in "ab":
        bundles.hear("nvr", "", signal(0, id))
    assert list(bundles.keys()) == ["nvr/a", "nvr/b"]


def test_a_repeated_signal_is_heard_once():
    bundles = heard(signal(0), signal(1))
    assert bundles.hear("nvr", "cam-1", signal(1)).keys == []
    assert told(bundles) == {"nvr/s0": (0, 1, 2)}


def test_an_earlier_signal_that_comes_late_gives_its_key():
    bundles = heard(signal(10), signal(11))
    answer = bundles.hear("nvr", "cam-1", signal(5))
    assert answer.merged == {"nvr/s10": "nvr/s5"}
    assert told(bundles) == {"nvr/s5": (5, 11, 3)}
    assert bundles.find("nvr/s10") == bundles.find("nvr/s5")
    assert bundles.hear("nvr", "cam-1", signal(1)).merged == {"nvr/s5": "nvr/s1"}
    assert bundles.current("nvr/s10") == "nvr/s1"
    assert sorted(bundles.asides("nvr/s1")) == ["nvr/s10", "nvr/s5"]


def test_a_late_signal_joins_two_episodes_and_a_late_clear_parts_them_again():
    habits = Habits(Habit(clears=True))
    bundles = heard(signal(0), signal(10, active=False), signal(100), habits=habits)
    assert told(bundles) == {"nvr/s0": (0, 10, 1), "nvr/s100": (100, 100, 1)}
    bundles.hear("nvr", "cam-1", signal(50))
    assert told(bundles) == {"nvr/s0": (0, 100, 3)}
    bundles.hear("nvr", "cam-1", signal(51, active=False))
    assert told(bundles) == {"nvr/s0": (0, 100, 3)}  # 49 s after the clear: it chatters
    bundles.hear("nvr", "cam-1", signal(20, active=False))
    bundles.hear("nvr", "cam-1", signal(200))
    assert set(told(bundles)) == {"nvr/s0"}


def test_a_late_clear_gives_back_the_key_that_was_merged_away():
    habits = Habits(Habit(clears=True, bundle_s=10))
    bundles = heard(signal(100), signal(0), habits=habits)
    assert set(told(bundles)) == {"nvr/s0"}
    bundles.hear("nvr", "cam-1", signal(50, active=False))
    assert set(told(bundles)) == {"nvr/s0", "nvr/s100"}
    assert bundles.asides("nvr/s0") == []


def test_the_key_of_every_signal_leads_to_its_episode():
    bundles = heard(signal(0), signal(1), signal(100))
    assert [bundles.current(f"nvr/s{at}") for at in (0, 1, 100, 7)] == [
        "nvr/s0",
        "nvr/s0",
        "nvr/s100",
        "nvr/s7",
    ]


def test_a_noted_key_leads_on_when_its_signal_is_settled():
    bundles = heard(signal(0), signal(1), signal(2))
    bundles.note("nvr/s1")
    for second in range(3, 1000):
        bundles.hear("nvr", "cam-1", signal(float(second)))
    assert (bundles.current("nvr/s1"), bundles.current("nvr/s2")) == ("nvr/s0", "nvr/s2")


def test_a_chatterer_is_settled_and_its_count_goes_on():
    many = 3 * SIGNALS_MOST
    bundles = heard(*(signal(float(second)) for second in range(many)))
    assert told(bundles) == {"nvr/s0": (0, many - 1, many)}
    assert bundles.hear("nvr", "cam-1", signal(0.5)) is None
    assert bundles.hear("nvr", "cam-1", signal(many - 0.5)) is not None


def test_done_episodes_are_forgotten_oldest_first_and_stay_so():
    bundles = heard(signal(0), signal(100), signal(200))
    assert bundles.prune({"nvr/s100", "nvr/s200"}.__contains__, 50.0) == []
    assert bundles.prune({"nvr/s0", "nvr/s100"}.__contains__, 50.0) == ["nvr/s0", "nvr/s100"]
    assert bundles.hear("nvr", "cam-1", signal(1)) is None
    assert list(bundles.keys()) == ["nvr/s200"]
    assert bundles.prune({"nvr/s200"}.__contains__, 300.0) == ["nvr/s200"]
    assert bundles.memory().groups == {}


def test_a_successor_goes_on_from_the_memory():
    bundles, heir = heard(signal(10), signal(5), signal(100)), Bundles(Habits())
    heir.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(bundles.memory()), type=BundlesMemory))
    for one in (signal(11), signal(10), signal(101), signal(60)):
        assert heir.hear("nvr", "cam-1", one) == bundles.hear("nvr", "cam-1", one)
    assert told(heir) == told(bundles)
    assert heir.current("nvr/s10") == "nvr/s5"
