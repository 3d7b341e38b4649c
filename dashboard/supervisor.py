"""One small supervisor: starts the state server and the processes, brings each back alone, stops all cleanly."""

import logging
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.processes import end_with_us
from dashboard.state_server import StateServer, StateServerError

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.1
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.1, 5.0  # before a process that died is started again
_STEADY_S = 20.0  # after this long a process counts as healthy, and its wait starts over
_STOP_S = 8.0


@dataclass
class _Child:
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    wait_s: float = _FIRST_WAIT_S
    start_at: float = field(default_factory=time.monotonic)

    def look(self, name: str, now: float) -> None:
        """Start it when it is due; when it died, say so and set the time of its return."""
        if self.process is None:
            if now >= self.start_at:
                self.process = subprocess.Popen(self.command, env=dict(self.environment), preexec_fn=end_with_us())
                self.started_at = now
            return
        code = self.process.poll()
        if code is None:
            return
        if now - self.started_at > _STEADY_S:
            self.wait_s = _FIRST_WAIT_S
        log.warning("%s ended with %s; back in %.1f s", name, code, self.wait_s)
        self.process, self.start_at = None, now + self.wait_s
        self.wait_s = min(self.wait_s * 2, _LONGEST_WAIT_S)


class Supervisor:
    """Keeps the given commands running until a signal ends them all."""

    def __init__(
        self, commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], state: StateServer | None
    ) -> None:
        self._children = {name: _Child(command, environment) for name, command in commands.items()}
        self._state = state
        self._stopping = False

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; returns the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while not self._stopping:
                self._look()
                time.sleep(_LOOK_EVERY_S)
        finally:
            self._end_all()
        return 0

    def _look(self) -> None:
        if self._state and not self._state.is_alive():
            log.warning("the state server ended; starting it again")
            try:
                self._state.start()
            except StateServerError as error:
                log.error("%s", error)
                time.sleep(1)
                return
        now = time.monotonic()
        for name, child in self._children.items():
            child.look(name, now)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _end_all(self) -> None:
        running = [child.process for child in self._children.values() if child.process]
        for process in running:
            process.terminate()
        give_up_at = time.monotonic() + _STOP_S
        for process in running:
            try:
                process.wait(max(0.1, give_up_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._state:
            self._state.stop()
