"""What the columns of the San Francisco table say of a week: every figure of the 1-3-5 clock, by pandas alone.

What a unit type, a call type and a priority stand for is a reading of ours, which the feed declares; it is taken as is.
"""

from typing import Any

import pandas as pd

from dashboard.district import District
from feeds import sf_fire
from tests.recorded_city import (
    AGO,
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

ZONE = "America/Los_Angeles"
LIMITS = {"volunteer": 60, "auxiliary": 180, "police": 300}
FIRST_REPORT_S = 1800
LEAST = 20


def calls_of(raw: pd.DataFrame, district: District) -> pd.DataFrame:
    """One row a call: received, kind, sub_district, and in seconds after it was received `closed` and each tier."""
    times = pd.DataFrame({name: moments(raw[name], ZONE) for name in ("received", "dispatch", "on_scene", "available")})
    call = raw["call_number"]
    assert (times.groupby(call)["received"].nunique() == 1).all() and not (times["on_scene"] < times["received"]).any()
    freed = times[["available", "on_scene"]].max(axis=1).where(times["available"].notna())  # not before it arrived
    ends = times[["received", "dispatch", "on_scene"]].assign(freed=freed).max(axis=1)
    received = times["received"].groupby(call).first()
    is_over = times["available"].notna().groupby(call).any()
    areas = areas_of(district, raw["lat"], raw["lon"])["sub_district"]
    calls = pd.DataFrame({
        "received": received,
        "closed": (ends.groupby(call).max() - received).dt.total_seconds().where(is_over),
        "kind": raw["call_type"].groupby(call).first().map(sf_fire._KIND_OF_CALL_TYPE).fillna(sf_fire._OTHER_KIND),
        "sub_district": areas.groupby(call).first(),
    })  # fmt: skip
    tier = raw["unit_type"].map({name: tier.value for name, tier in sf_fire.TIER_OF_UNIT_TYPE.items()})
    for name in LIMITS:
        calls[name] = (times["on_scene"].where(tier == name).groupby(call).min() - received).dt.total_seconds()
    return calls


def legs_of(calls: pd.DataFrame) -> pd.DataFrame:
    """One row a call and tier that can be judged: tier, after (seconds until the first of it came), met, unknown.

    A call that ended within the limit, before anybody of the tier came, asked nothing of it. Nobody had a position: of
    a tier that never came nobody can say more than that.
    """
    known = ["received", "closed", "kind", "sub_district"]
    legs = calls.reset_index().melt(known, list(LIMITS), "tier", "after")
    limit = legs["tier"].map(LIMITS)
    legs = legs.assign(met=legs["after"] <= limit, unknown=legs["after"].isna())
    return legs[~(legs["unknown"] & (legs["closed"] <= limit))]


class SanFrancisco:
    """A week of some calls. The table knows of nobody who acknowledged, reported or practised."""

    def __init__(self, calls: pd.DataFrame, week: str) -> None:
        self.calls, self.legs, self.week = calls, legs_of(calls), week

    def contents(self) -> dict[str, dict[str, Any]]:
        """All of it by id, as recorded_city.contents gives it."""
        return {**self.response(), "areas.response_sub_district": self._below()}

    def _falling(self, rows: pd.DataFrame, ago: int) -> pd.DataFrame:
        start, end = span(self.week, ago, ZONE)
        return rows[(rows["received"] >= start) & (rows["received"] < end)]

    def response(self) -> dict[str, dict[str, Any]]:
        """Section response."""
        began, now = self.calls["received"].min(), self._falling(self.calls, 0)
        places = (LAST_YEAR, *AGO)
        counts = [
            len(self._falling(self.calls, ago)) if span(self.week, ago, ZONE)[1] > began else None for ago in places
        ]
        late = int((~(now["closed"] <= FIRST_REPORT_S)).sum())  # still open, or closed, after the time for it
        nobody = figure(None, [None] * len(AGO[:-1]), numerator=0, denominator=len(now))
        return {
            "response.incidents": figure(counts[-1], counts[1:-1], counts[0]),
            "response.acknowledged": nobody,
            "response.acknowledged_p90": nobody,
            **{id_: content for tier in LIMITS for id_, content in self._tier(tier).items()},
            "response.first_reports": figure(ratio(0, late), numerator=0, denominator=late),
            "response.drills": figure(0),
            "response.late_records": figure(len(now)),  # all were told years after
            "response.trend": chart(mondays(self.week), {tier: self._attained(tier)[1:] for tier in LIMITS}),
            "response.by_kind": self._by("kind", "kind"),
            "response.by_area": self._by("area", "sub_district"),
        }

    def _weeks(self, tier: str) -> list[pd.DataFrame]:
        legs = self.legs[self.legs["tier"] == tier]
        return [self._falling(legs, ago) for ago in (LAST_YEAR, *AGO)]

    def _attained(self, tier: str) -> list[float | None]:
        return [ratio(int(week["met"].sum()), len(week)) for week in self._weeks(tier)]

    def _tier(self, tier: str) -> dict[str, dict[str, Any]]:
        weeks, rates = self._weeks(tier), self._attained(tier)
        now = _counts(weeks[-1])
        parts = {"numerator": now["met"], "denominator": now["legs"], "unknown": now["unknown"]}
        made = {f"response.{tier}": figure(rates[-1], rates[1:-1], rates[0], **parts)}
        for name, share in (("p50", 0.5), ("p90", 0.9)):
            values = [quantile(week["after"], share) for week in weeks]
            made[f"response.{tier}_{name}"] = figure(values[-1], values[1:-1], values[0])
        return made

    def _by(self, name: str, column: str) -> dict[str, Any]:
        now = self._falling(self.legs, 0)
        groups = {key: rows for key, rows in now.groupby([column, "tier"]) if key[0]}
        order = sorted(groups, key=lambda key: (key[0], list(LIMITS).index(key[1])))
        rows = [(*key, *_counts(groups[key]).values()) for key in order]
        return table(f"{name} tier legs met unknown attainment p50 p90", rows)

    def _below(self) -> dict[str, Any]:
        """Below all together in each of the last three weeks, with enough legs in each."""
        weeks = [self._falling(self.legs, ago)[lambda rows: rows["sub_district"] != ""] for ago in range(3)]
        by_area = [week.groupby("sub_district")["met"].agg(["mean", "size", "sum"]) for week in weeks]
        average = [week["met"].mean() for week in weeks]
        rows = []
        for code, now in by_area[0].iterrows():
            mine = [week.loc[code] for week in by_area if code in week.index and week.loc[code, "size"] >= LEAST]
            if len(mine) == 3 and all(one["mean"] < whole for one, whole in zip(mine, average, strict=True)):
                worst = min(one["mean"] for one in mine)
                rows.append((code, now["mean"], average[0], worst, int(now["sum"]), int(now["size"])))
        rows.sort(key=lambda row: (row[1], row[0]))
        return table("area attainment average worst met legs", rows, ["below"] * len(rows))


def _counts(legs: pd.DataFrame) -> dict[str, Any]:
    met, unknown = int(legs["met"].sum()), int(legs["unknown"].sum())
    return {
        "legs": len(legs),
        "met": met,
        "unknown": unknown,
        "attainment": ratio(met, len(legs)),
        "p50": quantile(legs["after"], 0.5),
        "p90": quantile(legs["after"], 0.9),
    }
