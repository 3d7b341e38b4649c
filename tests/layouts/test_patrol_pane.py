import json

from dashboard.patrol.figures import LongCell
from layouts import patrol_pane
from layouts.words import Lang
from tests.layouts import scenes
from tests.layouts.scenes import NOW
from tests.layouts.test_patrol_panel import figures


def test_every_figure_has_its_place_in_the_layout() -> None:
    offered = scenes.places(scenes.tree(patrol_pane.frame(scenes.view()))["props"]["children"])
    payload = patrol_pane.payload(scenes.overview(patrol=figures()), scenes.view())
    assert scenes.misfits({name: each for name, each in payload.items() if name != "codes"}, offered) == []
    assert payload["codes"][0] == scenes.baoan().sub_districts[0].code
    assert payload["patrol_areas"][0]["silent"] == {"text": "2", "state": "some"}


def test_no_unit_is_in_a_payload() -> None:
    text = json.dumps(patrol_pane.payload(scenes.overview(patrol=figures()), scenes.view()), ensure_ascii=False)
    assert not [sign for sign in scenes.baoan().roster.call_signs if sign in text]


def test_overdue_cells_are_texts_and_what_is_left_out_is_said() -> None:
    found = tuple(LongCell(cell, 0.0, 7260.0) for cell in range(patrol_pane.CELLS_MOST + 3))
    answer = patrol_pane.cells(found, scenes.view(Lang.EN), NOW)
    assert len(answer["rows"]) == patrol_pane.CELLS_MOST and answer["note"] == "3 more"
    assert answer["rows"][0][2:] == ["never on record", "2 h 1 min"]
    assert patrol_pane.cells((), scenes.view(), NOW) == {"rows": [], "note": "没有超期未巡的网格"}
