import pytest
from msgspec.structs import replace

from dashboard.briefing.model import SECTIONS
from layouts import briefing_slides
from layouts.briefing_slides import PLAN, ROWS, slides
from layouts.briefing_words import TITLES
from layouts.words import Lang
from tests.briefings import example, frozen
from tests.layouts.scenes import HOSTILE, view
from tests.layouts.test_briefing import look, shown


@pytest.mark.parametrize("lang", list(Lang))
def test_the_slides_go_from_title_and_headline_by_section_to_the_close(lang: Lang) -> None:
    made = slides(view(lang), shown(example(), replay_at="2026-11-18T14:32:00"))
    assert [slide.section for slide in made[:2]] == ["", "headline"]
    assert list(dict.fromkeys(slide.section for slide in made[2:-2])) == list(SECTIONS)
    assert made[-2].css == "replay-slide" and made[-1].css == "title-slide"


def test_no_section_has_more_than_four_slides() -> None:
    assert set(PLAN) == set(SECTIONS) and max(map(len, PLAN.values())) <= 4
    assert all(id_ in TITLES for parts in PLAN.values() for ids in parts for id_ in ids)


def test_a_slide_of_which_nothing_is_known_is_left_out() -> None:
    empty = tuple(replace(section, figures=(), charts=(), tables=()) for section in example().sections)
    assert len(slides(view(), shown(example(sections=empty)))) == 3


def test_a_long_table_is_cut_and_says_so() -> None:
    kinds = next(section for section in example().sections if section.id == "response")
    (table,) = [each for each in kinds.tables if each.id == "response.by_kind"]
    html = "".join(slide.content for slide in slides(view(Lang.EN), shown(example())) if slide.section == "response")
    assert len(table.cells) > ROWS and f"all {len(table.cells)} rows" in html
    assert html.count("<tr>") == ROWS + 1


def test_notes_and_remarks_stand_on_the_first_slide_of_their_section() -> None:
    made = [slide for slide in slides(view(), shown(frozen())) if slide.section == "cases"]
    assert [slide.notes for slide in made] == ["先讲逾期", "", "", ""]
    assert ["remark" in slide.content for slide in made] == [True, False, False, False]


def test_the_replay_is_of_the_gravest_incident() -> None:
    html = briefing_slides.screen(look(), view(), shown(example(), replay_at="2026-11-18T14:32:00"))
    assert 'href="/wall?at=2026-11-18T14%3A32%3A00"' in html and "data-replay" in html
    assert "data-replay" not in briefing_slides.screen(look(), view(), shown(example()))


def test_every_slide_has_its_number_and_the_deck_the_way_back() -> None:
    html = briefing_slides.screen(look(), view(), shown(example()))
    count = len(slides(view(), shown(example())))
    assert f">{count} / {count}<" in html and 'data-leave="/briefing?week=2026-11-16' in html


def test_without_a_briefing_the_only_slide_says_why() -> None:
    (slide,) = slides(view(), shown(None, trouble=HOSTILE))
    assert HOSTILE not in slide.content and "fault" in slide.content
