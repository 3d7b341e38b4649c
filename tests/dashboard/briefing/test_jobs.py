import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.briefing import turns
from dashboard.briefing.jobs import Job, Jobs, State


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(tmp_path: Path, clock: Clock) -> Jobs:
    return Jobs(tmp_path, clock)


def ask(jobs: Jobs, by: str = "li") -> Job:
    job = jobs.ask("2026-11-16", "D", "pptx", "zh", by, "mark")
    assert job is not None
    return job


def test_a_job_is_worked_off_and_its_file_fetched(jobs: Jobs) -> None:
    job, told = ask(jobs), list[float]()

    def work(job: Job, progress: Callable[[float], None]) -> bytes:
        progress(0.5)
        told.append((jobs.get(job.id) or job).share)
        return b"slides"

    assert jobs.step(work) is True
    done = jobs.get(job.id)
    assert done is not None and done.state is State.DONE and jobs.file(done).read_bytes() == b"slides"
    assert told == [0.5]
    assert jobs.step(work) is False


def test_one_that_fails_says_why(jobs: Jobs) -> None:
    job = ask(jobs)

    def work(*_: object) -> bytes:
        raise RuntimeError("no browser")

    jobs.step(work)
    failed = jobs.get(job.id)
    assert failed is not None and (failed.state, failed.why) == (State.FAILED, "no browser")


class Died(BaseException):
    pass


def test_who_dies_in_the_middle_begins_once_more_and_then_gives_up(jobs: Jobs) -> None:
    job, begun = ask(jobs), list[int]()

    def work(*_: object) -> bytes:
        begun.append(1)
        raise Died

    for _ in range(2):
        with pytest.raises(Died):
            jobs.step(work)
    jobs.step(work)
    failed = jobs.get(job.id)
    assert len(begun) == 2 and failed is not None and failed.state is State.FAILED


def test_the_oldest_goes_first_and_old_ones_go(jobs: Jobs, clock: Clock) -> None:
    first = ask(jobs)
    clock.now += 1
    second = ask(jobs)
    order: list[str] = []
    for _ in range(2):
        jobs.step(lambda job, progress: order.append(job.id) or b"")  # type: ignore[func-returns-value]
    assert order == [first.id, second.id]
    clock.now += 90_000
    jobs.step(lambda job, progress: b"")
    assert jobs.get(first.id) is None


@pytest.mark.parametrize("id_", ["", "../../etc/passwd", "x" * 24, "0" * 24])
def test_other_names_are_no_jobs(jobs: Jobs, id_: str) -> None:
    assert jobs.get(id_) is None


def test_two_processes_do_not_make_the_same_file(jobs: Jobs, tmp_path: Path) -> None:
    class Once(threading.Event):
        """Stops after one look."""

        def wait(self, timeout: float | None = None) -> bool:
            self.set()
            return True

    job = ask(jobs)
    with turns.alone(tmp_path) as is_ours:
        assert is_ours
        jobs.run(lambda job, progress: b"twice", Once())
    assert jobs.get(job.id) == job
    jobs.run(lambda job, progress: b"once", Once())
    assert jobs.file(job).read_bytes() == b"once"


HANG = """
import sys, threading, time
from pathlib import Path
from dashboard.briefing.jobs import Jobs
def work(job, progress):
    progress(0.5)
    print("half", flush=True)
    time.sleep(60)
Jobs(Path(sys.argv[1])).run(work, threading.Event())
"""


def test_a_job_survives_the_kill_of_its_process_once(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = ask(jobs)
    with subprocess.Popen([sys.executable, "-c", HANG, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "half\n"
        other.kill()
    broken = jobs.get(job.id)
    assert broken is not None and (broken.state, broken.share, broken.tries) == (State.RUNNING, 0.5, 1)
    assert jobs.step(lambda job, progress: b"whole")
    assert jobs.file(job).read_bytes() == b"whole"
