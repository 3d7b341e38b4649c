import http.client
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.fault

_PROGRAM = """
import sys
from callbacks.serving import serve

def page(environment, respond):
    respond("200 OK", [("Content-Type", "text/plain")])
    return [b"started" if started else b"not started"]

started = []
serve(page, lambda: started.append(1), "127.0.0.1", int(sys.argv[1]), clients=4)
"""


def read(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read()
    finally:
        connection.close()


def wait_for(port: int, answers: bool) -> None:
    give_up_at = time.monotonic() + 15
    while True:
        try:
            read(port)
            is_there = True
        except (OSError, http.client.HTTPException):
            is_there = False
        if is_there is answers:
            return
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def test_it_serves_from_a_worker_that_began_and_dies_with_its_master() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    master = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(port)], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, answers=True)
        assert read(port) == b"started"
    finally:
        os.kill(master.pid, signal.SIGKILL)
        master.wait()
    wait_for(port, answers=False)
