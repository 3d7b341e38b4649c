import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboard.state_server import StateServer, StateServerError
from dashboard.store import connect, probe


def test_it_keeps_everything_and_never_evicts(state_server: StateServer) -> None:
    client = connect(state_server.url)
    assert client.config_get("appendonly")["appendonly"] == "yes"
    assert client.config_get("appendfsync")["appendfsync"] == "everysec"
    assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
    assert client.config_get("bind")["bind"] == "127.0.0.1"


def test_a_second_start_uses_the_one_that_runs(state_server: StateServer) -> None:
    second = StateServer(state_server._folder.parent, memory_mb=64)
    assert second.start() == state_server.url
    assert second.pid is None
    second.stop()
    assert probe(state_server.url) == "ready"


def test_strangers_on_this_machine_are_not_let_in(state_server: StateServer) -> None:
    port = state_server.url.rsplit(":", 1)[1]
    assert probe(f"redis://127.0.0.1:{port}") == "away"
    assert stat.S_IMODE((state_server._folder / "url").stat().st_mode) == 0o600
    command = Path(f"/proc/{state_server.pid}/cmdline").read_bytes()
    password = state_server.url.split(":")[2].split("@")[0]
    assert password.encode() not in command


def test_a_start_that_fails_says_what_the_log_says(tmp_path: Path) -> None:
    (tmp_path / "valkey" / "appendonlydir").mkdir(parents=True)
    (tmp_path / "valkey" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(StateServerError, match=r"(?i)manifest|aof"):
        StateServer(tmp_path, memory_mb=64).start()


@pytest.mark.fault
def test_it_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from dashboard.state_server import StateServer;"
        "print(StateServer(Path(sys.argv[1]), 64).start(), flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    url = parent.stdout.readline().strip()
    assert probe(url) == "ready"
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    give_up_at = time.monotonic() + 10
    while probe(url) != "away":
        assert time.monotonic() < give_up_at, "an orphan keeps the port"
        time.sleep(0.05)
