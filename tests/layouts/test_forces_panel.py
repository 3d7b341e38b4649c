from dashboard.overview import TierFigures
from dashboard.records import Tier
from layouts import forces_panel
from tests.layouts import scenes


def test_a_tier_of_which_nothing_is_known_shows_no_zeros() -> None:
    tiers = (TierFigures(Tier.DRONE, 0, 0, 0, 0), TierFigures(Tier.POLICE, 311, 0, 4, 1026))
    drone, police = forces_panel.payload(scenes.overview(tiers=tiers), scenes.view())["tiers"]
    assert drone["available"]["text"] == "—"
    assert police["committed"] == {"text": "0", "state": "zero"}
    assert police["off"]["text"] == "1,026"
