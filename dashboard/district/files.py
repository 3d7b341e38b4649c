"""The files of a district's folder, each read into the parts it holds; complaints name file and line."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from dashboard.district.atlas import AreaFile, Atlas
from dashboard.district.parts import (
    CLOCKS,
    Centre,
    CentreKind,
    Device,
    DeviceKind,
    DutyPost,
    Item,
    Kind,
    Roster,
)
from dashboard.district.tables import Columns, DistrictError, Row, find_table, read_bytes, read_table
from dashboard.records import TIERS

T = TypeVar("T")

# What may stand right above each kind; a kind that may stand below itself makes the tree as deep as it must be.
_PARENTS = {
    CentreKind.SUB_DISTRICT: (CentreKind.DISTRICT, CentreKind.SUB_DISTRICT),
    CentreKind.DEPARTMENT: (CentreKind.DISTRICT, CentreKind.DEPARTMENT),
    CentreKind.COMMUNITY: (CentreKind.SUB_DISTRICT,),
}


def read_head(folder: Path) -> dict[str, Any]:
    """What district.toml says, as fields of `District`."""
    path = folder / "district.toml"
    try:
        settings = tomllib.loads(read_bytes(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DistrictError(path, 0, "", f"is not TOML ({error})") from error
    for name in ("code", "name"):
        if not isinstance(settings.get(name), str):
            raise DistrictError(path, 0, name, "is missing or not a text")
    zone = settings.get("timezone", "Asia/Shanghai")
    try:
        timezone = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        raise DistrictError(path, 0, "timezone", f"{zone!r} is no time zone") from None
    return {
        "code": settings["code"],
        "name": settings["name"],
        "name_en": settings.get("name_en", ""),
        "demonstration": bool(settings.get("demonstration", False)),
        "timezone": timezone,
        "response_settings": settings.get("response", {}),
        "command_settings": settings.get("command", {}),
        "alarm_settings": settings.get("alarms", {}),
        "patrol_settings": settings.get("patrol", {}),
        "briefing_settings": settings.get("briefing", {}),
    }


def read_centres(folder: Path) -> dict[str, Centre]:
    """The command tree by code, the district first."""
    path = _must_find(folder, "centres.csv")
    centres: dict[str, Centre] = {}
    for row in read_table(path, ("code", "kind", "parent", "name", "lat", "lon")):
        centre = _centre(row)
        if centre.code in centres:
            raise row.error("code", f"{centre.code!r} is there twice")
        if (centre.kind is CentreKind.DISTRICT) != (not centres):
            raise row.error("kind", "exactly the first centre must be the district")
        if centre.kind is not CentreKind.DISTRICT:
            above = centres.get(centre.parent)
            if above is None:
                raise row.error("parent", f"{centre.parent!r} is no centre on an earlier line")
            if above.kind not in _PARENTS[centre.kind]:
                wanted = " or a ".join(_PARENTS[centre.kind])
                raise row.error("parent", f"{centre.parent!r} is a {above.kind}, not a {wanted}")
        centres[centre.code] = centre
    if not centres:
        raise DistrictError(path, 0, "", "has no centres")
    return centres


def _centre(row: Row) -> Centre:
    kind = CentreKind(row.choice("kind", CentreKind))
    name = row.needed("name")
    return Centre(row.needed("code"), name, row.text("name_en", name), kind, row.text("parent"), *row.place())


def _must_find(folder: Path, name: str) -> Path:
    path = find_table(folder, name)
    if path is None:
        raise DistrictError(folder / name, 0, "", "is missing")
    return path


def read_area_file(folder: Path, name: str) -> AreaFile:
    """The areas of a file that must be there."""
    path = _must_find(folder, name)
    return AreaFile(path, read_bytes(path))


def read_community_areas(folder: Path, communities: dict[str, int]) -> AreaFile:
    """The areas of the communities, in the order of the tree."""
    areas = read_area_file(folder, "communities.geojson")
    if areas.codes != list(communities):
        wrong = next((code for code in communities if code not in areas.codes), "")
        why = f"community {wrong!r} has no area" if wrong else "must have the communities of centres.csv in their order"
        raise DistrictError(folder / "communities.geojson", 0, "code", why)
    return areas


def cell_communities(folder: Path, cells: AreaFile, communities: dict[str, int]) -> NDArray[np.int16]:
    """The community index (n_cells,) of each cell."""
    for code, community in zip(cells.codes, cells.communities, strict=True):
        if community not in communities:
            raise DistrictError(
                folder / "cells.geojson", 0, "community", f"cell {code!r}: {community!r} is no community"
            )
    return np.array([communities[community] for community in cells.communities], np.int16)


def read_roster(folder: Path, communities: dict[str, int]) -> Roster:
    """The units; none where there is no file."""
    path = find_table(folder, "units.csv")
    if path is None:
        return Roster([], np.empty(0, np.uint8), np.empty(0, np.int16))
    table = Columns(path, ("call_sign", "tier"))
    tier = table.places("tier", {tier.value: place for place, tier in enumerate(TIERS)})
    home = table.places("home", communities | {"": -1})
    return Roster(table.unique("call_sign"), tier.astype(np.uint8), home.astype(np.int16))


def read_devices(
    folder: Path, communities: dict[str, int], atlas: Atlas, cell_community: NDArray[np.int16]
) -> list[Device]:
    """The devices; those without a community get the one they lie in."""
    path = find_table(folder, "devices.csv")
    if path is None:
        return []
    table = Columns(path, ("id", "kind", "lat", "lon"))
    table.places("kind", {kind.value: 0 for kind in DeviceKind})
    lat, lon = table.degrees()
    community = table.places("community", communities | {"": -1})
    unplaced = np.flatnonzero([not code for code in table.texts("community")])
    if len(unplaced):
        cell = atlas.locate(lat[unplaced], lon[unplaced])
        community[unplaced] = np.where(cell >= 0, cell_community[cell], -1)
    kinds = map(DeviceKind, table.texts("kind"))
    texts = (table.texts(name) for name in ("quantity", "unit"))
    limits = (table.optional_numbers(name) for name in ("high", "very_high", "low"))
    columns = table.unique("id"), kinds, table.texts("name"), lat.tolist(), lon.tolist(), community.tolist()
    return list(map(Device, *columns, *texts, *limits))


def read_items(folder: Path) -> dict[str, Item]:
    """The case items by code."""
    return _by_code(_item, _rows(folder, "items.csv", ("code", "name")))


def read_kinds(folder: Path) -> dict[str, Kind]:
    """The incident kinds by code."""
    return _by_code(_kind, _rows(folder, "kinds.csv", ("code", "name", "class")))


def read_duty(folder: Path, centres: dict[str, Centre]) -> list[DutyPost]:
    """The duty posts, in file order."""
    return [_duty_post(row, centres) for row in _rows(folder, "duty.csv", ("centre", "from", "to"))]


def _rows(folder: Path, name: str, needed: Sequence[str]) -> Iterator[Row]:
    path = find_table(folder, name)
    return read_table(path, needed) if path else iter(())


def _by_code(part: Callable[[Row], T], rows: Iterator[Row]) -> dict[str, T]:
    found: dict[str, T] = {}
    for row in rows:
        code = row.needed("code")
        if code in found:
            raise row.error("code", f"{code!r} is there twice")
        found[code] = part(row)
    return found


def _item(row: Row) -> Item:
    name = row.needed("name")
    limit = row.optional_number("limit")
    clock = row.choice("clock", CLOCKS) if limit is not None else row.text("clock", CLOCKS[0])
    return Item(row.needed("code"), name, row.text("name_en", name), row.text("department"), limit, clock)


def _kind(row: Row) -> Kind:
    name = row.needed("name")
    return Kind(row.needed("code"), name, row.text("name_en", name), row.needed("class"))


def _duty_post(row: Row, centres: dict[str, Centre]) -> DutyPost:
    centre = row.choice("centre", centres)
    starts, ends = _shift_end(row, "from"), _shift_end(row, "to")
    if type(starts) is not type(ends):
        raise row.error("to", "from and to must both be times of day or both be dates with times")
    return DutyPost(centre, starts, ends, row.text("leader"), row.text("chief"))


def _shift_end(row: Row, field: str) -> time | datetime:
    value = row.needed(field)
    try:
        return time.fromisoformat(value) if len(value) <= len("08:30:00") else datetime.fromisoformat(value)
    except ValueError:
        raise row.error(field, f"{value!r} is neither a time like 08:30 nor a moment like 2026-11-20T08:30") from None


def read_holidays(folder: Path) -> tuple[dict[date, str], frozenset[int]]:
    """The days, and the years that an official notice covers (column `basis`; without it all are)."""
    days: dict[date, str] = {}
    years = set()
    for row in _rows(folder, "holidays.csv", ("date", "kind")):
        try:
            day = date.fromisoformat(row.needed("date"))
        except ValueError:
            raise row.error("date", f"{row.text('date')!r} is no date like 2026-10-01") from None
        days[day] = row.choice("kind", ("holiday", "workday"))
        if row.text("basis", "notice") == "notice":
            years.add(day.year)
    return days, frozenset(years)
