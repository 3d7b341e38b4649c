from dashboard.briefing.rows import Page
from layouts import briefing_rows
from layouts.briefing import May
from layouts.words import Lang
from tests.layouts.scenes import HOSTILE, NOW, view
from tests.layouts.test_briefing import look, shown

COLUMNS = ("key", "title", "community", "reported_at", "closed_at")


def page(total: int = 1, offset: int = 0, export: bool = True) -> str:
    found = Page(COLUMNS, [("cases/C1", HOSTILE, view().district.communities[0].code, NOW, None)], total)
    wanted = shown(may=May(False, export))
    return briefing_rows.screen(look(Lang.EN), view(Lang.EN), wanted, "found", "", found, offset, 200)


def test_rows_are_written_as_people_read_them() -> None:
    html = page()
    assert "cases/C1" in html and "2026-" in html and view(Lang.EN).community(0) in html
    assert HOSTILE not in html


def test_more_rows_are_a_page_away() -> None:
    assert "offset=200" in page(total=201) and "offset=200" not in page(total=200)
    assert "offset=0" in page(total=500, offset=200) and "offset=400" in page(total=500, offset=200)


def test_the_file_is_offered_to_who_may_take_it() -> None:
    assert "format=csv" in page() and "format=csv" not in page(export=False)
