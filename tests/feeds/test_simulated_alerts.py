import hashlib
from collections import Counter

from dashboard.records import Alert, Case, Order, Record, Verb
from feeds.simulated_alerts import SimulatedAlerts
from feeds.simulated_incidents import Plan, SimulatedIncidents
from feeds.simulated_places import Places
from feeds.simulated_units import SimulatedUnits
from tests.feeds.small_district import small_district

NOW = 1_800_000_000.0


def told(seconds: int, incidents: list[Plan] | None = None) -> list[tuple[str, Record]]:
    alerts = SimulatedAlerts(small_district(), 1, NOW, with_stills=True)
    return [one for second in range(seconds) for one in alerts.happen(NOW + second, incidents or [])]


def test_signals_repeat_and_return_to_normal() -> None:
    signals = [record for _, record in told(3600) if isinstance(record, Alert)]
    episodes: dict[str, list[Alert]] = {}
    for signal in signals:
        episodes.setdefault(signal.id.rsplit("-", 1)[0], []).append(signal)
    assert 120 < len(episodes) < 360
    ended = list(episodes.values())[:100]
    assert all(one[-1].active is False and all(each.active for each in one[:-1]) for one in ended)
    assert all(len({(each.device, each.kind) for each in one}) == 1 for one in ended)
    assert max(map(len, ended)) > 8
    assert len({signal.id for signal in signals}) == len(signals)


def test_operators_confirm_some_into_cases_and_mark_some_false() -> None:
    records = [record for _, record in told(3600)]
    verbs = Counter(record.verb for record in records if isinstance(record, Order))
    assert verbs[Verb.CLAIM] >= verbs[Verb.CONFIRM] > verbs[Verb.MARK_FALSE] > 0
    cases = {f"cases-demo/{record.id}" for record in records if isinstance(record, Case)}
    assert cases == {record.into for record in records if isinstance(record, Order) and record.verb is Verb.CONFIRM}
    firsts = {f"video-demo/{record.id}" for record in records if isinstance(record, Alert)}
    assert all(record.target in firsts for record in records if isinstance(record, Order))


def test_a_fire_is_seen_by_a_camera_and_confirmed_into_its_incident() -> None:
    district = small_district()
    places = Places.of(district, 1)
    desk = SimulatedIncidents(district, places, SimulatedUnits(district, places, 1, NOW), 1, NOW)
    fire = next(plan for plan in map(desk.plan, range(100)) if plan.kind == "fire")._replace(starts=NOW)
    records = [record for _, record in told(180, [fire])]
    into = [record.into for record in records if isinstance(record, Order) and record.verb is Verb.CONFIRM]
    assert f"cad-demo/{fire.id}" in into


def test_the_first_signal_has_a_picture_that_is_handed_over_to_be_stored() -> None:
    alerts = SimulatedAlerts(small_district(), 1, NOW, with_stills=True)
    signals = [one for second in range(300) for _, one in alerts.happen(NOW + second, []) if isinstance(one, Alert)]
    stills = {signal.still for signal in signals if signal.still}
    assert stills and stills == {hashlib.sha256(picture).hexdigest() for picture in alerts.new_stills}


def test_without_a_store_alerts_have_no_picture() -> None:
    alerts = SimulatedAlerts(small_district(), 1, NOW, with_stills=False)
    signals = [one for second in range(300) for _, one in alerts.happen(NOW + second, []) if isinstance(one, Alert)]
    assert signals and not any(signal.still for signal in signals)
