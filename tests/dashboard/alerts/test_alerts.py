import random
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest

from dashboard.alerts import (
    KEEP_S,
    ORDER_WITHOUT_ALERT,
    SIGNAL_BEHIND_MEMORY,
    WAIT_S,
    Alerts,
    AlertsMemory,
    AlertStage,
    AlertState,
)
from dashboard.alerts.decisions import CLAIM_S
from dashboard.district import Device, DeviceKind
from dashboard.records import Alert, Level, Order, Verb, moment

T0 = 1_773_021_600.0  # Monday 2026-03-09 10:00 in Shenzhen
ZONE = ZoneInfo("Asia/Shanghai")


class SmallDistrict:
    """Two cameras, one in each of two communities."""

    def __init__(self) -> None:
        self.devices = [Device(f"cam-{n}", DeviceKind.AI_CAMERA, f"Gate {n}", 22.5, 113.0 + n, n) for n in (0, 1)]
        self.device_index = {"cam-0": 0, "cam-1": 1}

    def community_at(self, lat: float, lon: float) -> int:
        return int(lon - 113) if 113 <= lon < 115 else -1


def alert(at: float, **changes) -> Alert:
    facts = {"source": "nvr", "id": f"a{at:g}", "kind": "smoke", "at": moment(T0 + at), "device": "cam-0"}
    return Alert(**(facts | changes))


def order(verb: Verb, at: float, target: str = "nvr/a0", **changes) -> Order:
    facts = {"source": "desk", "id": f"{verb}-{at:g}", "at": moment(T0 + at), "centre": "S1"}
    return Order(verb=verb, target=target, **(facts | changes))


def told(*records: Alert | Order) -> Alerts:
    """Alerts that heard each record when it happened."""
    alerts = Alerts(SmallDistrict())
    for record in records:
        alerts.apply(record, record.at.timestamp())
    return alerts


def only(alerts: Alerts) -> AlertState:
    [state] = alerts.all()
    return state


def test_an_alert_stands_where_it_says_else_where_its_device_does():
    state = only(told(alert(0, lat=22.1, lon=114.2)))
    assert (state.lat, state.community, state.title) == (22.1, 1, "Gate 0")
    state = only(told(alert(0, device="cam-1", title="smoke at the gate")))
    assert (state.lat, state.community, state.title) == (22.5, 1, "smoke at the gate")
    assert only(told(alert(0, device="unheard of"))).community == -1


def test_a_camera_that_repeats_each_second_is_one_alert():
    state = only(told(*(alert(second) for second in range(20))))
    assert (state.key, state.count, state.active, state.stage) == ("nvr/a0", 20, True, AlertStage.NEW)


def test_silence_returns_an_alert_to_normal_and_a_person_still_has_to_look():
    alerts = told(alert(0))
    assert alerts.tick(T0 + 5) == []
    [state] = alerts.tick(T0 + 5.1)
    assert (state.active, state.stage) == (False, AlertStage.NEW)
    assert alerts.tick(T0 + 6) == []


def test_a_signal_soon_after_wakes_the_same_alert():
    alerts = told(alert(0))
    alerts.tick(T0 + 30)
    [state] = alerts.apply(alert(40), T0 + 40)
    assert (state.key, state.active, state.count) == ("nvr/a0", True, 2)


def test_a_flapping_source_is_one_row():
    flapping = [alert(second, active=second % 2 == 0) for second in range(60)]
    state = only(told(*flapping))
    assert (state.count, state.active) == (30, False)


def test_an_alert_that_nobody_takes_up_expires():
    alerts = told(alert(0), alert(0, id="b", device="cam-1"), order(Verb.CLAIM, 1000))
    alerts.tick(T0 + 1800)
    assert {state.stage for state in alerts.all()} == {AlertStage.CLAIMED, AlertStage.NEW}
    [expired] = alerts.tick(T0 + 1801)
    assert (expired.key, expired.stage) == ("nvr/b", AlertStage.EXPIRED)


def test_an_alert_whose_claim_ran_out_waits_for_somebody_else_as_long_as_a_new_one():
    alerts = told(alert(0), order(Verb.CLAIM, 10))
    [claimed] = alerts.all()
    assert (claimed.stage, claimed.claimed_at) == (AlertStage.CLAIMED, T0 + 10)
    [waiting] = alerts.tick(T0 + 10 + CLAIM_S + 1)
    assert (waiting.stage, waiting.claimed_by) == (AlertStage.NEW, "")
    assert alerts.tick(T0 + 10 + CLAIM_S + 1800) == []
    [expired] = alerts.tick(T0 + 10 + CLAIM_S + 1801)
    assert expired.stage is AlertStage.EXPIRED


def test_the_first_centre_to_claim_has_it():
    state = only(told(alert(0), order(Verb.CLAIM, 1), order(Verb.CLAIM, 2, centre="S2")))
    assert (state.stage, state.claimed_by) == (AlertStage.CLAIMED, "S1")


def test_a_claim_is_given_back_by_who_made_it_and_then_the_next_one_counts():
    claims = (order(Verb.CLAIM, 1, actor="li", by="李"), order(Verb.CLAIM, 2, actor="wu", by="吴", centre="S2"))
    foreign = order(Verb.RELEASE, 3, actor="wu")
    assert only(told(alert(0), *claims, foreign)).claimed_by == "李"
    state = only(told(alert(0), *claims, order(Verb.RELEASE, 4, actor="li")))
    assert (state.stage, state.claimed_by, state.claimed_at) == (AlertStage.NEW, "", None)
    state = only(told(alert(0), *claims, order(Verb.RELEASE, 4, actor="li"), order(Verb.CLAIM, 5, actor="wu", by="吴")))
    assert (state.stage, state.claimed_by, state.claimed_actor) == (AlertStage.CLAIMED, "吴", "wu")


def test_a_verdict_says_who_when_and_why():
    verdict = order(Verb.MARK_FALSE, 9, by="吴", centre="S2", reason="车灯")
    state = only(told(alert(0), order(Verb.CLAIM, 1, by="李"), verdict))
    assert (state.claimed_by, state.decided_by, state.decided_from) == ("李", "吴", "S2")
    assert (state.decided_at, state.reason) == (T0 + 9, "车灯")


def test_an_open_alert_says_how_often_its_device_was_right():
    alerts = told(*(alert(n * 1000, id=f"a{n}") for n in range(4)), alert(10, id="other", device="cam-1"))
    changed = alerts.apply(order(Verb.MARK_FALSE, 3100, "nvr/a0"), T0 + 3100)
    assert {state.key for state in changed} == {"nvr/a0", "nvr/a1", "nvr/a2", "nvr/a3"}
    alerts.apply(order(Verb.CONFIRM, 3200, "nvr/a1"), T0 + 3200)
    tallies = {state.key: (state.device_confirmed, state.device_false) for state in alerts.all()}
    assert tallies["nvr/a2"] == tallies["nvr/a3"] == (1, 1)
    assert tallies["nvr/other"] == (0, 0)


@pytest.mark.parametrize(
    ("verb", "into", "stage"),
    [(Verb.CONFIRM, "cad/7", AlertStage.CONFIRMED), (Verb.MARK_FALSE, "", AlertStage.FALSE)],
)
def test_the_first_verdict_counts(verb, into, stage):
    verdicts = [order(verb, 5, into=into), order(Verb.MARK_FALSE, 6), order(Verb.CLAIM, 7)]
    state = only(told(alert(0), order(Verb.CLAIM, 1), *verdicts))
    assert (state.stage, state.into, state.claimed_by) == (stage, into, "S1")


def test_further_signals_do_not_reopen_what_was_marked_false():
    state = only(told(alert(0), order(Verb.MARK_FALSE, 1), *(alert(n) for n in range(2, 40))))
    assert (state.stage, state.count) == (AlertStage.FALSE, 39)


def test_an_order_waits_for_its_alert_for_a_day():
    alerts = told(order(Verb.CLAIM, 1))
    [state] = alerts.apply(alert(0), T0 + 2)
    assert state.stage is AlertStage.CLAIMED
    alerts = told(order(Verb.CLAIM, 1))
    alerts.tick(T0 + WAIT_S + 2)
    assert alerts.anomalies() == {ORDER_WITHOUT_ALERT: 1}


def test_a_late_alert_is_marked_and_holds_no_more():
    alerts = Alerts(SmallDistrict())
    [state] = alerts.apply(alert(0), T0 + 3600)
    assert (state.late_record, state.active, state.stage) == (True, False, AlertStage.NEW)


def test_an_earlier_signal_renames_the_alert_and_its_orders_go_with_it():
    alerts = told(alert(10), order(Verb.CLAIM, 12, "nvr/a10"))
    copy = Alerts(SmallDistrict())
    copy.adopt(alerts.all())
    gone, renamed = alerts.apply(alert(5), T0 + 13)
    assert (gone.key, gone.merged_into) == ("nvr/a10", "nvr/a5")
    assert (renamed.key, renamed.stage, renamed.count) == ("nvr/a5", AlertStage.CLAIMED, 2)
    copy.adopt([gone, renamed])
    assert copy.all() == alerts.all() == [renamed]
    [confirmed] = alerts.apply(order(Verb.CONFIRM, 20, "nvr/a10", into="cad/1"), T0 + 20)
    assert (confirmed.key, confirmed.into) == ("nvr/a5", "cad/1")
    assert alerts.get("nvr/a10") == confirmed


def test_what_cannot_be_put_in_order_any_more_is_counted():
    alerts = told(*(alert(second) for second in range(700)))
    assert alerts.apply(alert(0.5), T0 + 701) == []
    assert alerts.anomalies() == {SIGNAL_BEHIND_MEMORY: 1}


def test_open_alerts_come_by_level_then_age_and_done_ones_behind_newest_first():
    alerts = told(
        alert(0, device="d0", level=Level.IV),
        alert(1, device="d1", level=Level.II),
        alert(2, device="d2", level=Level.IV),
        alert(3, device="d3", level=Level.II),
        alert(4, device="d4"),
        alert(5, device="d5"),
        order(Verb.MARK_FALSE, 6, "nvr/a4"),
        order(Verb.CONFIRM, 7, "nvr/a5"),
    )
    assert [state.key[-2:] for state in alerts.listed(None)] == ["a1", "a3", "a0", "a2", "a5", "a4"]
    assert len(alerts.listed(None, most=3)) == 3


def test_counts_are_of_the_scope_and_of_today():
    alerts = told(
        alert(-40_000),  # yesterday 22:53, open still
        order(Verb.CLAIM, -10, "nvr/a-40000"),
        alert(-39_000, device="cam-1"),
        order(Verb.MARK_FALSE, -38_000, "nvr/a-39000"),
        alert(0, id="x"),
        order(Verb.CONFIRM, 1, "nvr/x"),
    )
    counts = dict(alerts.counts(None, T0 + 2, ZONE))
    assert (counts[AlertStage.CLAIMED], counts[AlertStage.CONFIRMED], counts[AlertStage.FALSE]) == (1, 1, 0)
    assert sum(dict(alerts.counts(np.array([False, True]), T0 + 2, ZONE)).values()) == 0


def test_done_alerts_are_forgotten_in_time_and_open_ones_never():
    alerts = told(alert(0), order(Verb.MARK_FALSE, 1), alert(0, id="b", device="cam-1"), order(Verb.CLAIM, 2, "nvr/b"))
    copy = Alerts(SmallDistrict())
    copy.adopt(alerts.all())
    for either in (alerts, copy):
        either.prune(T0 + KEEP_S)
        assert len(either.all()) == 2
        either.prune(T0 + KEEP_S + 1)
        assert [state.key for state in either.all()] == ["nvr/b"]


# -- disorder and copies -------------------------------------------------------------------------------


def day(rng: random.Random) -> list[tuple[Alert | Order, float]]:
    """Signals and orders with the times at which they were received."""
    records: list[Alert | Order] = []
    for number in range(60):
        at, device = rng.uniform(0, 3000), rng.choice(["cam-0", "cam-1", "cam-2", ""])
        kind, id = rng.choice(["smoke", "intrusion"]), f"r{number}"
        if rng.random() < 0.5:
            burst = [at + second for second in range(rng.randrange(1, 9))]
            records += [alert(t, id=f"{id}-{n}", device=device, kind=kind) for n, t in enumerate(burst)]
            target = f"nvr/{id}-0"
        else:
            phases = [(at, True), (at + 20, True), (at + rng.uniform(30, 300), False)]
            records += [
                alert(
                    t,
                    id=id,
                    device=device,
                    kind=kind,
                    revision=n,
                    active=active,
                    level=rng.choice(list(Level)),
                )
                for n, (t, active) in enumerate(phases)
            ]
            target = f"nvr/{id}"
        if rng.random() < 0.6:
            records.append(order(Verb.CLAIM, at + 9, target, id=f"c{number}"))
            records.append(order(rng.choice([Verb.CONFIRM, Verb.MARK_FALSE]), at + 15, target, id=f"v{number}"))
    return sorted(((record, record.at.timestamp() + 0.5) for record in records), key=lambda pair: pair[1])


def end_of_day(pairs: list[tuple[Alert | Order, float]]) -> dict[str, AlertState]:
    alerts = Alerts(SmallDistrict())
    for record, received_at in pairs:
        alerts.apply(record, received_at)
    alerts.tick(T0 + 20_000)
    return {state.key: state for state in alerts.all()}


@pytest.mark.parametrize("seed", range(8))
def test_disorder_and_a_third_of_duplicates_end_in_the_same_alerts(seed):
    rng = random.Random(seed)
    in_order = day(rng)
    mixed = [*in_order, *rng.sample(in_order, len(in_order) * 3 // 10)]
    rng.shuffle(mixed)
    assert end_of_day(mixed) == end_of_day(in_order)


def test_a_restart_in_the_middle_equals_an_uninterrupted_run():
    records = day(random.Random(3))
    half = len(records) // 2
    uninterrupted, first, second = (Alerts(SmallDistrict()) for _ in range(3))
    for record, received_at in records[:half]:
        uninterrupted.apply(record, received_at)
        first.apply(record, received_at)
    second.adopt(msgspec.msgpack.decode(msgspec.msgpack.encode(first.all()), type=list[AlertState]))
    second.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(first.memory()), type=AlertsMemory))
    for record, received_at in records[half:]:
        now = received_at + 0.1
        assert second.apply(record, received_at) == uninterrupted.apply(record, received_at)
        assert second.tick(now) == uninterrupted.tick(now)
    assert second.all() == uninterrupted.all()
