"""Asks the archive the briefing's questions about one centre and one week."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

from dashboard.archive.schema import number_at
from dashboard.briefing import weeks
from dashboard.briefing.questions import QUERIES, ends_before, week_of
from dashboard.briefing.rules import Rules
from dashboard.district import District, Scope

Row = tuple[Any, ...]
_PARAMETER = re.compile(r"\$([a-z_]+)")


class Reads(Protocol):
    """What is asked of the archive (archive.reader.Reading)."""

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """The rows of a question."""


@dataclass
class Asking:
    """One briefing's questions. Weeks are numbered: 0 is the same week of last year, then those of the trend."""

    reading: Reads
    district: District
    scope: Scope
    week: date
    rules: Rules
    asked: dict[str, str] = field(default_factory=dict)  # what was asked, by name
    _known: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Work out the weeks."""
        zone, trend = self.district.timezone, self.rules.trend_weeks
        edges = weeks.edges(self.week, trend, zone)
        before = self.week - weeks.LAST_YEAR
        last_year = (weeks.starts_at(before, zone), weeks.starts_at(before + weeks.WEEK, zone))
        self.spans = [last_year, *pairwise(edges)]
        self.from_at, self.to_at = self.spans[-1]

    @property
    def now_place(self) -> int:
        """The number of the week itself."""
        return self.rules.trend_weeks

    def prepare(self) -> None:
        """Number the weeks and read the cases looked at, which the questions of QUERIES build upon."""
        for name, sql in (("week_of", week_of(self.spans)), ("ends_before", ends_before(self.spans))):
            self.asked[name] = sql
            self.answer(sql)
        self.ask("cases_here")
        self.ask("cases_moved")

    def ask(self, name: str, **parts: str) -> list[Row]:
        """The rows of a question by its name; what was asked before is known."""
        called = "_".join([name, *parts.values()])
        if called not in self._known:
            self.asked[called] = QUERIES[name].format(**parts) if parts else QUERIES[name]
            self._known[called] = self.answer(self.asked[called])
        return self._known[called]

    def answer(self, sql: str, **more: Any) -> list[Row]:
        """The rows of SQL of ours, with the parameters that it names; `more`: further ones."""
        return self.reading.rows(sql, self._parameters(sql, more))

    def by_week(self, name: str, **parts: str) -> dict[int, Row]:
        """The rows of a question that gives one a week, by the number of the week."""
        return {int(row[0]): row[1:] for row in self.ask(name, **parts)}

    def by_code(self, name: str, **parts: str) -> dict[str, dict[int, Row]]:
        """The rows of a question that gives one a code and week."""
        found: dict[str, dict[int, Row]] = defaultdict(dict)
        for code, place, *row in self.ask(name, **parts):
            found[code][int(place)] = tuple(row)
        return found

    def _parameters(self, sql: str, more: Mapping[str, Any]) -> dict[str, Any]:
        scope = self.scope
        every = {
            "whole": scope.is_whole,
            "communities": self.district.communities_of(scope),
            "centres": [scope.centre.code, *(each.code for each in self.district.below(scope.centre.code))],
            "department": scope.centre.code if scope.department is not None else "",
            "a": self.from_at,
            "b": self.to_at,
            "first": self.spans[0][0],
            "last_year_end": self.spans[0][1],
            "trend": self.spans[1][0],
            "first_id": number_at(self.spans[0][0]),
            "week_id": number_at(self.from_at),
            "last_id": number_at(self.to_at),
            "now_place": self.now_place,
            "zone": self.district.timezone.key,
            "cells": self.rules.cells,
            "flood": self.rules.flood,
            **more,
        }
        named = set(_PARAMETER.findall(sql))
        return {name: value for name, value in every.items() if name in named}
