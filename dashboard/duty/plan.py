"""Who is on duty: by the rosters, else by the district's daily posts; and when nobody will be."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from msgspec import Struct

from dashboard.district import District, DutyPost
from dashboard.duty.roster import AHEAD, Shift, Span, gaps, in_order
from dashboard.records import moment, seconds

_LOOK_EACH_S = 60.0  # gaps ahead are found anew this often


class Rosters(Struct, frozen=True, array_like=True):
    """All rosters as of one change."""

    version: int
    shifts: tuple[Shift, ...]


class Watch(Struct, frozen=True, kw_only=True):
    """Who leads a centre, from when to when."""

    leader: str
    chief: str
    officers: tuple[str, ...] = ()
    starts: float
    ends: float
    is_rostered: bool  # by a roster, not by the daily posts


class Plan:
    """Who is on duty where."""

    def __init__(self, district: District) -> None:
        """No rosters yet."""
        self._district = district
        self._rosters = Rosters(0, ())
        self._by_centre: dict[str, list[Shift]] = {}
        self._ahead: tuple[float, dict[str, list[Span]]] = (-1.0, {})

    @property
    def rosters(self) -> Rosters:
        """What `adopt` took."""
        return self._rosters

    def adopt(self, rosters: Rosters) -> None:
        """Take these in place of those before."""
        self._rosters = rosters
        self._by_centre = {}
        for shift in in_order(rosters.shifts):
            self._by_centre.setdefault(shift.centre, []).append(shift)
        self._ahead = (-1.0, {})

    def shifts(self, centre: str, since: float) -> list[Shift]:
        """The rostered shifts of a centre that are not over at a time, in order."""
        return [shift for shift in self._by_centre.get(centre, ()) if shift.ends.timestamp() > since]

    def who(self, centre: str, at: float) -> Watch | None:
        """Who is on duty at a time (epoch seconds); the rosters go before the daily posts."""
        when = moment(at)
        for shift in self._by_centre.get(centre, ()):
            if shift.covers(when):
                return _rostered(shift)
        post = self._district.on_duty(centre, when)
        return None if post is None else _posted(post, when.astimezone(self._district.timezone))

    def after(self, centre: str, at: float) -> Watch | None:
        """Who comes next: behind the shift that is on at a time, or where none is, the next by the roster."""
        now = self.who(centre, at)
        if now is not None and (following := self.who(centre, now.ends)) is not None:
            return following
        later = (shift for shift in self._by_centre.get(centre, ()) if shift.starts > moment(at))
        first = next(later, None)
        return None if first is None else _rostered(first)

    def ahead(self, centre: str, at: float, most: int) -> list[Watch | Span]:
        """The shift that is on and those that follow, and where nobody leads between them, in order of time."""
        gaps_ = self.gaps_ahead(at).get(centre, [])
        rostered = [_rostered(shift) for shift in self.shifts(centre, at)]
        if rostered:
            found: list[Watch | Span] = sorted([*rostered, *gaps_], key=_begins)
            return found[:most]
        watch, watches = self.who(centre, at), list[Watch | Span]()
        while watch is not None and len(watches) < most:
            watches.append(watch)
            watch = self.who(centre, watch.ends)
        return watches

    def gaps_ahead(self, now: float) -> dict[str, list[Span]]:
        """By centre, when nobody leads it in the next 14 days; only of centres that keep a roster."""
        looked = now // _LOOK_EACH_S
        if self._ahead[0] != looked:
            since = moment(looked * _LOOK_EACH_S)
            found = {centre: gaps(shifts, centre, since, since + AHEAD) for centre, shifts in self._by_centre.items()}
            self._ahead = (looked, {centre: spans for centre, spans in found.items() if spans})
        return self._ahead[1]

    def gaps_of(self, centres: Iterable[str], now: float) -> int:
        """How many of these centres nobody leads at some time in the next 14 days."""
        ahead = self.gaps_ahead(now)
        return sum(centre in ahead for centre in centres) if ahead else 0


def _begins(stretch: Watch | Span) -> float:
    return stretch.starts if isinstance(stretch, Watch) else stretch.starts.timestamp()


def _rostered(shift: Shift) -> Watch:
    return Watch(
        leader=shift.leader,
        chief=shift.chief,
        officers=shift.officers,
        starts=shift.starts.timestamp(),
        ends=shift.ends.timestamp(),
        is_rostered=True,
    )


def _posted(post: DutyPost, local: datetime) -> Watch:
    """A post as the shift that is on at a local time (aware)."""
    starts, ends = post.starts, post.ends
    if isinstance(starts, time) and isinstance(ends, time):
        began = datetime.combine(local.date(), starts, local.tzinfo)
        began -= timedelta(days=began > local)
        over = datetime.combine(began.date(), ends, local.tzinfo)
        over += timedelta(days=over <= began)
    else:
        began, over = _with_zone(starts, local), _with_zone(ends, local)
    return Watch(
        leader=post.leader,
        chief=post.chief,
        starts=seconds(began) or 0.0,
        ends=seconds(over) or 0.0,
        is_rostered=False,
    )


def _with_zone(at: time | datetime, local: datetime) -> datetime:
    return at.replace(tzinfo=local.tzinfo) if isinstance(at, datetime) else datetime.combine(local, at, local.tzinfo)
