"""Every id of every screen, as `<screen>-<thing>`; no id string stands anywhere else in Python."""

PAGE = "page"  # where the chosen screen stands
ADDRESS = "address"

WALL = "wall"  # the root of the wall; its data attributes carry what the browser must know
WALL_CENTRE = "wall-centre"  # choice of the centre whose area is shown
WALL_MAP = "wall-map"
WALL_FLOW = "wall-flow"  # chart: cases found and closed by hour
WALL_LAYERS = "wall-layers"  # which map layers are on


def panel(name: str) -> str:
    """The id of one panel of the wall."""
    return f"wall-panel-{name}"
