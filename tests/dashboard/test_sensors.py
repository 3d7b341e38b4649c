import msgspec
import pytest

from dashboard.alerts import Alerts
from dashboard.district import Device, DeviceKind
from dashboard.records import Level, Reading, moment
from dashboard.sensors import Band, Debounce, Sensors, SensorsMemory, band_of, is_stale

T0 = 1_773_021_600.0
GAUGE = Device("G-1", DeviceKind.GAUGE, "Manhole 1", 22.5, 113.9, 0, "level", "m", 1.0, 2.0, 0.1)


def reading(at: float, value: float, sensor: str = "G-1") -> Reading:
    return Reading(source="gauges", id=f"{sensor}-{at:g}", sensor=sensor, at=moment(T0 + at), value=value)


def sensors(**changes) -> Sensors:
    return Sensors({"G-1": GAUGE}, **changes)


def told(*values: tuple[float, float]):
    """What the gauge says after the readings (time, value), and all signals that it gave."""
    gauge, signals = sensors(), []
    for at, value in values:
        signals += gauge.apply(reading(at, value), T0 + at).signals
    return gauge, gauge.get("G-1"), signals


@pytest.mark.parametrize(
    ("value", "band"),
    [(0.1, Band.LOW), (0.11, Band.NORMAL), (0.99, Band.NORMAL), (1.0, Band.HIGH), (2.0, Band.VERY_HIGH)],
)
def test_bands_begin_at_their_thresholds(value, band):
    assert band_of(value, Band.NORMAL, GAUGE) is band


@pytest.mark.parametrize(
    ("value", "now_in", "band"),
    [
        (0.96, Band.HIGH, Band.HIGH),
        (0.94, Band.HIGH, Band.NORMAL),
        (1.91, Band.VERY_HIGH, Band.VERY_HIGH),
        (1.89, Band.VERY_HIGH, Band.HIGH),
        (0.104, Band.LOW, Band.LOW),
        (0.106, Band.LOW, Band.NORMAL),
    ],
)
def test_a_band_is_left_a_little_behind_its_threshold(value, now_in, band):
    assert band_of(value, now_in, GAUGE, 0.05) is band


def test_one_reading_beyond_is_not_believed_and_two_in_a_row_are():
    _, state, signals = told((0, 0.5), (1, 1.2))
    assert (state.value, state.band, signals) == (1.2, Band.NORMAL, [])
    _, state, [signal] = told((0, 0.5), (1, 1.2), (2, 1.3))
    assert (state.band, state.band_since) == (Band.HIGH, T0 + 1)
    assert (signal.active, signal.device, signal.level, signal.kind) == (
        True,
        "G-1",
        Level.III,
        "sensor-high",
    )


def test_a_spike_is_forgotten():
    _, state, signals = told((0, 0.5), (1, 1.2), (2, 0.5), (3, 1.2), (4, 0.5))
    assert (state.band, signals) == (Band.NORMAL, [])


def test_a_value_that_stands_is_believed_in_time():
    gauge, _, _ = told((0, 0.5), (1, 1.2))
    assert gauge.tick(T0 + 10.9).states == []
    sensed = gauge.tick(T0 + 11)
    assert [state.band for state in sensed.states] == [Band.HIGH]
    assert [signal.active for signal in sensed.signals] == [True]
    assert gauge.tick(T0 + 12).states == []


def test_a_rise_is_a_revision_of_the_same_alert_and_normal_clears_it():
    _, state, signals = told((0, 1.2), (1, 1.2), (2, 2.5), (3, 2.5), (4, 1.5), (5, 1.5), (6, 0.5), (7, 0.5))
    assert state.band is Band.NORMAL
    assert [(signal.revision, signal.level, signal.active) for signal in signals] == [
        (0, Level.III, True),
        (1, Level.II, True),
        (2, Level.III, True),
        (3, Level.IV, False),
    ]
    assert len({signal.id for signal in signals}) == 1


def test_from_high_to_low_clears_the_one_and_raises_the_other():
    _, _, signals = told((0, 1.2), (1, 1.2), (2, 0.05), (3, 0.05))
    assert [(signal.kind, signal.active) for signal in signals] == [
        ("sensor-high", True),
        ("sensor-high", False),
        ("sensor-low", True),
    ]


def test_the_same_readings_give_the_same_signals():
    values = [(float(n), 0.5 + n * 0.1) for n in range(30)]
    assert told(*values)[2] == told(*values)[2]


def test_signals_fold_into_one_alert_that_returns_to_normal():
    class District:
        devices = (GAUGE,)
        device_index = {"G-1": 0}  # noqa: RUF012

        def community_at(self, lat, lon):
            return 0

    alerts = Alerts(District())
    _, _, signals = told((0, 1.2), (1, 1.2), (2, 2.5), (3, 2.5))
    for signal in signals:
        alerts.apply(signal, signal.at.timestamp())
    assert alerts.tick(T0 + 600) == []
    [state] = alerts.all()
    assert (state.level, state.active, state.count, state.title) == (Level.II, True, 1, "Manhole 1")
    _, _, signals = told((0, 1.2), (1, 1.2), (2, 2.5), (3, 2.5), (700, 0.5), (701, 0.5))
    [state] = alerts.apply(signals[-1], T0 + 701)
    assert not state.active


def test_an_older_reading_changes_nothing():
    gauge, state, _ = told((5, 0.5))
    assert gauge.apply(reading(4, 9.9), T0 + 6) == ([], [])
    assert gauge.apply(reading(5, 9.9), T0 + 6) == ([], [])
    assert gauge.get("G-1") == state


def test_a_sensor_without_thresholds_is_always_normal():
    gauge = sensors()
    for at in range(3):
        gauge.apply(reading(at, 1e9, "T-9"), T0 + at)
    assert gauge.get("T-9").band is Band.NORMAL


def test_stale_and_unheard_sensors_are_not_called_normal():
    gauge, state, _ = told((0, 1.2), (1, 1.2))
    assert (is_stale(state, T0 + 601), is_stale(state, T0 + 602)) == (False, True)
    assert gauge.split(T0 + 2) == ([state], 0, 0)
    assert gauge.split(T0 + 602) == ([], 0, 1)
    assert sensors().split(T0) == ([], 0, 1)
    assert gauge.split(T0 + 2, is_inside=lambda sensor: False) == ([], 0, 0)


def test_a_restart_in_the_middle_equals_an_uninterrupted_run():
    gauge, _, _ = told((0, 0.5), (1, 1.2))
    heir = sensors()
    heir.adopt(gauge.all())
    assert heir.get("G-1") == gauge.get("G-1")
    heir.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(gauge.memory()), type=SensorsMemory))
    for at, value in ((2, 1.2), (3, 2.4), (4, 2.4), (5, 0.4), (6, 0.4)):
        assert heir.apply(reading(at, value), T0 + at) == gauge.apply(reading(at, value), T0 + at)


def test_debounce_is_a_setting():
    gauge = sensors(debounce=Debounce(readings=1))
    assert gauge.apply(reading(0, 3.0), T0).states[0].band is Band.VERY_HIGH
