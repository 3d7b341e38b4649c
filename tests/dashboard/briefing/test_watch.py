from typing import Any

import pytest

from dashboard.archive.schema import number_at
from dashboard.briefing import behind, watch
from dashboard.briefing.model import Rows
from tests.dashboard.briefing.tables import DAY, HOUR, MONDAY, Tables, asking, chart, figure, table


def alert(number: int, stage: str, at: float = 0.0, **fields: Any) -> dict[str, Any]:
    return {"key": f"a{number}", "stage": stage, "first_at": MONDAY + at, **fields}


def test_precision_is_of_what_was_judged() -> None:
    rows = [alert(1, "confirmed"), alert(2, "confirmed"), alert(3, "false"), alert(4, "expired"), alert(5, "new")]
    made = watch.alerts(asking(Tables(alerts=rows)))
    kept = figure(made, "alerts.precision")
    assert (kept.numerator, kept.denominator, kept.unknown) == (2, 3, 2)
    assert figure(made, "alerts.expired").value == pytest.approx(1 / 5)


def test_algorithms_are_judged_apart_and_bundled_alerts_are_one() -> None:
    rows = [alert(1, "false"), alert(2, "confirmed", kind="crowd"), alert(3, "confirmed", merged_into="a2")]
    cells = table(watch.alerts(asking(Tables(alerts=rows))), "alerts.by_kind").cells
    assert [(row[0], row[1], row[5]) for row in cells] == [("crowd", 1, 1), ("smoke", 1, 0)]


def test_the_response_ends_with_the_claim_or_the_verdict() -> None:
    rows = [
        alert(1, "claimed", claimed_at=MONDAY + 30, decided_at=MONDAY + 99),
        alert(2, "false", decided_at=MONDAY + 50),
    ]
    assert figure(watch.alerts(asking(Tables(alerts=rows))), "alerts.p50").value == 40


def test_more_than_ten_in_ten_minutes_are_a_flood() -> None:
    ten = [alert(number, "new", number) for number in range(10)]
    eleven = [alert(100 + number, "new", HOUR + number) for number in range(11)]
    made = figure(watch.alerts(asking(Tables(alerts=[*ten, *eleven]))), "alerts.floods")
    assert (made.numerator, made.denominator) == (1, 1008)


def raises(count: int, at: float, **fields: Any) -> list[dict[str, Any]]:
    return [{"at": MONDAY + at + number, **fields} for number in range(count)]


def test_alarms_are_counted_by_day_by_ten_minutes_and_by_source() -> None:
    rows = raises(12, 0) + raises(2, DAY, key="feed/x", level=1) + raises(7, -DAY)
    made = watch.alarms(asking(Tables(raises=rows)))
    assert figure(made, "alarms.per_day").value == 2
    assert figure(made, "alarms.per_day").previous[-2:] == (None, 1)
    assert (figure(made, "alarms.floods").numerator, figure(made, "alarms.worst").value) == (1, 12)
    assert figure(made, "alarms.top_ten").value == 1
    assert chart(made, "alarms.mix").series[0].values == (2, 0, 12, 0)


def seen(centre: str, officers: int, *minutes: float) -> list[dict[str, Any]]:
    return [{"id": number_at(MONDAY + 60 * at), "centre": centre, "officers": officers} for at in minutes]


def test_alarms_are_shared_by_those_who_were_at_a_console() -> None:
    # Two for an hour, one of another centre for two minutes before the line broke, nobody else; somebody before Monday.
    at_work = seen("D", 2, *range(60)) + seen("A", 1, 100, 400) + seen("D", 9, -60)
    made = figure(watch.alarms(asking(Tables(raises=raises(61, 0), consoles=at_work))), "alarms.per_operator")
    days = (2 * 60 + 2 + 1) * 60 / DAY
    assert (made.numerator, made.denominator) == (61, pytest.approx(days))
    assert made.value == pytest.approx(61 / days)
    other = asking(Tables(raises=raises(61, 0), consoles=at_work), centre="A")
    assert figure(watch.alarms(other), "alarms.per_operator").denominator == pytest.approx(3 * 60 / DAY)


def test_where_nobody_was_at_a_console_nobody_shares_the_alarms() -> None:
    assert figure(watch.alarms(asking(Tables(raises=raises(5, 0)))), "alarms.per_operator").value is None


def test_stale_alarms_stood_for_longer_than_a_day_by_the_end_of_the_week() -> None:
    alarms = [
        {"raised_at": MONDAY, "cleared_at": MONDAY + DAY + 1},
        {"raised_at": MONDAY, "cleared_at": MONDAY + DAY},
        {"raised_at": MONDAY + 6.5 * DAY, "cleared_at": MONDAY + 9 * DAY},
        {"raised_at": MONDAY + DAY},
    ]
    assert figure(watch.alarms(asking(Tables(alarms=alarms))), "alarms.stale").value == 2


def test_the_top_level_is_not_shelved_by_one_alone() -> None:
    shelved = {"raised_at": MONDAY, "shelved_until": MONDAY + HOUR}
    alarms = [{**shelved, "level": 1}, {**shelved, "level": 1, "approved": True}, shelved]
    assert figure(watch.alarms(asking(Tables(alarms=alarms))), "alarms.unapproved").value == 1


def sample(minute: int, condition: str = "good", **fields: Any) -> dict[str, Any]:
    return {"id": number_at(MONDAY + 60 * minute), "condition": condition, **fields}


def test_uptime_is_the_share_of_samples_that_were_good() -> None:
    rows = [sample(0), sample(1, "silent"), sample(2, "lost"), sample(3)]
    made = watch.feeds(asking(Tables(feeds=rows)))
    assert figure(made, "feeds.uptime").value == 0.5
    assert table(made, "feeds.by_feed").cells == (("cad", 0.5, 2, 4, 120.0, 0, 0, None),)


def test_a_source_that_is_switched_off_is_not_down() -> None:
    made = watch.feeds(asking(Tables(feeds=[sample(0), sample(1, "off")])))
    assert figure(made, "feeds.uptime").value == 1


def test_the_rows_of_a_feed_are_told_by_its_name_whatever_its_title() -> None:
    rows = [sample(0, title="平台"), sample(0, name="b", title="平台")]
    made = table(watch.feeds(asking(Tables(feeds=rows))), "feeds.by_feed")
    assert [row[0] for row in made.cells] == ["平台", "平台"]
    assert [behind.cell(made, row, 3) for row in (0, 1)] == [Rows("feeds", {"feed": name}) for name in ("b", "cad")]


def test_counts_that_begin_anew_are_no_loss() -> None:
    counts = [(100, 0), (110, 10), (3, 0), (13, 0)]
    rows = [sample(at, accepted=taken, refused=refused) for at, (taken, refused) in enumerate(counts)]
    assert table(watch.feeds(asking(Tables(feeds=rows))), "feeds.by_feed").cells[0][5:] == (
        20,
        10,
        pytest.approx(1 / 3),
    )


def test_a_cell_is_covered_once_a_day_however_often_it_is_seen() -> None:
    rows = [{"at": MONDAY + hours * HOUR} for hours in (1, 2, 30)]
    made = watch.patrol(asking(Tables(visits=rows)))
    kept = figure(made, "patrol.coverage")
    assert (kept.numerator, kept.denominator) == (2, 60 * 7)
    assert table(made, "patrol.by_area").cells == (("A", 2 / 210, 2, 30), ("B", 0, 0, 30))


def test_without_any_patrol_on_record_coverage_is_unknown() -> None:
    made = watch.patrol(asking(Tables()))
    assert figure(made, "patrol.coverage").value is None
    assert [row[1:3] for row in table(made, "patrol.by_area").cells] == [(None, None), (None, None)]
    assert made.remarks == ("remark.no_patrol",)


def test_a_centre_is_measured_by_its_own_ground() -> None:
    made = watch.patrol(
        asking(Tables(visits=[{"at": MONDAY}, {"at": MONDAY, "community": "C1", "cell": "C1001"}]), "C0")
    )
    assert (figure(made, "patrol.coverage").numerator, figure(made, "patrol.coverage").denominator) == (1, 70)
