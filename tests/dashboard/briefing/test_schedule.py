from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboard.briefing.post import Letter, PostError
from dashboard.briefing.schedule import Deliverer, Schedule

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


MONDAY = at("2026-11-23T07:00")


class Office:
    """Makes and mails, and can fail or die."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str]] = []
        self.mailed: list[tuple[str, tuple[str, ...]]] = []
        self.down = False
        self.refuses: set[str] = set()
        self.dies_after = ""

    def make(self, week: str, centre: str, folder: Path) -> Sequence[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "briefing.pptx"
        path.write_bytes(b"x")
        self.made.append((week, centre))
        if self.dies_after == "make":
            raise KeyboardInterrupt
        return [path]

    def send(self, letter: Letter) -> dict[str, str]:
        if self.down:
            raise PostError("away")
        self.mailed.append((letter.subject, tuple(letter.recipients)))
        return {who: "550" for who in letter.recipients if who in self.refuses}


@pytest.fixture
def office() -> Office:
    return Office()


def deliverer(office: Office, folder: Path, **schedule: object) -> Deliverer:
    plan = Schedule.model_validate({"recipients": {"D": ("a@x", "b@x"), "*": ("all@x",)}, **schedule})
    return Deliverer(
        plan, ["D", "A"], folder, ZONE, office.make, lambda week, centre: (f"{week} {centre}", ""), office.send
    )


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-23T06:59:59", "2026-11-09"),
        ("2026-11-23T07:00:00", "2026-11-16"),
        ("2026-11-26T12:00:00", "2026-11-16"),  # a Monday that was missed is made up for
    ],
)
def test_the_newest_week_whose_hour_has_come_is_due(office: Office, tmp_path: Path, now: str, week: str) -> None:
    assert deliverer(office, tmp_path).due(at(now)) == week


def test_every_centre_gets_its_own_once(office: Office, tmp_path: Path) -> None:
    assert deliverer(office, tmp_path).look(MONDAY) == 2
    assert deliverer(office, tmp_path).look(MONDAY + 60) == 0  # another process, a minute later
    assert office.made == [("2026-11-16", "D"), ("2026-11-16", "A")]
    assert office.mailed == [("2026-11-16 D", ("a@x", "b@x", "all@x")), ("2026-11-16 A", ("all@x",))]


def test_a_mail_server_that_is_away_is_tried_again_with_growing_waits(office: Office, tmp_path: Path) -> None:
    office.down = True
    waiting = deliverer(office, tmp_path)
    tried = [waiting.look(MONDAY + seconds) for seconds in (0, 30, 61, 120, 185)]
    assert tried == [2, 0, 2, 0, 2]
    assert len(office.made) == 2  # made once, however often the mail is tried
    office.down = False
    assert waiting.look(MONDAY + 3600) == 2
    assert [recipients for _, recipients in office.mailed] == [("a@x", "b@x", "all@x"), ("all@x",)]


def test_who_is_refused_is_not_tried_again(office: Office, tmp_path: Path) -> None:
    office.refuses = {"b@x"}
    for seconds in (0, 7200):
        deliverer(office, tmp_path).look(MONDAY + seconds)
    assert len(office.mailed) == 2


def test_a_death_repeats_no_mail_that_was_handed_over(office: Office, tmp_path: Path) -> None:
    office.dies_after = "make"
    with pytest.raises(KeyboardInterrupt):
        deliverer(office, tmp_path).look(MONDAY)
    office.dies_after = ""
    deliverer(office, tmp_path).look(MONDAY + 60)
    deliverer(office, tmp_path).look(MONDAY + 120)
    assert len(office.mailed) == 2


def test_it_can_be_switched_off(office: Office, tmp_path: Path) -> None:
    assert deliverer(office, tmp_path, enabled=False).look(MONDAY) == 0
