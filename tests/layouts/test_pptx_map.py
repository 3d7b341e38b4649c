from dashboard.briefing.model import Chart, ChartKind, Names, Series, Unit
from layouts import pptx_map
from layouts.pptx_deck import Deck
from layouts.words import Lang
from tests.layouts import scenes

EMU = 914_400
BOX = (0.6, 1.3, 7.4, 5.6)


def hot(codes: tuple[str, ...]) -> Chart:
    counts = tuple(10.0 - place for place in range(len(codes)))
    return Chart(
        id="kinds.cells",
        kind=ChartKind.MAP,
        unit=Unit.COUNT,
        names=Names.CELL,
        labels=codes,
        series=(Series("found", counts),),
    )


def test_areas_are_outlines_and_cells_are_numbered_dots_within_the_box() -> None:
    district, deck = scenes.baoan(), Deck(Lang.ZH, "")
    codes = tuple(district.cell_codes[place] for place in (0, 500, 1500))
    group = pptx_map.draw(deck, deck.slide("x"), hot(codes), district, BOX)
    dots = [shape.text_frame.text for shape in group.shapes if shape.text_frame.text]
    assert dots == ["3", "2", "1"]  # the first on top
    assert len(group.shapes) - len(dots) >= 1 + len(district.sub_districts)
    left, top, wide, high = (side * EMU for side in BOX)
    for shape in group.shapes:
        assert left - EMU * 0.2 <= shape.left and shape.left + shape.width <= left + wide + EMU * 0.2
        assert top - EMU * 0.2 <= shape.top and shape.top + shape.height <= top + high + EMU * 0.2


def test_a_cell_that_is_no_more_is_left_out() -> None:
    district, deck = scenes.baoan(), Deck(Lang.ZH, "")
    group = pptx_map.draw(deck, deck.slide("x"), hot(("nowhere", district.cell_codes[0])), district, BOX)
    assert [shape.text_frame.text for shape in group.shapes if shape.text_frame.text] == ["2"]
