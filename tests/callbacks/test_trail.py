from typing import Any

import pytest

from callbacks.trail import Trail
from dashboard.access import Principal, Role, Via
from dashboard.store import JournalUnavailable

LI = Principal("li", "值班员 李", Role.OFFICER, "D", "s1", Via.PASSWORD)


class Ground:
    """A trail whose rows are kept here, at a time that the test moves."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.now = 1_000.0
        self.is_away = False
        self.trail = Trail(self.note, lambda: self.now)

    def note(self, kind: str, actor: str, **fields: Any) -> None:
        if self.is_away:
            raise JournalUnavailable("away")
        self.rows.append({"kind": kind, "actor": actor, **fields})


@pytest.fixture
def ground() -> Ground:
    return Ground()


def test_a_row_says_who_in_which_role_for_which_centre(ground: Ground) -> None:
    ground.trail.note("sign_in", "li", "s1", "password", LI)
    (row,) = ground.rows
    assert (row["role"], row["centre"], row["subject"]) == ("officer", "D", "s1")
    assert row["at"].timestamp() == 1_000


def test_the_same_refusal_is_one_row_a_minute(ground: Ground) -> None:
    for ground.now in (0.0, 1.0, 59.0, 60.0):
        ground.trail.refusal("li", "GET accounts", "not permitted", LI)
    ground.trail.refusal("wang", "GET accounts", "not permitted")
    assert [row["actor"] for row in ground.rows] == ["li", "li", "wang"]


def test_a_flood_of_refusals_fills_neither_trail_nor_memory(ground: Ground) -> None:
    for number in range(5_000):
        ground.trail.refusal(f"10.0.0.{number}", "GET accounts", "not permitted")
    assert len(ground.rows) == 600
    ground.now += 61
    ground.trail.refusal("10.1.1.1", "GET accounts", "not permitted")
    assert len(ground.rows) == 601


def test_who_rattles_at_every_door_hides_nobody_else(ground: Ground) -> None:
    for number in range(5_000):
        ground.trail.refusal("10.0.0.1", f"POST /x{number}", "another site's page")
    assert len(ground.rows) == 31
    assert ground.rows[-1]["subject"] == "many doors"
    ground.trail.refusal("wang", "GET accounts", "not permitted")
    assert ground.rows[-1]["actor"] == "wang"


def test_what_must_be_on_record_does_not_happen_without(ground: Ground) -> None:
    ground.is_away = True
    with pytest.raises(JournalUnavailable):
        ground.trail.note("sign_in", "li")
    ground.trail.refusal("li", "GET accounts", "not permitted")
