"""Measurement: how soon a screen shows a past moment, from its wish to the last byte of the picture."""

import json
import random
import time
from typing import Any

from simple_websocket import Client

from dashboard.access import Role
from dashboard.archive.checkpoints import Checkpoints
from dashboard.archive.store import LocalStore
from dashboard.messages import JOIN, NAMESPACE, SNAPSHOT, STEER
from tests.bench.processes import wait_until
from tests.bench.report import CannotMeasure, Row, percentile
from tests.bench.wall import Wall
from tests.people import let_in, way_in

_MUST_S = 2.0
_CHECKPOINTS_S = 180.0  # until the first minutes are archived
_GIVE_UP_S = 30.0


class Screen:
    """One screen that looks back."""

    def __init__(self, port: int, session: str) -> None:
        """`session`: the token of somebody who may see the wall."""
        # This client names the host without its port, and so must the origin.
        headers = {"Origin": "http://127.0.0.1", "Cookie": f"wall-session={session}"}
        address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        self._socket = Client.connect(address, headers=headers, receive_bytes=1 << 18)
        self._wait(lambda text: text.startswith("0"))
        self._socket.send(f"40{NAMESPACE},")
        self._wait(lambda text: text.startswith(f"40{NAMESPACE},"))

    def join(self, at: float) -> dict[str, Any]:
        """Begin at a moment; the snapshot of it, once all units are there as well."""
        return self._shown([JOIN, {"screen": "wall", "centre": "", "lang": "zh", "roster": 0, "at_ms": at * 1000}])

    def seek(self, at: float, **steer: Any) -> dict[str, Any]:
        """Go to a moment; likewise."""
        return self._shown([STEER, {"at_ms": at * 1000, **steer}])

    def close(self) -> None:
        """Go away."""
        self._socket.close()

    def _shown(self, event: list[Any]) -> dict[str, Any]:
        self._socket.send(f"42{NAMESPACE},{json.dumps(event)}")
        return self.snapshot()

    def snapshot(self) -> dict[str, Any]:
        """The next snapshot, once all units are there as well."""
        begins = f'42{NAMESPACE},["{SNAPSHOT}",'
        message: dict[str, Any] = json.loads(self._wait(lambda text: text.startswith(begins))[len(begins) : -1])
        self._wait(lambda text: text == "bytes")
        return message

    def _wait(self, is_it: Any) -> str:
        give_up_at = time.monotonic() + _GIVE_UP_S
        while time.monotonic() < give_up_at:
            received = self._socket.receive(timeout=_GIVE_UP_S)
            text = "bytes" if isinstance(received, bytes) else str(received or "")
            if text == "2":
                self._socket.send("3")
            if is_it(text):
                return text
        raise CannotMeasure("the replay says nothing")


def measure(wall: Wall, times: int) -> list[Row]:
    """Seeks to random moments of what was archived, one after the other."""
    checkpoints = Checkpoints(LocalStore(wall.data_dir / "archive"), wall.district.timezone)
    wait_until(lambda: len(checkpoints.all()) >= 2, _CHECKPOINTS_S, "the first checkpoints", every_s=1.0)
    first_at = checkpoints.all()[0].at
    screen = Screen(wall.port, let_in(way_in(wall.state_url), "looks-back", Role.COMMANDER, wall.district.root.code))
    dice, took = random.Random(4), []
    screen.join(first_at + 1)
    for _ in range(times):
        at = dice.uniform(first_at, time.time() - 5)
        began = time.monotonic()
        message = screen.seek(at, playing=False)
        took.append(time.monotonic() - began)
        if abs(message["replay"]["at_ms"] - at * 1000) > 1:
            raise CannotMeasure(f"another moment is shown: {message['replay']}")
    screen.close()
    return [
        Row(
            f"a past moment, {times} times at random: picture and all units",
            f"p95 <= {_MUST_S:g} s",
            f"p50 {percentile(took, 50):.2f} s, p95 {percentile(took, 95):.2f} s, max {max(took):.2f} s",
            percentile(took, 95) <= _MUST_S,
            note=f"{time.time() - first_at:.0f} s of history, a checkpoint each minute",
        )
    ]
