import pytest

from dashboard.briefing.making import make
from dashboard.briefing.model import SECTIONS, Briefing
from dashboard.briefing.rules import Rules
from layouts.briefing_words import DEFINITIONS, LABELS, TITLES
from tests.dashboard.briefing.tables import DAY, HOUR, MONDAY, WEEK, Tables, briefing, case

EVERYTHING = {
    "cases": [case(-DAY, HOUR, due_at=MONDAY), case(0)],
    "incidents": [{"key": "i", "reported_at": MONDAY, "zero_at": MONDAY}],
    "legs": [{"key": "i"}],
    "alerts": [{"first_at": MONDAY}],
    "raises": [{"at": MONDAY}],
    "feeds": [{"id": int(MONDAY * 1e9)}],
    "visits": [{"at": MONDAY}],
}


def named(made: Briefing) -> set[str]:
    return {
        each.id
        for section in made.sections
        for parts in (section.figures, section.charts, section.tables)
        for each in parts
    }


def test_a_briefing_has_every_section_in_order() -> None:
    assert tuple(section.id for section in briefing(Tables(**EVERYTHING)).sections) == SECTIONS


@pytest.mark.parametrize("centre", ["D", "A", "C0"])
def test_a_week_of_nothing_is_a_briefing_too(centre: str) -> None:
    made = briefing(Tables(), centre)
    assert named(made) == named(briefing(Tables(**EVERYTHING)))
    assert {figure.value for section in made.sections for figure in section.figures} <= {None, 0}


def test_all_that_it_names_has_words() -> None:
    made = briefing(Tables(**EVERYTHING))
    assert named(made) - TITLES.keys() == set() == named(made) - DEFINITIONS.keys()
    columns = {column.id for section in made.sections for table in section.tables for column in table.columns}
    assert columns - LABELS.keys() == set()


def test_it_says_what_it_was_made_of() -> None:
    made = briefing(Tables(**EVERYTHING), rules=Rules(flood=7))
    assert made.stamp.rows["cases"] == 2 and made.stamp.first_at == MONDAY - DAY
    assert made.settings["flood"] == 7 and made.settings["weight.on_time"] == Rules().weights.on_time
    assert "CREATE OR REPLACE TEMP TABLE" in made.queries["cases_here"] and len(made.queries) > 25


def test_a_week_that_is_not_over_says_so() -> None:
    made = briefing(Tables(), now=MONDAY + DAY)
    assert not made.is_complete and "remark.incomplete" in made.sections[0].remarks


def test_progress_ends_with_all(small: object) -> None:
    seen: list[float] = []
    make(Tables(), small, "D", WEEK, Rules(), MONDAY, seen.append)  # type: ignore[arg-type]
    assert seen == sorted(seen) and seen[-1] == 1
