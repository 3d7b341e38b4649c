from typing import Any

import pytest

from dashboard.archive import facts
from dashboard.briefing import response
from dashboard.briefing.model import Section
from dashboard.district import District
from dashboard.situation import Situation
from tests.builders import NOON, incident
from tests.dashboard.briefing.tables import DAY, HOUR, LATER, MONDAY, Tables, asking, chart, figure, table


def call(number: int, at: float = 0.0, **fields: Any) -> dict[str, Any]:
    """An incident reported so long after Monday's midnight."""
    return {"key": f"i{number}", "reported_at": MONDAY + at, "zero_at": MONDAY + at, **fields}


def leg(number: int, state: str, after_s: float | None = None, at: float = 0.0, **fields: Any) -> dict[str, Any]:
    """What became of one tier's part of an incident's clock."""
    arrived_at = None if after_s is None else MONDAY + at + after_s
    return {"key": f"i{number}", "state": state, "arrived_at": arrived_at, **fields}


def section(incidents: list[dict[str, Any]], legs: list[dict[str, Any]] | None = None) -> Section:
    return response.section(asking(Tables(incidents=incidents, legs=legs or [])), LATER)


def test_unknown_legs_are_in_the_denominator_and_shown() -> None:
    legs = [leg(1, "met", 50), leg(2, "late", 90), leg(3, "unknown"), leg(4, "unknown")]
    made = section([call(number) for number in range(1, 5)], legs)
    kept = figure(made, "response.volunteer")
    assert (kept.numerator, kept.denominator, kept.unknown) == (1, 4, 2)
    assert figure(made, "response.volunteer_p50").value == 70


@pytest.mark.parametrize("state", ["not_required", "running", "at_risk"])
def test_legs_that_are_not_asked_for_or_still_run_do_not_count(state: str) -> None:
    kept = figure(section([call(1), call(2)], [leg(1, "met", 5), leg(2, state)]), "response.volunteer")
    assert (kept.numerator, kept.denominator) == (1, 1)


def test_drills_are_in_no_figure_but_their_own() -> None:
    made = section([call(1), call(2, drill=True)], [leg(1, "overdue"), leg(2, "met", 3)])
    assert [figure(made, f"response.{name}").value for name in ("incidents", "drills", "volunteer")] == [1, 1, 0]


def test_late_records_count_and_are_said() -> None:
    made = section([call(1), call(2, late_record=True)])
    assert [figure(made, f"response.{name}").value for name in ("incidents", "late_records")] == [2, 1]


def test_each_week_is_compared_with_those_before_it() -> None:
    before = -7 * DAY
    made = section([call(1), call(2, before)], [leg(1, "met", 5), leg(2, "late", 400, before)])
    kept = figure(made, "response.volunteer")
    assert (kept.value, kept.previous[-2:]) == (1, (None, 0))
    assert figure(made, "response.incidents").previous[-2:] == (None, 1)
    assert chart(made, "response.trend").series[0].values[-2:] == (0, 1)


def test_acknowledgement_is_counted_from_the_report() -> None:
    made = section([call(1, acknowledged_at=MONDAY + 30), call(2, acknowledged_at=MONDAY + 50), call(3)])
    known = figure(made, "response.acknowledged")
    assert (known.value, known.numerator, known.denominator) == (40, 2, 3)


def test_kinds_and_areas_have_their_own_clocks() -> None:
    incidents = [call(1), call(2, kind="flood", sub_district="B")]
    made = section(incidents, [leg(1, "met", 5, tier="police"), leg(2, "overdue", tier="police")])
    assert [row[:6] for row in table(made, "response.by_kind").cells] == [
        ("fire", "police", 1, 1, 0, 1), ("flood", "police", 1, 0, 0, 0),
    ]  # fmt: skip
    assert [row[0] for row in table(made, "response.by_area").cells] == ["A", "B"]


def test_first_reports_are_due_in_time(small: District) -> None:
    at = NOON.timestamp()
    change = Situation(small).apply(incident(1), at)
    (state,) = [state for state in change.incidents if state.key.endswith("I1")][-1:]
    body = facts.of_change(change, 1, small)["incidents"]["body"][0].as_py()
    row = {"key": "i", "reported_at": state.reported_at, "zero_at": state.zero_at, "body": body}
    assert state.report_due_at is not None and MONDAY <= state.reported_at < MONDAY + 7 * DAY

    def reports(now: float) -> tuple[Any, Any]:
        made = figure(response.section(asking(Tables(incidents=[row])), now), "response.first_reports")
        return made.numerator, made.denominator

    assert reports(state.report_due_at - 1) == (0, 0)  # its time has not come
    assert reports(state.report_due_at + HOUR) == (0, 1)


def test_a_state_of_another_version_is_unknown() -> None:
    made = figure(section([call(1)]), "response.first_reports")
    assert (made.value, made.unknown) == (None, 1)
