"""Asks the archive the briefing's questions about one centre and one week."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import pyarrow as pa

from dashboard.archive.schema import number_at
from dashboard.briefing import weeks
from dashboard.briefing.questions import QUERIES
from dashboard.briefing.rules import Rules
from dashboard.district import CentreKind, District, Scope

Row = tuple[Any, ...]
_PARAMETER = re.compile(r"\$([a-z_]+)")


class Reads(Protocol):
    """What is asked of the archive (archive.reader.Reading)."""

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """The rows of a question."""

    def register(self, name: str, rows: pa.Table) -> None:
        """Make a table known under a name."""


@dataclass
class Asking:
    """One briefing's questions. Weeks are numbered: 0 is the same week of last year, then those of the trend."""

    reading: Reads
    district: District
    scope: Scope
    week: date
    rules: Rules
    asked: dict[str, str] = field(default_factory=dict)  # what was asked, by name

    def __post_init__(self) -> None:
        """Make the table of weeks known."""
        zone, trend = self.district.timezone, self.rules.trend_weeks
        self.edges = weeks.edges(self.week, trend, zone)
        before = self.week - weeks.LAST_YEAR
        last_year = (weeks.starts_at(before, zone), weeks.starts_at(before + weeks.WEEK, zone))
        spans = [last_year, *zip(self.edges, self.edges[1:], strict=False)]
        columns = {"place": range(len(spans)), "a": [a for a, _ in spans], "b": [b for _, b in spans]}
        self.reading.register("weeks", pa.table(columns))
        self.from_at, self.to_at = self.edges[-2], self.edges[-1]
        self.first_at = min(last_year[0], self.edges[0])

    @property
    def now_place(self) -> int:
        """The number of the week itself."""
        return self.rules.trend_weeks

    def ask(self, name: str, **parts: str) -> list[Row]:
        """The rows of a question by its name."""
        sql = QUERIES[name].format(**parts) if parts else QUERIES[name]
        self.asked["_".join([name, *parts.values()])] = sql
        return self.answer(sql)

    def answer(self, sql: str, **more: Any) -> list[Row]:
        """The rows of SQL of ours, with the parameters that it names; `more`: further ones."""
        return self.reading.rows(sql, self._parameters(sql, more))

    def by_week(self, name: str) -> dict[int, Row]:
        """The rows of a question that gives one a week, by the number of the week."""
        return {int(row[0]): row[1:] for row in self.ask(name)}

    def _parameters(self, sql: str, more: Mapping[str, Any]) -> dict[str, Any]:
        scope, communities = self.scope, self.district.communities
        is_whole = scope.centre.kind in (CentreKind.DISTRICT, CentreKind.DEPARTMENT)
        every = {
            "whole": is_whole,
            "communities": [centre.code for place, centre in enumerate(communities) if scope.communities[place]],
            "department": scope.centre.code if scope.centre.kind is CentreKind.DEPARTMENT else "",
            "a": self.from_at,
            "b": self.to_at,
            "first": self.first_at,
            "last": self.to_at,
            "first_id": number_at(self.from_at),
            "last_id": number_at(self.to_at),
            "zone": self.district.timezone.key,
            "top": self.rules.top,
            **more,
        }
        named = set(_PARAMETER.findall(sql))
        return {name: value for name, value in every.items() if name in named}
