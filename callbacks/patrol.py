"""Patrol beside the live wire: the map's layer of cells, the overdue cells of an area, single units for a reason.

Single units are shown only after a reason was put on record; if that cannot be kept, they are not shown.
"""

import time
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from flask import Flask, Response, request

from callbacks import answers, identity
from callbacks.intake import problem
from callbacks.trail import Trail
from dashboard.district import District
from dashboard.follower import Follower
from dashboard.patrol import figures
from dashboard.patrol.individuals import Individual, look_into
from dashboard.store import JournalUnavailable
from layouts import patrol_pane
from layouts import words as write
from layouts.view import View
from layouts.words import Lang, Words

SHOWN_S = 600.0  # so long a console shows single units
_CHARS = 200
_BODY_BYTES = 4096
_OUTSIDE = 255  # a cell that is not in the scope


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a wish to see single units."""

    centre: str
    reason: str
    lang: str = Lang.ZH.value


class Desk:
    """Answers the requests."""

    def __init__(
        self, district: District, follower: Follower, trail: Trail, clock: Callable[[], float] = time.time
    ) -> None:
        self._district = district
        self._follower = follower
        self._trail = trail
        self._clock = clock

    def map(self) -> Response:
        """GET ?centre=: a CellState for each cell of the district, 255 outside the scope."""
        centre = request.args.get("centre", "") or identity.current().centre
        if (refused := self._refused(centre)) is not None:
            return refused
        with self._follower.lock:
            states = figures.cell_states(self._follower.situation.patrol, self._clock())
        states[~self._inside(centre)] = _OUTSIDE
        return answers.json({"states": states.tolist()})

    def cells(self) -> Response:
        """GET ?centre=&lang=: the overdue cells of one area, as texts."""
        centre = request.args.get("centre", "") or identity.current().centre
        if (refused := self._refused(centre)) is not None:
            return refused
        now = self._clock()
        with self._follower.lock:
            found = figures.overdue_cells(self._follower.situation.patrol, self._inside(centre), now)
        return answers.json(patrol_pane.cells(found, self._view(request.args.get("lang", "")), now))

    def units(self) -> Response:
        """POST {centre, reason, lang}: units that are stuck or silent, after the reason is on record."""
        request.max_content_length = _BODY_BYTES
        try:
            asked = msgspec.json.decode(request.get_data(), type=Asked)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return problem(400, "malformed", "send a JSON object: centre, reason, lang")
        reason, who = asked.reason.strip()[:_CHARS], identity.current()
        if not reason:
            return problem(400, "no_reason", "give a reason")
        if (refused := self._refused(asked.centre)) is not None:
            return refused
        try:
            self._trail.note("sight", who.name, f"patrol_units/{asked.centre}", reason, who)
        except JournalUnavailable:
            return problem(503, "journal_away", "the state server is away; nothing is shown. Try again")
        now, view = self._clock(), self._view(asked.lang)
        situation, scope = self._follower.situation, self._district.scope(asked.centre)
        with self._follower.lock:
            found = look_into(situation.patrol, situation.forces, self._district, scope.communities, now)
        return answers.json({"until": now + SHOWN_S, "rows": [_row(each, view, now) for each in found]})

    def _refused(self, centre: str) -> Response | None:
        if centre not in self._district.centres:
            return problem(404, "unknown_centre", "there is no such centre")
        if not identity.current().covers(centre, self._district):
            return problem(403, "scope", "this centre is not yours")
        return None

    def _inside(self, centre: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        inside: np.ndarray[Any, np.dtype[np.bool_]] = self._district.scope(centre).communities[
            self._district.cell_community
        ]
        return inside

    def _view(self, lang: str) -> View:
        return View(self._district, Words(Lang.EN if lang == Lang.EN else Lang.ZH), lambda still: "")


def register(server: Flask, desk: Desk) -> None:
    """Serve the map's cells, the cells of an area, and single units."""
    server.add_url_rule("/wall/patrol.json", "patrol.map", desk.map)
    server.add_url_rule("/patrol/cells", "patrol.cells", desk.cells)
    server.add_url_rule("/patrol/units", "patrol.units", desk.units, methods=["POST"])


def _row(each: Individual, view: View, now: float) -> list[str]:
    """Call-sign with tier, condition, since when, where."""
    words = view.words
    where = f"{view.community(each.community)} {each.cell}" if each.community >= 0 else words("outside")
    since = write.day_and_time(each.since, now, view.zone)
    return [f"{each.call_sign} · {words(f'tier.{each.tier.value}')}", words(f"patrol.{each.condition}"), since, where]
