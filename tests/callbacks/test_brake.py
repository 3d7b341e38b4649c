from callbacks.brake import Brake


def fail(brake: Brake, address: str, times: int, now: float = 0.0) -> None:
    for _ in range(times):
        brake.failed(address, now)


def test_ten_failures_are_let_through_then_one_each_six_seconds() -> None:
    brake = Brake()
    fail(brake, "10.0.0.1", 9)
    assert brake.wait_s("10.0.0.1", 0) == 0
    fail(brake, "10.0.0.1", 1)
    assert brake.wait_s("10.0.0.1", 0) == 6
    assert brake.wait_s("10.0.0.1", 6) == 0
    fail(brake, "10.0.0.1", 1, now=6)
    assert brake.wait_s("10.0.0.1", 6) == 6


def test_one_address_does_not_brake_another() -> None:
    brake = Brake()
    fail(brake, "10.0.0.1", 50)
    assert brake.wait_s("10.0.0.1", 0) > 200
    assert brake.wait_s("10.0.0.2", 0) == 0


def test_all_addresses_of_one_subscriber_count_together() -> None:
    brake = Brake()
    for number in range(20):
        brake.failed(f"2001:db8::{number:x}", 0)
    assert brake.wait_s("2001:db8::ffff", 0) > 0
    assert brake.wait_s("2001:db8:0:1::1", 0) == 0


def test_failures_are_forgotten_and_leave_no_trace() -> None:
    brake = Brake()
    fail(brake, "10.0.0.1", 3)
    assert brake.wait_s("10.0.0.1", 18) == 0
    assert not brake._failures


def test_many_addresses_take_no_more_than_so_much_memory() -> None:
    brake = Brake()
    for number in range(12_000):
        brake.failed(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 0)
    assert len(brake._failures) <= 10_001
    assert brake.wait_s("no address at all", 0) > 0


def test_one_address_does_not_hold_all_threads() -> None:
    brake = Brake()
    assert [brake.enter("10.0.0.1", 0) for _ in range(17)] == [0.0] * 16 + [1.0]
    assert brake.enter("10.0.0.2", 0) == 0
    brake.leave("10.0.0.1")
    assert brake.enter("10.0.0.1", 0) == 0
    for _ in range(16):
        brake.leave("10.0.0.1")
    brake.leave("10.0.0.2")
    assert not brake._trying
