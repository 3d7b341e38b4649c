import re
from zoneinfo import ZoneInfo

from layouts import words
from layouts.words import Lang, Words

BEIJING = ZoneInfo("Asia/Shanghai")


def test_every_word_is_there_in_both_languages_with_the_same_parts() -> None:
    for key, (chinese, english) in words.WORDS.items():
        assert chinese and english, key
        assert sorted(re.findall(r"{(\w)}", chinese)) == sorted(re.findall(r"{(\w)}", english)), key


def test_the_other_language_stands_beside() -> None:
    assert (Words(Lang.ZH)("forces"), Words(Lang.ZH).beside("forces")) == ("力量", "Forces")
    assert Words(Lang.EN).beside("forces") == "力量"


def test_durations_have_their_two_largest_units() -> None:
    assert Words(Lang.ZH).duration(3 * 86_400 + 4 * 3600) == "3 天 4 时"
    assert Words(Lang.EN).duration(3700) == "1 h 1 min"
    assert Words(Lang.EN).duration(59) == "59 s"


def test_numbers_have_separators_and_rates_without_base_are_unknown() -> None:
    assert words.number(12_431) == "12,431"
    assert (words.signed(0.2), words.signed(-35), words.signed(120)) == ("0", "−35", "+120")
    assert words.percent(0, 0) == "—"
    assert (words.distance(320), words.distance(1234)) == ("320 m", "1.2 km")
    assert (words.minutes(42), words.minutes(3_661)) == ("0:42", "1:01:01")


def test_another_day_shows_its_date() -> None:
    now = 1_795_000_000.0
    assert words.day_and_time(now, now, BEIJING) == "19:06"
    assert words.day_and_time(now + 86_400, now, BEIJING) == "11-19 19:06"
