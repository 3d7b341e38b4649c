"""Makes the state server go on from an archive: the newest picture, then all that was archived behind it."""

from typing import NamedTuple

from dashboard import records
from dashboard.archive import parts
from dashboard.archive.checkpoints import Checkpoints
from dashboard.archive.reader import Archive
from dashboard.archive.schema import Table, number, received_at, stream_id
from dashboard.archive.store import Store
from dashboard.district import District
from dashboard.history.source import batches
from dashboard.journal import Journal
from dashboard.picture import encode_picture
from dashboard.wire import FixBatch, pack_fixes

_RECORDS = "SELECT id, body FROM records WHERE id > ? ORDER BY id"
_FIXES = """
    SELECT id, unit, at_ms, lat, lon, speed_mps, bearing_deg, accuracy_m FROM tracks
    WHERE roster = ? AND id > ? ORDER BY id, unit, at_ms
"""
_OF_OTHERS = "SELECT count(DISTINCT id) FROM tracks WHERE roster <> ? AND id > ?"


class RestoreError(ValueError):
    """It cannot be restored; the text says why."""


class Restored(NamedTuple):
    """What was brought back."""

    at: float  # when the picture's last message was published
    records: int
    batches: int
    left_out: int  # batches of another roster: no engine of this one can read them; they stay in the archive
    is_edited: bool  # the district's files have changed since: what is open is folded anew


def restore(store: Store, district: District, journal: Journal) -> Restored:
    """Fill empty streams. Raises RestoreError where they are not, or where there is no picture to begin with.

    The picture may be of an earlier edition of the district: the engine then folds what is open out of the archive.
    """
    if journal.usage()["journal_entries"] or journal.picture() is not None:
        raise RestoreError("the state server is not empty: nothing was changed")
    checkpoints = Checkpoints(store, district.timezone)
    known = checkpoints.all()
    if not known:
        raise RestoreError("the archive has no checkpoint to begin with")
    picture = checkpoints.load(known[-1].name)
    cursor = picture.cursor
    with Archive(store, None, district).open(seconds=600) as reading:
        journaled = reading.rows(_RECORDS, [number(cursor.journal)])
        behind = [district.roster.checksum, number(cursor.fixes)]
        fixes = list(batches(reading.table(_FIXES, behind)))
        ((left_out,),) = reading.rows(_OF_OTHERS, behind)
    for id_, body in journaled:
        journal.put_back(stream_id(id_), records.decode(body))
    for batch in fixes:
        if isinstance(batch.what, FixBatch):
            packed = pack_fixes(batch.what, district.roster.checksum)
            journal.put_back_fixes(stream_id(batch.id), packed, len(batch.what))
    journal.begin_again(picture.epoch, stream_id(max(parts.end(store, Table.BEATS), number(picture.delta))))
    journal.save_picture(encode_picture(picture))
    is_edited = picture.district != district.version
    return Restored(received_at(number(picture.delta)), len(journaled), len(fixes), left_out, is_edited)
