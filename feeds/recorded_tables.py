"""Recorded tables: how a public CSV is read before a decoder sees it, and its local times made UTC.

Everything is read as text, so that no identifier loses a leading zero and no column's type depends on its
content.
"""

from datetime import datetime
from pathlib import Path

import pandas as pd


def read(path: Path) -> pd.DataFrame:
    """The table as text, empty fields as null; gzip by the file's ending."""
    return pd.read_csv(path, dtype=str)


def columns_of(path: Path) -> tuple[str, ...]:
    """The names in the table's header."""
    return tuple(pd.read_csv(path, dtype=str, nrows=0).columns)


def moments(local: pd.Series, zone: str) -> list[datetime | None]:
    """Local ISO times of a zone as aware UTC times, None where there is none.

    A time that occurs twice (the end of summer time) is its first occurrence; one that a change of clock
    skips moves forward to the first time that exists.
    """
    naive = pd.to_datetime(local, format="ISO8601")
    first = [True] * len(naive)  # pandas' word for "the summer-time one"
    aware = naive.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward").dt.tz_convert("UTC")
    return [None if pd.isna(moment) else moment.to_pydatetime() for moment in aware]


def texts(column: pd.Series) -> list[str]:
    """A text column with "" for null."""
    return [str(text) for text in column.fillna("")]
