"""A small flat district and builders of fixes and records for the tests of forces and response.

The incident is at HERE; units are placed by metres east and north of it. Time zero of every story is T0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from dashboard.forces import Forces
from dashboard.forces.plausible import METRES_PER_DEGREE
from dashboard.records import TIERS, Arrival, Evidence, Incident, Level, Order, Reply, ReplyState, Tier, Verb, moment
from dashboard.response import Response
from dashboard.response.policy import Policy
from dashboard.wire import FixBatch

T0 = 1_800_000_000.0
HERE = (22.55, 113.9)
_LON_METRES = METRES_PER_DEGREE * np.cos(np.radians(HERE[0]))


class FlatRoster:
    """Units named by tier and number, e.g. `police-1`; homes go round the communities."""

    def __init__(self, units: Sequence[tuple[str, Tier]], communities: int = 3) -> None:
        self.call_signs = [name for name, _ in units]
        self.tier = np.array([TIERS.index(tier) for _, tier in units], np.uint8)
        self.home = (np.arange(len(units)) % communities).astype(np.int16)
        self.index = {name: place for place, name in enumerate(self.call_signs)}
        self.checksum = crc32("\n".join(self.call_signs).encode())


class FlatOrigin:
    def project(self, lat, lon):
        return (np.asarray(lon) - HERE[1]) * _LON_METRES, (np.asarray(lat) - HERE[0]) * METRES_PER_DEGREE

    def unproject(self, x, y):
        return np.asarray(y) / METRES_PER_DEGREE + HERE[0], np.asarray(x) / _LON_METRES + HERE[1]


@dataclass(frozen=True)
class FlatCentre:
    code: str
    parent: str = ""


@dataclass
class FlatDistrict:
    """Three communities in strips of 2 km from west to east, two cells each; the first is around HERE."""

    roster: FlatRoster
    origin: FlatOrigin = field(default_factory=FlatOrigin)
    root: FlatCentre = FlatCentre("D")

    def __post_init__(self) -> None:
        self.communities = [FlatCentre("C0", "S0"), FlatCentre("C1", "S0"), FlatCentre("C2", "S1")]
        below = [FlatCentre("S0", "D"), FlatCentre("S1", "D"), *self.communities]
        self.centres = {centre.code: centre for centre in (self.root, *below)}
        self.cell_community = np.array([0, 0, 1, 1, 2, 2], np.int16)

    def locate(self, lat, lon):
        east, _ = self.origin.project(lat, lon)
        cells = np.floor((east + 1000) / 1000).astype(np.int32)
        return np.where((cells >= 0) & (cells < 6), cells, -1).astype(np.int32)

    def community_at(self, lat: float, lon: float) -> int:
        cell = int(self.locate(np.array([lat]), np.array([lon]))[0])
        return int(self.cell_community[cell]) if cell >= 0 else -1


def units(**counts: int) -> list[tuple[str, Tier]]:
    """`units(police=2)` is police-1 and police-2."""
    return [(f"{tier}-{n + 1}", Tier(tier)) for tier, count in counts.items() for n in range(count)]


def stage(policy: Policy | None = None, **counts: int) -> tuple[Forces, Response]:
    """Forces and response of a district with these units."""
    policy = policy or Policy()
    district = FlatDistrict(FlatRoster(units(**counts)))
    forces = Forces(district, policy.fresh_by_tier(), policy.off_after_s)
    return forces, Response(district, policy, forces)


Row = tuple[str, float, float, float]  # call-sign, seconds after T0, metres east, metres north


def fixes(forces: Forces, rows: Iterable[Row], accuracy_m: float = 5.0) -> FixBatch:
    rows = list(rows)
    east, north = np.array([row[2] for row in rows], float), np.array([row[3] for row in rows], float)
    lat, lon = FlatOrigin().unproject(east, north)
    lat, lon = np.round(lat, 7), np.round(lon, 7)  # as they come off the road
    nothing = np.full(len(rows), np.nan)
    return FixBatch(
        np.array([forces.roster.index[row[0]] for row in rows], np.int64),
        np.array([T0 + row[1] for row in rows], float),
        lat,
        lon,
        nothing,
        nothing,
        np.full(len(rows), accuracy_m),
    )


def incident(at_s: float = 0.0, **changes) -> Incident:
    """A fire at HERE, reported `at_s` after T0."""
    facts = {
        "source": "cad",
        "id": "1",
        "kind": "fire",
        "level": Level.II,
        "reported_at": moment(T0 + at_s),
        "lat": HERE[0],
        "lon": HERE[1],
    }
    return Incident(**(facts | changes))


def order(verb: Verb, at_s: float, unit: str = "", target: str = "cad/1", **fields) -> Order:
    """An order from a desk; its id tells verb, unit and time, unless it is named."""
    facts = {"source": "desk", "id": f"{verb}-{unit}-{at_s}", "verb": verb, "target": target, "unit": unit}
    return Order(**(facts | {"at": moment(T0 + at_s)} | fields))


def reply(of: Order, at_s: float, state: ReplyState, **fields) -> Reply:
    """The device of the unit that an order went to speaks."""
    facts = {"source": "devices", "id": f"{of.id}/{state}/{at_s}", "order": of.id, "unit": of.unit, "state": state}
    return Reply(**(facts | {"at": moment(T0 + at_s)} | fields))


def report(unit: str, at_s: float, evidence: Evidence = Evidence.UNIT, target: str = "cad/1") -> Arrival:
    return Arrival(
        source="radio",
        id=f"{unit}-{evidence}-{at_s}",
        incident=target,
        unit=unit,
        at=moment(T0 + at_s),
        evidence=evidence,
    )


def drive(forces: Forces, response: Response, *rows: Row, now_s: float | None = None):
    """Fold fixes as one batch and let the geofence see them; answers the states that changed."""
    now = T0 + (max(row[1] for row in rows) if now_s is None else now_s)
    return response.watch(forces.move(fixes(forces, rows), now), now)
