import json
from typing import Any

import pytest

from dashboard.backlog import query
from dashboard.backlog.query import Column, Filter, Page, Sort
from dashboard.records import Stage, Verb
from layouts import case_table, ids
from layouts.words import Lang
from tests.layouts import scenes
from tests.layouts.scenes import ASSETS, NOW
from tests.layouts.test_case_rows import case


def laid_out(lang: Lang = Lang.ZH) -> list[dict[str, Any]]:
    return list(scenes.walk(scenes.tree(case_table.frame(scenes.view(lang)))))


def settings() -> dict[str, Any]:
    return case_table.browser(scenes.view())


def grid() -> dict[str, Any]:
    return next(props for props in laid_out() if props.get("id") == ids.DUTY_CASES_GRID)


def test_every_id_is_laid_out_once() -> None:
    found = [props["id"] for props in laid_out() if "id" in props]
    declared = [value for name, value in vars(ids).items() if name.startswith("DUTY_CASES")]
    assert sorted(found) == sorted(declared)


def test_what_can_be_sorted_is_what_the_query_sorts() -> None:
    sortable = {column["colId"] for column in grid()["columnDefs"] if column.get("sortable")}
    assert sortable <= set(Column)
    assert "title" not in sortable and "left" in sortable


def test_every_column_has_its_cell() -> None:
    shown = case_table.rows(Page((case(),), 1), scenes.view(), NOW)
    fields = {column["field"] for column in grid()["columnDefs"]}
    assert shown["rowCount"] == 1
    assert fields <= set(shown["rowData"][0])


def test_pages_are_such_as_the_query_takes() -> None:
    options = grid()["dashGridOptions"]
    assert options["cacheBlockSize"] <= query.PAGE_MOST
    assert options["maxConcurrentDatasourceRequests"] == 1
    assert "载入" in options["localeText"]["loadingOoo"]


def test_functions_that_the_grid_calls_are_in_the_script() -> None:
    script = (ASSETS / "case-table.js").read_text(encoding="utf-8")
    for listener in grid()["eventListeners"].values():
        assert f"dashAgGridFunctions.{listener[0].partition('(')[0]} =" in script


def test_the_browser_knows_what_each_key_orders_and_needs() -> None:
    actions = settings()["actions"]
    assert {key: action["verb"] for key, action in actions.items()} == {
        "u": "urge", "s": "supervise", "h": "hold", "e": "extend", "z": "retract",
    }  # fmt: skip
    assert actions["h"]["needs"] == ["reason"]
    assert actions["e"]["needs"] == ["until", "reason"]


def test_only_what_cannot_be_undone_is_asked_about() -> None:
    for action in settings()["actions"].values():
        is_final = action["verb"] not in settings()["undoable"] and action["verb"] != Verb.RETRACT
        assert bool(action["confirm"]) == is_final
    assert "urge" not in settings()["undoable"] and "hold" in settings()["undoable"]
    assert "supervise" in settings()["undoable"]


@pytest.mark.parametrize("lang", list(Lang))
def test_the_frame_carries_its_settings(lang: Lang) -> None:
    root = next(props for props in laid_out(lang) if props.get("id") == ids.DUTY_CASES)
    assert json.loads(root["data-settings"])["lang"] == lang.value


def test_every_place_can_be_chosen_once() -> None:
    groups = next(props for props in laid_out() if props.get("id") == ids.DUTY_CASES_PLACES)["data"]
    codes = [item["value"] for group in groups for item in group["items"]]
    place = scenes.baoan()
    assert len(codes) == len(set(codes)) == len(place.communities) + len(place.sub_districts)


def test_a_filter_is_said_in_words() -> None:
    wish = Filter(stages=(Stage.HELD,), overdue=True, due_within_s=7200.0, older_than_s=86_400.0, text="井盖")
    said = case_table.describe(wish, (Sort(Column.LEFT, "desc"),), scenes.view())
    assert said == "挂账 · 逾期 · 2 时 内到期 · 超过 1 天 · “井盖” · 时限 ↓"
    assert case_table.describe(Filter(), (), scenes.view()) == "全部在办"
