"""How far an export is: a bar that asks again by itself, then the file, or why there is none."""

from dashboard.briefing.jobs import Job, State
from layouts.briefing_words import label
from layouts.markup import Html, tag
from layouts.plain_page import Look, page

_AGAIN_S = "2"


def screen(look: Look, job: Job) -> Html:
    """The page of a job."""
    lang = look.lang
    back = tag("a", label("back", lang), href=look.link("/briefing", week=job.week, centre=job.centre))
    what = tag("p", f"{label(job.format, lang)} · {job.week} · {job.centre}")
    if job.state is State.FAILED:
        told = tag("p", label("failed", lang), job.why, class_="fault", role="alert")
    elif job.state is State.DONE:
        told = tag("p", tag("a", label("ready", lang), href=f"/briefing/exports/{job.id}/file", class_="main"))
    else:
        bar = tag("progress", max="1", value=f"{job.share:.2f}", aria_label=label("working", lang))
        told = tag("p", label("working", lang), " ", bar, f" {100 * job.share:.0f}%", role="status")
    is_over = job.state in (State.DONE, State.FAILED)
    return page(look, "briefing.export", what, told, back, refresh="" if is_over else _AGAIN_S)


def trouble(look: Look, text: str) -> Html:
    """Why there is no job."""
    return page(look, "briefing.export", tag("p", text, class_="fault", role="alert"))
