"""Letters with sensible defaults, and a way that a test can break."""

from typing import Any

from dashboard.records import ReplyState, moment
from feeds.routes import Letter, RouteError, Scene

SCENE = Scene(
    key="cad/I1",
    kind="fire",
    level=3,
    title="沿街商铺起火",
    place="裕安一路",
    lat=22.601,
    lon=113.901,
    reported_at=moment(1_795_000_000),
    drill=False,
)


def letter(order: str = "o1", unit: str = "PO000", **fields: Any) -> Letter:
    return Letter(
        **{
            "order": order,
            "unit": unit,
            "go": True,
            "at": moment(1_795_000_010),
            "by": "值班员",
            "centre": "D",
            "scene": SCENE,
            **fields,
        }
    )


class Hand:
    """A sender in memory. `is_away`: refuses everything; `refuses`: these units."""

    def __init__(self, says: ReplyState | None = None) -> None:
        self.is_away = False
        self.refuses: set[str] = set()
        self.sent: list[Letter] = []
        self.says = says
        self.is_closed = False

    def send(self, letter: Letter) -> ReplyState | None:
        if self.is_away or letter.unit in self.refuses:
            raise RouteError("away")
        self.sent.append(letter)
        return self.says

    def close(self) -> None:
        self.is_closed = True
