"""Briefings that are being made while who asked for them waits: one making for all who ask for the same."""

import threading
from dataclasses import dataclass, field

from dashboard.archive.reader import HistoryError
from dashboard.briefing.making import Briefings
from dashboard.briefing.model import Briefing

_MOST = 8  # makings at once, of which one runs; who asks for more is asked to come again


@dataclass
class _Making:
    share: float = 0.0
    made: Briefing | None = None
    error: Exception | None = None
    is_over: threading.Event = field(default_factory=threading.Event)


class Waiting:
    """Has briefings made on threads of their own."""

    def __init__(self, briefings: Briefings) -> None:
        self._briefings = briefings
        self._lock = threading.Lock()
        self._makings: dict[tuple[str, str], _Making] = {}

    def ask(self, week: str, centre: str, patience_s: float) -> Briefing | float:
        """The briefing, or the share of the work that is done after so much patience; ask again then.

        Raises what Briefings.of does.
        """
        making = self._making(week, centre)
        if not making.is_over.wait(patience_s):
            return making.share
        with self._lock:
            if self._makings.get((week, centre)) is making:
                del self._makings[week, centre]
        if making.error is not None:
            raise making.error
        assert making.made is not None
        return making.made

    def _making(self, week: str, centre: str) -> _Making:
        with self._lock:
            known = self._makings.get((week, centre))
            if known is not None:
                return known
            # Results that nobody came back for make room first.
            for key in [key for key, each in self._makings.items() if each.is_over.is_set()]:
                del self._makings[key]
            if len(self._makings) >= _MOST:
                raise HistoryError("too many briefings are being made")
            making = self._makings[week, centre] = _Making()
        threading.Thread(target=self._make, args=(week, centre, making), daemon=True, name="briefing").start()
        return making

    def _make(self, week: str, centre: str, making: _Making) -> None:
        def told(share: float) -> None:
            making.share = share

        try:
            making.made = self._briefings.of(week, centre, told)
        except Exception as error:  # whoever asked hears of it
            making.error = error
        finally:
            making.is_over.set()
