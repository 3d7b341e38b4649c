"""What the web's doors leave in the audit trail: sign-ins, refusals, changes of accounts, sight of protected data."""

import logging
import time
from collections.abc import Callable

from dashboard.access import Principal
from dashboard.records import moment
from dashboard.store import JournalUnavailable

log = logging.getLogger(__name__)

_AGAIN_S = 60.0  # the same refusal of the same caller is one row a minute: a flood shall not fill the trail
_MOST = 600  # rows a minute; the state server keeps them in memory until the day is sealed
_MOST_EACH = 30  # of one caller: who rattles at every door must not hide what others do


class Trail:
    """Writes rows of the audit trail."""

    def __init__(self, note: Callable[..., None], clock: Callable[[], float] = time.time) -> None:
        """`note` is Ledger.note."""
        self._note = note
        self._clock = clock
        self._refused: dict[tuple[str, str], float] = {}

    def note(self, kind: str, actor: str, subject: str = "", detail: str = "", who: Principal | None = None) -> None:
        """Something that must be on record; raises JournalUnavailable, and then it must not happen."""
        role, centre = (who.role.value, who.centre) if who else ("", "")
        self._note(kind, actor, role=role, centre=centre, subject=subject, detail=detail, at=moment(self._clock()))

    def refusal(self, actor: str, door: str, why: str, who: Principal | None = None) -> None:
        """Somebody was turned away; nothing depends on whether this can be kept."""
        now = self._clock()
        self._refused = {each: at for each, at in self._refused.items() if 0 <= now - at < _AGAIN_S}
        own = sum(each == actor for each, _ in self._refused)
        if own >= _MOST_EACH:
            door, why = "many doors", "refused too often to name each"
        if (actor, door) in self._refused or len(self._refused) >= _MOST:
            return
        self._refused[actor, door] = now
        try:
            self.note("refused", actor, door[:200], why, who)
        except JournalUnavailable:
            log.warning("%s was refused at %s (%s); that could not be put on record", actor, door, why)
