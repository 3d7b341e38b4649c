"""The wall's panel of patrol: cells by how they are patrolled, areas with their strength, receivers, the longest
unpatrolled cells. By organisation and place only; no unit is named."""

from dash import html
from dash.development.base_component import Component

from dashboard.overview import Overview
from dashboard.patrol.figures import AreaPatrol, CellCounts, LongCell, PatrolFigures, Receivers, Strength
from dashboard.records import TIERS, Tier
from layouts import words as write
from layouts.grown import grown
from layouts.slots import Payload, panel, rows, section, slot, title, value
from layouts.view import View

AREAS = 10
LONGEST = 4
STATES = ("in_time", "due_soon", "overdue", "unknown")


def frame(view: View) -> Component:
    """The panel, laid out once."""
    words = view.words
    figures = [
        html.Div(
            [html.Span(words(f"patrol.{name}"), className="stat-label"), slot(name, f"stat-figure num patrol-{name}")],
            className="patrol-figure",
        )
        for name in ("covered", *STATES[1:])
    ]
    made = panel(
        "patrol",
        "patrol",
        [
            title(words, "patrol", slot("began", "head-note num")),
            html.Div(figures, className="patrol-figures"),
            bar(),
            section(words, "patrol.areas"),
            _area_head(view),
            rows("areas", area_row(), AREAS, "patrol-areas", "patrol-area"),
            section(words, "patrol.receivers"),
            _receiver_head(view),
            rows("tiers", _receiver_row(), len(TIERS), "patrol-receivers", "patrol-receiver"),
            section(words, "patrol.longest"),
            rows("longest", cell_row(), LONGEST, "patrol-longest", "patrol-cell"),
            slot("none", "empty"),
        ],
        words("patrol"),
    )
    return grown(made)


def bar() -> Component:
    """The cells of an area as one bar, by state."""
    parts = [slot(f"bar_{name}", f"patrol-part patrol-part-{name}", html.I) for name in STATES]
    return html.Span(parts, className="patrol-bar")


def area_row() -> list[Component]:
    """One area: its cells, and whether it is strong enough."""
    return [
        slot("name", "row-name"),
        bar(),
        slot("overdue", "num patrol-overdue"),
        slot("covered", "num"),
        slot("dwell", "num soft"),
        slot("strength", "patrol-strength"),
    ]


def cell_row() -> list[Component]:
    """One cell that is overdue."""
    return [slot("code", "num row-name"), slot("place", "row-name"), slot("last", "num")]


def payload(overview: Overview, view: View) -> Payload:
    """The figures; what is unknown is neither zero nor late."""
    found = overview.patrol
    words = view.words
    return {
        "began": value(began(found, view)),
        **_head(found.cells),
        **bar_of(found.cells),
        "areas": [area_of(area, view) for area in found.areas[:AREAS]],
        "tiers": [_receivers(tier, counts, view) for tier, counts in found.tiers],
        "longest": [cell_of(cell, view, overview.as_of) for cell in found.longest[:LONGEST]],
        "none": value(words("patrol.none_overdue" if found.began_at else "patrol.not_begun"), hide=bool(found.longest)),
    }


def began(found: PatrolFigures, view: View) -> str:
    """Since when patrols are on record."""
    if not found.began_at:
        return ""
    return view.words("patrol.began", t=write.day_and_time(found.began_at, found.began_at + 1, view.zone))


def bar_of(cells: CellCounts) -> Payload:
    """The shares of the bar."""
    total = max(cells.total, 1)
    return {f"bar_{name}": value(share=getattr(cells, name) / total) for name in STATES}


def area_of(area: AreaPatrol, view: View) -> Payload:
    """The row of one area."""
    cells = area.cells
    is_known = cells.unknown < cells.total
    return {
        "row": value(centre=area.centre),
        "name": value(view.centre(area.centre)),
        **bar_of(cells),
        "overdue": value(write.number(cells.overdue), "some" if cells.overdue else "zero"),
        "covered": value(f"{write.number(cells.covered)}/{write.number(cells.total)}" if is_known else write.UNKNOWN),
        "dwell": value(write.minutes(area.dwell_s) if area.dwell_s is not None else write.UNKNOWN),
        "strength": strength_of(area.strength, view),
    }


def strength_of(strength: tuple[Strength, ...], view: View) -> Payload:
    """The tier that misses most, or that all have enough."""
    words = view.words
    if not strength:
        return value(words("patrol.no_minimum"), "none")
    worst = strength[0]
    if not worst.missing:
        return value(words("patrol.enough"), "enough")
    return value(f"▼ {words(f'tier.{worst.tier.value}')} {worst.present}/{worst.minimum}", "short")


def cell_of(cell: LongCell, view: View, now: float) -> Payload:
    """The row of one overdue cell: where it is, and when it was last patrolled."""
    district = view.district
    community = int(district.cell_community[cell.cell])
    last = write.day_and_time(cell.last_at, now, view.zone) if cell.last_at else view.words("patrol.never")
    return {
        "code": value(district.cell_codes[cell.cell]),
        "place": value(f"{view.sub_district(community)} · {view.community(community)}"),
        "last": value(last, "" if cell.last_at else "never"),
    }


def _head(cells: CellCounts) -> Payload:
    is_known = cells.unknown < cells.total
    covered = f"{write.number(cells.covered)}/{write.number(cells.total)}"
    return {
        "covered": value(covered if is_known else write.UNKNOWN),
        "due_soon": value(write.number(cells.due_soon) if is_known else write.UNKNOWN),
        "overdue": value(
            write.number(cells.overdue) if is_known else write.UNKNOWN, "some" if cells.overdue else "zero"
        ),
        "unknown": value(write.number(cells.unknown)),
    }


def _receivers(tier: Tier, counts: Receivers, view: View) -> Payload:
    is_known = counts.on_shift > 0
    return {
        "tier": value(view.words(f"tier.{tier.value}")),
        **{
            name: value(write.number(count) if is_known else write.UNKNOWN, "some" if count else "zero")
            for name, count in (("on_shift", counts.on_shift), ("silent", counts.silent), ("stuck", counts.stuck))
        },
    }


def _area_head(view: View) -> Component:
    words = view.words
    names = ("cells", "overdue", "covered", "dwell", "strength")
    heads = [html.Span(words("patrol.area"), className="soft")]
    heads += [html.Span(words(f"patrol.{name}"), className="soft") for name in names]
    return html.Div(heads, className="patrol-area patrol-head")


def _receiver_head(view: View) -> Component:
    heads = [html.Span(view.words(f"patrol.{name}"), className="soft") for name in ("on_shift", "silent", "stuck")]
    return html.Div([html.Span(), *heads], className="patrol-receiver patrol-head")


def _receiver_row() -> list[Component]:
    return [slot("tier", "row-name"), slot("on_shift", "num"), slot("silent", "num"), slot("stuck", "num")]
