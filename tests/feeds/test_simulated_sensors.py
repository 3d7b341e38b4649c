from collections import Counter

from feeds.simulated_sensors import SimulatedSensors
from tests.feeds.small_district import small_district

NOW = 1_800_000_000.0


def test_each_sensor_reports_each_thirty_seconds_staggered() -> None:
    sensors = SimulatedSensors(small_district(), 1)
    assert len(sensors.happen(NOW)) == 25
    later = [sensors.happen(NOW + second) for second in range(1, 61)]
    assert set(Counter(reading.sensor for readings in later for reading in readings).values()) == {2}
    assert max(map(len, later)) < 8


def test_a_sensor_passes_its_threshold_now_and_then() -> None:
    district = small_district()
    sensors = SimulatedSensors(district, 1)
    high = [device.high for device in district.devices if device.kind in ("gauge", "slope")]
    days = [[sensors.value(place, NOW + 60.0 * minute) for minute in range(13_500)] for place in range(25)]
    beyond = [sum(value > (limit or 0) for value in values) for values, limit in zip(days, high, strict=True)]
    assert all(0 < minutes < 60 for minutes in beyond)
