"""Episodes: the signals of one device, bundled into what a person sees as one alert each.

A camera repeats a signal each second while it holds, a recorder flaps, a detector sends revisions of one id.
Episodes are a pure function of the signals sorted by event time, so disorder among them changes nothing.
"""

from msgspec import Struct
from msgspec.structs import replace

from dashboard.records import Level

LATE_S = 300.0  # received this much after it happened: it corrects history and rings no bell
STALE_S = 24 * 3600.0  # a condition that nobody cleared for so long is not believed any more
_OPEN_MOST = 32  # ids that hold at the same time on one device


class Habit(Struct, frozen=True):
    """How a kind of signal behaves."""

    clears: bool = False  # it says when it is over; if not, silence says it. What sends revisions is taken to clear
    silence_s: float = 5.0  # Hikvision repeats about once a second and never clears
    bundle_s: float = 60.0  # back to normal and again within this: the same episode, it chatters
    expire_s: float = 1800.0  # without a word for so long, an alert that nobody took up expires


class Habits(Struct, frozen=True):
    """How signals behave: what is said of a source goes before what is said of a kind."""

    other: Habit = Habit()
    by_kind: dict[str, Habit] = {}
    by_source: dict[str, Habit] = {}

    def of(self, source: str, kind: str) -> Habit:
        """The habit of one kind of signal of one source."""
        return self.by_source.get(source) or self.by_kind.get(kind) or self.other


class Signal(Struct, frozen=True, array_like=True, gc=False):
    """One signal as an episode needs it."""

    at: float
    id: str
    revision: int
    kind: str
    active: bool
    level: int
    received_at: float
    title: str = ""
    lat: float | None = None
    lon: float | None = None
    community: int = -1
    confidence: float | None = None
    still: str | None = None


class Episode(Struct, frozen=True, kw_only=True):
    """One stretch of signals that belong together."""

    id: str  # of its first signal
    kind: str  # by its newest signal: a detector may see better what it is
    clears: bool  # it will be said when it is over
    first_at: float
    last_at: float
    heard_at: float  # when the newest of it was received
    sounds_until: float  # without a further signal; counts only where silence means normal
    cleared_at: float | None = None
    open_ids: tuple[str, ...] = ()  # what has not been cleared, where signals clear
    count: int = 1
    level: Level
    title: str
    lat: float | None
    lon: float | None
    community: int
    confidence: float | None
    still: str | None
    is_late: bool  # every signal of it came late


def order(signal: Signal) -> tuple[float, str, int]:
    """Where a signal stands among those of its device."""
    return signal.at, signal.id, signal.revision


def hear(known: list[Episode], signal: Signal, habit: Habit) -> tuple[list[Episode], int | None]:
    """The episodes of a device after one more signal, the last in order, and which one it belongs to."""
    place = _place(known, signal, habit)
    if place is None:
        return ([*known, _begun(signal, habit)], len(known)) if signal.active else (known, None)
    episode = known[place]
    episode = _repeated(episode, signal, habit) if signal.active else _cleared(episode, signal)
    return [*known[:place], episode, *known[place + 1 :]], place


def is_active(episode: Episode, now: float) -> bool:
    """Whether the condition still holds."""
    if episode.cleared_at is not None:
        return False
    return now <= (episode.heard_at + STALE_S if episode.clears else episode.sounds_until)


def _place(known: list[Episode], signal: Signal, habit: Habit) -> int | None:
    """The episode that a signal belongs to: the one that has its id, else the last of its kind if near."""
    places = range(len(known) - 1, -1, -1)
    for place in places:
        if signal.id == known[place].id or signal.id in known[place].open_ids:
            return place
    of_kind = next((place for place in places if known[place].kind == signal.kind), None)
    return of_kind if of_kind is not None and _is_near(known[of_kind], signal, habit) else None


def _is_near(episode: Episode, signal: Signal, habit: Habit) -> bool:
    if episode.cleared_at is not None:
        return signal.at <= episode.cleared_at + habit.bundle_s
    silence_s = STALE_S if episode.clears else habit.silence_s + habit.bundle_s
    return signal.at <= episode.last_at + silence_s


def _begun(signal: Signal, habit: Habit) -> Episode:
    clears = habit.clears or signal.revision > 0
    return Episode(
        id=signal.id,
        kind=signal.kind,
        clears=clears,
        first_at=signal.at,
        last_at=signal.at,
        heard_at=signal.received_at,
        sounds_until=_sounds_until(signal, habit),
        open_ids=(signal.id,) if clears else (),
        level=Level(signal.level),
        title=signal.title,
        lat=signal.lat,
        lon=signal.lon,
        community=signal.community,
        confidence=signal.confidence,
        still=signal.still,
        is_late=_is_late(signal),
    )


def _repeated(episode: Episode, signal: Signal, habit: Habit) -> Episode:
    clears = episode.clears or signal.revision > 0
    is_revision = signal.id in episode.open_ids
    opens = clears and not is_revision and len(episode.open_ids) < _OPEN_MOST
    # The first signal of what clears looks like one of what does not, until its first revision comes.
    is_first_again = signal.revision > 0 and signal.id == episode.id and episode.cleared_at is None
    has_place = signal.lat is not None
    return replace(
        episode,
        kind=signal.kind,
        clears=clears,
        last_at=signal.at,
        heard_at=max(episode.heard_at, signal.received_at),
        sounds_until=max(episode.sounds_until, _sounds_until(signal, habit)),
        cleared_at=None,
        open_ids=(*episode.open_ids, signal.id) if opens else episode.open_ids,
        count=episode.count + (not is_revision and not is_first_again),
        level=min(episode.level, Level(signal.level)),
        title=signal.title or episode.title,
        lat=signal.lat if has_place else episode.lat,
        lon=signal.lon if has_place else episode.lon,
        community=signal.community if has_place else episode.community,
        confidence=episode.confidence if signal.confidence is None else signal.confidence,
        still=signal.still or episode.still,
        is_late=episode.is_late and _is_late(signal),
    )


def _cleared(episode: Episode, signal: Signal) -> Episode:
    """After one id was cleared; an id that nobody knows clears all."""
    others = tuple(known for known in episode.open_ids if known != signal.id)
    still_open = others if signal.id in episode.open_ids else ()
    was_active = episode.cleared_at is None
    return replace(
        episode,
        last_at=signal.at if was_active else episode.last_at,
        heard_at=max(episode.heard_at, signal.received_at) if was_active else episode.heard_at,
        cleared_at=None if still_open else signal.at if was_active else episode.cleared_at,
        open_ids=still_open,
        still=signal.still or episode.still,
    )


def _sounds_until(signal: Signal, habit: Habit) -> float:
    # By our clock, because the device's may be off; a signal that came late says nothing of now.
    return (signal.at if _is_late(signal) else signal.received_at) + habit.silence_s


def _is_late(signal: Signal) -> bool:
    return signal.received_at - signal.at > LATE_S
