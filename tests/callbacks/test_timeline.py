from datetime import date
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from callbacks import identity, timeline
from dashboard.access import Principal, Role, Via
from dashboard.archive.reader import Archive
from dashboard.archive.store import LocalStore
from dashboard.journal import Journal
from dashboard.picture import encode_change
from dashboard.situation import Situation
from tests.builders import NOON, case
from tests.feeds.small_district import small_district


class Browser:
    """An officer's, before a server whose clock stands."""

    def __init__(self, journal: Journal, folder: Path, centre: str = "D") -> None:
        self.now = NOON.timestamp() + 86_400
        archive = Archive(LocalStore(folder), journal, small_district())
        self.timelines = timeline.Timelines(archive, journal, small_district(), lambda: self.now)
        server = Flask("test", static_folder=None)
        somebody = Principal("li", "值班员", Role.OFFICER, centre, "s1", Via.PASSWORD)
        server.before_request(lambda: identity.admit(somebody))
        timeline.register(server, self.timelines)
        self.client: FlaskClient = server.test_client()

    def get(self, query: str) -> tuple[int, dict]:
        answer = self.client.get(f"/timeline?{query}")
        return answer.status_code, msgspec.json.decode(answer.data)


@pytest.fixture
def browser(journal: Journal, tmp_path: Path) -> Browser:
    return Browser(journal, tmp_path)


def found(browser: Browser, day: str) -> int:
    status, body = browser.get(f"day={day}")
    assert status == 200
    return sum(body["found"])


def tell(journal: Journal, number: int) -> None:
    journal.publish(1, number, encode_change(Situation(small_district()).apply(case(number), NOON.timestamp())))


DAY = NOON.astimezone(small_district().timezone).date()


def test_a_day_is_answered_and_kept_for_a_while(browser: Browser, journal: Journal) -> None:
    tell(journal, 1)
    assert found(browser, f"{DAY}") == 1
    tell(journal, 2)
    browser.now += 599
    assert found(browser, f"{DAY}") == 1
    browser.now += 1
    assert found(browser, f"{DAY}") == 2


def test_the_running_day_is_asked_again_soon(browser: Browser, journal: Journal) -> None:
    browser.now = NOON.timestamp()
    assert found(browser, f"{DAY}") == 0
    tell(journal, 1)
    browser.now += 10
    assert found(browser, f"{DAY}") == 1


@pytest.mark.parametrize("query", ["", "day=yesterday", "day=2026-13-01", "day=9999-12-31"])
def test_what_is_no_day_is_refused(browser: Browser, query: str) -> None:
    assert browser.get(query)[0] == 400


def test_other_centres_are_not_told(journal: Journal, tmp_path: Path) -> None:
    officer = Browser(journal, tmp_path, "A")
    assert officer.get(f"day={DAY}&centre=A")[0] == officer.get(f"day={DAY}")[0] == 200
    assert officer.get(f"day={DAY}&centre=B")[0] == 403
    assert officer.get(f"day={DAY}&centre=nowhere")[0] == 404


def test_a_state_server_that_is_away_is_no_error_of_ours(tmp_path: Path) -> None:
    lonely = Browser(Journal("redis://127.0.0.1:1"), tmp_path)
    assert lonely.get(f"day={DAY}") == (503, {"error": "broken"})


def test_only_so_many_days_are_kept(browser: Browser) -> None:
    for number in range(70):
        browser.timelines.of(date.fromordinal(DAY.toordinal() - number), "D")
    assert len(browser.timelines._kept) == 64
