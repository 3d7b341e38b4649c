"""In a flood: which alarms are folded under one row, so that what is grave stays in sight."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from dashboard.alarms.states import AlarmState
from dashboard.records import Level

AreaOf = Callable[[AlarmState], str]  # code of the sub-district, "" for what is the district's own


def folded(states: Sequence[AlarmState], is_flooded: bool, area_of: AreaOf) -> Iterable[AlarmState]:
    """These states, each with its group. Levels I and II always stand alone.

    A sub-district cannot be flooded while the district is not: all its alarms are the district's as well. So one
    flood folds everywhere; a screen whose own scope is calm may draw its few rows one by one.
    """
    names = [_name(state, area_of(state)) if is_flooded else "" for state in states]
    sizes = Counter(names)
    for state, name in zip(states, names, strict=True):
        # One alone is no group: it would only be hidden behind a row that says "1".
        group = name if sizes[name] > 1 else ""
        yield state if state.group == group else replace(state, group=group)


def _name(state: AlarmState, area: str) -> str:
    return "" if state.level <= Level.II or state.gone else f"{state.kind.value}/{area}"
