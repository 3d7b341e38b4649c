from collections import Counter

from dashboard.forces import Forces
from dashboard.records import Arrival, Incident, Level, Order, Record, Reply, ReplyState, Verb, moment
from dashboard.response import LegState, Response
from dashboard.response.policy import Policy
from feeds.replay import happened_at
from feeds.simulated_incidents import SimulatedIncidents
from feeds.simulated_places import Places
from feeds.simulated_units import SimulatedUnits
from tests.feeds.small_district import small_district

NOW = 1_800_000_000.0


def desk(now: float = NOW, last_run_at: float | None = None) -> tuple[SimulatedUnits, SimulatedIncidents]:
    district = small_district()
    places = Places.of(district, 1)
    units = SimulatedUnits(district, places, 1, now)
    return units, SimulatedIncidents(district, places, units, 1, now, last_run_at)


def hour(seconds: int = 3600) -> list[Record]:
    units, incidents = desk()
    told = []
    for second in range(seconds):
        units.advance(NOW + second)
        told += incidents.happen(NOW + second)
    return told


def test_some_are_open_at_the_start_and_in_different_states() -> None:
    _, incidents = desk()
    told = incidents.happen(NOW)
    opened = [record for record in told if isinstance(record, Incident)]
    assert 2 <= len(opened) <= 5
    assert all(NOW - 1740 <= happened_at(record) <= NOW for record in opened)
    acknowledged = {record.target for record in told if isinstance(record, Order) and record.verb is Verb.ACKNOWLEDGE}
    assert len(acknowledged) > 0


def test_an_incident_comes_each_six_minutes_of_every_usual_sort() -> None:
    opened = [record for record in hour(10_800) if isinstance(record, Incident)]
    assert 30 <= len(opened) <= 36
    assert any(record.drill for record in opened) and not all(record.drill for record in opened)
    levels = Counter(record.level for record in opened)
    assert levels[Level.II] >= 3 and levels[Level.IV] > levels[Level.III] > 0


def test_three_to_five_are_open_at_a_time() -> None:
    units, incidents = desk()
    opened = []
    for second in range(7200):
        units.advance(NOW + second)
        incidents.happen(NOW + second)
        opened.append(len(incidents.open_plans()))
    assert 3 <= min(opened) <= max(opened) <= 6


def test_each_is_answered_sent_to_and_closed_in_order() -> None:
    told = hour()
    closed = {record.target for record in told if isinstance(record, Order) and record.verb is Verb.CLOSE}
    for incident in [record for record in told if isinstance(record, Incident)][:8]:
        key = f"cad-demo/{incident.id}"
        assert key in closed
        orders = [record for record in told if isinstance(record, Order) and record.target == key]
        assert orders[-1].verb is Verb.CLOSE
        assert all(record.at >= incident.reported_at for record in orders)
    assert len({(type(record), record.id) for record in told}) == len(told)


def test_units_come_through_the_geofence_nearly_all_in_time() -> None:
    district = small_district()
    units, incidents = desk()
    forces = Forces(district)
    response = Response(district, Policy(), forces)
    for second in range(3600):
        now = NOW + second
        units.advance(now)
        for record in incidents.happen(now):
            assert isinstance(record, Incident | Arrival | Order | Reply)
            response.apply(record, now)
        response.watch(forces.move(units.reports(now), now), now)
        if second % 10 == 0:
            response.tick(now)
    fresh = [state for state in response.all() if state.closed_at is not None and state.reported_at > NOW]
    legs = Counter(leg.state for state in fresh for leg in state.legs)
    evidence = Counter(leg.arrived.evidence.value for state in fresh for leg in state.legs if leg.arrived)
    assert legs[LegState.MET] >= 0.8 * legs.total() > 0
    assert evidence["geofence"] > evidence["unit"]


def test_now_and_then_a_unit_is_held_up_or_does_not_come_and_another_is_sent() -> None:
    units, incidents = desk()
    told: list[Record] = []
    held_up: dict[str, bool] = {}
    for second in range(0, 28_800, 2):
        units.advance(NOW + second)
        told += incidents.happen(NOW + second)
        on_the_way = [(one.plan.id, unit) for one in incidents._open for unit, at in one.on_the_way.items() if not at]
        held_up |= {
            f"{plan}-{unit}": bool(units._pace[unit] < 0.5 * units._errand_mps[unit]) for plan, unit in on_the_way
        }
    assert 0 < sum(held_up.values()) < 0.15 * len(held_up)
    declined = [record for record in told if isinstance(record, Reply) and record.state is ReplyState.DECLINED]
    sent = {record.id: record for record in told if isinstance(record, Order) and record.verb is Verb.DISPATCH}
    assert declined
    for reply in declined:
        order = sent[reply.order]
        again = [each for each in sent.values() if each.target == order.target and 3 < (each.at - reply.at).seconds < 6]
        assert all(each.unit != order.unit for each in again)
        assert again or (moment(NOW + 28_800) - reply.at).seconds < 10
    busy = {unit for one in incidents._open for unit in one.on_the_way}
    assert set(units.on_errand.nonzero()[0].tolist()) == busy


def test_orders_have_a_post_and_a_centre_and_no_person() -> None:
    orders = [record for record in hour(600) if isinstance(record, Order)]
    assert {order.by for order in orders} <= {"值班员", "值班长"}
    assert all(order.centre and not order.actor for order in orders)


def test_the_same_slot_is_the_same_incident_after_a_restart() -> None:
    before = desk()[1].plan(12_000_000)
    assert desk(NOW + 5_000)[1].plan(12_000_000) == before


def test_a_killed_simulator_closes_what_it_left_open() -> None:
    _, first = desk()
    left = {f"cad-demo/{record.id}" for record in first.happen(NOW) if isinstance(record, Incident)}
    _, second = desk(NOW + 3600, last_run_at=NOW)
    told = second.happen(NOW + 3600)
    closed = {record.target for record in told if isinstance(record, Order) and record.verb is Verb.CLOSE}
    assert left <= closed and len(closed - left) <= 2  # a few around the end, to be sure


def test_a_restart_goes_on_with_what_is_open() -> None:
    _, first = desk()
    first.happen(NOW)
    _, second = desk(NOW + 10)
    second.happen(NOW + 10)
    assert {plan.id for plan in second.open_plans()} >= {plan.id for plan in first.open_plans() if plan.ends > NOW + 10}
