from callbacks.rates import Limits, Rates


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    rates = Rates({"s": Limits(requests_per_s=1, records_per_s=1000, burst_s=2)})
    assert [rates.enter("s", 0.0) > 0 for _ in range(3)] == [False, False, True]
    assert 0 < rates.enter("s", 0.5) <= 1
    assert rates.enter("s", 1.5) == 0


def test_records_are_charged_afterwards_and_paid_back_in_time() -> None:
    rates = Rates({"s": Limits(requests_per_s=1000, records_per_s=100, burst_s=1)})
    assert rates.enter("s", 0.0) == 0
    rates.charge("s", 600, 0.0)
    wait_s = rates.enter("s", 0.0)
    assert 5 < wait_s < 5.1
    assert rates.enter("s", wait_s) == 0


def test_a_flood_from_one_source_leaves_the_others_alone() -> None:
    rates = Rates({"loud": Limits(requests_per_s=1, burst_s=1)})
    rates.charge("loud", 10**9, 0.0)
    assert rates.enter("loud", 1.0) > 0
    assert rates.enter("quiet", 1.0) == 0


def test_a_clock_that_steps_back_gives_and_takes_nothing() -> None:
    rates = Rates({"s": Limits(requests_per_s=1, burst_s=1)})
    assert rates.enter("s", 100.0) == 0
    assert rates.enter("s", 50.0) > 0
    assert rates.enter("s", 51.5) == 0


def test_who_is_not_named_has_the_limits_of_the_others() -> None:
    rates = Rates({}, Limits(requests_per_s=1, burst_s=1))
    assert rates.enter("anybody", 0.0) == 0
    assert rates.enter("anybody", 0.0) > 0
    assert rates.enter("somebody else", 0.0) == 0
