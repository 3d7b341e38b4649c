"""Exports as jobs: asked for, worked off one at a time by the history process, told how far they are, fetched.

A job is a folder of its own below `exports/` in the data folder: `job.json`, written anew each step, then the file.
Whoever dies in the middle leaves it as it was: it is begun once more, and after that it has failed, with a reason.
"""

import logging
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec.structs import replace

from dashboard.briefing import turns
from dashboard.whole_files import write_whole

log = logging.getLogger(__name__)

FORMATS = ("pptx", "pdf", "xlsx")
_ID = re.compile(r"[0-9a-f]{24}")
_TRIES = 2
_KEEP_S = 86_400.0
_MOST = 200
_LOOK_S = 0.5


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One export."""

    id: str
    week: str
    centre: str
    format: str
    lang: str
    by: str  # the account that asked; nobody else may fetch it
    mark: str  # who and when, for the file
    asked_at: float
    state: State = State.WAITING
    share: float = 0.0  # of the work that is done
    tries: int = 0
    why: str = ""


Work = Callable[[Job, Callable[[float], None]], bytes]  # makes the file, and says how far it is


class Jobs:
    """All exports of one machine."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock

    def ask(self, week: str, centre: str, format_: str, lang: str, by: str, mark: str) -> Job | None:
        """Ask for an export; None where too many wait. Raises OSError."""
        if len(self._all()) >= _MOST:
            return None
        job = Job(
            id=secrets.token_hex(12),
            week=week,
            centre=centre,
            format=format_,
            lang=lang,
            by=by,
            mark=mark,
            asked_at=self._clock(),
        )
        self._keep(job)
        return job

    def get(self, id_: str) -> Job | None:
        """How a job is; None where there is none (any more)."""
        if not _ID.fullmatch(id_):
            return None
        try:
            return msgspec.json.decode((self._folder / id_ / "job.json").read_bytes(), type=Job)
        except (OSError, msgspec.DecodeError):
            return None

    def file(self, job: Job) -> Path:
        """Where the file of a job that is done is."""
        return self._folder / job.id / f"briefing-{job.week}-{job.centre}-{job.lang}.{job.format}"

    def run(self, work: Work, stop: threading.Event) -> None:
        """Work off what is asked for until told to stop; of several processes one at a time does."""
        while not stop.is_set():
            with turns.alone(self._folder) as is_ours:
                worked = is_ours and self.step(work)
            if not worked:
                stop.wait(_LOOK_S)

    def step(self, work: Work) -> bool:
        """Work off the oldest job, and let go of what is too old; whether there was one."""
        waiting = []
        for job in self._all():
            if self._clock() - job.asked_at > _KEEP_S:
                shutil.rmtree(self._folder / job.id, ignore_errors=True)
            elif job.state in (State.WAITING, State.RUNNING):
                waiting.append(job)
        if not waiting:
            return False
        self._do(min(waiting, key=lambda job: (job.asked_at, job.id)), work)
        return True

    def _do(self, job: Job, work: Work) -> None:
        if job.tries >= _TRIES:
            self._keep(replace(job, state=State.FAILED, why="the process that made it ended twice"))
            return
        job = replace(job, state=State.RUNNING, tries=job.tries + 1, share=0.0)
        self._keep(job)
        try:
            made = work(job, lambda share: self._keep(replace(job, share=round(share, 2))))
            write_whole(self.file(job), made)
            self._keep(replace(job, state=State.DONE, share=1.0))
        except Exception as error:
            log.exception("export %s failed", job.id)
            self._keep(replace(job, state=State.FAILED, why=str(error)[:300]))

    def _all(self) -> list[Job]:
        if not self._folder.is_dir():
            return []
        found = (self.get(entry.name) for entry in self._folder.iterdir())
        return [job for job in found if job is not None]

    def _keep(self, job: Job) -> None:
        write_whole(self._folder / job.id / "job.json", msgspec.json.encode(job))
