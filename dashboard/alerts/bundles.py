"""Bundles: the signals that are still remembered, by device, and the episodes that they make.

The key of an episode is that of its first signal. When an earlier one comes late, the episode takes that key;
the old one, like that of every signal in it, still leads to it.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct, field

from dashboard.alerts import episodes
from dashboard.alerts.episodes import Episode, Habits, Signal

SIGNALS_MOST = 500  # of one device that can still be put in order; what is older is settled
_SETTLE = 100  # at a time


class Group(Struct, array_like=True):
    """The signals of one device, or of one id where no device is named."""

    source: str
    device: str
    signals: list[Signal] = field(default_factory=list)  # by episodes.order
    settled: list[Episode] = field(default_factory=list)  # from the signals before these
    settled_to: tuple[float, str, int] = (float("-inf"), "", 0)
    episodes: list[Episode] = field(default_factory=list)  # the settled ones, continued by the signals

    def key(self, thing: Episode | Signal) -> str:
        """The key of one of its episodes or signals."""
        return f"{self.source}/{thing.id}"

    def by_key(self) -> dict[str, Episode]:
        """Its episodes by their keys, oldest first."""
        return {self.key(episode): episode for episode in self.episodes}


class BundlesMemory(Struct, array_like=True):
    """All bundles, for a successor."""

    groups: dict[str, Group]
    asides: dict[str, str]
    noted: list[str]


class Heard(NamedTuple):
    """What a signal did: the episodes that it changed, and those that are now part of another."""

    keys: list[str]
    merged: dict[str, str]


class Bundles:
    """All remembered signals and their episodes."""

    def __init__(self, habits: Habits) -> None:
        """`habits` says how the signals of each source and kind behave."""
        self._habits = habits
        self._groups: dict[str, Group] = {}
        self._group_of: dict[str, str] = {}  # episode key -> group
        self._owner: dict[str, str] = {}  # signal key -> key of the episode that it belongs to
        self._noted: set[str] = set()  # keys that somebody may still use
        self._asides: dict[str, str] = {}  # those of them that are not an episode's own key -> that

    def hear(self, source: str, device: str, signal: Signal) -> Heard | None:
        """Take one signal; None if it cannot be put in order any more."""
        name = f"{source}\n{device}" if device else f"{source}\n/{signal.id}"
        group = self._groups.get(name)
        if group is None:
            group = self._groups[name] = Group(source, device)
        if any(known.id == signal.id and known.revision == signal.revision for known in group.signals):
            return Heard([], {})
        if episodes.order(signal) <= group.settled_to:
            return None
        before = group.by_key()
        insort(group.signals, signal, key=episodes.order)
        if group.signals[-1] is signal:
            self._continue(group, signal)
        else:
            self._retell(group)
        merged = self._rename(name, group, set(before))
        if len(group.signals) >= SIGNALS_MOST + _SETTLE:
            self._settle(group, _SETTLE)
        changed = [key for key, episode in group.by_key().items() if episode != before.get(key)]
        return Heard(changed, merged)

    def note(self, key: str) -> None:
        """Keep this key leading to its episode, whatever that is called by then."""
        self._noted.add(key)
        if key in self._owner:
            self._own(key, self._owner[key])

    def current(self, key: str) -> str:
        """The key of the episode that this one leads to; itself if it leads to none."""
        return self._owner.get(key, key)

    def asides(self, key: str) -> list[str]:
        """Other noted keys that lead to the episode of this key."""
        return [aside for aside, owner in self._asides.items() if owner == key]

    def find(self, key: str) -> tuple[Group, Episode] | None:
        """The episode that a key leads to."""
        key = self.current(key)
        group = self._groups.get(self._group_of.get(key, ""))
        if group is None:
            return None
        found = (episode for episode in reversed(group.episodes) if group.key(episode) == key)
        episode = next(found, None)
        return None if episode is None else (group, episode)

    def keys(self) -> Iterator[str]:
        """The keys of all episodes."""
        return iter(self._group_of)

    def prune(self, is_done: Callable[[str], bool], before: float) -> list[str]:
        """Forget each group's oldest episodes while they are done; all keys that lead nowhere now."""
        gone: list[str] = []
        for name, group in list(self._groups.items()):
            while group.episodes and is_done(key := group.key(group.episodes[0])):
                self._forget_first(group)
                gone.append(key)
            if not group.episodes and (not group.signals or group.signals[-1].at < before):
                del self._groups[name]
        return self._forget_keys(set(gone)) if gone else []

    def memory(self) -> BundlesMemory:
        """All of it, sharing the live lists: to be encoded at once."""
        return BundlesMemory(self._groups, self._asides, sorted(self._noted))

    def restore(self, memory: BundlesMemory) -> None:
        """Go on from another's memory."""
        self._groups = dict(memory.groups)
        self._noted = set(memory.noted)
        self._asides = dict(memory.asides)
        self._owner = dict(memory.asides)
        for name, group in self._groups.items():
            self._retell(group)
            for key in group.by_key():
                self._group_of[key] = name
                self._owner[key] = key

    def _continue(self, group: Group, signal: Signal) -> None:
        habit = self._habits.of(group.source, signal.kind)
        group.episodes, place = episodes.hear(group.episodes, signal, habit)
        if place is not None and group.key(signal) not in self._owner:
            self._own(group.key(signal), group.key(group.episodes[place]))

    def _retell(self, group: Group) -> None:
        """The episodes from the settled ones and all signals; an id belongs where its first signal does."""
        group.episodes, places = self._told(group, group.settled, group.signals)
        for signal, place in zip(reversed(group.signals), reversed(places), strict=True):
            if place is not None:
                self._own(group.key(signal), group.key(group.episodes[place]))

    def _told(
        self, group: Group, known: list[Episode], signals: Iterable[Signal]
    ) -> tuple[list[Episode], list[int | None]]:
        places = []
        for signal in signals:
            known, place = episodes.hear(known, signal, self._habits.of(group.source, signal.kind))
            places.append(place)
        return known, places

    def _own(self, key: str, owner: str) -> None:
        self._owner[key] = owner
        if key in self._noted and key != owner:
            self._asides[key] = owner
        else:
            self._asides.pop(key, None)

    def _rename(self, name: str, group: Group, before: set[str]) -> dict[str, str]:
        now = set(group.by_key())
        for key in now - before:
            self._group_of[key] = name
        for key in before - now:
            self._group_of.pop(key, None)
            self.note(key)
        return {key: self._owner[key] for key in before - now}

    def _settle(self, group: Group, count: int) -> None:
        settled, group.signals = group.signals[:count], group.signals[count:]
        group.settled, _ = self._told(group, group.settled, settled)
        group.settled_to = episodes.order(settled[-1])
        for key in {group.key(signal) for signal in settled} - self._noted - set(group.by_key()):
            self._owner.pop(key, None)

    def _forget_first(self, group: Group) -> None:
        """What the episode was made of is settled, so that nothing that comes late can make it again."""
        gone = group.episodes.pop(0)
        count = bisect_right(group.signals, gone.last_at, key=lambda signal: signal.at)
        if count:
            self._settle(group, count)
        group.settled = [episode for episode in group.settled if episode.id != gone.id]

    def _forget_keys(self, gone: set[str]) -> list[str]:
        dead = {key for key, owner in self._owner.items() if owner in gone}
        for key in dead:
            del self._owner[key]
            self._asides.pop(key, None)
        self._noted -= dead
        for key in gone:
            self._group_of.pop(key, None)
        return sorted(dead | gone)
