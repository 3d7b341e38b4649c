import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running import is_running

pytestmark = pytest.mark.fault

_PROGRAM = """
import os, sys
from dashboard.supervisor import Supervisor
child = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(60)"
commands = {name: [sys.executable, "-c", child, os.path.join(sys.argv[1], name)] for name in ("one", "two")}
sys.exit(Supervisor(commands, os.environ, None).run())
"""


def wait_for(condition: Callable[[], bool], why: str) -> None:
    give_up_at = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up_at, why
        time.sleep(0.02)


def pids(folder: Path, name: str) -> list[int]:
    file = folder / name
    return [int(line) for line in file.read_text().split()] if file.exists() else []


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(tmp_path)], stderr=subprocess.DEVNULL)
    wait_for(lambda: len(pids(tmp_path, "one") + pids(tmp_path, "two")) == 2, "the children did not start")
    yield process
    process.kill()
    process.wait()


def test_a_killed_child_comes_back_alone(supervisor: subprocess.Popen[bytes], tmp_path: Path) -> None:
    first = pids(tmp_path, "one")[0]
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(pids(tmp_path, "one")) == 2, "it did not come back")
    assert len(pids(tmp_path, "two")) == 1
    assert is_running(pids(tmp_path, "two")[0])


def test_sigterm_ends_all(supervisor: subprocess.Popen[bytes], tmp_path: Path) -> None:
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(15) == 0
    assert not any(is_running(pid) for name in ("one", "two") for pid in pids(tmp_path, name))


def test_no_orphan_stays_when_the_supervisor_is_killed(supervisor: subprocess.Popen[bytes], tmp_path: Path) -> None:
    children = pids(tmp_path, "one") + pids(tmp_path, "two")
    supervisor.send_signal(signal.SIGKILL)
    wait_for(lambda: not any(is_running(pid) for pid in children), "an orphan stays")
