"""Every Monday: last week's briefing of every centre, frozen, put into a folder and mailed.

What was done for a centre stands in a file beside its deliveries, step by step, so that a death repeats nothing that
was done. Only between the mail server's word and ours that we heard it can a mail be sent twice.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import msgspec
from pydantic import BaseModel, Field

from dashboard.briefing import turns, weeks
from dashboard.briefing.post import Answer, Letter, PostError
from dashboard.whole_files import write_whole

log = logging.getLogger(__name__)

_LOOK_S = 30.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 60.0, 3600.0


class Schedule(BaseModel):
    """What an operator sets under [briefing_schedule]."""

    enabled: bool = True
    weekday: int = Field(1, ge=1, le=7, description="ISO, 1 is Monday")
    hour: int = Field(7, ge=0, le=23)
    minute: int = Field(0, ge=0, le=59)
    communities: bool = False  # also for each community
    languages: tuple[str, ...] = ("zh",)
    recipients: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # centre -> addresses; "*": of every centre


class Delivery(msgspec.Struct, frozen=True):
    """How far a week's delivery to one centre is."""

    files: tuple[str, ...] = ()
    mailed: tuple[str, ...] = ()  # addresses whose mail was taken
    refused: dict[str, str] = {}  # for good


Make = Callable[[str, str, Path], Sequence[Path]]  # week, centre, folder -> the files, made, frozen and written
Send = Callable[[Letter], Answer]
Word = Callable[[str, str], tuple[str, str]]  # week, centre -> subject and text
Knows = Callable[[str], bool]  # whether there is anything to say about that week


class Deliverer:
    """Does what is due; called again and again."""

    def __init__(
        self,
        schedule: Schedule,
        centres: Iterable[str],
        folder: Path,
        zone: tzinfo,
        make: Make,
        word: Word,
        send: Send | None,
        knows: Knows = lambda week: True,
    ) -> None:
        """`send`: None where there is no mail server."""
        self._schedule = schedule
        self._centres = list(centres)
        self._folder = folder
        self._zone = zone
        self._make = make
        self._word = word
        self._send = send
        self._knows = knows
        self._nothing_until = float("-inf")
        self._again: dict[str, tuple[float, float]] = {}  # centre -> when, and the wait before

    def run(self, stop: threading.Event, clock: Callable[[], float] = time.time) -> None:
        """Look every half minute until told to stop; of several processes one at a time does."""
        while not stop.wait(_LOOK_S):
            try:
                with turns.alone(self._folder) as is_ours:
                    if is_ours:
                        self.look(clock(), stop)
            except (RuntimeError, OSError) as error:
                log.warning("the weekly briefings wait (%s)", error)
            except Exception:
                log.exception("the weekly briefings cannot be looked after; trying again")

    def look(self, now: float, stop: threading.Event | None = None) -> int:
        """Deliver what is due; to how many centres something was done. A Monday that was missed is made up for."""
        if not self._schedule.enabled:
            return 0
        week = self.due(now)
        if week is None:
            return 0
        waiting = [each for each in self._centres if self._may_try(each, now) and not self._is_done(week, each)]
        if not waiting or not self._is_known(week, now):
            return 0
        for done, centre in enumerate(waiting):
            if stop is not None and stop.is_set():
                return done
            self._deliver(week, centre, now)
        return len(waiting)

    def _may_try(self, centre: str, now: float) -> bool:
        return self._again.get(centre, (0.0, 0.0))[0] <= now

    def _is_known(self, week: str, now: float) -> bool:
        """A new installation sends no empty briefing of a week that it did not see."""
        if now < self._nothing_until:
            return False
        if self._knows(week):
            return True
        self._nothing_until = now + _LONGEST_WAIT_S
        return False

    def due(self, now: float) -> str | None:
        """The week whose briefing is to be there by now: the newest whose hour has come."""
        monday = weeks.monday_of(now, self._zone)
        for back in (0, 1):
            day = monday - weeks.WEEK * back + timedelta(self._schedule.weekday - 1)
            at = datetime(day.year, day.month, day.day, self._schedule.hour, self._schedule.minute, tzinfo=self._zone)
            if now >= at.timestamp():
                return (monday - weeks.WEEK * (back + 1)).isoformat()
        return None

    def _is_done(self, week: str, centre: str) -> bool:
        told = self._told(week, centre)
        return bool(told.files) and not self._waiting(centre, told)

    def _waiting(self, centre: str, told: Delivery) -> list[str]:
        """Who has not got it and was not refused."""
        if self._send is None:
            return []
        wanted = (*self._schedule.recipients.get(centre, ()), *self._schedule.recipients.get("*", ()))
        return [who for who in dict.fromkeys(wanted) if who not in told.mailed and who not in told.refused]

    def _deliver(self, week: str, centre: str, now: float) -> None:
        told, folder = self._told(week, centre), self._folder / week / centre
        try:
            if not told.files:
                made = self._make(week, centre, folder)
                told = Delivery(tuple(path.name for path in made))
                self._tell(week, centre, told)
            waiting = self._waiting(centre, told)
            if waiting and self._send is not None:
                self._mail(week, centre, told, waiting, self._send)
            self._again.pop(centre, None)
        except Exception as error:  # of one centre; the others get theirs
            wait = min(2 * self._again.get(centre, (0.0, _FIRST_WAIT_S / 2))[1], _LONGEST_WAIT_S)
            self._again[centre] = (now + wait, wait)
            known = isinstance(error, (RuntimeError, OSError, ValueError))
            message = "the briefing of %s for %s waits (%s); again in %.0f s"
            log.warning(message, week, centre, error, wait, exc_info=not known)

    def _mail(self, week: str, centre: str, told: Delivery, waiting: Sequence[str], send: Send) -> None:
        """Raises PostError while somebody is to be tried again."""
        folder = self._folder / week / centre
        subject, text = self._word(week, centre)
        files = [folder / name for name in told.files]
        answer = send(Letter(f"briefing-{week}-{centre}", waiting, subject, text, files))
        for who, why in answer.refused.items():
            log.warning("%s does not get the briefing of %s for %s: %s", who, week, centre, why)
        taken = tuple(who for who in waiting if who not in answer.refused and who not in answer.later)
        self._tell(week, centre, Delivery(told.files, (*told.mailed, *taken), {**told.refused, **answer.refused}))
        if answer.later:
            raise PostError("; ".join(f"{who}: {why}" for who, why in answer.later.items()))

    def _told(self, week: str, centre: str) -> Delivery:
        try:
            return msgspec.json.decode((self._folder / week / centre / "delivery.json").read_bytes(), type=Delivery)
        except (OSError, msgspec.DecodeError):
            return Delivery()

    def _tell(self, week: str, centre: str, told: Delivery) -> None:
        write_whole(self._folder / week / centre / "delivery.json", msgspec.json.encode(told))
