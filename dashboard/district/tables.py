"""The tables of a district folder: CSV files whose every complaint names file, line, field and reason.

A table may be plain or gzipped; lines that begin with # are remarks.
"""

import csv
import gzip
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class DistrictError(ValueError):
    """A file of a district cannot be used: `file`, `line` (0: all of it), `field` ("": all of it), `why`."""

    def __init__(self, file: Path | str, line: int, field: str, why: str) -> None:
        """The message reads `seats.csv, line 7, lat: 'abc' is not a number`."""
        self.file, self.line, self.field, self.why = Path(file).name, line, field, why
        where = [self.file, f"line {line}" if line else "", field]
        super().__init__(f"{', '.join(part for part in where if part)}: {why}")


@dataclass(slots=True)
class Row:
    """One line of a table; its values are stripped of blanks."""

    file: Path
    line: int
    values: dict[str, str]

    def text(self, field: str, default: str = "") -> str:
        """The value of a field, or the default where the table has no such column or the value is empty."""
        return self.values.get(field) or default

    def needed(self, field: str) -> str:
        """The value of a field that must not be empty."""
        value = self.values.get(field, "")
        if not value:
            raise self.error(field, "is empty")
        return value

    def number(self, field: str) -> float:
        """The value of a field that must be a finite number."""
        value = self.needed(field)
        try:
            number = float(value)
        except ValueError:
            raise self.error(field, f"{value!r} is not a number") from None
        if not math.isfinite(number):
            raise self.error(field, f"{value!r} is not a finite number")
        return number

    def optional_number(self, field: str) -> float | None:
        """The same, None where the field is empty."""
        return self.number(field) if self.values.get(field) else None

    def place(self) -> tuple[float, float]:
        """The fields lat and lon in degrees; two that can only be swapped are named as that."""
        lat, lon = self.number("lat"), self.number("lon")
        if abs(lat) > 90 and abs(lon) <= 90:
            raise self.error("lat", f"{lat:g} is no latitude; lat and lon look swapped")
        if abs(lat) > 90:
            raise self.error("lat", f"{lat:g} is not between -90 and 90")
        if abs(lon) > 180:
            raise self.error("lon", f"{lon:g} is not between -180 and 180")
        return lat, lon

    def choice(self, field: str, allowed: Iterable[str]) -> str:
        """The value of a field that must be one of a few words."""
        value = self.needed(field)
        words = list(allowed)
        if value not in words:
            raise self.error(field, f"{value!r} is none of {', '.join(words)}")
        return value

    def error(self, field: str, why: str) -> DistrictError:
        """The complaint about one field of this row, to be raised."""
        return DistrictError(self.file, self.line, field, why)


class Columns:
    """A long table by columns, for rosters and devices: some ten times faster than row by row."""

    def __init__(self, path: Path, needed: Sequence[str]) -> None:
        """Reads the whole table; raises DistrictError as `read_table` does."""
        self.file = path
        self._lines: list[int] = []
        rows = []
        header: list[str] = []
        for line, header, cells in _lines(path, needed):
            self._lines.append(line)
            rows.append(cells if len(cells) == len(header) else cells + [""] * (len(header) - len(cells)))
        columns = zip(*rows, strict=True) if rows else ((),) * len(header)
        self._columns = dict(zip(header, columns, strict=True))

    def __len__(self) -> int:
        """How many rows the table has."""
        return len(self._lines)

    def texts(self, field: str) -> tuple[str, ...]:
        """One column as it stands; empty values where the table has no such column."""
        return self._columns.get(field, ("",) * len(self))

    def unique(self, field: str) -> list[str]:
        """One column whose values are all there and all different."""
        seen: dict[str, int] = {}
        for place, value in enumerate(self.texts(field)):
            if not value or value in seen:
                earlier = f"{value!r} stands on line {self._lines[seen[value]]} already" if value else "is empty"
                raise self.error(place, field, earlier)
            seen[value] = place
        return list(seen)

    def places(self, field: str, known: Mapping[str, int]) -> NDArray[np.int64]:
        """One column of words, each as its number in `known`; raises DistrictError for any other word."""
        values = self.texts(field)
        found = np.fromiter((known.get(value, -2) for value in values), np.int64, len(values))
        for place in np.flatnonzero(found == -2)[:1]:
            raise self.error(int(place), field, f"{values[place]!r} is not known here")
        return found

    def numbers(self, field: str) -> NDArray[np.float64]:
        """One column of numbers; NaN where it is empty."""
        values = self.texts(field)
        found = np.empty(len(values))
        for place, value in enumerate(values):
            try:
                found[place] = float(value) if value else np.nan
            except ValueError:
                raise self.error(place, field, f"{value!r} is not a number") from None
        return found

    def optional_numbers(self, field: str) -> list[float | None]:
        """One column of numbers; None where it is empty."""
        found = self.numbers(field)
        return np.where(np.isnan(found), None, found).tolist()  # type: ignore[call-overload, no-any-return]

    def degrees(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The columns lat and lon, all there and within their range."""
        found = self.numbers("lat"), self.numbers("lon")
        for field, values, limit in zip(("lat", "lon"), found, (90, 180), strict=True):
            for place in np.flatnonzero(~(np.abs(values) <= limit))[:1]:
                swapped = field == "lat" and abs(found[1][place]) <= 90 and np.isfinite(values[place])
                why = "; lat and lon look swapped" if swapped else ""
                raise self.error(int(place), field, f"{self.texts(field)[place]!r} is not within {limit} degrees{why}")
        return found

    def error(self, place: int, field: str, why: str) -> DistrictError:
        """The complaint about one field of one row, to be raised."""
        return DistrictError(self.file, self._lines[place], field, why)


def find_table(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder, plain or with .gz; None where there is neither."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.exists():
            return path
    return None


def read_bytes(path: Path) -> bytes:
    """The content of a file, unpacked if its name ends with .gz; DistrictError if it cannot be read."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError) as error:
        raise DistrictError(path, 0, "", f"cannot be read ({error})") from error


def read_table(path: Path, needed: Sequence[str]) -> Iterator[Row]:
    """The rows of a table, one by one; raises DistrictError if one of the needed columns is missing."""
    for line, header, cells in _lines(path, needed):
        yield Row(path, line, dict(zip(header, map(str.strip, cells), strict=False)))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file, packed if its name ends with .gz; the same content gives the same bytes."""
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], remark: str = "") -> None:
    """Write a table, packed if its name ends with .gz; the lines of the remark stand above its header."""
    out = io.StringIO(newline="")
    out.writelines(f"# {line}\n" for line in remark.splitlines())
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_bytes(path, out.getvalue().encode())


def _lines(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, list[str], list[str]]]:
    """Line number, header and values of each row."""
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    header: list[str] | None = None
    for cells in reader:
        if not any(cells) or cells[0].startswith("#"):
            continue
        if header is None:
            header = _header(path, cells, needed)
        elif len(cells) > len(header):
            raise DistrictError(path, reader.line_num, "", f"has {len(cells)} values, the header {len(header)}")
        else:
            yield reader.line_num, header, cells
    if header is None:
        raise DistrictError(path, 0, "", "is empty")


def _text(path: Path) -> str:
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")  # what spreadsheets write on a Chinese Windows
    except UnicodeDecodeError:
        raise DistrictError(path, 0, "", "is neither UTF-8 nor GB 18030 text") from None


def _header(path: Path, cells: list[str], needed: Sequence[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    for name in needed:
        if name not in header:
            raise DistrictError(path, 1, name, f"this column is missing; found {', '.join(header)}")
    return header
