from dashboard.briefing import cases
from dashboard.briefing.model import Section
from dashboard.briefing.rules import Rules
from tests.dashboard.briefing.tables import DAY, HOUR, LATER, MONDAY, Tables, asking, case, chart, figure, table

WEEK_S = 7 * DAY


def section(*rows: dict[str, object]) -> Section:
    return cases.section(asking(Tables(cases=rows)), is_complete=True)


def test_found_and_closed_are_counted_by_their_own_time() -> None:
    made = section(case(-DAY, HOUR), case(HOUR), case(WEEK_S), case(0, WEEK_S))
    assert [figure(made, f"cases.{name}").value for name in ("found", "closed", "net")] == [2, 1, 1]


def test_declined_cases_are_neither_closed_nor_open() -> None:
    made = section(case(0, HOUR, stage="declined"), case(0))
    assert [figure(made, f"cases.{name}").value for name in ("found", "closed", "open")] == [2, 0, 1]


def test_a_case_without_a_limit_is_apart_from_the_rate_on_time() -> None:
    limit = {"due_at": MONDAY + DAY}
    on_time = figure(section(case(0, DAY, **limit), case(0, DAY + 1, **limit), case(0, DAY)), "cases.on_time")
    assert (on_time.numerator, on_time.denominator, on_time.unknown, on_time.value) == (1, 2, 1, 0.5)


def test_handling_time_is_from_report_to_close() -> None:
    made = section(*(case(0, hours * HOUR) for hours in range(11)))
    assert (figure(made, "cases.p50").value, figure(made, "cases.p90").value) == (5 * HOUR, 9 * HOUR)


def test_open_is_what_stood_at_the_end_of_the_week_whenever_it_began() -> None:
    made = section(case(-300 * DAY), case(-20 * DAY, 8 * DAY), case(-20 * DAY, -10 * DAY), case(8 * DAY), case(3, -3))
    standing = figure(made, "cases.open")
    assert standing.value == 2
    assert standing.previous[-2:] == (2, 2) and standing.previous[-3] == 3


def test_overdue_clocks_that_are_held_stand_still() -> None:
    late = {"due_at": MONDAY + 2 * DAY}
    made = section(case(0, **late), case(0, **late, held_since=MONDAY + DAY), case(0, due_at=LATER), case(0))
    overdue = figure(made, "cases.overdue")
    assert (overdue.numerator, overdue.denominator) == (1, 4)


def test_returns_of_the_week_count_whenever_the_case_was_found() -> None:
    made = section(case(-DAY, returned_at=MONDAY + HOUR), case(0, reworked_at=MONDAY + HOUR), case(0))
    assert (figure(made, "cases.returned").numerator, figure(made, "cases.returned").denominator) == (1, 2)
    assert figure(made, "cases.reworked").value == 0.5


def test_a_backlog_that_shrinks_is_clear_some_day() -> None:
    shrinking = section(case(-DAY, 0), case(-DAY, 0), case(-DAY))
    assert figure(shrinking, "cases.clear_by").value == MONDAY + WEEK_S + WEEK_S / 2
    assert figure(section(case(0)), "cases.clear_by").value is None


def test_weeks_before_the_record_are_unknown_and_quiet_weeks_are_zero() -> None:
    made = figure(section(case(-21 * DAY), case(0)), "cases.found")
    assert made.previous == (None,) * 5 + (1, 0, 0)
    assert made.last_year is None


def test_the_same_week_of_last_year_is_fifty_two_weeks_earlier() -> None:
    made = section(case(-364 * DAY, -363 * DAY), case(-365 * DAY), case(0))
    assert figure(made, "cases.found").last_year == 1
    assert figure(made, "cases.closed").last_year == 1
    assert "remark.no_last_year" not in made.remarks


def test_what_moved_counts_whenever_it_was_found() -> None:
    last_year = -364 * DAY
    made = section(
        case(last_year - 30 * DAY, last_year + DAY, returned_at=MONDAY - 250 * DAY),
        case(-200 * DAY, last_year + DAY),  # closed before it was found
        case(-200 * DAY, DAY),
        case(-200 * DAY, -190 * DAY, returned_at=MONDAY + DAY),
        case(0),
    )
    assert (figure(made, "cases.closed").last_year, figure(made, "cases.closed").value) == (2, 1)
    assert figure(made, "cases.returned").numerator == 1


def test_an_empty_week_has_empty_figures() -> None:
    made = section()
    assert {each.value for each in made.figures} <= {None, 0}
    assert [figure(made, f"cases.{name}").value for name in ("on_time", "p50", "found")] == [None, None, None]


def test_areas_are_listed_with_what_stands_there() -> None:
    made = table(
        section(case(0, HOUR), case(0, sub_district="B"), case(-99 * DAY, sub_district="B")), "cases.by_sub_district"
    )
    assert [(row[0], row[1], row[2], row[7]) for row in made.cells] == [("A", 1, 1, 0), ("B", 1, 0, 2)]


def test_a_rise_is_marked_and_noise_is_not() -> None:
    steady = [case(-7 * back * DAY + number) for back in range(9) for number in range(12)]
    burst = [case(number, item="I2") for number in range(30)]
    before = [case(-7 * back * DAY, item="I2") for back in range(1, 9)]
    made = cases.kinds(asking(Tables(cases=[*steady, *burst, *before])))
    risen = table(made, "kinds.risen")
    assert [(row[0], row[1], row[2]) for row in risen.cells] == [("I2", 30, 1.0)] and risen.marks == ("rise",)


def test_nothing_rises_from_before_the_record() -> None:
    burst = [case(number) for number in range(30)]
    assert table(cases.kinds(asking(Tables(cases=burst))), "kinds.risen").cells == ()
    second = table(cases.kinds(asking(Tables(cases=[*burst, case(-7 * DAY), case(-6 * DAY)]))), "kinds.risen")
    assert second.cells == (("I1", 30, 2.0, 14.0, 1.0),) and second.marks == ("",)


def test_hours_are_local_and_monday_is_first() -> None:
    made = chart(cases.kinds(asking(Tables(cases=[case(0), case(6 * DAY + 23 * HOUR)]))), "kinds.hours")
    assert made.series[0].values[0] == 1 and made.series[6].values[23] == 1
    assert sum(sum(value or 0 for value in series.values) for series in made.series) == 2


def test_hot_cells_come_by_their_number() -> None:
    rows = [case(0, cell="C0002"), case(1, cell="C0002"), case(2), case(3, cell="")]
    made = cases.kinds(asking(Tables(cases=rows), rules=Rules(cells=2)))
    assert table(made, "kinds.hot_cells").cells == (("C0002", "A", 2), ("C0001", "A", 1))
    assert chart(made, "kinds.cells").labels == ("C0002", "C0001")
