import re
from pathlib import Path

import pytest

from dashboard.briefing.model import SECTIONS, Names
from layouts import briefing_words
from layouts.briefing_words import DEFINITIONS, LABELS, TITLES, definition, label, title
from layouts.words import Lang
from tests.briefings import example

ROOT = Path(__file__).parents[2]


def named() -> list[str]:
    """The ids of all figures, charts and tables of the example."""
    return [
        each.id
        for section in example().sections
        for parts in (section.figures, section.charts, section.tables)
        for each in parts
    ]


@pytest.mark.parametrize("lang", list(Lang))
def test_everything_in_a_briefing_has_a_name_and_a_definition(lang: Lang) -> None:
    without = [id_ for id_ in named() if id_ not in TITLES or id_ not in DEFINITIONS]
    assert not without
    assert all(title(id_, lang) and definition(id_, lang) for id_ in named())


def test_every_section_column_series_and_remark_has_a_word() -> None:
    sections = example().sections
    words = {column.id for section in sections for table in section.tables for column in table.columns}
    words |= {
        series.id
        for section in sections
        for chart in section.charts
        if chart.series_names is Names.WORD
        for series in chart.series
    }
    words |= {remark for section in sections for remark in section.remarks}
    assert not words - set(LABELS)
    assert all(f"section.{section.id}" in TITLES for section in sections)


def test_no_word_is_empty_in_either_language() -> None:
    assert [key for key, pair in {**TITLES, **DEFINITIONS, **LABELS}.items() if not all(pair)] == []


def test_an_unknown_label_stands_for_itself() -> None:
    assert label("none such", Lang.EN) == "none such"
    assert briefing_words.label("found", Lang.EN) == "Found"


def test_what_the_figures_name_in_their_source_has_words() -> None:
    sections = "|".join(SECTIONS)
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "dashboard" / "briefing").glob("*.py"))
    ids = set(re.findall(rf'"((?:{sections})\.[a-z_0-9]+)"', source))
    labels = set(re.findall(r'(?:Column|Series)\("([a-z_0-9.]+)"|"(remark\.[a-z_]+)"', source))
    assert len(ids) > 40 and not ids - set(TITLES) and not ids - set(DEFINITIONS)
    assert not {either for pair in labels for either in pair if either} - set(LABELS)
