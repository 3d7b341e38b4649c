import numpy as np

from dashboard.backlog.caseload import Caseload
from dashboard.backlog.cases import CaseRow, is_overdue
from dashboard.records import Stage


def row(key: str, **changes) -> CaseRow:
    facts = {"revision": 0, "item": "", "title": "", "department": -1, "community": -1, "cell": -1}
    facts |= {"stage": Stage.HANDLING, "reported_at": 1.0, "since": 1.0, "due_at": None, "closed_at": None}
    return CaseRow(key=key, **(facts | changes))


def test_a_row_replaces_the_one_of_the_same_key():
    load = Caseload()
    load.put(row("a", department=1))
    load.put(row("a", department=2))
    assert len(load) == 1
    assert load.columns().department.tolist() == [2]
    assert load.get("a").department == 2


def test_the_slot_of_a_dropped_row_is_used_again():
    load = Caseload(room=2)
    for key in "ab":
        load.put(row(key))
    load.drop("a")
    load.put(row("c", community=7))
    assert sorted(one.key for one in load) == ["b", "c"]
    assert load.columns().slot.tolist() == [0, 1]
    assert load.get("a") is None


def test_columns_grow_with_the_rows():
    load = Caseload(room=2)
    for number in range(100):
        load.put(row(str(number), reported_at=float(number)))
    columns = load.columns()
    assert columns.reported.tolist() == [float(number) for number in range(100)]
    assert [load.at(slot).key for slot in columns.slot.tolist()] == [str(number) for number in range(100)]


def test_columns_know_overdue_as_the_rows_do():
    load = Caseload()
    for number, due in enumerate((None, 50.0, 150.0)):
        for closed in (None, 40.0, 60.0, 160.0):
            for held in (None, 45.0, 55.0):
                load.put(row(f"{number}{closed}{held}", due_at=due, closed_at=closed, held_since=held))
    columns = load.columns()
    expected = [is_overdue(load.at(slot), 100.0) for slot in columns.slot.tolist()]
    assert columns.is_overdue(100.0).tolist() == expected
    assert 0 < np.sum(expected) < len(expected)


def test_a_case_is_old_when_both_its_report_and_its_end_are():
    load = Caseload()
    load.put(row("open"))
    load.put(row("old", closed_at=2.0))
    load.put(row("closed lately", closed_at=20.0))
    load.put(row("found lately", reported_at=20.0, closed_at=2.0))
    assert load.closed_and_found_before(10.0) == ["old"]


def test_columns_know_what_is_left_and_a_held_or_closed_case_stands_still():
    load = Caseload()
    load.put(row("runs", due_at=150.0))
    load.put(row("held", due_at=150.0, held_since=60.0))
    load.put(row("closed", due_at=150.0, closed_at=70.0))
    load.put(row("free"))
    assert load.columns().left_s(100.0).tolist() == [50.0, 90.0, 80.0, np.inf]
    assert [load.at(slot).key for slot in load.open_columns().slot.tolist()] == ["runs", "held", "free"]


def test_each_change_of_a_row_has_a_number():
    load = Caseload()
    for key in "aba":
        load.put(row(key))
    assert (load.changes, load.columns().touched.tolist()) == (3, [3, 2])
