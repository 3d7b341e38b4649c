"""How one entry of the streams is folded, by the engine that leads, by its successor, and by a replay alike."""

import logging
from collections.abc import Callable

from dashboard.records import Record
from dashboard.situation import Change, Situation
from dashboard.wire import FixBatch

log = logging.getLogger(__name__)


def fold(
    situation: Situation,
    what: Record | FixBatch | None,
    received_at: float,
    name: str,
    on_moved: Callable[[Change], None] | None = None,
) -> Change | None:
    """Fold a record or a batch of positions; what it changed. `on_moved` gets what the map needs at once.

    One bad entry must not stop the wall: it is logged under its `name` and skipped, the stream goes on.
    """
    try:
        if isinstance(what, FixBatch):
            step = situation.move(what, received_at)
            if on_moved is not None:
                on_moved(step.change)
            return situation.follow(step)
        return None if what is None else situation.apply(what, received_at)
    except Exception:
        log.exception("entry %s left out", name)
        return None
