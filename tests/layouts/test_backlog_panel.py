from dashboard.backlog import AgeRow, Ratio
from dashboard.records import Stage
from layouts import backlog_panel
from tests.layouts import scenes


def shown(**fields: object) -> dict:
    return backlog_panel.payload(scenes.overview(backlog=scenes.figures(**fields)), scenes.view())


def test_falling_backlog_has_a_time_at_which_it_is_cleared() -> None:
    payload = shown()
    assert payload["net"] == {"text": "−122", "state": "falling"}
    assert payload["clear"]["text"] == "11-20 21:06"


def test_growing_backlog_is_never_cleared() -> None:
    assert shown(clear_at=None)["clear"] == {"text": "不会清零", "state": "never", "tip": "不会清零"}


def test_rate_shows_what_it_is_made_of_and_no_rate_is_unknown() -> None:
    assert (shown()["on_time"]["text"], shown()["on_time_of"]["text"]) == ("90.0%", "90/100 · 1 天")
    assert shown(on_time=Ratio(0, 0, 86_400))["on_time"]["text"] == "—"


def test_stuck_stage_is_marked_and_named() -> None:
    payload = shown()
    states = [row["row"]["state"] for row in payload["funnel"]]
    assert states == ["plain", "plain", "plain", "stuck", "plain", "plain", "closed"]
    assert payload["stuck"]["text"] == "滞留 处置 · 中位 1 时 30 分"
    assert shown(stuck=None)["stuck"] == {"hide": True}


def test_only_a_centre_that_is_far_behind_its_peers_has_a_hue() -> None:
    ages = tuple(AgeRow(centre, (40, 30, 20, 10), overdue) for centre, overdue in (("A", 10), ("B", 11), ("C", 25)))
    payload = shown(by_sub_district=ages, open=300, overdue=46)
    assert [row["overdue"].get("state", "") for row in payload["ages"]] == ["", "", "overdue"]
    alike = tuple(AgeRow(row.centre, row.counts, 40) for row in ages)
    payload = shown(by_sub_district=alike, open=300, overdue=120)
    assert [row["overdue"].get("state", "") for row in payload["ages"]] == ["", "", ""]


def test_buckets_are_named_by_their_edges() -> None:
    assert [edge["edge"]["text"] for edge in shown()["edges"]] == ["≤4h", "≤1d", "≤3d", ">3d"]


def test_closed_counts_today_and_has_no_bar() -> None:
    closed = shown(funnel=((Stage.CLOSED, 1200),))["funnel"][0]
    assert (closed["count"]["text"], closed["bar"]["share"]) == ("今日 1,200", 0)
