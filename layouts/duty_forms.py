"""The forms of the duty console as plain data: which fields an order asks for. assets/duty-forms.js draws them, keeps
what was typed until it is sent, and hands the values over under the names of the order's fields."""

from typing import Any

from dashboard.district import CentreKind
from dashboard.response.deeds import Outcome
from layouts import triage_panel
from layouts import words as write
from layouts.view import View

# Least hours to the eight that a shelving may last (DOMAIN section 9, A5).
SHELVE_HOURS = (0.5, 1, 2, 4, 8)
OUTCOMES = tuple(outcome.value for outcome in Outcome)
SHELVE_REASONS = ("known_fault", "maintenance", "test", "duplicate", "weather")
MUTE_REASONS = ("consultation", "on_the_phone", "briefing")
DECLINE_REASONS = ("no_capacity", "not_ours", "already_handled")

Form = dict[str, Any]


def forms(view: View) -> dict[str, Form]:
    """Every form by the name of its act."""
    words = view.words
    return {
        "classify": _form(view, "classify", [_level(view), _kinds(view)]),
        "note": _form(view, "note", [_area(view, "text", rows=5, most=2000)]),
        "close": _form(
            view,
            "close",
            [_choice(view, "kind", "outcome", OUTCOMES), _area(view, "text", rows=4, most=2000, needed=False)],
        ),
        "offer": _form(view, "offer", [_centres(view), _area(view, "text", rows=2, most=400, needed=False)]),
        "decline": _form(view, "decline", [_reasons(view, "decline_reason", DECLINE_REASONS)]),
        "report": _form(view, "report", [_area(view, "text", rows=18, most=8000, blanks=True)], css="wide"),
        "register": _form(view, "register", _call(view), css="wide"),
        "shelve": _form(
            view,
            "shelve",
            [
                {
                    "name": "hours",
                    "kind": "choice",
                    "label": words("field.hours"),
                    "needed": True,
                    "options": [[str(hours), words.duration(hours * 3600)] for hours in SHELVE_HOURS],
                },
                _reasons(view, "shelve_reason", SHELVE_REASONS),
            ],
        ),
        "confirm_incident": _form(
            view, "confirm_incident", [_level(view), _kinds(view), _line(view, "title", most=400)]
        ),
        "confirm_case": _form(view, "confirm_case", [_items(view), _line(view, "title", most=400)]),
        "mark_false": _form(view, "mark_false", [_reasons(view, "false", triage_panel.FALSE_REASONS)]),
        "mute": _form(view, "mute", [_choice(view, "reason", "mute_reason", MUTE_REASONS)]),
        "hand_over": _form(view, "hand_over", [_area(view, "text", rows=6, most=4000, needed=False)]),
    }


def _form(view: View, name: str, fields: list[dict[str, Any]], css: str = "") -> Form:
    words = view.words
    return {"title": words(f"form.{name}"), "submit": words(f"act.{name}"), "fields": fields, "css": css}


def _area(view: View, name: str, *, rows: int, most: int, needed: bool = True, blanks: bool = False) -> dict[str, Any]:
    """A text of several lines. `blanks`: it has gaps 【】 to be filled before it is sent."""
    label = view.words(f"field.{name}")
    return {
        "name": name,
        "kind": "area",
        "label": label,
        "rows": rows,
        "most": most,
        "needed": needed,
        "blanks": blanks,
    }


def _line(view: View, name: str, *, most: int, needed: bool = True) -> dict[str, Any]:
    return {"name": name, "kind": "line", "label": view.words(f"field.{name}"), "most": most, "needed": needed}


def _choice(view: View, name: str, family: str, options: tuple[str, ...]) -> dict[str, Any]:
    """One of a few; the number keys choose."""
    words = view.words
    return {
        "name": name,
        "kind": "choice",
        "label": words(f"field.{family}"),
        "needed": True,
        "options": [[option, words(f"{family}.{option}")] for option in options],
    }


def _reasons(view: View, family: str, options: tuple[str, ...]) -> dict[str, Any]:
    """A reason in words: one of the usual, or the officer's own."""
    words = view.words
    return {
        "name": "reason",
        "kind": "list",
        "label": words("field.reason"),
        "needed": True,
        "free": True,
        "most": 400,
        "options": [[words(f"{family}.{option}"), words(f"{family}.{option}")] for option in options],
    }


def _level(view: View) -> dict[str, Any]:
    words = view.words
    return {
        "name": "level",
        "kind": "choice",
        "label": words("field.level"),
        "needed": True,
        "number": True,
        "options": [[str(level), f"{write.NUMERALS[level]} {words(f'level.{level}')}"] for level in write.NUMERALS],
    }


def _kinds(view: View) -> dict[str, Any]:
    return {
        "name": "kind",
        "kind": "list",
        "label": view.words("field.kind"),
        "needed": True,
        "options": [[code, view.kind(code)] for code in view.district.kinds],
    }


def _items(view: View) -> dict[str, Any]:
    return {
        "name": "item",
        "kind": "list",
        "label": view.words("field.item"),
        "needed": True,
        "options": [[code, view.item(code)] for code in view.district.items],
    }


def _centres(view: View) -> dict[str, Any]:
    words = view.words
    return {
        "name": "into",
        "kind": "list",
        "label": words("field.into"),
        "needed": True,
        "options": [
            [centre.code, words.name(centre.name, centre.name_en)] for centre in view.district.centres.values()
        ],
    }


def _call(view: View) -> list[dict[str, Any]]:
    """What is asked of whoever calls: where first, because somebody may hang up."""
    words = view.words
    places = [
        [f"{centre.lat:.6f},{centre.lon:.6f}", words.name(centre.name, centre.name_en)]
        for centre in view.district.centres.values()
        if centre.kind in (CentreKind.COMMUNITY, CentreKind.SUB_DISTRICT)
    ]
    position = {
        "name": "position",
        "kind": "list",
        "label": words("field.position"),
        "needed": True,
        "point": True,
        "options": places,
    }
    return [
        position,
        _line(view, "place", most=400, needed=False),
        _kinds(view),
        _level(view),
        _line(view, "title", most=400),
    ]
