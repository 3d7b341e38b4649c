import pytest

from dashboard.briefing.jobs import Job, State
from layouts import briefing_job
from layouts.plain_page import Look
from layouts.words import Lang

LOOK = Look(Lang.EN, "dark", "示范区", "Model District", "/briefing/exports/x")


def job(state: State, **fields: object) -> Job:
    words = {
        "id": "a" * 24,
        "week": "2026-11-16",
        "centre": "D",
        "format": "pptx",
        "lang": "zh",
        "by": "li",
        "mark": "",
    }
    return Job(**{**words, "asked_at": 0.0, "state": state, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING])
def test_while_it_is_made_the_page_shows_how_far_and_asks_again(state: State) -> None:
    html = briefing_job.screen(LOOK, job(state, share=0.4))
    assert "<progress" in html and "40%" in html and 'http-equiv="refresh"' in html


def test_when_it_is_done_the_file_is_offered() -> None:
    html = briefing_job.screen(LOOK, job(State.DONE))
    assert f"/briefing/exports/{'a' * 24}/file" in html and "refresh" not in html


def test_a_failure_says_why_and_no_text_becomes_markup() -> None:
    html = briefing_job.screen(LOOK, job(State.FAILED, why="<b>no browser</b>"))
    assert "&lt;b&gt;no browser" in html and 'role="alert"' in html
