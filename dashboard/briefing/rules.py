"""What a customer may see differently about the briefing, `[briefing]` of a district: weights, thresholds, weeks."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

_YEAR_WEEKS = 52


class RulesError(ValueError):
    """The settings cannot be used; the text says which and why."""


class Weights(Struct, frozen=True, forbid_unknown_fields=True):
    """How much each indicator counts in the double assessment; what is not known counts nothing for anybody."""

    on_time: float = 35.0
    returned: float = 15.0
    rework: float = 15.0
    handling: float = 15.0
    patrol: float = 10.0
    response: float = 10.0


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it, with our defaults."""

    trend_weeks: int = 13
    compare_weeks: int = 8
    below_weeks: int = 3  # so many weeks running below the average: the list of those to be talked to (约谈)
    least: int = 20  # an area with fewer cases in a week is not judged by them
    false_rises: float = 0.05  # of what is marked as risen, so much may be noise (Benjamini-Hochberg)
    rise_least: int = 10  # fewer in the week are never a rise
    top: int = 12  # items shown
    cells: int = 20  # hot cells shown
    flood: int = 10  # alarms, or alerts, in ten minutes: more are a flood
    weights: Weights = Weights()


def decode(settings: Mapping[str, Any]) -> Rules:
    """The rules of a district's [briefing] table. Raises RulesError."""
    try:
        rules = msgspec.convert(settings, Rules)
    except msgspec.ValidationError as error:
        raise RulesError(f"[briefing]: {error}") from None
    if min(msgspec.structs.astuple(rules.weights)) < 0 or not sum(msgspec.structs.astuple(rules.weights)):
        raise RulesError("[briefing.weights]: none may be negative, and one must be greater than 0")
    if min(rules.compare_weeks, rules.below_weeks, rules.top, rules.cells) < 1:
        raise RulesError("[briefing]: numbers of weeks and of rows are 1 or more")
    if not max(rules.compare_weeks + 1, rules.below_weeks) <= rules.trend_weeks <= _YEAR_WEEKS:
        raise RulesError(f"[briefing]: trend_weeks holds compare_weeks + 1 and below_weeks; {_YEAR_WEEKS} at most")
    return rules
