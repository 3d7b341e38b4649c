from typing import Any

import pytest

from dashboard.backlog import CaseRow
from dashboard.records import Stage
from layouts import case_rows
from layouts.words import Lang
from tests.layouts import scenes
from tests.layouts.scenes import HOSTILE, NOW

HOUR = 3600.0


def case(**fields: Any) -> CaseRow:
    facts: dict[str, Any] = {
        "key": "sim/C1", "revision": 0, "item": "none-such", "title": "暴露垃圾", "department": 0, "community": 0,
        "cell": -1, "stage": Stage.HANDLING, "reported_at": NOW - 10 * HOUR, "since": NOW - HOUR,
        "due_at": NOW + 5 * HOUR, "closed_at": None,
    }  # fmt: skip
    return CaseRow(**{**facts, **fields})


@pytest.mark.parametrize(
    ("fields", "state", "text"),
    [
        ({}, "on_time", "剩余 5 时"),
        ({"due_at": NOW + HOUR}, "soon", "◆ 剩余 1 时"),
        ({"due_at": NOW - 2.5 * HOUR}, "late", "▲ 超 2 时 30 分"),
        ({"due_at": None}, "none", "无时限"),
        ({"held_since": NOW - HOUR}, "held", "‖ 剩余 6 时"),
        ({"held_since": NOW, "due_at": NOW - HOUR}, "late", "▲ 超 1 时"),
        ({"closed_at": NOW - HOUR}, "ended", "✓ 剩余 6 时"),
        ({"closed_at": NOW, "due_at": NOW - HOUR}, "late", "▲ 超 1 时"),
    ],
)
def test_a_limit_has_a_state_a_shape_and_words(fields: dict[str, Any], state: str, text: str) -> None:
    shown = case_rows.cells(case(**fields), scenes.view(), NOW)
    assert (shown["state"], shown["left"]) == (state, text)


def test_what_officers_pressed_for_shows() -> None:
    pressed = case(urged=2, urged_at=NOW, supervised_at=NOW - 2 * HOUR, held_since=NOW - 60)
    shown = case_rows.cells(pressed, scenes.view(), NOW)
    assert (shown["urged"], shown["supervised"], shown["held"]) == ("2 次 · 19:06", "2 时", "1 分")
    quiet = case_rows.cells(case(), scenes.view(), NOW)
    assert (quiet["urged"], quiet["supervised"], quiet["held"]) == ("", "", "")


def test_what_is_not_known_is_not_written_as_something() -> None:
    shown = case_rows.cells(case(department=-1, community=-1, due_at=None, item=""), scenes.view(), NOW)
    assert (shown["department"], shown["place"], shown["due"], shown["item"]) == ("—", "—", "—", "—")


def test_names_are_written_in_the_language_of_the_view() -> None:
    chinese, english = (case_rows.cells(case(), scenes.view(lang), NOW) for lang in (Lang.ZH, Lang.EN))
    assert (chinese["stage"], english["stage"]) == ("处置", "Handling")
    assert english["left"] == "5 h left"


def test_the_detail_says_what_is_known_and_nothing_of_the_rest() -> None:
    full = case(
        title=HOSTILE, reason="待料", by="街道", supervised_at=NOW, supervised_by="李", returned=2, paused_s=60.0
    )
    nodes = list(scenes.walk(scenes.tree(case_rows.detail(full, scenes.view(), NOW))))
    texts = [str(node["children"]) for node in nodes]
    assert {HOSTILE, "待料", "街道", "2026-11-18 19:06:40 · 李", "2 次", "1 分"} <= set(texts)
    assert not {"返工", "挂账", "结束"} & set(texts)


def test_an_export_has_a_cell_of_text_for_each_head() -> None:
    view = scenes.view()
    cells = {word: cell(case(), view, NOW) for word, cell in case_rows.EXPORT}
    assert len(cells) == len(case_rows.EXPORT)
    assert all(isinstance(cell, str) and view.words(word) for word, cell in cells.items())
    assert (cells["cases.reported"], cells["cases.ended"]) == ("2026-11-18 09:06:40", "")
