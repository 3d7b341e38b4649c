"""When a cell counts as patrolled, how often it must be, and how strong an area must be: the [patrol] table of a
district's files."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta, Struct

from dashboard.district import DeviceKind, District
from dashboard.records import TIERS, Tier
from dashboard.response.policy import PolicyError
from dashboard.wire import Floats

Hours = Annotated[float, Meta(gt=0, le=10_000)]
Seconds = Annotated[float, Meta(gt=0, le=86_400)]
Speed = Annotated[float, Meta(ge=0, le=50)]
Count = Annotated[int, Meta(ge=2, le=10_000)]
Share = Annotated[float, Meta(gt=0, lt=1)]
Needed = Annotated[int, Meta(ge=1, le=100_000)]

SILENT_S = 180.0


class PatrolPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a district is patrolled."""

    tiers: tuple[Tier, ...] = (Tier.AUXILIARY, Tier.POLICE, Tier.WARDEN)  # whose presence is a patrol
    cycle_h: Hours = 24.0  # the four daily hazards are looked at once a day (一日一查)
    key_area_cycle_h: Hours | None = None  # of cells with a key area in them; none: as all others
    cycles_h: dict[str, Hours] = {}  # by code of a sub-district, a community or a cell; the narrowest counts
    due_soon_share: Share = 0.75  # of the cycle, from which on a cell is due soon
    stay_s: Seconds = 120.0  # a unit that was in a cell for so long has patrolled it: longer than a red light
    walk_mps: tuple[Speed, Speed] = (0.3, 2.5)  # ... and so has one that walked there: two fixes at such a speed ...
    walk_s: Seconds = 10.0  # ... so far apart; a car that brakes has two within a moment
    stuck_fixes: Count = 20  # so many fixes at exactly one place ...
    stuck_s: Seconds = 600.0  # ... over so long: the receiver repeats itself
    silent_s: dict[Tier, Seconds] = {}  # a unit on shift that says nothing for longer is silent
    minimum: dict[str, dict[Tier, Needed]] = {}  # by code of a sub-district or a community: units that must be there

    def silent_by_tier(self) -> list[float]:
        """The limits in the order of records.TIERS."""
        return [self.silent_s.get(tier, SILENT_S) for tier in TIERS]

    def cycles_s(self, district: District) -> Floats:
        """(n_cells,) the cycle of each cell, seconds."""
        owner = district.cell_community
        hours = np.full(len(district.cell_codes), self.cycle_h)
        sub_district = district.sub_district_of[owner] if len(district.communities) else owner
        for place, centre in enumerate(district.sub_districts):
            hours[sub_district == place] = self.cycles_h.get(centre.code, self.cycle_h)
        for code, place in district.community_index.items():
            if code in self.cycles_h:
                hours[owner == place] = self.cycles_h[code]
        if self.key_area_cycle_h is not None:
            cells = _key_cells(district)
            hours[cells] = np.minimum(hours[cells], self.key_area_cycle_h)
        for place, code in enumerate(district.cell_codes):
            hours[place] = self.cycles_h.get(code, hours[place])
        return hours * 3600


def decode(raw: Mapping[str, Any]) -> PatrolPolicy:
    """The policy of a plain dict, defaults where it is silent; raises PolicyError with field and reason."""
    try:
        return msgspec.convert(dict(raw), PatrolPolicy)
    except msgspec.ValidationError as error:
        raise PolicyError(f"patrol: {error}") from error


def of(district: District) -> PatrolPolicy:
    """The district's policy; raises PolicyError too for an area that the district does not have."""
    policy = decode(district.patrol_settings)
    areas = {centre.code for centre in (*district.sub_districts, *district.communities)}
    for code in policy.minimum.keys() - areas:
        raise PolicyError(f"patrol: minimum: {code!r} is no sub-district and no community")
    for code in policy.cycles_h.keys() - areas - set(district.cell_codes):
        raise PolicyError(f"patrol: cycles_h: {code!r} is no sub-district, no community and no cell")
    return policy


def _key_cells(district: District) -> np.ndarray[Any, np.dtype[np.int32]]:
    """The cells that a key area lies in."""
    found = [device for device in district.devices if device.kind is DeviceKind.KEY_AREA]
    cells = district.locate([device.lat for device in found], [device.lon for device in found])
    return np.unique(cells[cells >= 0])
