from dashboard.district import District
from dashboard.history.digest import digest
from dashboard.situation import Situation
from tests.builders import NOON, case, incident

T0 = NOON.timestamp()


def test_the_order_of_what_came_does_not_matter_and_what_came_does(small: District) -> None:
    one, other, third = Situation(small), Situation(small), Situation(small)
    for situation, numbers in ((one, (1, 2)), (other, (2, 1)), (third, (1, 3))):
        for number in numbers:
            situation.apply(case(number), T0)
    assert digest(one) == digest(other) != digest(third)


def test_what_only_an_engine_remembers_counts_too(small: District) -> None:
    one, other = Situation(small), Situation(small)
    one.apply(incident(1), T0)
    other.apply(incident(1), T0 + 1)
    assert digest(one) != digest(other)
