import pytest

from dashboard.records import Verb
from dashboard.response import waiting
from dashboard.response.waiting import Pending, Waiting
from tests.dashboard.response.ground import order, report

ORDER, REPORT = order(Verb.NOTE, 1), report("police-1", 2)


def test_what_waits_is_handed_out_once_to_whom_it_is_about():
    room = Waiting()
    room.add(Pending("incident cad/1", ORDER, 10.0))
    room.add(Pending("incident cad/2", REPORT, 11.0))
    room.add(Pending("incident cad/1", REPORT, 12.0))
    assert room.take("incident cad/1") == [ORDER, REPORT]
    assert room.take("incident cad/1") == []
    assert [each.about for each in room.all()] == ["incident cad/2"]


def test_a_repeat_waits_once_since_it_first_came():
    room = Waiting()
    for received_at in (10.0, 20.0):
        room.add(Pending("incident cad/1", ORDER, received_at))
    assert room.all() == (Pending("incident cad/1", ORDER, 10.0),)


def test_what_waits_too_long_is_given_up():
    room = Waiting([Pending("incident cad/1", ORDER, 10.0), Pending("incident cad/1", REPORT, 20.0)])
    room.drop(received_before=20.0)
    assert room.take("incident cad/1") == [REPORT]


def test_the_oldest_makes_room_and_is_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(waiting, "PENDING_MOST", 2)
    room = Waiting()
    for at_s in range(4):
        room.add(Pending(f"incident cad/{at_s}", order(Verb.NOTE, at_s), float(at_s)))
    assert [each.received_at for each in room.all()] == [2.0, 3.0]
    assert room.given_up == 2
    assert room.take("incident cad/0") == []
