"""The district: its tree of centres, areas, cells, units, devices and rules, as its folder of files says.

Nothing in here changes while a process runs, and nothing is specific to one customer. A folder is made from a
list of seats by `tessellation`; its files are read by `district_tables`, its polygons handled by `atlas`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.district import files as tables
from dashboard.district.atlas import Atlas
from dashboard.district.geo import Bounds, Converter, Crs, Floats, Origin
from dashboard.district.parts import (
    Centre,
    CentreKind,
    Device,
    DeviceKind,
    DutyPost,
    Item,
    Kind,
    Roster,
    Scope,
)
from dashboard.district.tables import DistrictError

__all__ = [
    "Centre",
    "CentreKind",
    "Device",
    "DeviceKind",
    "District",
    "DistrictError",
    "DutyPost",
    "Item",
    "Kind",
    "Roster",
    "Scope",
    "files_of",
    "load",
    "version_of",
]

_FILES = {".toml", ".csv", ".geojson", ".gz"}


@dataclass(frozen=True)
class District:
    """Everything that is fixed about one district."""

    code: str
    name: str
    name_en: str
    demonstration: bool
    timezone: ZoneInfo
    version: str  # hash of the folder's content
    centres: dict[str, Centre]  # by code, file order, the district first
    cell_codes: list[str]
    cell_community: NDArray[np.int16]  # (n_cells,) community index
    roster: Roster
    devices: list[Device]
    items: dict[str, Item]
    kinds: dict[str, Kind]
    duty: list[DutyPost]
    holidays: dict[date, str]  # "holiday" or "workday" (a weekend day that is worked)
    holiday_years: frozenset[int]  # years whose holidays are known from an official notice
    response_settings: dict[str, Any]  # the [response] table, for response.Policy
    command_settings: dict[str, Any]  # the [command] table, for command.Rules
    alarm_settings: dict[str, Any]  # the [alarms] table, for alarms.policy
    patrol_settings: dict[str, Any]  # the [patrol] table, for patrol.policy
    briefing_settings: dict[str, Any]  # the [briefing] table, for briefing.rules
    atlas: Atlas

    @cached_property
    def root(self) -> Centre:
        """The district's own centre."""
        return next(iter(self.centres.values()))

    @cached_property
    def communities(self) -> list[Centre]:
        """The communities; a community index is a place in this list."""
        return self._of_kind(CentreKind.COMMUNITY)

    @cached_property
    def sub_districts(self) -> list[Centre]:
        """The sub-districts right below the district, in file order: the areas that figures are given by.

        One below another is a centre of the tree like all others, and no area of its own.
        """
        return [centre for centre in self._of_kind(CentreKind.SUB_DISTRICT) if centre.parent == self.root.code]

    @cached_property
    def departments(self) -> list[Centre]:
        """The departments, in file order."""
        return self._of_kind(CentreKind.DEPARTMENT)

    @cached_property
    def community_index(self) -> dict[str, int]:
        """The index of each community by its code."""
        return {centre.code: place for place, centre in enumerate(self.communities)}

    @cached_property
    def sub_district_of(self) -> NDArray[np.int16]:
        """(n_communities,) each community's place among the sub-districts, however many centres lie between."""
        place_of = {centre.code: place for place, centre in enumerate(self.sub_districts)}
        places = (place_of[self.chain(centre.code)[-2]] for centre in self.communities)
        return np.fromiter(places, np.int16, len(self.communities))

    @cached_property
    def department_index(self) -> dict[str, int]:
        """The index of a department by its code, its name or its English name."""
        return {
            word: place
            for place, centre in enumerate(self.departments)
            for word in (centre.name_en, centre.name, centre.code)
            if word
        }

    @cached_property
    def device_index(self) -> dict[str, int]:
        """The place of each device by its id."""
        return {device.id: place for place, device in enumerate(self.devices)}

    @cached_property
    def bounds(self) -> Bounds:
        """South, west, north and east in degrees."""
        return self.atlas.bounds

    @cached_property
    def origin(self) -> Origin:
        """Where the district's Web-Mercator metres are counted from."""
        south, west, north, east = self.bounds
        return Origin(round((south + north) / 2, 4), round((west + east) / 2, 4))

    def chain(self, code: str) -> list[str]:
        """The codes from a centre up to the district; empty if there is no such centre."""
        found = []
        while code in self.centres:
            found.append(code)
            code = self.centres[code].parent
        return found

    def below(self, code: str) -> list[Centre]:
        """All centres below one, at any depth, in file order."""
        return [centre for centre in self.centres.values() if code in self.chain(centre.parent)]

    def locate(self, lat: ArrayLike, lon: ArrayLike) -> NDArray[np.int32]:
        """The cell (n,) that each point is in, -1 outside the district."""
        return self.atlas.locate(lat, lon)

    def community_at(self, lat: float, lon: float) -> int:
        """The community that one point is in, -1 outside the district."""
        cell = int(self.locate(lat, lon)[0])
        return int(self.cell_community[cell]) if cell >= 0 else -1

    def to_wgs84(self, lat: ArrayLike, lon: ArrayLike, crs: Crs) -> tuple[Floats, Floats]:
        """Columns of points of a source's system in WGS-84."""
        return self._converters[crs].to_wgs84(lat, lon)

    def scope(self, code: str) -> Scope:
        """What the centre of this code looks after; raises KeyError if there is none."""
        centre = self.centres[code]
        if centre.kind is CentreKind.COMMUNITY:
            chosen = [community.code == code for community in self.communities]
        elif centre.kind is CentreKind.SUB_DISTRICT:
            chosen = [code in self.chain(community.code) for community in self.communities]
        else:
            chosen = [True] * len(self.communities)
        department = self.department_index[code] if centre.kind is CentreKind.DEPARTMENT else None
        return Scope(centre, np.array(chosen, bool), department)

    def communities_of(self, scope: Scope) -> list[str]:
        """The codes of the communities that a scope looks after."""
        return [centre.code for place, centre in enumerate(self.communities) if scope.communities[place]]

    def on_duty(self, centre: str, at: datetime) -> DutyPost | None:
        """Who leads a centre at an aware time; a dated shift comes before a daily one."""
        local = at.astimezone(self.timezone).replace(tzinfo=None)
        posts = [post for post in self._posts.get(centre, ()) if post.covers(local)]
        posts.sort(key=lambda post: not isinstance(post.starts, datetime))
        return posts[0] if posts else None

    def outlines(self) -> dict[str, Any]:
        """GeoJSON of the district, its sub-districts and its communities, simplified to about 15 m."""
        layers = ([self.root], self.sub_districts, self.communities)
        geometries = self.atlas.outline_features(self.sub_district_of)
        return _collection(
            _feature(place, _label(centre), geometry)
            for layer, shapes in zip(layers, geometries, strict=True)
            for place, (centre, geometry) in enumerate(zip(layer, shapes, strict=True))
        )

    def cells(self) -> dict[str, Any]:
        """GeoJSON of the cells; a feature's id is the cell's index."""
        owners = self.cell_community.tolist()
        return _collection(
            _feature(place, {"code": self.cell_codes[place], "community": owners[place]}, geometry)
            for place, geometry in enumerate(self.atlas.cell_geometries())
        )

    def places(self) -> dict[str, dict[str, list[Any]]]:
        """What stands still, as columns by kind: id, lat, lon, community; all but cameras with name."""
        found: dict[str, dict[str, list[Any]]] = {}
        for kind in DeviceKind:
            devices = [device for device in self.devices if device.kind is kind]
            found[kind] = _place_columns(devices, named=kind is not DeviceKind.CAMERA)
        return found

    def counts(self) -> dict[str, int]:
        """How many of each thing there are, for a report."""
        return {
            "sub_districts": len(self.sub_districts),
            "departments": len(self.departments),
            "communities": len(self.communities),
            "cells": len(self.cell_codes),
            "units": len(self.roster.call_signs),
            **{kind.value: sum(device.kind is kind for device in self.devices) for kind in DeviceKind},
            "items": len(self.items),
            "kinds": len(self.kinds),
            "duty_posts": len(self.duty),
        }

    @cached_property
    def _posts(self) -> dict[str, list[DutyPost]]:
        posts: dict[str, list[DutyPost]] = {}
        for post in self.duty:
            posts.setdefault(post.centre, []).append(post)
        return posts

    @cached_property
    def _converters(self) -> dict[Crs, Converter]:
        return {crs: Converter(crs, self.bounds) for crs in Crs}

    def _of_kind(self, kind: CentreKind) -> list[Centre]:
        return [centre for centre in self.centres.values() if centre.kind is kind]


def load(folder: Path | str) -> District:
    """The district of a folder; raises DistrictError with file, line, field and reason."""
    folder = Path(folder)
    centres = tables.read_centres(folder)
    codes = (centre.code for centre in centres.values() if centre.kind is CentreKind.COMMUNITY)
    communities = {code: place for place, code in enumerate(codes)}
    cells = tables.read_area_file(folder, "cells.geojson")
    cell_community = tables.cell_communities(folder, cells, communities)
    outline = tables.read_area_file(folder, "outline.geojson")
    atlas = Atlas(outline, tables.read_community_areas(folder, communities), cells, cell_community)
    holidays, holiday_years = tables.read_holidays(folder)
    return District(
        **tables.read_head(folder),
        version=version_of(folder),
        centres=centres,
        cell_codes=cells.codes,
        cell_community=cell_community,
        roster=tables.read_roster(folder, communities),
        devices=tables.read_devices(folder, communities, atlas, cell_community),
        items=tables.read_items(folder),
        kinds=tables.read_kinds(folder),
        duty=tables.read_duty(folder, centres),
        holidays=holidays,
        holiday_years=holiday_years,
        atlas=atlas,
    )


def files_of(folder: Path) -> list[Path]:
    """The files that a district is made of, in the order of their names."""
    return [path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix in _FILES]


def version_of(folder: Path) -> str:
    """The hash of all of them."""
    digest = hashlib.sha256()
    for path in files_of(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def report(district: District) -> str:
    """What `district check` prints: the name and how many of each thing there are."""
    mark = ", demonstration data" if district.demonstration else ""
    lines = [f"{district.code} {district.name} {district.name_en}, version {district.version}{mark}"]
    lines += [f"{count:>8,} {thing.replace('_', ' ')}" for thing, count in district.counts().items()]
    outside = sum(device.community < 0 for device in district.devices)
    if outside:
        lines.append(f"{outside:>8,} devices lie outside every community")
    if not district.holiday_years:
        lines.append("         no holiday table: work-time limits count weekends only")
    return "\n".join(lines)


def _label(centre: Centre) -> dict[str, Any]:
    return {"code": centre.code, "kind": centre.kind.value, "name": centre.name, "name_en": centre.name_en}


def _place_columns(devices: list[Device], *, named: bool) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        "id": [device.id for device in devices],
        "lat": [round(device.lat, 5) for device in devices],
        "lon": [round(device.lon, 5) for device in devices],
        "community": [device.community for device in devices],
    }
    return columns | {"name": [device.name for device in devices]} if named else columns


def _feature(place: int, properties: dict[str, Any], geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": place, "properties": properties, "geometry": geometry}


def _collection(features: Iterator[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
