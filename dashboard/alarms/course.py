"""The course of one alarm: what became of its condition, whoever acknowledged or shelved it.

A pure state machine: delays, raises, clearing, chattering. What officers say is in words.py; both together make
the state, in calling.py.
"""

from msgspec import Struct
from msgspec.structs import replace

from dashboard.alarms.policy import AlarmPolicy
from dashboard.alarms.states import AlarmKind
from dashboard.records import Level

KEEP_RAISES_S = 3600.0
_RAISES_MOST = 200  # a row that chatters for long needs no more to say so
_KEY_MOST = 200  # of records.Key, which an order on the alarm must fit
_SEVERAL = {AlarmKind.LEG: "cause", AlarmKind.ORDER: "unit"}  # kinds of which one subject can have several alarms


class Condition(Struct, frozen=True, array_like=True):
    """Something that needs a person's timely action, as long as it is so."""

    kind: AlarmKind
    subject: str
    level: Level
    cause: str = ""
    unit: str = ""
    title: str = ""
    community: int = -1
    area: str = ""
    since: float | None = None  # since when by its own facts, where they say so: the same for every engine
    occasion: str = ""  # another one is another raise, however short the time between
    held_by: str = ""  # where it escalates by rules of its own: to which centre ...
    held_since: float = 0.0  # ... and since when
    silent: bool = False  # known too late: it rings no bell

    @property
    def key(self) -> str:
        """The name of its alarm."""
        tail = _SEVERAL.get(self.kind)
        key = f"{self.kind.value}/{self.subject}" + (f"/{getattr(self, tail)}" if tail else "")
        return key[:_KEY_MOST]

    @property
    def thing(self) -> tuple[AlarmKind, str]:
        """What it is a condition of; those of one thing are looked at together."""
        return _FAMILY.get(self.kind, self.kind), self.subject


# Their subjects are incidents, and alerts.
_FAMILY = {
    AlarmKind.LEG: AlarmKind.INCIDENT,
    AlarmKind.REPORT: AlarmKind.INCIDENT,
    AlarmKind.ORDER: AlarmKind.INCIDENT,
    AlarmKind.SOS: AlarmKind.ALERT,
}


class Ending(Struct, frozen=True, array_like=True):
    """A person ended the condition by an act, and so has seen the alarm."""

    at: float
    by: str = ""
    centre: str = ""


class Track(Struct, frozen=True, array_like=True):
    """One alarm's condition over time."""

    condition: Condition  # the last that held
    holds: bool
    turned_at: float  # when we saw it begin to hold, or to be gone
    active: bool = False  # after the delays
    raised_at: float = 0.0  # names the raise
    noticed_at: float = 0.0  # when we raised it, server clock
    rung_at: float = 0.0  # the last raise that rings; 0: none
    cleared_at: float | None = None
    raises: tuple[float, ...] = ()  # when it was raised, as noticed, oldest first
    chattering: bool = False
    loudest: int = 0  # the highest level that it was raised at since it was last quiet
    ending: Ending | None = None


def advance(
    track: Track | None, condition: Condition | None, ending: Ending | None, now: float, policy: AlarmPolicy
) -> Track | None:
    """The course at `now`, at which `condition` holds or (None) none does; `ending` where a person ended it.

    None: there is nothing to remember.
    """
    if track is None:
        if condition is None:
            return None
        track = Track(condition, True, now)
    elif track.holds is not (condition is not None):
        track = replace(track, holds=condition is not None, turned_at=now)
    if track.chattering and now - track.raises[-1] > policy.quiet_s:
        track = replace(track, chattering=False, loudest=track.condition.level)
    if condition is not None:
        return _hold(track, condition, now, policy)
    if not track.raises:
        return None
    if track.active and (ending is not None or now - track.turned_at >= policy.off_delay_s(track.condition.kind)):
        return replace(track, active=False, cleared_at=now, ending=ending)
    if ending is not None and track.ending is None and not track.active:
        return replace(track, ending=ending)  # it had cleared by itself; now a person has dealt with the thing
    return track


def _hold(track: Track, condition: Condition, now: float, policy: AlarmPolicy) -> Track:
    before = track.condition
    if condition != before:
        track = replace(track, condition=condition)
    if not track.active:
        ripe = now - track.turned_at >= policy.on_delay_s(condition.kind)
        return _raised(track, now, policy) if ripe else track
    if condition.level < before.level or condition.occasion != before.occasion:
        return _raised(track, now, policy)
    return track


def _raised(track: Track, now: float, policy: AlarmPolicy) -> Track:
    """Raised, raised again, or grown worse: it needs to be acknowledged anew.

    While it chatters it stays the same raise, so that one acknowledgement lasts, unless it is worse than ever.
    """
    level = track.condition.level
    raises = (*(at for at in track.raises if at > now - KEEP_RAISES_S), now)[-_RAISES_MOST:]
    is_worse = bool(track.loudest) and level < track.loudest
    if track.chattering and not is_worse:
        return replace(track, active=True, cleared_at=None, ending=None, raises=raises)
    chatters = track.chattering or sum(at > now - policy.chatter_s for at in raises) >= policy.chatter_raises
    rings = is_worse or not chatters
    return replace(
        track,
        active=True,
        raised_at=_name(track, now),
        noticed_at=now,
        rung_at=0.0 if track.condition.silent else now if rings else track.rung_at,
        cleared_at=None,
        raises=raises,
        chattering=chatters,
        loudest=min(level, track.loudest or level) if chatters else level,
        ending=None,
    )


def _name(track: Track, now: float) -> float:
    """The time that names a raise: by the facts, so that a successor of the engine names it the same."""
    since = track.condition.since
    before = max(track.raised_at, track.cleared_at or 0.0)
    if since is not None and before < since <= now:
        return round(since, 3)
    return round(max(now, track.raised_at + 0.001), 3)
