import re

import pytest

from dashboard.briefing.model import Rows
from dashboard.briefing.rows import QUERIES, Page
from layouts import briefing_rows
from layouts.briefing import May
from layouts.briefing_words import LABELS
from layouts.words import Lang
from tests.layouts.scenes import HOSTILE, NOW, view
from tests.layouts.test_briefing import look, shown

COLUMNS = ("key", "title", "community", "reported_at", "closed_at")


def page(total: int = 1, offset: int = 0, export: bool = True, asked: Rows | None = None) -> str:
    found = Page(COLUMNS, [("cases/C1", HOSTILE, view().district.communities[0].code, NOW, None)], total)
    wanted = shown(may=May(False, export))
    return briefing_rows.screen(look(Lang.EN), view(Lang.EN), wanted, asked or Rows("found"), found, offset, 200)


def test_rows_are_written_as_people_read_them() -> None:
    html = page()
    assert "cases/C1" in html and "2026-" in html and view(Lang.EN).community(0) in html
    assert HOSTILE not in html


def test_more_rows_are_a_page_away() -> None:
    assert "offset=200" in page(total=201) and "offset=200" not in page(total=200)
    assert "offset=0" in page(total=500, offset=200) and "offset=400" in page(total=500, offset=200)


def test_the_file_is_offered_to_who_may_take_it() -> None:
    assert "format=csv" in page() and "format=csv" not in page(export=False)


def test_it_says_in_words_what_was_counted_and_of_what() -> None:
    html = page(asked=Rows("found", {"weekday": "0", "hour": "9", "item": HOSTILE, "department": ""}))
    told = re.findall(r'class="filter">([^<]*)<', html)
    assert told[:2] == ["Weekday: Mon", "Hour: 09:00–10:00"] and told[3] == "Department: outside"
    assert "Cases found in the week" in html and "week 47 of 2026" in html and HOSTILE not in html


def test_ways_lead_back_to_all_of_them_and_on_with_the_same_filter() -> None:
    html = page(total=500, asked=Rows("found", {"item": "a b&c"}))
    assert 'href="/briefing?week=2026-11-16' in html
    on, file = (next(each for each in re.findall(r'href="([^"]*)"', html) if part in each) for part in ("=200", "csv"))
    assert "item=a+b%26c" in on and "item=a+b%26c" in file
    assert "Without the filter" in html and "Without the filter" not in page()


def test_no_rows_are_no_table() -> None:
    found = Page(COLUMNS, [], 0)
    html = briefing_rows.screen(look(Lang.EN), view(Lang.EN), shown(), Rows("found"), found, 0, 200)
    assert "<table" not in html and ">Total 0<" in html and "format=csv" not in html


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("tier", "police", "Police"),
        ("stage", "closed", "Closed"),
        ("stage", "expired", "expired"),
        ("state", "met", "on scene"),
        ("state", "of another version", "of another version"),
        ("kind", "no such", "no such"),
        ("accepted", 12345, "12,345"),
        ("department", "", ""),
        ("item", None, ""),
    ],
)
def test_codes_are_written_by_their_names(name: str, value: object, told: str) -> None:
    assert briefing_rows.cell(name, value, view(Lang.EN)) == told


def test_every_query_filter_and_column_has_a_word() -> None:
    named = {f"rows.{name}" for name in QUERIES}
    named |= {each for query in QUERIES.values() for each in (*query.filters, *query.columns)}
    assert named - LABELS.keys() == set()
