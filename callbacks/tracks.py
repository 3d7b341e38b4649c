"""Tracks of units, several at once: only for a reason that is on record first."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Flask, Response, request

from callbacks import identity
from callbacks.gate import page
from callbacks.look import Looks
from callbacks.trail import Trail
from dashboard.access import Principal
from dashboard.archive.districts import Districts
from dashboard.archive.reader import Archive, HistoryError
from dashboard.archive.store import StoreError
from dashboard.district import Roster
from dashboard.store import JournalUnavailable
from dashboard.tracks import Track, read
from layouts import tracks_page as layout
from layouts.case_rows import exactly
from layouts.tracks_page import Asked
from layouts.view import View
from layouts.words import Words

MOST_UNITS, MOST_S = 30, 86_400.0
_CHARS = 200


class _Mistaken(ValueError):
    """What was asked for cannot be shown; the text says why."""


class Desk:
    """Answers the pages."""

    def __init__(
        self, archive: Archive, districts: Districts, trail: Trail, looks: Looks, clock: Callable[[], float] = time.time
    ) -> None:
        self._archive = archive
        self._districts = districts
        self._district = districts.current
        self._trail = trail
        self._looks = looks
        self._clock = clock

    def ask(self) -> Response:
        """GET: which units, when, why."""
        return page(200, layout.ask(self._looks.current(), _asked()))

    def show(self) -> Response:
        """POST: their tracks."""
        look, who, asked = self._looks.current(), identity.current(), _asked()
        words = look.words
        try:
            rosters = self._districts.rosters()
            names, span = self._units(asked, who, words, rosters), self._span(asked, words)
            if not asked.why:
                raise _Mistaken(words("after.no_reason"))
            self._trail.note("sight", who.name, "tracks", f"{' '.join(names)}: {asked.why}"[:400], who)
            tracks = self._read(names, span, rosters)
        except _Mistaken as error:
            return page(400, layout.ask(look, asked, str(error)))
        except JournalUnavailable:
            return page(503, layout.ask(look, asked, words("after.unrecorded")))
        except (HistoryError, StoreError):
            return page(503, layout.ask(look, asked, words("after.away")))
        view = View(self._district, words, lambda still: "")
        told = f"{who.title} ({who.name})"
        mark = words("after.mark", who=told, at=exactly(self._clock(), view), why=asked.why)
        return page(200, layout.screen(look, view, tracks, span, mark))

    def _read(self, names: list[str], span: tuple[float, float], rosters: Mapping[int, Roster]) -> list[Track]:
        with self._archive.open(since=span[0], until=span[1]) as reading:
            return read(reading, rosters, names, *span)

    def _units(self, asked: Asked, who: Principal, words: Words, rosters: Mapping[int, Roster]) -> list[str]:
        """The call-signs, of units whose home lies within the caller's scope; of who has left, every home of then."""
        names = list(dict.fromkeys(asked.units.split()))
        scope, current = self._district.scope(who.centre), self._district.roster
        inside = [*scope.communities, bool(scope.communities.all())]  # who has no home belongs to the district
        unknown = []
        for name in names:
            of = [current] if name in current.index else [each for each in rosters.values() if name in each.index]
            if not of or not all(inside[each.home[each.index[name]]] for each in of):
                unknown.append(name)
        if unknown or not names:
            raise _Mistaken(words("tracks.bad_units", names="、".join(unknown[:5]) or "—"))
        if len(names) > MOST_UNITS:
            raise _Mistaken(words("tracks.too_many", n=MOST_UNITS))
        return names

    def _span(self, asked: Asked, words: Words) -> tuple[float, float]:
        zone = self._district.timezone
        try:
            both = (datetime.fromisoformat(text) for text in (asked.from_at, asked.to_at))
            first, last = (each.replace(tzinfo=each.tzinfo or zone).timestamp() for each in both)
        except ValueError:
            raise _Mistaken(words("tracks.bad_span")) from None
        if not first < last <= min(first + MOST_S, self._clock() + 60):
            raise _Mistaken(words("tracks.bad_span"))
        return first, last


def register(server: Flask, desk: Desk) -> None:
    """Serve /tracks."""
    server.add_url_rule("/tracks", "tracks.ask", desk.ask, methods=["GET"])
    server.add_url_rule("/tracks", "tracks.show", desk.show, methods=["POST"])


def _asked() -> Asked:
    said = request.values
    span = (said.get("from", "")[:40], said.get("to", "")[:40])
    return Asked(said.get("units", "")[:2000], *span, said.get("why", "").strip()[:_CHARS])
