import re
from typing import Any

import pytest
from msgspec.structs import replace

from dashboard.briefing.model import Briefing
from layouts import briefing as layout
from layouts.briefing import May, Shown
from layouts.plain_page import Look
from layouts.words import Lang
from tests.briefings import example, frozen
from tests.layouts.scenes import HOSTILE, view


def look(lang: Lang = Lang.ZH) -> Look:
    return Look(lang, "dark", "宝安区", "Bao'an District", "/briefing")


def shown(briefing: Briefing | None = None, **fields: Any) -> Shown:
    defaults: dict[str, Any] = {"week": "2026-11-16", "earlier": "2026-11-09", "later": "", "centre": "440306"}
    defaults |= {"centres": (("440306", "宝安区"), ("440306001", "新安")), "may": May(True, True), "revision": 2}
    return Shown(briefing, **{**defaults, **fields})


def page(briefing: Briefing | None, lang: Lang = Lang.ZH, is_print: bool = False, **fields: Any) -> str:
    return layout.screen(look(lang), view(lang), shown(briefing, **fields), is_print)


@pytest.mark.parametrize("lang", list(Lang))
def test_the_page_has_headline_sections_and_appendix(lang: Lang) -> None:
    html = page(example(), lang)
    sections = [*re.findall(r'id="section-(\w+)"', html)]
    assert sections == ["cases", "kinds", "areas", "assessment", "response", "alerts", "alarms", "feeds", "patrol"]
    assert html.index("headline") < html.index('id="section-cases"') < html.index("appendix")
    assert "data-ready" in html


def test_a_figure_opens_to_its_definition_its_parts_and_its_rows() -> None:
    html = page(example(), Lang.EN)
    start = html.index("Closed in the week not after their limit")
    opened = html[start : html.index("</details>", start)]
    assert "22,480" in opened and "26,109" in opened and "996" in opened
    assert "/briefing/rows?week=2026-11-16&amp;centre=440306" in opened and "query=late" in opened


def test_what_is_not_known_is_a_dash_with_the_reason() -> None:
    html = page(example(), Lang.EN)
    start = html.index(">Clear by<")
    assert "—" in html[start : start + 200] and "which is not zero" in html[start : html.index("</details>", start)]


def test_a_frozen_one_says_when_by_whom_which_revision_and_digest() -> None:
    html = page(frozen(), Lang.EN)
    (banner,) = re.findall(r'<p class="frozen[^>]*>([^<]*)<', html)
    assert "值班长" in banner and "revision 2" in banner and "abababababab" in banner
    assert "As of" not in html.split("appendix")[0]


def test_one_that_is_not_frozen_says_as_of_when() -> None:
    assert "As of 2026-11-23 07:00:00" in page(example(), Lang.EN)


def test_a_week_that_is_not_over_is_marked_and_cannot_be_frozen() -> None:
    html = page(example(is_complete=False), Lang.EN)
    assert "The week is not over" in html and "/briefing/freeze" not in html
    assert "/briefing/freeze" in page(example(), Lang.EN)


def test_who_may_only_read_gets_no_forms_but_the_choice() -> None:
    html = page(replace(example(), notes={"cases": "先讲逾期"}), may=May(), later="2026-11-23")
    assert re.findall(r'<form[^>]*method="(\w+)"', html) == ["get"]
    assert "先讲逾期" in html


def test_trouble_is_told_and_nothing_is_offered_to_be_taken() -> None:
    html = page(None, trouble="历史档案暂不可用")
    assert 'role="alert">历史档案暂不可用' in html and "data-export" not in html


def test_no_text_becomes_markup() -> None:
    hostile = replace(example(), notes={"cases": HOSTILE}, frozen_by=HOSTILE, frozen_at=1.0, queries={"q": HOSTILE})
    assert HOSTILE not in page(hostile, trouble=HOSTILE, mark=HOSTILE)


def test_on_paper_nothing_can_be_clicked_and_the_definitions_are_there() -> None:
    html = page(example(), Lang.EN, is_print=True, replay_at="2026-11-18T14:32:00")
    assert not re.search(r"<(form|button|a|script|details)\b", html)
    assert "Cases reported within the week" in html and 'data-theme="light"' in html and "data-ready" in html


def test_who_took_it_out_stands_at_the_foot_of_every_sheet_and_cannot_break_out_of_it() -> None:
    html = page(example(), is_print=True, mark='张 "}</style><b>')
    (style,) = re.findall(r"<style>(.*?)</style>", html)
    assert style.startswith('@page{@bottom-left{content:"张 \\22 \\7d \\3c \\2f style') and style.count('"') == 2


def test_while_it_is_made_the_page_asks_again_and_says_how_far_it_is() -> None:
    html = layout.working(look(Lang.EN), view(Lang.EN), shown(), 0.4)
    assert 'http-equiv="refresh" content="1"' in html and "40%" in html and 'value="0.40"' in html
