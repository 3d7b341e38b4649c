from pathlib import Path

import pytest

from dashboard.archive import cases, parts
from dashboard.archive.facts import of_change
from dashboard.archive.parts import Part
from dashboard.archive.schema import Table, number
from dashboard.archive.store import LocalStore
from dashboard.district import District
from dashboard.records import Stage
from dashboard.situation import Situation
from tests.builders import NOON, case, step
from tests.dashboard.archive.history import Died, Mortal

T0 = NOON.timestamp()


def put(store: LocalStore, district: District, at: int, *changes: object) -> None:
    """One hot part a change, as a move would write it."""
    for place, change in enumerate(changes):
        id_ = number(b"%d-0" % (at + place))
        rows = of_change(change, id_, district)[Table.CASES]  # type: ignore[arg-type]
        store.write(Part(Table.CASES, "2026-11-20", id_, id_).name, parts.pack(Table.CASES, rows))


def rows(store: LocalStore) -> list[tuple[str, str, str]]:
    found = []
    for each in cases.listed(store).files:
        for row in parts.pq.read_table(store.source(each.name), partitioning=None).to_pylist():
            found.append((each.day, row["key"], row["stage"]))
    return found


def test_each_case_stands_once_on_the_day_it_was_found(small: District, tmp_path: Path) -> None:
    store, situation = LocalStore(tmp_path), Situation(small)
    put(store, small, 1, *(situation.apply(each, T0) for each in (case(1), case(2, -86_400), step(1, 60, Stage.FILED))))
    assert cases.merge(store, small.timezone.key, number(b"9-0")) is True
    assert rows(store) == [("2026-11-19", "cases/C2", "reported"), ("2026-11-20", "cases/C1", "filed")]
    assert cases.merge(store, small.timezone.key, number(b"9-0")) is False


def test_a_later_merge_writes_only_the_days_that_changed(small: District, tmp_path: Path) -> None:
    store, situation = LocalStore(tmp_path), Situation(small)
    put(store, small, 1, *(situation.apply(each, T0) for each in (case(1), case(2, -86_400))))
    cases.merge(store, small.timezone.key, number(b"9-0"))
    before = {each.day: each.version for each in cases.listed(store).files}
    put(store, small, 20, situation.apply(step(1, 60, Stage.FILED), T0))
    cases.merge(store, small.timezone.key, number(b"99-0"))
    after = {each.day: each.version for each in cases.listed(store).files}
    assert after["2026-11-19"] == before["2026-11-19"] and after["2026-11-20"] > before["2026-11-20"]
    assert [each.day for each in cases.listed(store).old] == ["2026-11-20"]


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_death_in_the_middle_of_a_merge_is_made_good(small: District, tmp_path: Path, at: int, before: bool) -> None:
    store, situation = LocalStore(tmp_path), Situation(small)
    put(store, small, 1, *(situation.apply(each, T0) for each in (case(1), case(2, -86_400))))
    with pytest.raises(Died):
        cases.merge(Mortal(tmp_path, at, before), small.timezone.key, number(b"9-0"))
    cases.merge(store, small.timezone.key, number(b"9-0"))
    assert sorted(key for _, key, _ in rows(store)) == ["cases/C1", "cases/C2"]
