"""Runs every configured feed in a thread of its own, and starts it again with growing pauses when it fails.

One feed's crash is its own affair: the others and the process go on, and its data grows stale on the wall.
"""

import logging
import threading
import time
from collections.abc import Sequence
from threading import Event

from dashboard.door import Door
from dashboard.journal import Journal
from dashboard.stills import Stills
from feeds.delivery import Delivery, FeedStopped, pause_s
from feeds.source import Feed, FeedLost, FeedSettings

log = logging.getLogger(__name__)

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_STEADY_S = 60.0  # a feed that held this long starts over with short pauses
_END_S = 5.0


def run(
    feeds: Sequence[tuple[Feed, FeedSettings]],
    door: Door,
    journal: Journal,
    stop: Event,
    stills: Stills | None = None,
) -> None:
    """Run the feeds until `stop` is set or all have ended; those that come to us by HTTP are left out."""
    threads = []
    for feed, settings in feeds:
        if feed.fetch is None:
            continue
        deliver = Delivery(settings, door, journal, stop, stills)
        # Daemons, so that a source that hangs in the system cannot keep the process from ending.
        thread = threading.Thread(
            target=keep, args=(feed, settings, deliver, stop), name=f"feed-{settings.name}", daemon=True
        )
        thread.start()
        threads.append(thread)
    while any(thread.is_alive() for thread in threads) and not stop.wait(0.2):
        pass
    give_up_at = time.monotonic() + _END_S
    for thread in threads:
        thread.join(max(0.0, give_up_at - time.monotonic()))
        if thread.is_alive():
            log.warning("%s did not end in time", thread.name)


def keep(
    feed: Feed,
    settings: FeedSettings,
    deliver: Delivery,
    stop: Event,
    first_pause_s: float = _FIRST_PAUSE_S,
    longest_pause_s: float = _LONGEST_PAUSE_S,
) -> None:
    """Run one feed until `stop` is set or it ends by itself."""
    assert feed.fetch is not None
    attempt = 0
    while not stop.is_set():
        started_at = time.monotonic()
        try:
            feed.fetch(settings, deliver, stop)
        except FeedStopped:
            return
        except Exception as error:
            if not isinstance(error, FeedLost | OSError) and not deliver.is_lost:
                log.exception("feed %s failed", settings.name)
            deliver.lost(error)
        else:
            log.info("feed %s has ended", settings.name)
            return
        if time.monotonic() - started_at > _STEADY_S:
            attempt = 0
        stop.wait(pause_s(attempt, first_pause_s, longest_pause_s))
        attempt += 1
