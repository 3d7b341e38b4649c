"""The state of one alarm: its course and what officers said, at one time. When it calls, whom, and for how long."""

import math
from collections.abc import Sequence

from dashboard.alarms import words
from dashboard.alarms.course import Track
from dashboard.alarms.policy import AlarmPolicy
from dashboard.alarms.states import AlarmState
from dashboard.alarms.words import Shelf, Word
from dashboard.records import Level
from dashboard.response.legs import Held, held


def state_of(
    track: Track, said: Sequence[Word], chain: Sequence[str], climb_s: Sequence[float], policy: AlarmPolicy, now: float
) -> AlarmState:
    """The alarm at `now`. `said`: by time; `chain`: the centres that it can climb to, lowest first."""
    condition = track.condition
    shelf = words.shelf(said, condition.level is Level.I, policy.shelve_most_s, now)
    raised_at = _raised_at(track, shelf)
    at, by, centre = _seen(track, said, raised_at)
    cleared_at = None if track.chattering else track.cleared_at
    quiet_from = min(_or_never(at), _or_never(shelf.since), _or_never(cleared_at))
    holder = _holder(track, shelf, chain, climb_s, quiet_from, now)
    return AlarmState(
        key=condition.key,
        kind=condition.kind,
        subject=condition.subject,
        level=condition.level,
        cause=condition.cause,
        unit=condition.unit,
        title=condition.title,
        community=condition.community,
        area=condition.area,
        held_by=holder.by,
        raised_at=raised_at,
        active=track.active,
        cleared_at=track.cleared_at,
        acknowledged_at=at,
        acknowledged_by=by,
        acknowledged_from=centre,
        rang_at=_rang_at(track, shelf, holder, at, policy, now),
        shelved_until=shelf.until if shelf.is_shelved else None,
        wanted_until=shelf.until if shelf.needs_approval else None,
        shelved_by=shelf.by,
        shelve_reason=shelf.reason,
        shelve_order=shelf.order,
        needs_approval=shelf.needs_approval,
        approved_by=shelf.approved_by,
        raised_count=len(track.raises),
        chattering=track.chattering,
        stale=track.active and now - track.noticed_at > policy.stale_s,
        gone=not (track.active or track.chattering or shelf.order) and at is not None,
    )


def _raised_at(track: Track, shelf: Shelf) -> float:
    """The raise that stands now: coming off the shelf while the condition holds is a raise of its own."""
    off_at = shelf.released_at
    if off_at is None or shelf.order or off_at <= track.raised_at or off_at > _or_never(track.cleared_at):
        return track.raised_at
    return round(off_at, 3)


def _seen(track: Track, said: Sequence[Word], raised_at: float) -> tuple[float | None, str, str]:
    """When, by whom and from where this raise was acknowledged; who ended its condition has seen it too."""
    word, ending = words.acknowledgement(said, raised_at), track.ending
    if ending is not None and (word is None or ending.at < word.at):
        return ending.at, ending.by, ending.centre
    return (None, "", "") if word is None else (word.at, word.by, word.centre)


def _holder(
    track: Track, shelf: Shelf, chain: Sequence[str], climb_s: Sequence[float], quiet_from: float, now: float
) -> Held:
    """How far it has climbed: as long as it is active and nobody has taken it up."""
    if track.condition.held_by:
        return Held(track.condition.held_by, track.condition.held_since)
    first_at = track.noticed_at
    if shelf.released_at is not None and not shelf.order:
        first_at = max(first_at, shelf.released_at)
    return held(chain, climb_s, first_at, None if math.isinf(quiet_from) else quiet_from, (), now)


def _rang_at(
    track: Track, shelf: Shelf, holder: Held, acknowledged_at: float | None, policy: AlarmPolicy, now: float
) -> float:
    """The last time it called, up to now or until somebody took it up; 0 for one that rings no bell.

    A cleared one calls no more, unless it is of the top level: that is never left to fall silent unseen.
    """
    level = track.condition.level
    if not track.rung_at:
        return 0.0
    cleared_at = None if level is Level.I else track.cleared_at
    until = min(now, _or_never(acknowledged_at), _or_never(shelf.since), _or_never(cleared_at))
    moments = [at for at in (holder.since, shelf.released_at) if at is not None and track.noticed_at < at <= until]
    last, again_s = max((track.rung_at, *moments)), policy.again_s(level)
    if again_s and until > last and not track.chattering:
        last += (until - last) // again_s * again_s
    return last


def _or_never(at: float | None) -> float:
    return math.inf if at is None else at
