import pytest

from dashboard.district import District
from dashboard.folding import fold
from dashboard.situation import Change, Situation
from tests.builders import HERE, NOON, case, fixes

T0 = NOON.timestamp()


def test_a_record_and_a_batch_are_folded_each_in_its_way(small: District) -> None:
    situation, moved = Situation(small), list[Change]()
    assert fold(situation, case(1), T0, "1-0")
    fold(situation, fixes(small, {"VO000": HERE}, 0), T0, "2-0", moved.append)
    assert situation.backlog.get("cases/C1") and moved[0].units
    assert fold(situation, None, T0, "3-0") is None


def test_a_bad_entry_is_named_and_left_out(
    small: District, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Situation, "apply", breaks)
    assert fold(Situation(small), case(1), T0, "1-0") is None
    assert "1-0" in caplog.text
