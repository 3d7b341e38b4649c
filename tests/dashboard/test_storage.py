from pathlib import Path

import pytest

from dashboard.journal import Journal
from dashboard.storage import shares


def test_memory_is_a_share_of_its_limit(tmp_path: Path) -> None:
    found = shares({"memory_bytes": 30.0, "memory_limit_bytes": 40.0}, tmp_path)
    assert found["memory"] == pytest.approx(0.75)
    assert 0 < found["disk"] < 1


def test_what_has_no_limit_and_what_is_not_there_is_left_out(tmp_path: Path) -> None:
    assert shares({"memory_bytes": 30.0, "memory_limit_bytes": 0.0}, tmp_path / "nowhere") == {}


def test_the_embedded_state_server_says_both_figures(journal: Journal, tmp_path: Path) -> None:
    assert 0 < shares(journal.usage(), tmp_path)["memory"] < 1
