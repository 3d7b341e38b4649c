"""The briefing as files: which words, which format, by whom. What a page or a slide looks like is said elsewhere."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from dashboard.briefing import frozen, weeks
from dashboard.briefing.jobs import FORMATS, Job
from dashboard.briefing.making import Briefings
from dashboard.briefing.model import Briefing, Names
from dashboard.district import District
from dashboard.printing import PrintingError
from dashboard.whole_files import write_whole
from layouts import briefing, briefing_kit, briefing_pptx, briefing_xlsx
from layouts.briefing_words import label, title
from layouts.plain_page import Look
from layouts.view import View
from layouts.words import Lang, Words

log = logging.getLogger(__name__)

_BY_SCHEDULE = "schedule"
_PATIENCE_S = 60.0
_MADE = 0.6  # of the work of a file, making the figures

_ANY_BEFORE = """
    SELECT 1 FROM cases WHERE reported_at < $end UNION ALL SELECT 1 FROM incidents WHERE reported_at < $end LIMIT 1
"""

Print = Callable[[str], bytes]


class Workshop:
    """Makes briefings and their files, for whoever asks and for the schedule."""

    def __init__(self, district: District, briefings: Briefings, print_: Print) -> None:
        """`print_`: HTML of a page -> PDF; raises PrintingError."""
        self.district = district
        self._briefings = briefings
        self._print = print_

    def of(self, week: str, centre: str, progress: Callable[[float], None] = lambda share: None) -> Briefing:
        """The frozen one, or one made now; `progress` is told the share of its sections that are done."""
        return self._briefings.of(weeks.parse(week).isoformat(), centre, progress)

    def knows(self, week: str) -> bool:
        """Whether there is anything of that week or before."""
        end = weeks.starts_at(weeks.parse(week) + weeks.WEEK, self.district.timezone)
        with self._briefings.archive.open(seconds=_PATIENCE_S) as reading:
            found = reading.rows(_ANY_BEFORE, {"end": end})
        return bool(found)

    def mark(self, by: str, lang: str) -> str:
        """Who took a file out and when, where nobody asked on a page."""
        now = datetime.fromtimestamp(self._briefings.clock(), self.district.timezone)
        return f"{label('export_by', Lang(lang))} {by} {now:%Y-%m-%d %H:%M:%S}"

    def build(self, made: Briefing, format_: str, lang: str, mark: str) -> bytes:
        """A file of it. Raises PrintingError for a PDF without a browser."""
        view = View(self.district, Words(Lang(lang)), lambda still: "")
        if format_ == "pptx":
            return briefing_pptx.build(made, view, mark)
        if format_ == "xlsx":
            return briefing_xlsx.build(made, view, mark)
        look = Look(Lang(lang), "light", self.district.name, self.district.name_en, "/briefing")
        name = briefing_kit.name(made.centre, Names.CENTRE, view)
        shown = briefing.Shown(made, made.week, "", "", made.centre, ((made.centre, name),), mark=mark)
        if made.frozen_at:
            shown = shown._replace(revision=self._briefings.revision(made))
        return self._print(briefing.screen(look, view, shown, is_print=True))

    def work(self, job: Job, progress: Callable[[float], None]) -> bytes:
        """An export that somebody asked for."""
        made = self.of(job.week, job.centre, lambda share: progress(_MADE * share))
        progress(_MADE)
        return self.build(made, job.format, job.lang, job.mark)

    def deliver(self, languages: Sequence[str], week: str, centre: str, folder: Path) -> list[Path]:
        """The schedule's: frozen, and all its files, each put there whole; a file that is there already stays."""
        made = self.of(week, centre)
        if not made.frozen_at:
            clock = self._briefings.clock
            made = frozen.freeze(self._briefings.archive.store, made, _BY_SCHEDULE, clock())
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for lang in languages:
            for format_ in FORMATS:
                path = folder / f"briefing-{week}-{centre}-{lang}.{format_}"
                if path.exists() or self._put(path, made, format_, lang):
                    paths.append(path)
        return paths

    def _put(self, path: Path, made: Briefing, format_: str, lang: str) -> bool:
        """Write a file whole; a machine without a browser delivers the others, and says so in its log."""
        try:
            body = self.build(made, format_, lang, self.mark("wall135", lang))
        except PrintingError as error:
            log.error("%s is left out: %s", path.name, error)
            return False
        write_whole(path, body)
        return True

    def word(self, week: str, centre: str) -> tuple[str, str]:
        """Subject and text of the mail, in both languages."""
        parts, sunday = [], date.fromisoformat(week) + timedelta(6)
        made = self.of(week, centre)
        for lang in Lang:
            view = View(self.district, Words(lang), lambda still: "")
            name = briefing_kit.name(centre, Names.CENTRE, view)
            lines = "\n".join(f"- {line}" for line in briefing_kit.headlines(made, view))
            parts.append((f"{name} {title('briefing', lang)} {week} – {sunday}", lines))
        subject = parts[0][0]
        return subject, "\n\n".join(f"{head}\n{lines}" for head, lines in parts)
