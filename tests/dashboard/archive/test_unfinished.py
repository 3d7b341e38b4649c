from pathlib import Path

from dashboard.archive import unfinished
from dashboard.archive.reader import Archive
from dashboard.archive.store import LocalStore
from dashboard.district import District
from dashboard.journal import JOURNAL, Journal
from dashboard.picture import encode_change
from dashboard.records import Stage, Verb
from dashboard.situation import Situation
from dashboard.state_server import StateServer
from dashboard.store import connect
from tests.builders import NOON, alert, case, incident, order, step
from tests.dashboard.archive.history import mover

T0 = NOON.timestamp()
MONTH = 30 * 86_400.0


def test_what_is_open_is_read_whole_and_in_order_and_nothing_else(
    journal: Journal, state_server: StateServer, small: District, tmp_path: Path
) -> None:
    happened = [
        case(1), case(2), incident(1), alert(1), step(1, 60, Stage.FILED), step(2, 90, Stage.CLOSED),
        order(Verb.URGE, "cases/C1", 100), step(1, 120, Stage.DISPATCHED),
    ]  # fmt: skip
    situation = Situation(small)
    for number, record in enumerate(happened):
        journal.append([record])
        journal.publish(1, number, encode_change(situation.apply(record, T0 + number)))
    store = LocalStore(tmp_path)
    mover(state_server, store, small).run(4e9)
    connect(state_server.url).xtrim(JOURNAL, maxlen=0, approximate=False)  # ours only trims whole pages
    archive = Archive(store, journal, small)
    found = [older.record for older in unfinished.read(archive, 2**62, T0 + MONTH)]
    open_ones = [happened[place] for place in (0, 2, 4, 6, 7)]
    # What was received lately is there as well where it is about incidents or an order; cases that ended are not.
    assert found == open_ones
    first = next(unfinished.read(archive, 2**62, T0 + MONTH))
    assert list(unfinished.read(archive, first.id, T0 + MONTH)) == []
    assert len(list(unfinished.read(archive, 2**62, T0 + 3600))) == len(happened) - 1  # C2 counts as closed today
