import os
import signal
import subprocess
import sys
from pathlib import Path

from dashboard.briefing import turns

HOLD = """
import sys, time
from pathlib import Path
from dashboard.briefing import turns
with turns.alone(Path(sys.argv[1])) as is_ours:
    print(is_ours, flush=True)
    time.sleep(60)
"""


def test_one_at_a_time_and_then_the_next(tmp_path: Path) -> None:
    with turns.alone(tmp_path / "new") as first, turns.alone(tmp_path / "new") as second:
        assert (first, second) == (True, False)
    with turns.alone(tmp_path / "new") as third:
        assert third


def test_who_is_killed_lets_go(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "True\n"
        with turns.alone(tmp_path) as ours:
            assert not ours
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    with turns.alone(tmp_path) as ours:
        assert ours
