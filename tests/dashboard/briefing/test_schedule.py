from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboard.briefing import post
from dashboard.briefing.post import Answer, Letter, PostError
from dashboard.briefing.schedule import Deliverer, Schedule
from tests.dashboard.briefing.inbox import free_port, serving

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
        self.full: set[str] = set()
        self.broken: set[str] = set()
        self.knows = True
        self.asked = 0
        self.dies_after = ""

    def make(self, week: str, centre: str, folder: Path) -> Sequence[Path]:
        if centre in self.broken:
            raise KeyError(centre)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "briefing.pptx"
        path.write_bytes(b"x")
        self.made.append((week, centre))
        if self.dies_after == "make":
            raise KeyboardInterrupt
        return [path]

    def word(self, week: str, centre: str) -> tuple[str, str]:
        return f"{week} {centre}", ""

    def known(self, week: str) -> bool:
        self.asked += 1
        return self.knows

    def send(self, letter: Letter) -> Answer:
        if self.down:
            raise PostError("away")
        self.mailed.append((letter.subject, tuple(letter.recipients)))
        refused, later = ({who: "-" for who in letter.recipients if who in some} for some in (self.refuses, self.full))
        return Answer(refused, later)


@pytest.fixture
def office() -> Office:
    return Office()


def deliverer(office: Office, folder: Path, **schedule: object) -> Deliverer:
    plan = Schedule.model_validate({"recipients": {"D": ("a@x", "b@x"), "*": ("all@x",)}, **schedule})
    return Deliverer(plan, ["D", "A"], folder, ZONE, office.make, office.word, office.send, office.known)


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


def test_who_has_no_room_now_is_tried_again_and_nobody_else(office: Office, tmp_path: Path) -> None:
    office.full = {"b@x"}
    waiting = deliverer(office, tmp_path)
    waiting.look(MONDAY)
    office.full = set()
    assert waiting.look(MONDAY + 30) == 0
    waiting.look(MONDAY + 61)
    assert [recipients for _, recipients in office.mailed if "b@x" in recipients] == [("a@x", "b@x", "all@x"), ("b@x",)]


def test_a_centre_that_cannot_be_made_does_not_keep_the_others_from_theirs(office: Office, tmp_path: Path) -> None:
    office.broken = {"D"}
    assert deliverer(office, tmp_path).look(MONDAY) == 2
    assert office.made == [("2026-11-16", "A")]


def test_a_new_installation_says_nothing_of_a_week_that_it_did_not_see(office: Office, tmp_path: Path) -> None:
    office.knows = False
    waiting = deliverer(office, tmp_path)
    assert [waiting.look(MONDAY + seconds) for seconds in (0, 30, 3599, 3601)] == [0] * 4
    assert office.asked == 2 and office.made == []


def test_what_is_done_is_not_asked_about_again(office: Office, tmp_path: Path) -> None:
    waiting = deliverer(office, tmp_path)
    for seconds in (0, 30, 60):
        waiting.look(MONDAY + seconds)
    assert office.asked == 1


def test_a_real_mail_server_that_comes_back_gets_each_mail_once(office: Office, tmp_path: Path) -> None:
    port = free_port()
    plan = Schedule(recipients={"D": ("a@x.org", "nobody@x.org"), "A": ("nobody@x.org",)})
    send = partial(post.send, f"smtp://127.0.0.1:{port}", "wall@x.org")
    waiting = Deliverer(plan, ["D", "A"], tmp_path, ZONE, office.make, office.word, send)
    waiting.look(MONDAY)
    with serving(port) as (box, _):
        for seconds in (61, 7200, 14_400):
            waiting.look(MONDAY + seconds)
        ((recipients, content),) = box.mails
    message = message_from_bytes(content)
    assert recipients == ["a@x.org"] and message["Subject"] == "2026-11-16 D"
    (attached,) = [part for part in message.walk() if part.get_filename()]
    assert attached.get_filename() == "briefing.pptx" and attached.get_payload(decode=True) == b"x"
