from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from dashboard.playlist import Page, Playlist, turn
from dashboard.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


def playlist(*stretches: dict[str, object]) -> Playlist:
    return Playlist.model_validate({"stretches": stretches})


DAY = {"from": "07:30", "to": "19:00", "days": [1, 2, 3, 4, 5], "turns": [{"page": "backlog"}]}
NIGHT = {"from": "22:00", "to": "06:00", "days": [5], "turns": [{"page": "forces"}]}


@pytest.mark.parametrize(
    ("moment", "page"),
    [
        ("2026-11-25T07:29:59", Page.SITUATION),  # a Wednesday
        ("2026-11-25T07:30:00", Page.BACKLOG),
        ("2026-11-25T18:59:59", Page.BACKLOG),
        ("2026-11-25T19:00:00", Page.SITUATION),
        ("2026-11-28T12:00:00", Page.SITUATION),  # a Saturday
        ("2026-11-27T23:00:00", Page.FORCES),  # Friday's night
        ("2026-11-28T05:59:59", Page.FORCES),  # reaches into Saturday
        ("2026-11-29T05:00:00", Page.SITUATION),  # Saturday's night is not in it
    ],
)
def test_the_time_of_day_and_the_weekday_choose_the_stretch(moment: str, page: Page) -> None:
    assert turn(playlist(DAY, NIGHT), at(moment), ZONE)[0] is page


def test_pages_take_turns_for_as_long_as_each_stays() -> None:
    turns = [
        {"page": "situation", "seconds": 60},
        {"page": "video", "seconds": 30},
        {"page": "briefing", "seconds": 10},
    ]
    rotating = playlist({"turns": turns})
    start = at("2026-11-25T12:00:00")
    start -= start % 100
    seen = [turn(rotating, start + second, ZONE) for second in (0, 59.9, 60, 89.9, 90, 99.9, 100)]
    expected = [Page.SITUATION] * 2 + [Page.VIDEO] * 2 + [Page.BRIEFING] * 2 + [Page.SITUATION]
    assert [page for page, _ in seen] == expected
    assert [until and round(until - start, 3) for _, until in seen] == [60, 60, 90, 90, 100, 100, 160]


def test_a_single_page_has_no_end() -> None:
    assert turn(playlist({"turns": [{"page": "backlog"}]}), at("2026-11-25T12:00:00"), ZONE) == (Page.BACKLOG, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"turns": []},
        {"turns": [{"page": "weather"}]},
        {"turns": [{"page": "video", "seconds": 1}]},
        {"turns": [{"page": "video"}], "days": [0]},
        {"turns": [{"page": "video"}], "from": "25:00"},
    ],
)
def test_a_mistake_is_refused_when_the_settings_are_read(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"playlist": {"stretches": [wrong]}})


def test_without_settings_no_screen_turns_by_itself() -> None:
    assert Settings().playlist.enabled is False
