"""A small district with units, devices, items and kinds, for the tests of the simulator."""

import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from dashboard import district
from dashboard.district import District, tessellation
from dashboard.district.tables import write_table

_COMMUNITIES = [(f"C{number}", "A" if number < 3 else "B", number) for number in range(6)]
_UNITS = {"volunteer": 240, "auxiliary": 40, "police": 20, "warden": 60, "drone": 4, "vehicle": 10}


@cache
def small_district() -> District:
    """Six communities in two sub-districts, 60 cells, 374 units, a few devices of each kind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        loaded = district.load(folder)
        loaded.locate(0.0, 0.0)  # the polygons are read when first used, and the folder goes away
        return loaded


def edit(folder: Path, number: int = 1) -> None:
    """What happens to a district every week: somebody new in the roster, a camera more, another name, a new centre."""
    _put_first(folder / "units.csv", f"NEW{number},volunteer,C0")
    _put_first(folder / "devices.csv", f"ai_camera-new{number},ai_camera,new,22.600100,113.900100,")
    centres = folder / "centres.csv"
    renamed = centres.read_text("utf-8").replace("C0社区", "丙社区")
    centres.write_text(f"{renamed}P{number},department,D,城管局,Urban,22.60000,113.90000\n", "utf-8")


def _put_first(path: Path, row: str) -> None:
    head, _, rows = path.read_text("utf-8").partition("\n")
    path.write_text(f"{head}\n{row}\n{rows}", "utf-8")


def write(folder: Path) -> None:
    """Its files."""
    place = {code: (22.60 + 0.011 * (number // 3), 113.90 + 0.011 * (number % 3)) for code, _, number in _COMMUNITIES}
    rows = [
        ("D", "示范区", "", "", "", ""),
        ("A", "甲街道", "D", "", "", ""),
        ("B", "乙街道", "D", "", "", ""),
    ]
    rows += [(code, f"{code}社区", parent, *map(str, place[code]), "10") for code, parent, _ in _COMMUNITIES]
    write_table(folder / "seats.csv", ("code", "name", "parent", "lat", "lon", "cells"), rows)
    tessellation.build(folder / "seats.csv", folder, code="D")
    codes = list(place)
    units = [
        (f"{tier[:2].upper()}{number:03d}", tier, codes[number % len(codes)])
        for tier, count in _UNITS.items()
        for number in range(count)
    ]
    write_table(folder / "units.csv", ("call_sign", "tier", "home"), units)
    _write_devices(folder, list(place.values()))
    items = [
        ("I1", "暴露垃圾", "", "4", "work_hour"),
        ("I2", "路面积水", "", "4", "urgent_hour"),
        ("I3", "道路破损", "", "", ""),
    ]
    write_table(folder / "items.csv", ("code", "name", "department", "limit", "clock"), items)
    kinds = [("fire", "accident", "火灾", "Fire"), ("road-traffic", "accident", "道路交通", "Road traffic")]
    write_table(folder / "kinds.csv", ("code", "class", "name", "name_en"), kinds)


def _write_devices(folder: Path, places: list[tuple[float, float]]) -> None:
    rng = np.random.default_rng(1)
    rows = []
    for kind, count, high in (
        ("ai_camera", 12, ""),
        ("gauge", 20, "0.8"),
        ("slope", 5, "10"),
        ("standby", 8, ""),
    ):
        for number in range(count):
            lat, lon = np.array(places[number % len(places)]) + rng.uniform(-0.002, 0.002, 2)
            rows.append((f"{kind}-{number}", kind, f"{kind} {number}", f"{lat:.6f}", f"{lon:.6f}", high))
    write_table(folder / "devices.csv", ("id", "kind", "name", "lat", "lon", "high"), rows)
