import pytest

from dashboard.briefing.model import Figure, Names, Number, Unit
from layouts import briefing_kit as kit
from layouts.words import Lang
from tests.briefings import example
from tests.layouts.scenes import view


def figure(value: Number, unit: Unit = Unit.COUNT, lower: bool | None = None, **fields: Number) -> Figure:
    return Figure(id="cases.found", unit=unit, value=value, lower_is_better=lower, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", list(Unit))
def test_what_is_not_known_is_a_dash_and_never_zero(unit: Unit) -> None:
    assert kit.value(None, unit, view()) == "—"


@pytest.mark.parametrize(
    ("number", "unit", "zh", "en"),
    [
        (27_932.0, Unit.COUNT, "27,932", "27,932"),
        (0.0, Unit.COUNT, "0", "0"),
        (0.8612, Unit.SHARE, "86.1%", "86.1%"),
        (9_480.0, Unit.SECONDS, "2 时 38 分", "2 h 38 min"),
        (40.61, Unit.MEAN, "40.6", "40.6"),
        (91.24, Unit.SCORE, "91.2", "91.2"),
    ],
)
def test_a_number_is_written_by_what_it_is(number: float, unit: Unit, zh: str, en: str) -> None:
    assert [kit.value(number, unit, view(lang)) for lang in Lang] == [zh, en]


@pytest.mark.parametrize(
    ("now", "before", "unit", "lower", "arrow", "judged"),
    [
        (110.0, 100.0, Unit.COUNT, True, "▲", "worse"),
        (110.0, 100.0, Unit.COUNT, False, "▲", "better"),
        (90.0, 100.0, Unit.COUNT, True, "▼", "better"),
        (110.0, 100.0, Unit.COUNT, None, "▲", ""),
        (0.80, 0.85, Unit.SHARE, False, "▼", "worse"),
        (5.0, 0.0, Unit.COUNT, True, "▲", "worse"),
    ],
)
def test_a_change_has_an_arrow_and_is_judged_by_what_is_better(
    now: float, before: float, unit: Unit, lower: bool | None, arrow: str, judged: str
) -> None:
    text, found = kit.change(figure(now, unit, lower), before, view())
    assert text.startswith(arrow) and found == judged


def test_a_change_of_nearly_nothing_is_none() -> None:
    assert kit.change(figure(1000.0, lower=True), 1005.0, view(Lang.EN)) == ("unchanged", "")


@pytest.mark.parametrize(("now", "before"), [(None, 5.0), (5.0, None)])
def test_a_change_against_what_is_not_known_is_not_known(now: Number, before: Number) -> None:
    assert kit.change(figure(now, lower=True), before, view()) == ("—", "")


def test_numerator_and_denominator_are_told_with_what_nobody_knows() -> None:
    told = figure(0.5, Unit.SHARE, numerator=31.0, denominator=61.0, unknown=5.0)
    assert kit.fraction(told, view(Lang.EN)) == "31 / 61 · Unknown 5"
    assert kit.fraction(figure(3.0), view()) == ""


def test_codes_are_written_as_people_call_them() -> None:
    shown = view(Lang.EN)
    street = shown.district.sub_districts[0]
    assert kit.name(street.code, Names.CENTRE, shown) == shown.centre(street.code) != street.code
    assert kit.name("volunteer", Names.TIER, shown) == "Volunteer"
    assert kit.name("0", Names.WEEKDAY, shown) == "Mon"
    assert kit.name("none such", Names.ITEM, shown) == "none such"


def test_the_headline_tells_how_much_what_rose_what_is_worse_and_what_is_better() -> None:
    lines = kit.headlines(example(), view(Lang.EN))
    assert lines[0].startswith("Cases found 27,932, Closed 27,105")
    assert lines[1].startswith("Risen: ")
    assert lines[2] == "Handling time p90 2 d 5 h ▲ +12% (was 1 d 23 h)"
    assert "Open at week's end" in lines[3]
    assert "▼ −4%" in lines[4] and len(lines) == 5


def test_a_rate_that_moved_by_less_than_half_a_point_is_no_headline() -> None:
    lines = kit.headlines(example(), view(Lang.EN), most=20)
    assert not any(line.startswith("Returned") for line in lines)


def test_an_empty_week_has_no_headline() -> None:
    assert kit.headlines(example(sections=()), view()) == []


def test_a_span_below_an_hour_is_told_to_the_second() -> None:
    shown = [kit.value(seconds, Unit.SECONDS, view(Lang.EN)) for seconds in (48.0, 60.0, 118.0, 3_599.6, 9_480.0)]
    assert shown == ["48 s", "1 min", "1 min 58 s", "1 h", "2 h 38 min"]
