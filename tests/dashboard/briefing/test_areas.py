from dashboard.briefing import areas
from dashboard.briefing.rules import Rules
from tests.dashboard.briefing.tables import DAY, HOUR, MONDAY, Tables, asking, case, table

RULES = Rules(least=2, below_weeks=3)


def week(back: int, area: str, took_h: float, *, late: bool, count: int = 2) -> list[dict[str, object]]:
    """Cases of one area closed so many weeks ago."""
    at, took = -7 * back * DAY, took_h * HOUR
    due = MONDAY + at + took + (-1 if late else 1)
    return [case(at, at + took, sub_district=area, due_at=due) for _ in range(count)]


def listed(id_: str, *rows: dict[str, object]) -> list[str]:
    made = areas.section(asking(Tables(cases=rows), rules=RULES))
    return [str(row[0]) for row in table(made, id_).cells]


def test_below_the_average_for_three_weeks_is_listed() -> None:
    rows = [each for back in range(3) for area in "AB" for each in week(back, area, 2, late=area == "B")]
    assert listed("areas.below_sub_district", *rows) == ["B"]


def test_two_weeks_of_three_are_not_enough() -> None:
    rows = [each for back in range(3) for area in "AB" for each in week(back, area, 2, late=area == "B" and back < 2)]
    assert listed("areas.below_sub_district", *rows) == []


def test_ties_and_small_numbers_are_never_listed() -> None:
    tied = [each for back in range(3) for area in "AB" for each in week(back, area, 2, late=True)]
    few = [
        each for back in range(3) for each in week(back, "A", 2, late=False) + week(back, "B", 2, late=True, count=1)
    ]
    assert listed("areas.below_sub_district", *tied) == []
    assert listed("areas.below_sub_district", *few) == []


def test_the_slow_are_those_above_the_median_of_all() -> None:
    rows = [
        each for back in range(3) for area in "AB" for each in week(back, area, 9 if area == "B" else 2, late=False)
    ]
    assert listed("areas.slow_sub_district", *rows) == ["B"]


def test_returns_are_compared_too() -> None:
    rows = [
        case(-7 * back * DAY, sub_district=area, returned_at=MONDAY - 7 * back * DAY + HOUR if area == "A" else None)
        for back in range(3)
        for area in "AABB"
    ]
    assert listed("areas.returning_sub_district", *rows) == ["A"]


def test_arrivals_are_compared_with_unknowns_in_the_denominator() -> None:
    incidents, legs = [], []
    for number, (back, area) in enumerate((back, area) for back in range(3) for area in "AABB"):
        at = MONDAY - 7 * back * DAY
        incidents.append({"key": f"i{number}", "reported_at": at, "zero_at": at, "sub_district": area})
        legs.append({"key": f"i{number}", "state": "met" if area == "A" else "unknown", "arrived_at": at})
    made = areas.section(asking(Tables(incidents=incidents, legs=legs), rules=RULES))
    assert table(made, "areas.response_sub_district").cells == (("B", 0.0, 0.5, 0.0, 0, 2),)


def test_an_area_that_only_closed_is_known_as_well() -> None:
    made = areas.by_week(asking(Tables(cases=[case(-DAY, HOUR)])), "sub_district")
    assert made["A"][13] == areas.Week(closed=1, p50=25 * HOUR)
    assert made["A"][12] == areas.Week(found=1)
