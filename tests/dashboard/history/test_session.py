from typing import Any

import pytest

from dashboard.archive.reader import HistoryError
from dashboard.district import District
from dashboard.history.player import Moment, NoHistory
from dashboard.history.post import Answer, Ask
from dashboard.history.session import EDGE_S, Session
from dashboard.picture import decode_change
from dashboard.situation import Change, Situation
from tests.builders import NOON, case

T0 = NOON.timestamp()
NOW = T0 + 100_000


class Played:
    """A player whose history has a case each second, and which manages so many seconds of it in one go."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.situation = Situation(district)
        self.at = 0.0
        self.manages_s = 1e9
        self.gap = False
        self.error: Exception | None = None
        self.sought: list[float] = []

    def seek(self, at: float, budget_s: float | None = None) -> Moment:
        if self.error:
            raise self.error
        self.sought.append(at)
        self.at = at - 60
        return self.advance(at, budget_s)

    def advance(self, until: float, budget_s: float | None = None) -> Moment:
        assert budget_s
        self.at = min(until, self.at + self.manages_s)
        change = self.situation.apply(case(int(self.at - T0) + 1000), self.at)
        return Moment(self.at, change, False, self.gap, self.at)


@pytest.fixture
def played(small: District) -> Played:
    return Played(small)


@pytest.fixture
def session(played: Played) -> Session:
    begun: Any = played
    return Session("one", begun, 0.0)


def begin(session: Session, at: float = T0, speed: float | None = None, playing: bool | None = True) -> Answer:
    session.hear(Ask("one", at, speed, playing, is_new=True), 0.0, NOW)
    answer = session.step(0.0, NOW)
    assert answer
    return answer


def test_a_seek_is_answered_with_the_whole_situation(session: Session, played: Played) -> None:
    answer = begin(session)
    assert (answer.at, answer.is_fresh, answer.seeking, answer.error) == (T0, True, False, "")
    assert answer.district == played.district.version
    assert decode_change(answer.change).cases == played.situation.everything().cases


def test_it_plays_by_the_clock_and_tells_at_most_five_times_a_second(session: Session) -> None:
    begin(session, speed=60)
    told = [answer for step in range(1, 101) if (answer := session.step(step / 100, NOW))]
    assert 4 <= len(told) <= 5
    assert told[-1].at == pytest.approx(T0 + 60, abs=13)
    assert session.due_s(1.0) > 0
    assert not any(answer.is_fresh for answer in told)
    assert all(decode_change(answer.change).units for answer in told)


def test_nothing_that_changed_between_two_answers_is_lost(session: Session, played: Played, small: District) -> None:
    first = begin(session, speed=100)
    copy = Situation(small)
    copy.adopt(decode_change(first.change))
    for step in range(1, 60):
        if answer := session.step(step / 50, NOW):
            copy.adopt(decode_change(answer.change))
    last = session.step(5.0, NOW)
    assert last
    copy.adopt(decode_change(last.change))
    assert set(copy.backlog.all()) == set(played.situation.backlog.all())


def test_what_cannot_be_managed_makes_it_slower_and_never_late(session: Session, played: Played) -> None:
    begin(session, speed=600)
    played.manages_s = 1.0
    for step in range(1, 11):
        session.step(float(step), NOW)
    assert played.at == T0 + 10
    played.manages_s = 1e9
    session.step(10.5, NOW)
    assert played.at == T0 + 10 + 300  # by its speed from there on, without what it missed


def test_a_long_way_is_gone_in_pieces_and_told(session: Session, played: Played) -> None:
    played.manages_s = 25.0
    answer = begin(session)
    assert (answer.at, answer.seeking, answer.change) == (T0, True, b"")
    assert session.due_s(0.1) == 0
    assert session.step(0.1, NOW) is None
    done = session.step(0.2, NOW)
    assert done and (done.at, done.seeking, done.is_fresh) == (T0, False, True)
    assert played.sought == [T0]


def test_standing_still_is_told_once_a_second(session: Session) -> None:
    begin(session, playing=False)
    told = [answer for step in range(1, 301) if (answer := session.step(step / 100, NOW))]
    assert [(answer.at, answer.playing, answer.change) for answer in told] == [(T0, False, b"")] * 3


def test_a_hand_is_answered_at_once(session: Session) -> None:
    begin(session)
    session.hear(Ask("one", speed=9999, playing=False), 0.01, NOW)
    answer = session.step(0.01, NOW)
    assert answer and (answer.speed, answer.playing) == (600, False)


def test_it_never_comes_nearer_to_now_than_the_streams_are_sure(session: Session, played: Played) -> None:
    assert begin(session, at=NOW + 1, speed=600).at == NOW - EDGE_S
    session.step(1.0, NOW + 1)
    assert played.at == NOW + 1 - EDGE_S


@pytest.mark.parametrize(
    ("error", "word"), [(NoHistory(), "no_archive"), (HistoryError("it is broken"), "broken"), (None, "future")]
)
def test_what_cannot_be_shown_is_named_until_another_moment_is_wanted(
    session: Session, played: Played, error: Exception | None, word: str
) -> None:
    played.error = error
    answer = begin(session, at=T0 if error else NOW + 3600)
    assert (answer.error, answer.is_fresh, answer.change) == (word, False, b"")
    assert session.due_s(0.0) == 1.0
    played.error = None
    session.hear(Ask("one", at=T0), 9.0, NOW)
    answer = session.step(9.0, NOW) or answer
    assert (answer.error, answer.is_fresh) == ("", True)


def test_a_gap_is_told(session: Session, played: Played) -> None:
    played.gap = True
    answer = begin(session)
    assert (answer.is_gap, answer.shown_at) == (True, T0)


def test_a_slow_viewer_gets_fewer_and_larger_answers(session: Session, played: Played) -> None:
    begin(session)
    for step in range(1, 6):
        assert session.step(float(step), NOW, lambda: 3) is None
    answer = session.step(6.0, NOW, lambda: 0)
    assert answer and len(decode_change(answer.change).cases) == 6


def test_a_viewer_that_never_fetches_costs_no_memory(
    session: Session, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.history.session._PENDING_MOST", 3)
    begin(session)
    for step in range(1, 9):
        session.step(float(step), NOW, lambda: 3)
    assert session._pending == Change()
    answer = session.step(9.0, NOW, lambda: 0)
    assert answer and answer.is_fresh


def test_a_viewer_that_says_nothing_is_gone_after_twenty_seconds(session: Session) -> None:
    begin(session)
    session.hear(Ask("one"), 15.0, NOW)
    assert not session.is_silent(34.0)
    assert session.is_silent(36.0)
