from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.history.moments import asked

BEIJING = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 11, 20, 14, 32, tzinfo=BEIJING).timestamp()


@pytest.mark.parametrize(
    ("text", "after_s"),
    [
        ("2026-11-20T14:32", 0),
        ("2026-11-20T14:32:05", 5),
        ("2026-11-20T06:32Z", 0),
        ("2026-11-20T15:32+09:00", 0),
        ("2026-11-20T15:32 09:00", 0),  # the plus as a query has it
        ("2026-11-20 14:32", 0),
        ("2026-11-20", -(14 * 60 + 32) * 60),
    ],
)
def test_a_moment_is_read_in_the_districts_zone_unless_it_names_one(text: str, after_s: int) -> None:
    assert asked(text, BEIJING) == (text, MOMENT + after_s)


@pytest.mark.parametrize("text", ["", "14:32", "2026-13-01T00:00", "yesterday", "0001-01-01T00:00", "<b>" * 50, "1e9"])
def test_what_is_no_moment_is_said_again_but_not_all_of_it(text: str) -> None:
    wish = asked(text, BEIJING)
    assert wish.at is None
    assert wish.text == text[:40]
