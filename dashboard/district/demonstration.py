"""The demonstration district: makes units, devices and duty posts for a district that has only areas.

Everything is made up from a seed, and the same seed makes the same files. `python -m dashboard.district.demonstration`
makes the shipped district again from its `source` folder; `with_units` copies one with a roster of any size.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from dashboard import district as districts
from dashboard.district import Centre, CentreKind, DeviceKind, District, tessellation
from dashboard.district.areas import DEFAULT_SEED, sample_within
from dashboard.district.tables import write_table
from dashboard.records import Tier

BAOAN = Path(__file__).parents[1] / "districts" / "baoan"

SHARES: dict[Tier, int] = {
    Tier.VOLUNTEER: 1240,
    Tier.AUXILIARY: 620,
    Tier.POLICE: 322,
    Tier.WARDEN: 2600,
    Tier.DRONE: 24,
    Tier.VEHICLE: 60,
}
UNITS = sum(SHARES.values())
_TIER_WORDS = {
    Tier.VOLUNTEER: "义",
    Tier.AUXILIARY: "辅",
    Tier.POLICE: "警",
    Tier.WARDEN: "网",
    Tier.DRONE: "机",
    Tier.VEHICLE: "车",
}

CAMERAS, AI_CAMERAS, GAUGES, SLOPES, STANDBY_POINTS, KEY_AREAS = 42_000, 169, 280, 20, 161, 92
_KEY_AREA_WORDS = (
    "商业街区",
    "交通枢纽",
    "工业园区",
    "学校周边",
    "医院周边",
    "公园广场",
    "城中村",
    "农贸市场",
)
_STREET_SHARE = 0.93  # a camera stands this far from a cell's middle towards its border: along the street
_ROUNDING_DEG = 2e-5  # so far inside, a place written with five decimals stays in its cell
_DEVICE_HEADER = (
    "id",
    "kind",
    "name",
    "lat",
    "lon",
    "community",
    "quantity",
    "unit",
    "high",
    "very_high",
    "low",
)

_SURNAMES = "陈李张王刘黄林吴周郑何梁罗谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋"
_POSTS = {  # kind of centre: the leader on shift, the duty chief
    CentreKind.DISTRICT: ("副区长", "值班主任"),
    CentreKind.SUB_DISTRICT: ("副主任", "值班科长"),
    CentreKind.DEPARTMENT: ("副局长", "值班科长"),
    CentreKind.COMMUNITY: ("副书记", "值班站长"),
}
_SHIFTS = (("08:30", "20:30"), ("20:30", "08:30"))

DeviceRow = tuple[str, ...]
Counts = NDArray[np.int64]


def make(folder: Path = BAOAN, seed: int = DEFAULT_SEED) -> District:
    """Make all generated files of a demonstration folder from its `source` folder, and load it."""
    source = folder / "source"
    tessellation.build(source / "seats.csv", folder, source / "outline.geojson", seed=seed)
    bare = districts.load(folder)
    write_units(folder / "units.csv.gz", UNITS, bare, seed=seed)
    write_devices(folder / "devices.csv.gz", bare, seed=seed)
    write_duty(folder / "duty.csv", bare, seed=seed)
    return districts.load(folder)


def with_units(
    folder: Path, out: Path, count: int, shares: Mapping[Tier, int] = SHARES, seed: int = DEFAULT_SEED
) -> District:
    """Copy a district to another folder, with a made-up roster of `count` units, and load it."""
    shutil.copytree(folder, out, ignore=shutil.ignore_patterns("units.csv*", "source"), dirs_exist_ok=True)
    write_units(out / "units.csv.gz", count, districts.load(out), shares=shares, seed=seed)
    return districts.load(out)


def write_units(
    path: Path,
    count: int,
    district: District,
    *,
    shares: Mapping[Tier, int] = SHARES,
    seed: int = DEFAULT_SEED,
) -> None:
    """Write a roster of `count` units; tiers by their shares, homes by the number of cells.

    Call-signs are sub-district, tier and number, such as 新安-警-012.
    """
    rng = np.random.default_rng([seed, 1])
    cells = np.bincount(district.cell_community, minlength=len(district.communities))
    tiers = list(shares)
    rows: list[tuple[str, str, str]] = []
    for tier, units in zip(tiers, _split(count, [shares[tier] for tier in tiers]), strict=True):
        homes = np.repeat(np.arange(len(cells)), _split(int(units), cells * rng.uniform(0.8, 1.25, len(cells))))
        rows += _tier_rows(district, tier, homes)
    write_table(path, ("call_sign", "tier", "home"), rows)


def _tier_rows(district: District, tier: Tier, homes: Counts) -> Iterable[tuple[str, str, str]]:
    number = [0] * len(district.sub_districts)
    for home in homes.tolist():
        area = int(district.sub_district_of[home])
        number[area] += 1
        call_sign = f"{_short(district.sub_districts[area])}-{_TIER_WORDS[tier]}-{number[area]:03d}"
        yield call_sign, tier.value, district.communities[home].code


def write_devices(path: Path, district: District, *, seed: int = DEFAULT_SEED) -> None:
    """Write cameras, sensors and places in the numbers of the reference customer."""
    maker = _DeviceMaker(district, np.random.default_rng([seed, 2]))
    rows = [
        *maker.places(DeviceKind.STANDBY, "SP", STANDBY_POINTS, ("屯警点",)),
        *maker.places(DeviceKind.KEY_AREA, "KA", KEY_AREAS, _KEY_AREA_WORDS),
        *maker.places(DeviceKind.AI_CAMERA, "AI", AI_CAMERAS, ("智能摄像机",)),
        *maker.gauges(),
        *maker.slopes(),
        *maker.cameras(),
    ]
    write_table(path, _DEVICE_HEADER, rows)


class _DeviceMaker:
    """Puts devices where a town would have them: many where cells are small, along the sides of cells."""

    def __init__(self, district: District, rng: np.random.Generator) -> None:
        self._district, self._rng = district, rng
        self._cells = district.atlas.cell_polygons
        self._inner = shapely.buffer(self._cells, -_ROUNDING_DEG)
        self._of = district.cell_community.astype(np.int64)
        self._per_community = np.bincount(self._of, minlength=len(district.communities))

    def cameras(self) -> list[DeviceRow]:
        """Video channels in groups at the street corners of every cell, busier cells with more."""
        counts = _split(CAMERAS, self._rng.gamma(4.0, 1.0, len(self._cells)))
        cells = np.repeat(np.arange(len(self._cells)), counts)
        rim = shapely.boundary(self._cells[cells])
        corner = np.floor(self._rng.uniform(0, 4, len(cells))) / 4 + self._rng.normal(0, 0.02, len(cells))
        on_rim = shapely.line_interpolate_point(rim, corner % 1.0, normalized=True)
        middle = shapely.get_coordinates(shapely.point_on_surface(self._cells[cells]))
        points = middle + (shapely.get_coordinates(on_rim) - middle) * _STREET_SHARE
        astray = ~shapely.contains_xy(self._inner[cells], points)  # around the corner of a cell that is bent
        points[astray] = middle[astray]
        return self._rows(DeviceKind.CAMERA, "C", 5, self._of[cells], points, ("监控",))

    def places(self, kind: DeviceKind, prefix: str, count: int, words: Sequence[str]) -> list[DeviceRow]:
        """Devices or places anywhere in a community, more of them where it has more cells."""
        homes = np.repeat(np.arange(len(self._per_community)), _split(count, self._per_community**0.8))
        return self._rows(kind, prefix, 3, homes, self._within(self._any_cells(homes)), words)

    def gauges(self) -> list[DeviceRow]:
        """Manhole levels in metres above the normal level; thresholds differ with the depth of the shaft."""
        rows = self.places(DeviceKind.GAUGE, "MH", GAUGES, ("窨井",))
        high = np.round(self._rng.uniform(0.6, 1.1, len(rows)), 1)
        return [
            (*row[:6], "water_level", "m", f"{level:.1f}", f"{level + 0.5:.1f}", "")
            for row, level in zip(rows, high, strict=True)
        ]

    def slopes(self) -> list[DeviceRow]:
        """Displacement of slopes in millimetres, where cells are widest: the hills are there."""
        areas = shapely.area(self._district.atlas.community_polygons) / self._per_community
        homes = np.sort(self._rng.choice(np.argsort(-areas)[: 2 * SLOPES], SLOPES, replace=False))
        rows = self._rows(DeviceKind.SLOPE, "SL", 2, homes, self._within(self._any_cells(homes)), ("边坡监测",))
        return [(*row[:6], "displacement", "mm", "20", "40", "") for row in rows]

    def _any_cells(self, homes: Counts) -> Counts:
        return np.array([self._rng.choice(np.flatnonzero(self._of == home)) for home in homes])

    def _within(self, cells: Counts) -> NDArray[np.float64]:
        return np.vstack([sample_within(self._inner[cell], 1, self._rng) for cell in cells])

    def _rows(
        self,
        kind: DeviceKind,
        prefix: str,
        digits: int,
        homes: Counts,
        points: NDArray[np.float64],
        words: Sequence[str],
    ) -> list[DeviceRow]:
        order = np.argsort(homes, kind="stable")
        number = [0] * len(self._per_community)
        rows = []
        for place, (home, (lon, lat)) in enumerate(zip(homes[order].tolist(), points[order].tolist(), strict=True)):
            number[home] += 1
            centre = self._district.communities[home]
            name = f"{centre.name}{words[int(self._rng.integers(len(words)))]}{number[home]:02d}"
            device = f"{prefix}-{place + 1:0{digits}d}"
            rows.append((device, kind.value, name, f"{lat:.5f}", f"{lon:.5f}", centre.code, *[""] * 5))
        return rows


def write_duty(path: Path, district: District, *, seed: int = DEFAULT_SEED) -> None:
    """Write two leaders for each shift of each centre; surnames and posts are fictional."""
    rng = np.random.default_rng([seed, 3])
    rows = []
    for centre in district.centres.values():
        leader, chief = _POSTS[centre.kind]
        names = rng.choice(list(_SURNAMES), 2 * len(_SHIFTS), replace=False)
        for place, (starts, ends) in enumerate(_SHIFTS):
            rows.append((centre.code, starts, ends, names[2 * place] + leader, names[2 * place + 1] + chief))
    header = ("centre", "from", "to", "leader", "chief")
    write_table(path, header, rows, "Demonstration data: nobody real. Times of day, every day, district time.")


def _short(centre: Centre) -> str:
    return centre.name.removesuffix("街道")


def _split(total: int, shares: ArrayLike) -> Counts:
    """Whole numbers in proportion to the shares that add up to the total (largest remainders)."""
    weights = np.asarray(shares, float)
    exact: NDArray[np.float64] = weights / weights.sum() * total
    counts: Counts = np.floor(exact).astype(np.int64)
    counts[np.argsort(counts - exact, kind="stable")[: total - int(counts.sum())]] += 1
    return counts


if __name__ == "__main__":
    print(districts.report(make()))
