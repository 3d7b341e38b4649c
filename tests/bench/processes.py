"""Processes of the bench's own: started, watched through /proc, and ended with all that they started."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dashboard.processes import end_with_us
from tests.bench.report import CannotMeasure

ROOT = Path(__file__).resolve().parents[2]
_STOP_S = 20.0
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    command: list[str], environment: Mapping[str, str] | None = None, **streams: Any
) -> "subprocess.Popen[bytes]":
    """A process in a group of its own that also ends when the bench is killed."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
        preexec_fn=end_with_us(),
        **streams,
    )


def stop(process: "subprocess.Popen[bytes]") -> bool:
    """End it and all that it started; True when a polite request was enough."""
    family = {pid: _born(pid) for pid in descendants(process.pid)}
    process.terminate()
    try:
        process.wait(_STOP_S)
        is_clean = True
    except subprocess.TimeoutExpired:
        is_clean = False
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pid, born in family.items():
        if _is_running(pid) and _born(pid) == born:
            is_clean = False
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    return is_clean


class Helper:
    """A process of this package that works beside a measurement and reports in JSON lines."""

    def __init__(self, module: str, job: Mapping[str, Any]) -> None:
        """Start `python -m tests.bench.<module>` with a job, as JSON, on its standard input."""
        self.name = module
        # Files and not pipes: nobody reads while it works.
        self._said, self._complained = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        self.process = start(
            [sys.executable, "-m", f"tests.bench.{module}"],
            stdin=subprocess.PIPE,
            stdout=self._said,
            stderr=self._complained,
        )
        assert self.process.stdin
        self.process.stdin.write(json.dumps(job).encode())
        self.process.stdin.close()

    def said(self) -> list[dict[str, Any]]:
        """All whole lines so far."""
        size = os.fstat(self._said.fileno()).st_size
        whole, _, _ = os.pread(self._said.fileno(), size, 0).rpartition(b"\n")
        return [json.loads(line) for line in whole.splitlines()]

    def wait_for(self, is_enough: Callable[[list[dict[str, Any]]], bool], timeout_s: float) -> None:
        """Wait until what it said is enough."""
        wait_until(lambda: self.is_alive() and is_enough(self.said()), timeout_s, f"{self.name} to work")

    def is_alive(self) -> bool:
        """True while it works; raises CannotMeasure with its last words when it broke."""
        if self.process.poll() not in (None, 0, -signal.SIGTERM):
            raise CannotMeasure(f"{self.name} broke: {self._last_words()}")
        return True

    def finish(self, timeout_s: float) -> list[dict[str, Any]]:
        """Wait for its end; all that it said."""
        wait_until(lambda: self.is_alive() and self.process.poll() is not None, timeout_s, f"{self.name} to end")
        return self.said()

    def stop(self) -> list[dict[str, Any]]:
        """End it now; all that it said."""
        stop(self.process)
        return self.said()

    def _last_words(self) -> str:
        size = os.fstat(self._complained.fileno()).st_size
        lines = os.pread(self._complained.fileno(), size, 0).decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {self.process.returncode}"


@contextlib.contextmanager
def helping(module: str, **job: Any) -> Iterator[Helper]:
    """A helper for the length of a block."""
    helper = Helper(module, job)
    try:
        yield helper
    finally:
        helper.stop()


def wait_until(is_so: Callable[[], object], timeout_s: float, what: str, every_s: float = 0.02) -> None:
    """Wait for a condition; raises CannotMeasure when it does not come."""
    give_up_at = time.monotonic() + timeout_s
    while not is_so():
        if time.monotonic() > give_up_at:
            raise CannotMeasure(f"waited {timeout_s:.0f} s for {what}")
        time.sleep(every_s)


def descendants(pid: int) -> list[int]:
    """Ids of all processes below one, parents first."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(0), [])
        found += below
        waiting += below
    return found


def command_line(pid: int) -> list[str]:
    """The command of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return []


def cpu_s(pids: list[int]) -> float:
    """Processor seconds, user and system, that these processes have used."""
    return sum((int(f[11]) + int(f[12])) / _TICKS_PER_S for pid in pids if (f := _stat(pid)))


def memory_mb(pids: list[int]) -> float:
    """Memory of these processes, what they share counted once (proportional set size)."""
    total_kb = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
            total_kb += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total_kb / 1024


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/<pid>/stat from the state on (proc(5) field 3 is place 0); None when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _born(pid: int) -> str:
    fields = _stat(pid)
    return fields[19] if fields else ""


def _is_running(pid: int) -> bool:
    fields = _stat(pid)
    return bool(fields) and fields[0] not in "ZX"
