"""Simulated cases: the same local day always has the same cases, with the same lives and identifiers.

So a restart of the simulator repeats what was said (and is answered "repeated") instead of doubling the day:
what is told of a case at start is a revision that counts the steps it has taken, and later steps are case
steps.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from dashboard.district import District
from dashboard.records import Case, CaseStep, Record, Stage, moment
from feeds.simulated_places import Floats, Indexes, Places

SOURCE = "cases-demo"
BAOAN_CASES_PER_CELL = 27_000 / 4_866  # cases found a day (DOMAIN.md section 1)
_DAYS_BACK = 21  # the oldest that are still open

# Cases found by hour of the local day, relative: inspectors work by day, residents report in the evening too.
_HOURS = (3, 2, 1.5, 1, 1, 2, 6, 12, 20, 24, 23, 18, 10, 13, 21, 22, 20, 17, 14, 13, 12, 9, 6, 4)

# How long cases live: share, median hours, spread of the logarithm. Means about 3.5 h, 98 % within two days.
_LIVES = ((0.935, 1.5, 0.7), (0.045, 10.0, 0.5), (0.02, 60.0, 0.6))


class Path(NamedTuple):
    """One way through the stages: how common it is, and at which part of the life each step is taken."""

    share: float
    slower: float  # how much longer such lives are
    steps: tuple[tuple[Stage, float], ...]


PATHS = (
    Path(
        0.86,
        1,
        (
            (Stage.FILED, 0.04),
            (Stage.DISPATCHED, 0.10),
            (Stage.HANDLING, 0.25),
            (Stage.FEEDBACK, 0.80),
            (Stage.VERIFIED, 0.93),
            (Stage.CLOSED, 1.0),
        ),
    ),
    Path(
        0.05,
        1.5,
        (
            (Stage.FILED, 0.03),
            (Stage.DISPATCHED, 0.07),
            (Stage.RETURNED, 0.20),
            (Stage.DISPATCHED, 0.26),
            (Stage.HANDLING, 0.40),
            (Stage.FEEDBACK, 0.85),
            (Stage.VERIFIED, 0.94),
            (Stage.CLOSED, 1.0),
        ),
    ),
    Path(
        0.04,
        1.5,
        (
            (Stage.FILED, 0.03),
            (Stage.DISPATCHED, 0.07),
            (Stage.HANDLING, 0.15),
            (Stage.FEEDBACK, 0.50),
            (Stage.REWORK, 0.57),
            (Stage.HANDLING, 0.63),
            (Stage.FEEDBACK, 0.88),
            (Stage.CLOSED, 1.0),
        ),
    ),
    Path(
        0.015,
        5,
        (
            (Stage.FILED, 0.02),
            (Stage.DISPATCHED, 0.04),
            (Stage.HANDLING, 0.06),
            (Stage.HELD, 0.10),
            (Stage.HANDLING, 0.85),
            (Stage.FEEDBACK, 0.95),
            (Stage.VERIFIED, 0.98),
            (Stage.CLOSED, 1.0),
        ),
    ),
    Path(
        0.02,
        3,
        (
            (Stage.FILED, 0.02),
            (Stage.DISPATCHED, 0.05),
            (Stage.HANDLING, 0.12),
            (Stage.EXTENDED, 0.30),
            (Stage.FEEDBACK, 0.90),
            (Stage.VERIFIED, 0.96),
            (Stage.CLOSED, 1.0),
        ),
    ),
    Path(0.015, 0.2, ((Stage.DECLINED, 1.0),)),
)
_MOST_STEPS = max(len(path.steps) for path in PATHS)
_FRACTIONS = np.array([[at for _, at in path.steps] + [np.nan] * (_MOST_STEPS - len(path.steps)) for path in PATHS])

_ASIDE = {Stage.RETURNED, Stage.REWORK, Stage.HELD, Stage.EXTENDED}
_REASONS = {
    Stage.RETURNED: "职责不符，申请改派",
    Stage.REWORK: "核查未通过，现场仍有遗留",
    Stage.HELD: "权属待确认，挂账处理",
    Stage.EXTENDED: "需协调施工，申请延期",
    Stage.DECLINED: "不符合立案标准",
}


@dataclass
class _Day:
    """The cases of one local day in columns, in order of report, and how far they have been told."""

    day: date
    reported_at: Floats  # (n,) epoch seconds
    steps_at: Floats  # (n, most steps) epoch seconds, NaN where there are fewer
    path: Indexes  # (n,) place in PATHS
    place: Indexes  # (n,) place in the pool
    item: Indexes  # (n,) place in the catalogue
    order: Indexes  # steps of all cases by time: flat places in steps_at
    order_at: Floats
    told_cases: int = 0
    told_steps: int = 0


class SimulatedCases:
    """The stream of cases: first what is open and what happened today, then what happens."""

    def __init__(self, district: District, places: Places, seed: int, now: float, per_day: int | None = None) -> None:
        """`per_day` cases are found; without it as many as in Bao'an, by the number of cells."""
        self._district, self._places, self._seed = district, places, seed
        self._per_day = per_day or max(50, round(BAOAN_CASES_PER_CELL * len(district.cell_codes)))
        self._items = list(district.items.values())
        self._days = [self._day_of(now, back) for back in range(_DAYS_BACK, -1, -1)]
        for day in self._days:
            day.told_cases = int(np.searchsorted(day.reported_at, now, side="right"))
            day.told_steps = int(np.searchsorted(day.order_at, now, side="right"))
        self._seed_open = self._open_at(now)
        self._seed_closed = self._closed_today(now)
        self._seeded_at = now

    @property
    def is_seeding(self) -> bool:
        """Whether something that happened before the start is still to be told."""
        return bool(self._seed_open or self._seed_closed)

    def seed(self, most: int) -> list[Record]:
        """The next part of what was before the start: open cases first, the newest first.

        A case tells where it stands; of its steps only those are told that its record cannot say.
        """
        source = self._seed_open or self._seed_closed
        part, source[:] = source[:most], source[most:]
        told: list[Record] = []
        for day, number in part:
            told.append(self._case(day, number, self._seeded_at))
            told += self._telling_steps(day, number)
        return told

    def _telling_steps(self, day: _Day, number: int) -> list[CaseStep]:
        """The steps aside, and of an open case the last one: since when it waits."""
        steps = PATHS[day.path[number]].steps
        taken = int(np.sum(day.steps_at[number, : len(steps)] <= self._seeded_at))
        last = taken - 1 if taken < len(steps) else -1
        wanted = [step for step in range(taken) if step == last or steps[step][0] in _ASIDE]
        return [self._step(day, number * _MOST_STEPS + step) for step in wanted]

    def happen(self, now: float) -> list[Record]:
        """New cases and steps since the last call; nothing before the open cases are told."""
        if self._seed_open:
            return []
        if _local_day(now, self._district) > self._days[-1].day:
            self._days.append(self._day_of(now, 0))
        told: list[Record] = []
        for day in self._days:
            reported = int(np.searchsorted(day.reported_at, now, side="right"))
            told += [self._case(day, number, day.reported_at[number]) for number in range(day.told_cases, reported)]
            day.told_cases = reported
            taken = int(np.searchsorted(day.order_at, now, side="right"))
            told += [self._step(day, int(flat)) for flat in day.order[day.told_steps : taken]]
            day.told_steps = taken
        unfinished = [day for day in self._days[:-1] if day.told_steps < len(day.order)]
        self._days = [*unfinished, self._days[-1]]
        return told

    def _open_at(self, now: float) -> list[tuple[_Day, int]]:
        found = []
        for day in reversed(self._days):
            is_open = (day.reported_at <= now) & ~(np.nanmax(day.steps_at, axis=1) <= now)
            found += [(day, int(number)) for number in np.flatnonzero(is_open)[::-1]]
        return found

    def _closed_today(self, now: float) -> list[tuple[_Day, int]]:
        midnight = _midnight(_local_day(now, self._district), self._district)
        found = []
        for day in reversed(self._days):
            ended = np.nanmax(day.steps_at, axis=1)
            found += [(day, int(number)) for number in np.flatnonzero((ended <= now) & (ended >= midnight))[::-1]]
        return found

    def _day_of(self, now: float, back: int) -> _Day:
        """The plan of one local day: nothing in it depends on when it is asked for."""
        day = _local_day(now, self._district) - timedelta(days=back)
        rng = np.random.default_rng([self._seed, 3, day.toordinal()])
        count = self._per_day
        begins, ends = _midnight(day, self._district), _midnight(day + timedelta(days=1), self._district)
        share = np.r_[0, np.cumsum(_HOURS)] / np.sum(_HOURS)
        part = np.interp((np.arange(count) + rng.random(count)) / count, share, np.linspace(0, 1, len(share)))
        reported_at = np.round(begins + np.sort(part) * (ends - begins), 3)
        path = rng.choice(len(PATHS), count, p=np.array([path.share for path in PATHS]))
        life = np.array(_LIVES)[rng.choice(len(_LIVES), count, p=[share for share, _, _ in _LIVES])]
        lasts_s = 3600 * life[:, 1] * np.exp(rng.normal(0, 1, count) * life[:, 2])
        lasts_s *= np.array([path.slower for path in PATHS])[path]
        steps_at = np.round(reported_at[:, None] + lasts_s[:, None] * _FRACTIONS[path], 3)
        flat = steps_at.ravel()
        order = np.argsort(flat, kind="stable")[: int((~np.isnan(flat)).sum())]
        place = self._places.anywhere(rng, count)
        item = rng.integers(0, max(1, len(self._items)), count)
        return _Day(day, reported_at, steps_at, path, place, item, order, flat[order])

    def _case(self, day: _Day, number: int, now: float) -> Case:
        """One case as it stands at `now`; its revision counts the steps that it has taken."""
        steps_at, steps = day.steps_at[number], PATHS[day.path[number]].steps
        taken = int(np.sum(steps_at[: len(steps)] <= now))
        stage = steps[taken - 1][0] if taken else Stage.REPORTED
        item = self._items[day.item[number]] if self._items else None
        place = day.place[number]
        community = self._district.communities[self._places.community[place]]
        return Case(
            source=SOURCE,
            id=_case_id(day, number),
            reported_at=moment(float(day.reported_at[number])),
            revision=taken,
            item=item.code if item else "",
            title=f"{community.name}{item.name if item else ''}",
            department=item.department if item else "",
            lat=round(float(self._places.lat[place]), 6),
            lon=round(float(self._places.lon[place]), 6),
            stage=stage,
            due_at=self._extended_to(day, number) if stage is Stage.EXTENDED else None,
            closed_at=moment(float(steps_at[taken - 1])) if taken == len(steps) else None,
        )

    def _step(self, day: _Day, flat: int) -> CaseStep:
        number, step = divmod(flat, _MOST_STEPS)
        stage = PATHS[day.path[number]].steps[step][0]
        item = self._items[day.item[number]] if self._items else None
        return CaseStep(
            source=SOURCE,
            id=f"{_case_id(day, number)}-{step + 1}",
            case=_case_id(day, number),
            at=moment(float(day.steps_at[number, step])),
            stage=stage,
            by=self._office(stage, self._places.community[day.place[number]]),
            department=item.department if item and stage is Stage.DISPATCHED else "",
            reason=_REASONS.get(stage, ""),
            due_at=self._extended_to(day, number) if stage is Stage.EXTENDED else None,
        )

    def _office(self, stage: Stage, community: int) -> str:
        """Who takes a step; those who inspect and verify are never those who handle."""
        if stage in (Stage.HANDLING, Stage.FEEDBACK, Stage.RETURNED, Stage.HELD, Stage.EXTENDED):
            return "处置岗"
        if stage in (Stage.VERIFIED, Stage.REWORK):
            return f"{self._district.communities[community].name}核查岗"
        sub_district = self._district.sub_districts[int(self._district.sub_district_of[community])]
        return f"{sub_district.name}受理岗"

    def _extended_to(self, day: _Day, number: int) -> datetime:
        """The new limit of an extended case: the next full hour after the end of its life."""
        end = float(np.nanmax(day.steps_at[number]))
        return moment((end // 3600 + 1) * 3600)


def _case_id(day: _Day, number: int) -> str:
    return f"{day.day:%Y%m%d}-{number:05d}"


def _local_day(now: float, district: District) -> date:
    return datetime.fromtimestamp(now, district.timezone).date()


def _midnight(day: date, district: District) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=district.timezone).timestamp()
