"""The product under measurement: `python app.py` on a free port, with an empty data folder and any roster."""

import contextlib
import http.client
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboard.access import Role
from dashboard.district import District, load
from dashboard.district.demonstration import BAOAN, with_units
from tests.bench import processes
from tests.bench.processes import wait_until
from tests.bench.report import CannotMeasure
from tests.people import let_in, way_in

_START_S = 60.0
_ROLES = ("engine", "web", "feeds")
_LIMITS = {"requests_per_s": 1_000, "records_per_s": 1_000_000}  # we measure the intake, not its brake


class Wall:
    """One running product."""

    def __init__(self, district_folder: Path, data_dir: Path, is_demonstration: bool) -> None:
        """Start it; `wait_ready` says when it answers."""
        self.district_folder = district_folder
        self.data_dir = data_dir
        self.port = processes.free_port()
        self.token = secrets.token_urlsafe(24)
        self._log = (data_dir / "bench.log").open("wb")
        self.started_ms = time.time() * 1000
        self.process = processes.start(
            [sys.executable, "app.py"],
            {
                "WALL_HOST": "127.0.0.1",
                "WALL_PORT": str(self.port),
                "WALL_DATA_DIR": str(data_dir),
                "WALL_DISTRICT": str(district_folder),
                "WALL_DEMONSTRATION": json.dumps(is_demonstration),
                "WALL_SOURCES": json.dumps({"bench": {"token": self.token, "crs": "wgs84", **_LIMITS}}),
            },
            stdout=self._log,
            stderr=self._log,
        )

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def state_url(self) -> str:
        """Its state server."""
        return (self.data_dir / "valkey" / "url").read_text(encoding="utf-8").strip()

    @property
    def district(self) -> District:
        """Its district, read afresh."""
        return load(self.district_folder)

    @property
    def job(self) -> dict[str, Any]:
        """What a helper must know to send to it."""
        return {
            "port": self.port,
            "token": self.token,
            "district": str(self.district_folder),
            "state_url": self.state_url,
        }

    def officer(self, name: str) -> str:
        """Somebody new who may give orders for the whole district, signed in: the token of the session."""
        access = way_in(self.state_url)
        return let_in(access, name, Role.COMMANDER, self.district.root.code, name)

    def wait_ready(self) -> None:
        """Wait until the web process has the whole picture; raises CannotMeasure when it does not get it."""
        wait_until(self._is_ready, _START_S, "the wall to be ready", every_s=0.05)

    def must_live(self) -> None:
        """Raises CannotMeasure when it ended by itself."""
        if self.process.poll() is not None:
            raise CannotMeasure(f"app.py ended with {self.process.returncode}: {self.last_words()}")

    def _is_ready(self) -> bool:
        self.must_live()
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of one page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def pids(self, role: str) -> list[int]:
        """Processes of one part, the one that the supervisor started first; "state" is the state server."""
        family = processes.descendants(self.process.pid)
        if role == "state":
            return [pid for pid in family if "valkey" in " ".join(processes.command_line(pid)[:1])]
        assert role in _ROLES
        heads = [pid for pid in family if processes.command_line(pid)[-1:] == [role]]
        below = {pid for head in heads for pid in processes.descendants(head)}
        return [pid for pid in heads if pid not in below] + sorted(below)

    def last_words(self) -> str:
        """The end of its log, on one line."""
        lines = (self.data_dir / "bench.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return " / ".join(line.strip() for line in lines[-3:])

    def stop(self) -> bool:
        """Stop it; True when it went when asked."""
        is_clean = processes.stop(self.process)
        self._log.close()
        return is_clean


@contextlib.contextmanager
def running(units: int | None = None, is_demonstration: bool = False, must_be_ready: bool = True) -> Iterator[Wall]:
    """The product for the length of a block, with so many units (None: the packaged district's own)."""
    with tempfile.TemporaryDirectory(prefix="wall135-bench-", ignore_cleanup_errors=True) as scratch:
        folder = BAOAN
        if units is not None:
            folder = Path(scratch) / "district"
            with_units(BAOAN, folder, units)
        data_dir = Path(scratch) / "data"
        data_dir.mkdir()
        wall = Wall(folder, data_dir, is_demonstration)
        try:
            if must_be_ready:
                wall.wait_ready()
            yield wall
        finally:
            wall.stop()
