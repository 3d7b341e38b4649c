"""The whole product as real processes, for tests that break it or look at it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dashboard import credentials
from dashboard.access import Role
from dashboard.access.access import Access
from dashboard.settings import Settings
from dashboard.state_server import StateServer
from tests.people import CHEAP, let_in

_ROOT = Path(__file__).parents[1]
TOKEN = "a token for the tests"


class Running:
    """`python app.py` on a port and in a data folder of its own."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.data_dir = data_dir
        sources = {"test": {"token": TOKEN, "crs": "wgs84", "requests_per_s": 5000, "records_per_s": 200_000}}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("WALL_")},
            "WALL_PORT": str(self.port),
            "WALL_DATA_DIR": str(data_dir),
            "WALL_SOURCES": json.dumps(sources),
            "WALL_CONFIG": str(data_dir / "none.toml"),
            **{f"WALL_{name.upper()}": value for name, value in settings.items()},
        }
        self.log = data_dir / "app.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Running":
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(_ROOT / "app.py")], env=self.environment, stdout=log, stderr=log
            )
        try:
            self.wait_for(self.is_ready, "the wall did not come up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def supervisor(self) -> int:
        """The process that was started."""
        assert self._process
        return self._process.pid

    def pid(self, name: str) -> int:
        """The process of that name: engine, web, feeds or valkey."""
        for pid in children(self.supervisor):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if (name == "valkey" and b"valkey-server" in words[0]) or name.encode() in words[-2:]:
                return pid
        raise LookupError(name)

    def officer(self, name: str, role: Role = Role.OFFICER, centre: str = "440306", title: str = "") -> str:
        """Somebody new, signed in with a second factor: their session's token. `cookie` and `headers` use it."""
        return let_in(self.access(), name, role, centre, title)

    def access(self) -> Access:
        """The same accounts and sessions as its own, by hashes that cost next to nothing."""
        key = credentials.secret_key(Settings(data_dir=self.data_dir))
        return Access(StateServer(self.data_dir, 1).url, key, hasher=CHEAP)

    def cookie(self, token: str) -> dict[str, str]:
        """The session as Playwright's `context.add_cookies` takes it."""
        return {"name": "wall-session", "value": token, "url": self.url, "sameSite": "Strict"}

    def headers(self, token: str) -> dict[str, str]:
        """The session as a page of ours would send it with a write."""
        return {"Cookie": f"wall-session={token}", "Origin": self.url}

    def kill(self, name: str) -> None:
        """SIGKILL to one process; comes back when it and its own children are gone."""
        pid = self.pid(name)
        family = [pid, *children(pid)]
        os.kill(pid, signal.SIGKILL)
        self.wait_for(lambda: not any(is_running(each) for each in family), f"{name} does not die", 5)

    def is_ready(self) -> bool:
        """Whether the web process says that it can show the truth."""
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def get(self, path: str, token: str = "") -> tuple[int, bytes]:
        """Status and body of a page; without a token as a guest."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path, headers=self.headers(token) if token else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as error:
            raise OSError(error) from error
        finally:
            connection.close()

    def send(self, path: str, body: Any, token: str) -> tuple[int, Any]:
        """Post JSON as a page of ours in a session would; raises OSError while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {**self.headers(token), "Content-Type": "application/json"}
            connection.request("POST", path, json.dumps(body).encode(), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (http.client.HTTPException, json.JSONDecodeError) as error:
            raise OSError(error) from error
        finally:
            connection.close()

    def post(self, kind: str, rows: list[dict[str, Any]]) -> tuple[int, dict[str, Any]]:
        """Send records to the intake; raises OSError while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
            connection.request("POST", f"/api/v1/{kind}", json.dumps(rows).encode(), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (http.client.HTTPException, json.JSONDecodeError) as error:
            raise OSError(error) from error
        finally:
            connection.close()

    def wait_for(self, condition: Callable[[], bool], why: str, most_s: float = 30.0) -> float:
        """Wait until the condition holds; answers how long that took."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > most_s:
                end = self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
                raise AssertionError(f"{why} within {most_s} s; the end of the log:\n{end}")
            time.sleep(0.05)
        return time.monotonic() - began


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
