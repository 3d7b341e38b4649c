from dashboard.archive.parts import COMMITS
from dashboard.archive.schema import PLANS, Table, number, number_at, received_at, stream_id


def test_the_order_of_stream_ids_is_that_of_their_numbers() -> None:
    ids = [b"0-0", b"1764000000000-0", b"1764000000000-1", b"1764000000000-999999", b"1764000000001-0"]
    numbers = [number(each) for each in ids]
    assert numbers == sorted(numbers) and len(set(numbers)) == len(ids)
    assert [stream_id(each) for each in numbers] == ids


def test_a_number_says_when_it_was_received() -> None:
    assert received_at(number(b"1764000000123-5")) == 1764000000.123
    assert number_at(1764000000.123) == number(b"1764000000123-0")


def test_every_table_has_its_columns_its_order_and_one_commit_a_stream() -> None:
    assert set(PLANS) == set(Table)
    for plan in PLANS.values():
        assert plan.schema.names[0] == "id"
        assert set(plan.sort) <= set(plan.schema.names)
        assert not plan.key or plan.key in plan.schema.names
    assert {PLANS[table].stream for table in COMMITS} == {plan.stream for plan in PLANS.values()}
