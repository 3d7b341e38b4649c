"""Where the real recordings lie: beside the checkout, or where WALL_SHARED says. Never copied into the project."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("WALL_SHARED") or Path(__file__).parents[2] / "shared")
DATA = SHARED / "data"
SAMPLES = SHARED / "samples"
