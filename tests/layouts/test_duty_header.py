from dashboard.records import Level
from layouts import duty_header
from tests.layouts import scenes

COUNTS = {Level.I: 1, Level.II: 0, Level.III: 2, Level.IV: 0}


def test_alarms_are_counted_by_level_and_zero_has_no_colour() -> None:
    shown = duty_header.payload(scenes.overview().headline, COUNTS, False, scenes.view())
    assert [row["row"]["state"] for row in shown["levels"]] == ["level-1", "zero", "level-3", "zero"]
    assert [row["count"]["text"] for row in shown["levels"]] == ["1", "0", "2", "0"]


def test_a_post_that_nobody_holds_is_unknown_and_an_open_handover_is_named() -> None:
    shown = duty_header.payload(scenes.overview().headline, COUNTS, True, scenes.view())
    assert (shown["leader"]["text"], shown["chief"]["text"]) == ("陈", "—")
    assert shown["handover"] == {"text": "交接中", "hide": False}


def test_a_view_in_which_nothing_waits_shows_no_number() -> None:
    shown = duty_header.tab_counts({"incident": 0, "alarms": 1204})
    assert shown == {"incident": {"hide": True}, "alarms": {"text": "1,204", "hide": False}}
