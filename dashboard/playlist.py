"""The wall's playlist: which page it shows when, by the time of day, as an operator sets it.

The page is a pure function of time, so that all screens of a centre turn together and a reload changes nothing.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, model_validator


class Page(StrEnum):
    """What the wall can show."""

    SITUATION = "situation"
    BACKLOG = "backlog"
    FORCES = "forces"
    VIDEO = "video"
    BRIEFING = "briefing"


PAGES: tuple[Page, ...] = tuple(Page)


class Turn(BaseModel):
    """One page and how long it stays."""

    page: Page
    seconds: float = Field(30.0, ge=5, le=3600)


class Stretch(BaseModel):
    """What is shown in a part of the day; from later than to reaches over midnight."""

    starts: time = Field(time(0), alias="from")
    ends: time = Field(time(0), alias="to")  # the same as `from`: the whole day
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)  # ISO weekdays of the day on which it begins
    turns: tuple[Turn, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _knows_days(self) -> "Stretch":
        if not self.days or not set(self.days) <= set(range(1, 8)):
            raise ValueError("days are ISO weekdays, 1 (Monday) to 7")
        return self

    def covers(self, local: datetime) -> bool:
        """Whether it is on at a local time."""
        now, day = local.time(), local.isoweekday()
        if self.starts == self.ends:
            return day in self.days
        if self.starts < self.ends:
            return self.starts <= now < self.ends and day in self.days
        if now >= self.starts:
            return day in self.days
        return now < self.ends and (local - timedelta(1)).isoweekday() in self.days


_USUAL = (
    Turn(page=Page.SITUATION, seconds=60),
    Turn(page=Page.BACKLOG, seconds=30),
    Turn(page=Page.FORCES, seconds=30),
    Turn(page=Page.VIDEO, seconds=30),
    Turn(page=Page.BRIEFING, seconds=30),
)


class Playlist(BaseModel):
    """What an operator sets under [playlist]; the first stretch that covers the time counts."""

    enabled: bool = False  # whether screens turn by themselves; ?playlist=1 and key P do it anyway
    stretches: tuple[Stretch, ...] = (Stretch(turns=_USUAL),)  # outside of all of them: the situation
    yield_level: int = Field(2, ge=1, le=4)  # of an acknowledged incident: so grave or graver keeps the situation up
    linger_s: float = Field(30.0, ge=0, le=3600)  # so long after the emergency the situation stays


def turn(playlist: Playlist, now: float, zone: ZoneInfo) -> tuple[Page, float | None]:
    """The page at `now` (epoch seconds), and until when; None: nothing else follows."""
    local = datetime.fromtimestamp(now, zone)
    stretch = next((each for each in playlist.stretches if each.covers(local)), None)
    if stretch is None:
        return Page.SITUATION, None
    # Counted from an instant that every process knows: screens turn together, whenever they were opened.
    place = now % sum(each.seconds for each in stretch.turns)
    for each in stretch.turns[:-1]:
        if place < each.seconds:
            return each.page, round(now - place + each.seconds, 3)
        place -= each.seconds
    last = stretch.turns[-1]
    return last.page, None if len(stretch.turns) == 1 else round(now - place + last.seconds, 3)
