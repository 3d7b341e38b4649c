"""How a part of tracks keeps when each fix was received.

Where many fixes came in one entry of the stream a dictionary of their ids is tightest. Where each came by itself, or
with a few others, an id is 30 bits that no neighbour shares, but how late it came after the device's own time is ten.
The columns of a file are always these; of `id` and `late_ms` one is null throughout.
"""

import pyarrow as pa
import pyarrow.compute as pc

from dashboard.archive.schema import PER_MS, PLANS, Table

SCHEMA = pa.schema([*PLANS[Table.TRACKS].schema, pa.field("late_ms", pa.int64()), pa.field("nth", pa.int32())])

_OTHERS = SCHEMA.names[1:-2]
SQL = f"SELECT coalesce(id, (at_ms + late_ms) * {PER_MS} + nth) AS id, {', '.join(_OTHERS)} FROM"


def stored(rows: pa.Table, is_shared: bool) -> pa.Table:
    """The columns of the file for rows of the table; `is_shared`: many of them have one id."""
    none = pa.nulls(rows.num_rows)
    id_, late_ms, nth = rows["id"], none, none
    if not is_shared:
        ms = pc.divide(rows["id"], PER_MS)
        id_, late_ms = none, pc.subtract(ms, rows["at_ms"])
        nth = pc.subtract(rows["id"], pc.multiply(ms, PER_MS))
    return pa.table([id_, *(rows[name] for name in _OTHERS), late_ms, nth], names=SCHEMA.names).cast(SCHEMA)


def told(file: pa.Table) -> pa.Table:
    """The rows of the table again."""
    ms = pc.add(file["at_ms"], file["late_ms"])
    id_ = pc.coalesce(file["id"], pc.add(pc.multiply(ms, PER_MS), file["nth"]))
    plan = PLANS[Table.TRACKS].schema
    return pa.table([id_, *(file[name] for name in _OTHERS)], schema=plan)
