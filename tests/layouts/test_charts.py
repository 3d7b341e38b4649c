from layouts import charts
from layouts.theme import DARK
from tests.layouts import scenes


def test_payload_has_a_column_for_each_trace() -> None:
    columns = charts.flow_payload(scenes.figures(), scenes.view())["chart"]
    assert len(columns) == len(charts.flow(DARK, scenes.view().words).data)
    assert columns[0] == {"x": ["17", "18"], "y": [3, 4]}
