"""What the columns of the Boston 311 table say of a week: every figure of the briefing about cases, by pandas alone."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import betainc

from dashboard.district import District
from tests.recorded_city import (
    AGO,
    COMPARE,
    LAST_YEAR,
    areas_of,
    chart,
    figure,
    moments,
    mondays,
    quantile,
    ratio,
    span,
    table,
)

ZONE = "America/New_York"
CITY_HALL = ("42.3594", "-71.0587")  # where the city puts what it could not locate; such a row has no ward either
TOP, CELLS, LEAST, BELOW_WEEKS, RISE_LEAST, FALSE_RISES = 12, 20, 20, 3, 10, 0.05
WEIGHTS = {"on_time": 35, "returned": 15, "rework": 15, "handling": 15, "patrol": 10, "response": 10}
HOUR, DAY = 3600, 86_400


def requests_of(raw: pd.DataFrame, district: District) -> pd.DataFrame:
    """One row a request: item, department, areas, opened, closed, target, took (seconds)."""
    is_lost = raw["ward"].isna() & (raw["lat"] == CITY_HALL[0]) & (raw["lon"] == CITY_HALL[1])
    areas = areas_of(district, raw["lat"].where(~is_lost), raw["lon"].where(~is_lost))
    assert is_lost.sum() > 1000 and (areas["cell"][~is_lost] == "").sum() < 10
    opened, closed, target = (moments(raw[f"{name}_dt"], ZONE) for name in ("open", "closed", "target"))
    assert ((raw["case_status"] == "Closed") == closed.notna()).all()
    took = (closed - opened).dt.total_seconds()
    columns = {"opened": opened, "closed": closed, "target": target, "took": took}
    return pd.DataFrame({"item": raw["type"], "department": "BOS-" + raw["department"], **areas, **columns})


class Boston:
    """A week of some requests. The table knows of no return, no rework, no patrol and no incident."""

    def __init__(self, requests: pd.DataFrame, week: str, weights: Mapping[str, float] = WEIGHTS) -> None:
        self.requests, self.week, self.weights = requests, week, weights
        self.began = min(requests["opened"].min(), requests["closed"].min())
        self.end = span(week, 0, ZONE)[1]
        self.found = self._falling(requests, "opened", 0)

    def contents(self) -> dict[str, dict[str, Any]]:
        """All of it by id, as recorded_city.contents gives it."""
        return {**self.cases(), **self.kinds(), **self.areas(), **self.assessment()}

    def _falling(self, rows: pd.DataFrame, column: str, ago: int) -> pd.DataFrame:
        """Those whose time lies in one week."""
        start, end = span(self.week, ago, ZONE)
        return rows[(rows[column] >= start) & (rows[column] < end)]

    def _at(self, ago: int, rows: pd.DataFrame) -> dict[str, Any]:
        """What some requests did in one week."""
        _, end = span(self.week, ago, ZONE)
        found, done = self._falling(rows, "opened", ago), self._falling(rows, "closed", ago)
        is_open = (rows["opened"] < end) & ~(rows["closed"] < end)
        limited = done.dropna(subset="target")
        in_time = int((limited["closed"] <= limited["target"]).sum())
        return {
            "known": end > self.began,
            "found": len(found),
            "closed": len(done),
            "limited": len(limited),
            "in_time": in_time,
            "on_time": ratio(in_time, len(limited)),
            "p50": quantile(done["took"], 0.5),
            "p90": quantile(done["took"], 0.9),
            "open": int(is_open.sum()),
            "overdue": int((is_open & (rows["target"] < end)).sum()),
        }

    def _each(self, area: str) -> dict[str, pd.DataFrame]:
        """The requests of each area, by code."""
        return {str(code): rows for code, rows in self.requests.groupby(area) if code}

    def cases(self) -> dict[str, dict[str, Any]]:
        """Section cases."""
        weeks = [self._at(ago, self.requests) for ago in (LAST_YEAR, *AGO)]
        now = weeks[-1]

        def of(value: Any, **parts: Any) -> dict[str, Any]:
            last_year, *trend, this = [value(week) for week in weeks]
            return figure(this, trend, last_year, **parts)

        def count(value: Any) -> dict[str, Any]:
            return of(lambda week: value(week) if week["known"] else None)

        never = of(lambda week: ratio(0, week["found"]), numerator=0, denominator=now["found"])
        rate = {"numerator": now["in_time"], "denominator": now["limited"], "unknown": now["closed"] - now["limited"]}
        shrinks_by = max(0, now["closed"] - now["found"])
        seconds = now["open"] / shrinks_by * 7 * DAY if shrinks_by else None
        trend = {name: [week[name] if week["known"] else None for week in weeks[1:]] for name in now}
        labels = mondays(self.week)
        return {
            "cases.found": count(lambda week: week["found"]),
            "cases.closed": count(lambda week: week["closed"]),
            "cases.on_time": of(lambda week: week["on_time"], **rate),
            "cases.returned": never,
            "cases.reworked": never,
            "cases.p50": of(lambda week: week["p50"]),
            "cases.p90": of(lambda week: week["p90"]),
            "cases.open": count(lambda week: week["open"]),
            "cases.overdue": figure(
                ratio(now["overdue"], now["open"]), numerator=now["overdue"], denominator=now["open"]
            ),
            "cases.net": count(lambda week: week["found"] - week["closed"]),
            "cases.clear_by": figure(
                None if seconds is None else self.end.timestamp() + seconds,
                numerator=now["open"],
                denominator=shrinks_by,
            ),
            "cases.trend": chart(labels, {name: trend[name] for name in ("found", "closed")}),
            "cases.on_time_trend": chart(labels, {"on_time": trend["on_time"]}),
            "cases.handling_trend": chart(labels, {name: trend[name] for name in ("p50", "p90")}),
            "cases.by_sub_district": self._by("sub_district"),
            "cases.by_department": self._by("department"),
        }

    def _by(self, area: str) -> dict[str, Any]:
        names = "found closed on_time p50 returned reworked open overdue"
        rows = []
        for code, requests in self._each(area).items():
            week = {**self._at(0, requests), "returned": 0, "reworked": 0}
            if week["found"] or week["closed"] or week["open"]:
                rows.append((code, *(week[name] for name in names.split())))
        return table(f"area {names}", sorted(rows, key=lambda row: (-row[1], row[0])))

    def kinds(self) -> dict[str, dict[str, Any]]:
        """Section kinds."""
        items, where = self.found["item"].value_counts(), self.found["sub_district"]
        # Where fewer than the top were asked for in the week, the others of the weeks looked at follow.
        seen = set().union(*(self._falling(self.requests, "opened", ago)["item"] for ago in (LAST_YEAR, *AGO)))
        top = sorted(seen, key=lambda item: (-items.get(item, 0), item))[:TOP]
        cross = pd.crosstab(self.found["item"], where)
        shown = sorted({area for area in where[self.found["item"].isin(top)] if area})
        located = self.found[self.found["cell"] != ""]
        counts = located["cell"].value_counts()
        hot = sorted(counts.index, key=lambda cell: (-counts[cell], cell))[:CELLS]
        times = pd.crosstab(self.found["opened"].dt.day_of_week, self.found["opened"].dt.hour)
        times = times.reindex(index=range(7), columns=range(24), fill_value=0)
        return {
            "kinds.matrix": chart(shown, {item: [_count(cross, item, area) for area in shown] for item in top}),
            "kinds.hours": chart(list(map(str, range(24))), {str(day): times.loc[day].tolist() for day in range(7)}),
            "kinds.cells": chart(hot, {"found": [int(counts[cell]) for cell in hot]}),
            "kinds.hot_cells": table(
                "cell area found", [(cell, "-".join(cell.split("-")[:2]), int(counts[cell])) for cell in hot]
            ),
            "kinds.risen": self._risen(),
        }

    def items(self) -> pd.DataFrame:
        """How many of each item, a column a week, by how long ago it was; that of the week itself, 0, is the last.

        Weeks before the first request are no weeks without requests: they are not there.
        """
        before = [ago for ago in range(COMPARE, 0, -1) if span(self.week, ago, ZONE)[1] > self.began]
        counts = {ago: self._falling(self.requests, "opened", ago)["item"].value_counts() for ago in (*before, 0)}
        return pd.DataFrame(counts).fillna(0)

    def _risen(self) -> dict[str, Any]:
        counts, columns = self.items(), "item count mean change chance"
        before, counts = list(counts.columns[:-1]), counts[counts[0] >= RISE_LEAST]
        if not before:
            return table(columns)
        rows = pd.DataFrame({"count": counts[0], "mean": counts[before].mean(axis=1)})
        rows["rise"] = rows["count"] - rows["mean"]
        rows["chance"] = [chance(counts[0][item], counts.loc[item, before].to_numpy(float)) for item in counts.index]
        # Benjamini and Hochberg: the greatest p that is no greater than its rank's part of the false ones allowed.
        ordered = np.sort(rows["chance"])
        passing = ordered[ordered <= FALSE_RISES * np.arange(1, len(ordered) + 1) / len(ordered)]
        rows["is_real"] = rows["chance"] <= (passing.max() if len(passing) else -1)
        rows = rows[rows["rise"] > 0].rename_axis("item").reset_index()
        rows = rows.sort_values(["is_real", "rise", "item"], ascending=[False, False, True]).head(TOP)
        cells = [
            (row.item, row.count_, row.mean_, ratio(row.rise, row.mean_), row.chance)
            for row in rows.rename(columns={"count": "count_", "mean": "mean_"}).itertuples()
        ]
        return table(columns, cells, ["rise" if is_real else "" for is_real in rows["is_real"]])

    def areas(self) -> dict[str, dict[str, Any]]:
        """Section areas. Nothing was returned: nobody returns more than the average of 0."""
        return {
            **{f"areas.below_{area}": self._worse(area, "on_time", ("in_time", "limited"), -1) for area in AREAS},
            **{f"areas.slow_{area}": self._worse(area, "p50", ("closed",), 1) for area in AREAS},
            **{f"areas.returning_{area}": table("area returned_rate average worst returned found") for area in AREAS},
            "areas.response_sub_district": table("area attainment average worst met legs"),
        }

    def _worse(self, area: str, measure: str, counts: tuple[str, ...], worse: int) -> dict[str, Any]:
        """Worse than all together (`worse` 1: a greater value is) in each of the last weeks, by enough of them."""
        last = range(BELOW_WEEKS)
        average = [self._at(ago, self.requests)[measure] for ago in last]
        rows = []
        for code, requests in self._each(area).items():
            weeks = [self._at(ago, requests) for ago in last]
            if any(week[measure] is None or week[counts[-1]] < LEAST for week in weeks):
                continue
            values = [week[measure] for week in weeks]
            if all(worse * (value - whole) > 0 for value, whole in zip(values, average, strict=True)):
                worst = worse * max(worse * value for value in values)
                rows.append((code, values[0], average[0], worst, *(weeks[0][name] for name in counts)))
        rows.sort(key=lambda row: (-worse * row[1], row[0]))
        return table(" ".join(("area", measure, "average worst", *counts)), rows, ["below"] * len(rows))

    def assessment(self) -> dict[str, dict[str, Any]]:
        """Section assessment: the scores of who was judged by enough."""
        tables = {"sub_districts": "sub_district", "communities": "community", "contractors": "department"}
        return {f"assessment.{name}": self._scores(area) for name, area in tables.items()}

    def _scores(self, area: str) -> dict[str, Any]:
        rows = []
        for code, requests in self._each(area).items():
            week = self._at(0, requests)
            if week["found"] + week["closed"] < LEAST:
                continue
            nothing_returned = 100.0 if week["found"] else None
            parts = {
                "on_time": None if week["on_time"] is None else 100 * week["on_time"],
                "returned": nothing_returned,
                "rework": nothing_returned,
                "handling": None if week["p50"] is None else _quickness(week["p50"]),
                "patrol": None,
                "response": None,
            }
            known = {name: self.weights[name] for name, part in parts.items() if part is not None}
            score = sum(parts[name] * weight for name, weight in known.items()) / sum(known.values())
            share = sum(known.values()) / sum(self.weights.values())
            rows.append((code, score, *parts.values(), week["found"], week["closed"], share))
        names = " ".join(f"part.{name}" for name in WEIGHTS)
        return table(f"area score {names} found closed known", sorted(rows, key=lambda row: (-row[1], row[0])))


AREAS = ("sub_district", "department")


def chance(count: float, before: np.ndarray) -> float:
    """How likely so many or more are, by the briefing's definition: the greater of two chances.

    That of a negative binomial with the mean and the spread of the weeks before, and that of Student's t of the
    roots, both by the incomplete beta function. One week alone knows no spread.
    """
    weeks = len(before)
    if weeks < 2:
        return 1.0
    doubt = (weeks + 1) / weeks
    mean = (before.sum() + 0.5) / weeks
    spread = doubt * max(mean, ((before - before.mean()) ** 2).sum() / (weeks - 1))
    binomial = betainc(count, mean**2 / (spread - mean), 1 - mean / spread)
    roots = 2 * (before + 3 / 8) ** 0.5
    deviation = max(1.0, ((roots - roots.mean()) ** 2).sum() / (weeks - 1)) * doubt
    t = (2 * (count - 1 / 8) ** 0.5 - roots.mean()) / deviation**0.5
    tail = betainc((weeks - 1) / 2, 0.5, (weeks - 1) / (weeks - 1 + t**2)) / 2
    return float(max(binomial, tail if t > 0 else 1 - tail))


def _quickness(seconds: float) -> float:
    """100 at two hours or less, 0 at a week or more, even on a logarithmic scale."""
    return float(np.interp(np.log(max(seconds, 1)), np.log([2 * HOUR, 7 * DAY]), [100, 0]))


def _count(cross: pd.DataFrame, item: str, area: str) -> int:
    return int(cross.loc[item, area]) if item in cross.index and area in cross.columns else 0
