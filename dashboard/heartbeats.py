"""Heartbeats: how each source is doing, by its own last word, and which centres are manned.

A feed that runs beats; a source that pushes (HTTP intake) is known by its records only.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from enum import StrEnum
from statistics import median

from msgspec import Struct

from dashboard.journal import Beat

BEAT_S = 5.0  # how often a running feed beats
MANNED_S = 30.0  # a centre's screen that was not heard for so long is gone
SKEW_NAMED_S = 120.0  # a clock that is further off is named
_SKEW_SAMPLES = 15  # one delivery may have been on its way for long; the middle one of so many was not


class FeedCondition(StrEnum):
    """What the feed strip says of one source."""

    GOOD = "good"
    SILENT = "silent"  # connected, but nothing for longer than its rhythm
    LOST = "lost"
    OFF = "off"  # configured, never heard


class FeedState(Struct, frozen=True, kw_only=True):
    """One source now."""

    name: str
    title: str
    condition: FeedCondition
    beat_at: float = 0.0  # last sign of life of the feed itself
    record_at: float = 0.0  # last record received
    accepted: int = 0
    refused: int = 0
    skew_s: float = 0.0  # the source's clock against ours, positive when ahead; named beyond 120 s
    error: str = ""
    rhythm_s: float = 60.0  # silence longer than this is worth saying


def condition(
    now: float, beat_at: float, record_at: float, rhythm_s: float, error: str = "", beat_s: float = BEAT_S
) -> FeedCondition:
    """How a source is doing: lost is said at the latest two beats after its last one.

    A source that never beats is lost when it was silent for three times its rhythm. Rhythm 0: it has none, it speaks
    only when it is asked.
    """
    if not beat_at and not record_at:
        return FeedCondition.OFF
    silence_s = now - record_at
    is_gone = now - beat_at > 2 * beat_s if beat_at else silence_s > 3 * rhythm_s
    if is_gone or error:
        return FeedCondition.LOST
    return FeedCondition.SILENT if 0 < rhythm_s < silence_s else FeedCondition.GOOD


def is_skewed(state: FeedState) -> bool:
    """Whether the source's clock is so far off that it must be named."""
    return abs(state.skew_s) > SKEW_NAMED_S


def is_manned(seen_at: float, now: float) -> bool:
    """Whether a centre that was last seen then has somebody's screen connected now."""
    return now - seen_at <= MANNED_S


class Heartbeats:
    """All sources, as the journal tells of them."""

    def __init__(self, beat_s: float = BEAT_S) -> None:
        """`beat_s`: how often a running feed beats."""
        self._beat_s = beat_s
        self._listening_since: float | None = None
        self._lost: frozenset[str] = frozenset()
        self._skews: dict[str, deque[float]] = {}
        self._heard_at: dict[str, float] = {}

    def know(self, states: Iterable[FeedState]) -> None:
        """What an earlier listener knew. Until two beats could have reached us, only what was lost then is lost."""
        self._lost = frozenset(state.name for state in states if state.condition is FeedCondition.LOST)

    def look(
        self,
        beats: Mapping[str, Beat],
        heard: Mapping[str, tuple[float, float]],
        totals: Mapping[str, Mapping[str, int]],
        now: float,
    ) -> list[FeedState]:
        """Every source by name.

        `heard`: when each source's last record came and how far its clock was ahead then.
        `totals`: {"accepted" | "refused": {"source|what": how many}}.
        """
        if self._listening_since is None:
            self._listening_since = now
        accepted, refused = _by_source(totals.get("accepted", {})), _by_source(totals.get("refused", {}))
        return [
            self._state(name, beats.get(name), heard.get(name), accepted.get(name, 0), refused.get(name, 0), now)
            for name in sorted({*beats, *heard})
        ]

    def _state(
        self,
        name: str,
        beat: Beat | None,
        heard: tuple[float, float] | None,
        accepted: int,
        refused: int,
        now: float,
    ) -> FeedState:
        beat_at = beat.at if beat else 0.0
        record_at = heard[0] if heard else 0.0
        rhythm_s = beat.rhythm_s if beat else 60.0
        error = beat.error if beat else ""
        return FeedState(
            name=name,
            title=(beat.title if beat else "") or name,
            condition=condition(now, self._silent_since(name, beat_at), record_at, rhythm_s, error, self._beat_s),
            beat_at=beat_at,
            record_at=record_at,
            accepted=accepted,
            refused=refused,
            skew_s=self._skew_s(name, heard),
            error=error,
            rhythm_s=rhythm_s,
        )

    def _silent_since(self, name: str, beat_at: float) -> float:
        """From when the silence of a beating feed counts: a beat from before we listened says nothing of now."""
        if not beat_at or name in self._lost:
            return beat_at
        return max(beat_at, self._listening_since or 0.0)

    def _skew_s(self, name: str, heard: tuple[float, float] | None) -> float:
        """The median of the last deliveries, each looked at once."""
        samples = self._skews.setdefault(name, deque(maxlen=_SKEW_SAMPLES))
        if heard is not None and heard[0] != self._heard_at.get(name):
            self._heard_at[name] = heard[0]
            samples.append(heard[1])
        return round(median(samples), 1) if samples else 0.0


def _by_source(amounts: Mapping[str, int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, amount in amounts.items():
        source = key.split("|", 1)[0]
        sums[source] = sums.get(source, 0) + amount
    return sums
