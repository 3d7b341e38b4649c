"""What an engine that must begin anew cannot find in the state server any more: the records of what is still open.

It begins anew where the district's files changed, since the saved picture names places by their numbers in them. The
state server remembers some days; a case can be open for months.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from dashboard import records
from dashboard.archive.reader import Archive
from dashboard.archive.schema import number_at, received_at
from dashboard.backlog import KEEP_S
from dashboard.records import Record

_LATELY_S = 14 * 86_400.0  # handovers are searched for so long, and no incident that is over is shown longer
_PATIENCE_S = 300.0  # the keys of years of records are read for it
_RECORDS = """
    SELECT id, body FROM records
    WHERE id < $before AND (
        (kind IN ('incident', 'arrival', 'order', 'reply') AND id >= $lately)
        OR key IN (SELECT key FROM cases WHERE closed_at IS NULL OR closed_at >= $now - $figures)
        OR key IN (SELECT key FROM incidents WHERE closed_at IS NULL)
    )
    ORDER BY id
"""


class Older(NamedTuple):
    """One record of the archive."""

    id: int
    record: Record

    @property
    def received_at(self) -> float:
        """When it was received, epoch seconds."""
        return received_at(self.id)


def read(archive: Archive, before: int, now: float) -> Iterator[Older]:
    """The records in front of an id that what is open is made of, as they were received. Raises HistoryError."""
    asked = {"before": before, "lately": number_at(now - _LATELY_S), "now": now, "figures": KEEP_S}
    with archive.open(seconds=_PATIENCE_S) as reading:
        for id_, body in reading.rows(_RECORDS, asked):
            try:
                yield Older(id_, records.decode(body))
            except msgspec.DecodeError:
                continue  # no engine could read it when it came, either
