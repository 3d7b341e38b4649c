from layouts import ids, wall
from tests.layouts import scenes


def test_ids_of_the_wall_are_laid_out_once() -> None:
    found = [props["id"] for props in scenes.walk(scenes.tree(wall.screen(scenes.baoan()))) if "id" in props]
    assert len(found) == len(set(found))
    assert {ids.WALL, ids.WALL_MAP, ids.WALL_FLOW, ids.WALL_LAYERS, ids.WALL_CENTRE} <= set(found)
