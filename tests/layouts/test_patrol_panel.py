import json
from typing import Any

from dashboard.patrol.figures import AreaPatrol, CellCounts, LongCell, PatrolFigures, Receivers, Strength
from dashboard.records import TIERS, Tier
from layouts import patrol_panel
from layouts.words import Lang
from tests.layouts import scenes
from tests.layouts.scenes import NOW


def figures(**fields: Any) -> PatrolFigures:
    codes = [centre.code for centre in scenes.baoan().sub_districts]
    counts, receivers = CellCounts(10, 2, 1, 3), Receivers(9, stuck=1, silent=2)
    short = (Strength(Tier.WARDEN, 98, 105), Strength(Tier.POLICE, 12, 11))
    defaults: dict[str, Any] = {
        "began_at": NOW - 90_000,
        "cells": CellCounts(3000, 200, 66, 1600),
        "dwell_s": 132.0,
        "tiers": tuple((tier, Receivers(100, stuck=place, silent=2 * place)) for place, tier in enumerate(TIERS)),
        "areas": tuple(AreaPatrol(code, counts, 132.0, receivers, short) for code in codes),
        "longest": tuple(LongCell(cell, NOW - 90_000 * (cell > 0), 3600.0) for cell in range(12)),
    }
    return PatrolFigures(**{**defaults, **fields})


def shown(lang: Lang = Lang.ZH, **fields: Any) -> dict[str, Any]:
    return patrol_panel.payload(scenes.overview(patrol=figures(**fields)), scenes.view(lang))


def test_every_figure_has_its_place_in_the_layout() -> None:
    offered = scenes.places(scenes.tree(patrol_panel.frame(scenes.view()))["props"]["children"])
    assert scenes.misfits(shown(), offered) == []


def test_the_states_of_cells_are_numbers_and_shares_that_add_up() -> None:
    found = shown()
    assert [found[name]["text"] for name in ("covered", "due_soon", "overdue", "unknown")] == [
        "3,200/4,866", "200", "66", "1,600"
    ]  # fmt: skip
    assert sum(found[f"bar_{name}"]["share"] for name in patrol_panel.STATES) == 1.0


def test_nothing_on_record_is_neither_zero_nor_overdue() -> None:
    found = shown(began_at=0.0, cells=CellCounts(unknown=4866), longest=(), tiers=((Tier.DRONE, Receivers()),))
    assert (found["covered"]["text"], found["overdue"]["text"], found["unknown"]["text"]) == ("—", "—", "4,866")
    assert found["none"] == {"text": "尚无巡查记录", "hide": False}
    assert found["tiers"][0]["silent"]["text"] == "—"
    zero = shown(cells=CellCounts(in_time=4866), longest=())
    assert (zero["overdue"], zero["none"]["text"]) == ({"text": "0", "state": "zero"}, "没有超期未巡的网格")


def test_an_area_says_which_tier_misses_most() -> None:
    row = shown()["areas"][0]
    assert row["strength"] == {"text": "▼ 网格员 98/105", "state": "short"}
    enough = AreaPatrol("440306017", CellCounts(unknown=3), None, Receivers(), (Strength(Tier.POLICE, 12, 11),))
    bare = AreaPatrol("440306018", CellCounts(1), 65.0, Receivers())
    first, second = shown(areas=(enough, bare))["areas"]
    assert (first["strength"]["state"], first["covered"]["text"], first["dwell"]["text"]) == ("enough", "—", "—")
    assert (second["strength"]["state"], second["covered"]["text"], second["dwell"]["text"]) == ("none", "1/1", "1:05")


def test_the_longest_unpatrolled_cells_are_places_with_their_last_patrol() -> None:
    first, second = shown(Lang.EN)["longest"][:2]
    assert first["code"]["text"] == scenes.baoan().cell_codes[0]
    assert second["last"]["text"].startswith("11-")
    never = shown(longest=(LongCell(0, 0.0, 60.0),))["longest"][0]["last"]
    assert never == {"text": "记录以来未巡", "state": "never"}


def test_no_unit_is_on_the_wall() -> None:
    text = json.dumps(shown(), ensure_ascii=False)
    assert not [sign for sign in scenes.baoan().roster.call_signs if sign in text]
