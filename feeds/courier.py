"""The courier: reads in the journal which units were told something, and sees that each route takes its letters.

Letters wait in the outbox, so that none is lost when this process or a route dies; a letter may reach a device twice,
which knows it by the order's id. What cannot be delivered in time is said in the journal, where every screen sees it.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from threading import Event
from typing import NamedTuple

import msgspec

from dashboard.district import District
from dashboard.door import Door
from dashboard.heartbeats import BEAT_S
from dashboard.journal import Entry, Journal
from dashboard.outbox import Outbox
from dashboard.picture import decode_picture
from dashboard.records import DESK, TIERS, Incident, Order, Reply, ReplyState, Tier, Verb, moment
from dashboard.store import JournalUnavailable
from feeds.routes import Letter, RouteError, Scene, Sender

log = logging.getLogger(__name__)

SOURCE, TITLE = "courier", "指令下达"
GIVE_UP_S = 300.0  # an order older than this would send somebody to a place that needs them no more
_BLOCK_MS = 500
_AWAY_S = 1.0
_PAUSE_S = 2.0  # before a letter that was not taken is tried again
_SCENES_MOST = 2_000
_RHYTHM_S = 0.0  # it speaks when an officer does


class Way(NamedTuple):
    """One open route and whom it reaches; no tiers: everybody."""

    name: str
    sender: Sender
    tiers: frozenset[Tier] = frozenset()


class Courier:
    """One district's courier; `run` follows the journal, `work` serves one route on a thread of its own."""

    def __init__(
        self,
        district: District,
        journal: Journal,
        outbox: Outbox,
        door: Door,
        ways: Sequence[Way],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """The first way that reaches a unit's tier is its route."""
        self._district, self._journal, self._outbox, self._door = district, journal, outbox, door
        self._ways, self._clock = tuple(ways), clock
        self._scenes: dict[str, Scene] = {}
        self._letters: dict[str, list[Letter]] = {way.name: [] for way in ways}  # by route, oldest first
        self._lock = threading.Lock()
        self._news = {way.name: Event() for way in ways}
        self._troubles: dict[str, str] = {}  # what keeps a route from taking its letters
        self._beat_at = float("-inf")

    def run(self, stop: Event) -> None:
        """Follow the journal until `stop`; while the state server is away, wait for it."""
        workers = [
            threading.Thread(target=self.work, args=(way, stop), name=f"route-{way.name}", daemon=True)
            for way in self._ways
        ]
        for worker in workers:
            worker.start()
        bookmark: bytes | None = None
        while not stop.is_set():
            try:
                bookmark = self.start() if bookmark is None else self.look(bookmark, _BLOCK_MS)
                self.beat()
            except JournalUnavailable as error:
                log.warning("the courier waits for the state server: %s", error)
                bookmark = None
                stop.wait(_AWAY_S)
        for worker in workers:
            worker.join(_AWAY_S)

    def start(self) -> bytes:
        """Take up what an earlier courier left; answers from where the journal is to be read."""
        self._learn_scenes()
        left = [msgspec.json.decode(letter, type=Letter) for letter in self._outbox.letters().values()]
        with self._lock:
            for letters in self._letters.values():
                letters.clear()
        for letter in sorted(left, key=lambda letter: letter.at):
            self._queue(letter)
        bookmark = self._outbox.bookmark()
        if bookmark is None:  # the first courier of this installation: what was ordered before is not ours to tell
            bookmark = self._journal.end()
            self._outbox.post({}, bookmark)
        return bookmark

    def look(self, bookmark: bytes, block_ms: int) -> bytes:
        """Read on in the journal and post what must be told; answers how far it is read now."""
        entries = self._journal.records(bookmark, block_ms)
        if not entries:
            return bookmark
        letters = [letter for entry in entries if (letter := self._letter(entry)) is not None]
        self._outbox.post({letter.order: msgspec.json.encode(letter) for letter in letters}, entries[-1].id)
        for letter in letters:
            self._queue(letter)
        return entries[-1].id

    def beat(self) -> None:
        """Say now and then that orders go out, or what keeps them; the feed strip shows it."""
        now = self._clock()
        if now - self._beat_at >= BEAT_S:
            self._beat_at = now
            self._journal.beat(SOURCE, TITLE, now, "; ".join(self._troubles.values()), _RHYTHM_S)

    def work(self, way: Way, stop: Event) -> None:
        """Serve one route until `stop`."""
        news = self._news[way.name]
        while not stop.is_set():
            news.clear()
            try:
                is_done = self.deliver(way)
            except JournalUnavailable as error:
                log.warning("route %s waits for the state server: %s", way.name, error)
                is_done = False
            news.wait(_AWAY_S if is_done else _PAUSE_S)
        way.sender.close()

    def deliver(self, way: Way) -> bool:
        """Try every letter of a route once, a unit's letters in order; whether none is left."""
        with self._lock:
            letters = list(self._letters[way.name])
        held_up: set[str] = set()
        for letter in letters:
            if letter.unit in held_up:
                continue
            try:
                state = way.sender.send(letter)
            except RouteError as error:
                self._troubles[way.name] = str(error)
                if self._clock() - letter.at.timestamp() <= GIVE_UP_S:
                    held_up.add(letter.unit)
                    continue
                log.warning("order %s to %s was given up: %s", letter.order, letter.unit, error)
                self._say(letter, ReplyState.FAILED, str(error))
            else:
                self._troubles.pop(way.name, None)
                if state is not None:
                    self._say(letter, state)
            self._outbox.done(letter.order)
            with self._lock:
                self._letters[way.name].remove(letter)
        return not held_up

    def _letter(self, entry: Entry) -> Letter | None:
        record = entry.record
        if isinstance(record, Incident):
            self._note_scene(record)
        if not isinstance(record, Order) or record.source != DESK or not record.unit:
            return None
        if record.verb not in (Verb.DISPATCH, Verb.STAND_DOWN):
            return None
        return Letter(
            order=record.id,
            unit=record.unit,
            go=record.verb is Verb.DISPATCH,
            at=record.at,
            by=record.by,
            centre=record.centre,
            scene=self._scenes.get(record.target),
        )

    def _queue(self, letter: Letter) -> None:
        way = self._way_to(letter.unit)
        if way is None:
            self._say(letter, ReplyState.BY_VOICE)
            self._outbox.done(letter.order)
            return
        with self._lock:
            self._letters[way.name].append(letter)
        self._news[way.name].set()

    def _way_to(self, unit: str) -> Way | None:
        place = self._district.roster.index.get(unit)
        if place is None:
            return None
        tier = TIERS[int(self._district.roster.tier[place])]
        return next((way for way in self._ways if not way.tiers or tier in way.tiers), None)

    def _say(self, letter: Letter, state: ReplyState, reason: str = "") -> None:
        now = self._clock()
        reply = Reply(
            id=f"{letter.order[:60]}/{state.value}",
            order=letter.order,
            unit=letter.unit,
            at=moment(round(now, 3)),
            state=state,
            reason=reason[:400],
        )
        self._door.take_records(SOURCE, [reply], now)

    def _learn_scenes(self) -> None:
        """The incidents that were reported before this courier began to read."""
        saved = self._journal.picture()
        if saved is None:
            return
        try:
            states = decode_picture(saved).everything.incidents
        except msgspec.DecodeError:
            return  # of another version; the engine makes a new one soon, and letters go without a scene until then
        for state in states:
            self._scenes[state.key] = Scene(
                key=state.key,
                kind=state.kind,
                level=int(state.level),
                title=state.title,
                place=state.place,
                lat=state.lat,
                lon=state.lon,
                reported_at=moment(state.reported_at),
                drill=state.drill,
            )

    def _note_scene(self, incident: Incident) -> None:
        key = f"{incident.source}/{incident.id}"
        self._scenes.pop(key, None)
        self._scenes[key] = Scene(
            key=key,
            kind=incident.kind,
            level=int(incident.level),
            title=incident.title,
            place=incident.place,
            lat=incident.lat,
            lon=incident.lon,
            reported_at=incident.reported_at,
            drill=incident.drill,
        )
        while len(self._scenes) > _SCENES_MOST:
            del self._scenes[next(iter(self._scenes))]
