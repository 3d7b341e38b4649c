"""Rehearsal districts: San Francisco and Boston, built from the public tables that a replay plays there.

    python app.py district rehearsal sf --data DIR --out FOLDER

Seats are the middles of neighbourhoods (San Francisco) or wards (Boston) by the table's own points, so the
areas are ours and only roughly the city's. Nothing of the tables is kept but names, counts and call-signs.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from dashboard.district import areas, atlas, tessellation
from dashboard.district.tables import write_table
from dashboard.records import Tier
from feeds import boston_311, cab_tracks, recorded_tables, sf_fire

INCIDENTS = "incidents/sf_fire_ems_unit_responses_2020-04.csv.gz"
TRACKS = "tracks/sf_cabspotting_2008-06-06_17h-21h.csv.gz"
REQUESTS = "municipal_events/boston_311_2015-01_06.csv.gz"

_KINDS = Path(tessellation.__file__).parents[1] / "districts" / "baoan" / "kinds.csv"  # the 32 kinds of incident
_CELLS_PER_COMMUNITY = 12  # on average


class RehearsalError(ValueError):
    """A rehearsal district cannot be built; the message says why."""


class _City(NamedTuple):
    """What a rehearsal district is made of."""

    head: dict[str, str]  # of district.toml
    response: str  # lines of its [response] table
    located: pd.DataFrame  # columns community, parent, lat, lon: one row for each thing that happened
    departments: list[tuple[str, str]]  # code, name
    units: list[tuple[str, Tier]]
    items: list[tuple[str, str]]  # code, department


def build_rehearsal(name: str, data_dir: Path, out_dir: Path) -> Path:
    """Build the district `name` ("sf" or "boston") in `out_dir` from tables in `data_dir`; answers `out_dir`.

    Raises RehearsalError for an unknown name or where a table is absent.
    """
    if name not in _CITIES:
        raise RehearsalError(f"no rehearsal is called {name!r}; there are: {', '.join(_CITIES)}")
    city = _CITIES[name](data_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    _write_head(out_dir, city)
    outline = out_dir / "hull.geojson"
    points = city.located[["lon", "lat"]].drop_duplicates().to_numpy()
    atlas.write_areas(outline, np.array([areas.hull(points)], object), [{"code": city.head["code"]}])
    seats = out_dir / "seats.csv"
    write_table(seats, ("code", "name", "parent", "lat", "lon", "cells"), _seats(city))
    tessellation.build(seats, out_dir, outline, timezone=city.head["timezone"])
    outline.unlink()
    _append_departments(out_dir, city)
    write_table(out_dir / "units.csv", ("call_sign", "tier", "home"), [(sign, tier, "") for sign, tier in city.units])
    write_table(
        out_dir / "items.csv",
        ("code", "name", "department", "limit", "clock"),
        [(item, item, department, "", "natural_day") for item, department in city.items],
    )
    shutil.copyfile(_KINDS, out_dir / "kinds.csv")
    return out_dir


def _san_francisco(data_dir: Path) -> _City:
    """Neighbourhoods under the battalion that goes there most; units are those of the calls and the cabs."""
    rows = _table(data_dir, INCIDENTS)
    located = _located(rows.dropna(subset=["neighborhood"]), "neighborhood", "battalion")
    types = rows.groupby("unit_id")["unit_type"].first()
    units = [(unit, sf_fire.TIER_OF_UNIT_TYPE[unit_type]) for unit, unit_type in types.items()]
    cabs = sorted(_table(data_dir, TRACKS)["unit_id"].unique())
    return _City(
        {
            "code": "SF",
            "name": "旧金山（演练）",
            "name_en": "San Francisco (rehearsal)",
            "timezone": sf_fire.ZONE,
        },
        "fresh_s = 120.0  # cabs report each minute\n",
        located,
        [],
        [*units, *((cab, cab_tracks.tier_of(cab)) for cab in cabs)],
        [],
    )


def _boston(data_dir: Path) -> _City:
    """Wards under the neighbourhood that most of their requests name; departments are the city's."""
    rows = _table(data_dir, REQUESTS)
    placed = rows.dropna(subset=["ward", "neighborhood"])
    number = placed["ward"].str.extract(r"(\d+)")[0].astype(int)
    located = _located(placed.assign(ward="Ward " + number.astype(str)), "ward", "neighborhood")
    subjects = rows.groupby("department")["subject"].agg(lambda subject: subject.mode().iloc[0])
    items = rows.groupby("type")["department"].agg(lambda department: department.mode().iloc[0])
    return _City(
        {
            "code": "BOS",
            "name": "波士顿（演练）",
            "name_en": "Boston (rehearsal)",
            "timezone": boston_311.ZONE,
        },
        "",
        located,
        list(subjects.items()),
        [],
        list(items.items()),
    )


_CITIES: dict[str, Callable[[Path], _City]] = {"sf": _san_francisco, "boston": _boston}


def _table(data_dir: Path, name: str) -> pd.DataFrame:
    path = data_dir / name
    if not path.is_file():
        raise RehearsalError(f"{path}: no such file; --data must name the folder that has it")
    return recorded_tables.read(path)


def _located(rows: pd.DataFrame, community: str, parent: str) -> pd.DataFrame:
    """One row for each row that has a place, with its community and that community's most frequent parent."""
    parents = rows.groupby(community)[parent].agg(lambda values: values.mode().iloc[0])
    return pd.DataFrame(
        {
            "community": rows[community],
            "parent": rows[community].map(parents),
            "lat": rows["lat"].astype(float),
            "lon": rows["lon"].astype(float),
        }
    )


def _seats(city: _City) -> list[Sequence[str]]:
    """The list that a customer would own: the district, its sub-districts, a seat for each community."""
    code = city.head["code"]
    parents = sorted(city.located["parent"].unique())
    place = {parent: f"{code}-{number:02d}" for number, parent in enumerate(parents, 1)}
    rows: list[Sequence[str]] = [(code, city.head["name"], "", "", "", "")]
    rows += [(place[parent], parent, code, "", "", "") for parent in parents]
    groups = city.located.groupby("community")
    share = groups.size() / len(city.located) * _CELLS_PER_COMMUNITY * groups.ngroups
    middles = groups.agg({"parent": "first", "lat": "mean", "lon": "mean"})
    for number, (community, row) in enumerate(middles.iterrows(), 1):
        cells = max(3, round(share[community]))
        seat = (f"{row['lat']:.6f}", f"{row['lon']:.6f}", str(cells))
        rows.append((f"{place[row['parent']]}-{number:02d}", str(community), place[row["parent"]], *seat))
    return rows


def _write_head(folder: Path, city: _City) -> None:
    lines = [f'{field} = "{value}"' for field, value in city.head.items()]
    text = "\n".join([*lines, "demonstration = false", ""])
    if city.response:
        text += f"\n[response]\n{city.response}"
    (folder / "district.toml").write_text(text, encoding="utf-8")


def _append_departments(folder: Path, city: _City) -> None:
    path = folder / "centres.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    root = table.iloc[0]
    rows = [
        (f"{city.head['code']}-{code}", "department", root["code"], code, name, root["lat"], root["lon"])
        for code, name in city.departments
    ]
    write_table(path, tuple(table.columns), [*table.itertuples(index=False, name=None), *rows])
