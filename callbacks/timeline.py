"""GET /timeline?day=YYYY-MM-DD&centre=CODE: one day at a glance, for the bar under a replay (assets/time-bar.js)."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime

import msgspec
from flask import Flask, Response, request

from callbacks import answers, identity
from dashboard.archive.checkpoints import Checkpoints
from dashboard.archive.reader import Archive, HistoryError
from dashboard.archive.store import StoreError
from dashboard.district import District
from dashboard.history import timeline
from dashboard.history.source import Source
from dashboard.journal import Journal
from dashboard.store import JournalUnavailable

log = logging.getLogger(__name__)

_FRESH_S = 10.0  # of the day that is still running
_DONE_S = 600.0  # of an earlier one: late records may still come
_MOST = 64  # days kept

Key = tuple[date, str]


class Timelines:
    """Makes the timelines of one web process, and keeps each for a while."""

    def __init__(
        self, archive: Archive, journal: Journal, district: District, clock: Callable[[], float] = time.time
    ) -> None:
        self._archive = archive
        self._source = Source(archive, Checkpoints(archive.store, district.timezone), journal, district)
        self._district = district
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()  # a question costs a processor: one at a time

    def show(self) -> Response:
        """Answer the request."""
        who, district = identity.current(), self._district
        centre = request.args.get("centre", "") or who.centre
        try:
            day = date.fromisoformat(request.args.get("day", ""))
            timeline.day_of(day, district)
        except (ValueError, OverflowError):
            return answers.json({"error": "day is YYYY-MM-DD"}, 400)
        if centre not in district.centres:
            return answers.json({"error": "no such centre"}, 404)
        if not who.covers(centre, district):
            return answers.json({"error": "refused"}, 403)
        try:
            return answers.json(self.of(day, centre))
        except (HistoryError, StoreError, JournalUnavailable) as error:
            log.warning("no timeline: %s", error)
            return answers.json({"error": "broken"}, 503)

    def of(self, day: date, centre: str) -> bytes:
        """The timeline of a day of a centre as JSON."""
        with self._lock:
            now, key = self._clock(), (day, centre)
            until, body = self._kept.pop(key, (0.0, b""))
            if now >= until:
                district = self._district
                made = timeline.make(
                    self._archive, self._source, district, district.scope(centre), timeline.day_of(day, district)
                )
                is_done = day < datetime.fromtimestamp(now, district.timezone).date()
                until, body = now + (_DONE_S if is_done else _FRESH_S), msgspec.json.encode(made)
            self._kept[key] = (until, body)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
            return body


def register(server: Flask, timelines: Timelines) -> None:
    """Serve it."""
    server.add_url_rule("/timeline", "timeline", timelines.show)
