import os
import signal
import subprocess
import sys

from dashboard.processes import end_with_us


def test_a_child_runs_on_while_its_parent_lives() -> None:
    child = subprocess.run([sys.executable, "-c", "print('here')"], preexec_fn=end_with_us(), capture_output=True)
    assert child.stdout == b"here\n"


def test_a_child_ends_when_its_parent_is_killed() -> None:
    program = (
        "import os, subprocess, sys, time; from dashboard.processes import end_with_us;"
        "child = subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdin.read()'], stdin=subprocess.PIPE,"
        " preexec_fn=end_with_us()); print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert parent.stdout
    child = int(parent.stdout.readline())
    watched = os.pidfd_open(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    import select

    assert select.select([watched], [], [], 10)[0], "an orphan stays"
    os.close(watched)


def test_what_was_loaded_is_not_walked_again() -> None:
    program = "import gc; from dashboard.processes import collect_rarely;collect_rarely(); print(gc.get_freeze_count())"
    frozen = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert int(frozen) > 1000
