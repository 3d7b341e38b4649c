import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from dashboard.archive.store import LocalStore
from dashboard.briefing import frozen
from dashboard.briefing.jobs import Job
from dashboard.briefing.model import Briefing
from layouts.briefing_files import Workshop
from tests.briefings import example
from tests.layouts import scenes


class Kept:
    """Answers with the example, or with what was frozen."""

    def __init__(self, folder: Path) -> None:
        self.store = LocalStore(folder)
        self.archive: Any = self
        self.asked: list[tuple[str, str]] = []

    def of(self, week: str, centre: str) -> Briefing:
        self.asked.append((week, centre))
        return frozen.load(self.store, week, centre) or example(week=week, centre=centre)

    def clock(self) -> float:
        return 1_795_000_000.0


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(scenes.baoan(), Kept(tmp_path), lambda html: b"%PDF " + html[:15].encode())  # type: ignore[arg-type]


def test_each_format_is_a_file_of_its_kind(workshop: Workshop) -> None:
    made = example()
    assert len(Presentation(io.BytesIO(workshop.build(made, "pptx", "zh", "mark"))).slides) > 10
    assert load_workbook(io.BytesIO(workshop.build(made, "xlsx", "en", "mark"))).sheetnames
    assert workshop.build(made, "pdf", "zh", "mark") == b"%PDF <!doctype html>"[:20]


def test_a_job_tells_how_far_it_is(workshop: Workshop) -> None:
    shares: list[float] = []
    job = Job(
        id="a" * 24, week="2026-11-18", centre="440306", format="xlsx", lang="zh", by="li", mark="m", asked_at=0.0
    )
    assert workshop.work(job, shares.append)[:2] == b"PK"
    assert shares == sorted(shares) and 0 < shares[0] < 1
    assert workshop._briefings.asked == [("2026-11-16", "440306")]  # type: ignore[attr-defined]


def test_a_delivery_is_frozen_and_whole_and_done_once(workshop: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    first = workshop.deliver(["zh", "en"], "2026-11-16", "440306", folder)
    stamps = [path.stat().st_mtime_ns for path in first]
    again = workshop.deliver(["zh", "en"], "2026-11-16", "440306", folder)
    assert len(first) == 6 and first == again and [path.stat().st_mtime_ns for path in again] == stamps
    kept = frozen.load(LocalStore(tmp_path), "2026-11-16", "440306")
    assert kept is not None and kept.frozen_by == "schedule"


def test_the_mail_says_what_is_new_in_both_languages(workshop: Workshop) -> None:
    subject, text = workshop.word("2026-11-16", "440306")
    assert "每周简报" in subject and "Weekly briefing" in text and text.count("- ") >= 2
