"""Names and payloads of every message between the web process and the wall in a browser, defined once.

Socket.IO over websocket only. assets/live.js handles each message of TO_BROWSER and emits each of TO_SERVER, and no
other; a test compares them. A room is one screen of one scope in one language; `seq` counts the messages of one
room, `epoch` names one life of that count. A browser that sees another epoch or a hole in `seq` counts a gap and
joins again.

After a JOIN with `at_ms` a browser gets a replay of its own: PANELS with `replay` and no panels while it is on its way,
then after each seek a SNAPSHOT and all units under a new epoch (units go back in time), then PANELS and UNITS, always
all units, as it plays; in between PANELS without panels, so that it is never silent. PANELS say what goes wrong, too.
"""

from typing import Any

from msgspec import Struct

NAMESPACE = "/wall"

JOIN = "join"  # browser -> server: Join; answered by an acknowledgement Joined, then `snapshot`, then a full `units`
STEER = "steer"  # browser -> server, in a replay: Steer; answered by an acknowledgement {} or {"error": ...}
TSYNC = "tsync"  # browser -> server: nothing; answered by an acknowledgement: the server's epoch milliseconds, float

SNAPSHOT = "snapshot"  # server -> browser: Panels with every panel of the scope
PANELS = "panels"  # server -> browser: Panels with those that changed; an empty one at least every HEARTBEAT_S
UNITS = "units"  # server -> browser: bytes of wire.pack_units; after a snapshot all units, then those that changed

SCREENS = ("wall", "duty")
WITH_UNITS = ("wall",)  # the screens that show positions

TO_SERVER = (JOIN, STEER, TSYNC)
TO_BROWSER = (SNAPSHOT, PANELS, UNITS)

HEARTBEAT_S = 2.0  # a browser that hears nothing for longer than SILENCE_S covers the wall
SILENCE_S = 8.0
ENGINE_SILENCE_S = 10.0  # the same, when the web process still speaks but the situation no longer moves


class Join(Struct, frozen=True):
    """Which room a browser wants."""

    screen: str  # one of SCREENS
    centre: str  # code of the scope
    lang: str  # "zh" or "en"
    roster: int  # checksum of the roster that the browser holds
    at_ms: float | None = None  # a past moment: this browser alone gets a replay from there; none: live


class Steer(Struct, frozen=True):
    """What a viewer of a replay wants: each field that is not None is set, the others stay."""

    at_ms: float | None = None  # seek
    speed: float | None = None  # 1 to 600
    playing: bool | None = None


class Replay(Struct, frozen=True):
    """Where a replay stands, in each message of one: the browser's clock shows this and nothing else."""

    at_ms: float  # the replayed moment when this was sent
    speed: float
    playing: bool
    seeking: bool = False  # on its way to `at_ms`; what is shown is older
    # Why nothing new comes: "no_archive" (history begins later, or there is none), "future", "busy" (as many replays as
    # there may be; it is tried again), "gone" (nobody plays; likewise), "broken" (the archive cannot be read),
    # "no_centre" (there was no such centre then).
    error: str = ""
    gap: bool = False  # nobody led at this moment: what is shown is from `shown_ms`
    shown_ms: float = 0.0
    district: str = ""  # version of the district's files that is shown: /wall/<file>.json?version= has it


class Joined(Struct, frozen=True):
    """The room's numbers at the moment of joining; the snapshot that follows carries at least this `seq`."""

    epoch: int
    seq: int
    now_ms: float


class Panels(Struct, frozen=True):
    """What panels show from now on; a panel that is not named stays as it is, and is as true as `as_of_ms`."""

    epoch: int
    seq: int
    now_ms: float  # server clock at sending
    as_of_ms: float  # the situation's own time: the engine's last word that this web process has seen
    centre: str
    panels: dict[str, Any]  # panel name -> payload, as the screen's panels() made it
    replay: dict[str, Any] | None = None  # Replay, in a replay; None: live
