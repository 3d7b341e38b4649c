from layouts import scope_picker
from tests.layouts import scenes


def codes(home: str) -> list[str]:
    [picked] = scenes.walk(scenes.tree(scope_picker.picker(scenes.view(), home, "an-id", "scope")))
    assert (picked["id"], picked["value"], picked["aria-label"]) == ("an-id", home, "scope")
    return [item["value"] for group in picked["data"] for item in group["items"]]


def test_the_district_may_choose_every_centre() -> None:
    district = scenes.baoan()
    assert sorted(codes(district.root.code)) == sorted(district.centres)


def test_a_sub_district_may_choose_itself_and_what_lies_below() -> None:
    district = scenes.baoan()
    chosen = codes("440306017")
    assert chosen[0] == "440306017"
    assert all("440306017" in district.chain(code) for code in chosen)
    assert 10 < len(chosen) < 40
