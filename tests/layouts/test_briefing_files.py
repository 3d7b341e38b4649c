import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from dashboard.archive.store import LocalStore
from dashboard.briefing import frozen
from dashboard.briefing.jobs import FORMATS, Job
from dashboard.briefing.model import Briefing
from dashboard.printing import PrintingError
from layouts.briefing_files import Workshop
from tests import briefings
from tests.briefings import example
from tests.dashboard.briefing.tables import DAY, MONDAY, Tables, briefing, case
from tests.dashboard.briefing.test_making import EVERYTHING
from tests.feeds.small_district import small_district
from tests.layouts import scenes


class Kept:
    """Answers with the example, or with what was frozen."""

    def __init__(self, folder: Path) -> None:
        self.store = LocalStore(folder)
        self.archive: Any = self
        self.asked: list[tuple[str, str]] = []

    def of(self, week: str, centre: str, progress: Callable[[float], None] = lambda share: None) -> Briefing:
        self.asked.append((week, centre))
        for share in (0.25, 1.0):
            progress(share)
        return frozen.load(self.store, week, centre) or example(week=week, centre=centre)

    def revision(self, briefing: Briefing) -> int:
        return 2

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
    assert shares == sorted(shares) and len(shares) >= 3 and 0 < shares[0] < 0.5 and shares[-1] < 1
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


def test_a_machine_without_a_browser_delivers_the_others(tmp_path: Path) -> None:
    def no_browser(html: str) -> bytes:
        raise PrintingError("no Chromium")

    workshop = Workshop(scenes.baoan(), Kept(tmp_path), no_browser)  # type: ignore[arg-type]
    made = workshop.deliver(["zh"], "2026-11-16", "440306", tmp_path / "out")
    assert sorted(path.suffix for path in made) == [".pptx", ".xlsx"]


def test_what_nobody_asked_for_on_a_page_says_who_made_it_and_when(workshop: Workshop) -> None:
    assert workshop.mark("wall135", "en") == "Internal · exported by wall135 2026-11-18 19:06:40"


def test_paper_says_which_revision_it_is_of(tmp_path: Path) -> None:
    printed: list[str] = []
    workshop = Workshop(scenes.baoan(), Kept(tmp_path), lambda html: printed.append(html) or b"")  # type: ignore
    workshop.build(briefings.frozen(), "pdf", "en", "mark")
    assert "revision 2" in printed[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("tables", [Tables(), Tables(**EVERYTHING)], ids=["nothing", "everything"])
def test_what_the_archive_makes_can_be_taken_out(tables: Tables, lang: str, tmp_path: Path) -> None:
    workshop = Workshop(small_district(), Kept(tmp_path), str.encode)  # type: ignore[arg-type]
    made = briefing(tables)
    files = {format_: workshop.build(made, format_, lang, "mark") for format_ in FORMATS}
    assert len(Presentation(io.BytesIO(files["pptx"])).slides) > len(made.sections)
    assert len(load_workbook(io.BytesIO(files["xlsx"])).sheetnames) == len(made.sections) + 2
    assert b"mark" in files["pdf"]


class Told(Kept):
    """An archive with what it is given."""

    tables = Tables()

    @contextmanager
    def open(self, seconds: float) -> Iterator[Tables]:
        yield self.tables


@pytest.mark.parametrize(
    ("tables", "is_known"),
    [
        (Tables(), False),
        (Tables(cases=[case(8 * DAY)]), False),
        (Tables(cases=[case(-30 * DAY)]), True),
        (Tables(incidents=[{"reported_at": MONDAY + DAY}]), True),
    ],
)
def test_a_week_is_known_where_something_was_received_by_its_end(
    tables: Tables, is_known: bool, tmp_path: Path
) -> None:
    told = Told(tmp_path)
    told.tables = tables
    workshop = Workshop(small_district(), told, lambda html: b"")  # type: ignore[arg-type]
    assert workshop.knows("2026-11-16") is is_known
