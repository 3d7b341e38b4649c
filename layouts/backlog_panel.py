"""The panel of cases: flow, stages, ages, rates, the oldest. A case is not an alarm, so almost nothing has a hue."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.backlog import AgeRow, BacklogFigures
from dashboard.overview import Overview
from dashboard.records import STAGES, Stage
from layouts import charts, ids
from layouts import words as write
from layouts.slots import Payload, panel, rows, section, slot, title, value
from layouts.theme import Palette
from layouts.view import View

OLDEST = 5
AGE_ROWS = 10
AGE_BUCKETS = 7
BEHIND_PEERS = 1.15  # a centre stands out whose share of overdue cases is so much above that of the scope
BEHIND_LEAST = 0.05  # and is worth a word at all
_FUNNEL = STAGES[:7]
_ASIDE = STAGES[7:]


def frame(view: View, palette: Palette) -> Component:
    """The panel, laid out once."""
    words = view.words
    return panel(
        "backlog",
        "backlog",
        [
            html.Div([title(words, "backlog"), _figures(view), _rates(view)], className="part part-figures"),
            html.Div([section(words, "by_hour", _key(view)), _chart(palette, view)], className="part part-chart"),
            html.Div(
                [
                    section(words, "funnel", slot("stuck", "stuck")),
                    html.Div([_funnel(), _aside()], className="funnel"),
                ],
                className="part part-funnel",
            ),
            html.Div([_ages_head(view), _ages()], className="part part-ages"),
            html.Div([section(words, "oldest"), _oldest()], className="part part-oldest"),
        ],
        words("backlog"),
    )


def payload(overview: Overview, view: View) -> Payload:
    """What the panel shows."""
    figures = overview.backlog
    words = view.words
    net = figures.found_per_h - figures.closed_per_h
    rate = figures.on_time
    return {
        "found": value(write.number(figures.found_today)),
        "closed": value(write.number(figures.closed_today)),
        "net": value(write.signed(net), "growing" if net > 0 else "falling"),
        "clear": _clear(figures, view),
        "open": value(write.number(figures.open)),
        "overdue": value(write.number(figures.overdue)),
        "on_time": value(write.percent(rate.numerator, rate.denominator)),
        "on_time_of": value(
            f"{write.number(rate.numerator)}/{write.number(rate.denominator)} · {words.duration(rate.window_s)}"
        ),
        "returned": value(write.number(figures.returned_today)),
        "rework": value(write.number(figures.rework_today)),
        "funnel": _funnel_rows(figures, view),
        "stuck": value(_stuck(figures, view), hide=figures.stuck is None),
        "aside": [
            {"word": value(words(f"stage.{stage.value}")), "count": value(write.number(count))}
            for stage, count in figures.aside[: len(_ASIDE)]
        ],
        "edges": [{"edge": value(edge)} for edge in _edges(figures)],
        "ages": _age_rows(figures, view),
        "oldest": [
            {
                "word": value(f"{case.title or view.item(case.item)}"),
                "place": value(view.community(case.community)),
                "stage": value(words(f"stage.{case.stage.value}")),
                "age": value(
                    words.duration(figures.as_of - case.reported_at),
                    "overdue" if _is_overdue(case.due_at, figures) else "",
                ),
            }
            for case in figures.oldest[:OLDEST]
        ],
    }


def _figures(view: View) -> Component:
    words = view.words
    cells = [
        html.Div(
            [
                html.Div([html.Span(words(key), className="main")], className="stat-label"),
                slot(name, "stat-figure num", html.Div),
            ],
            className=f"stat stat-{name}",
        )
        for key, name in (
            ("found_today", "found"),
            ("closed_today", "closed"),
            ("net_inflow", "net"),
            ("clear_by", "clear"),
        )
    ]
    return html.Div(cells, className="stats stats-large")


def _rates(view: View) -> Component:
    words = view.words
    names = (
        ("open_cases", "open"),
        ("overdue", "overdue"),
        ("returned_today", "returned"),
        ("rework_today", "rework"),
    )
    small = [
        html.Div([html.Span(words(key), className="soft"), slot(name, "num strong")], className="pair")
        for key, name in names
    ]
    rate = html.Div(
        [
            html.Span(words("on_time_rate"), className="soft"),
            slot("on_time", "num strong"),
            slot("on_time_of", "num mute"),
        ],
        className="pair pair-wide",
    )
    return html.Div([*small, rate], className="pairs")


def _key(view: View) -> Component:
    return html.Span(
        [
            html.I(className="key-bar"),
            html.Span(view.words("found")),
            html.I(className="key-line"),
            html.Span(view.words("closed_word")),
        ],
        className="key",
    )


def _chart(palette: Palette, view: View) -> Component:
    return dcc.Graph(
        id=ids.WALL_FLOW,
        figure=charts.flow(palette, view.words),
        config={"displayModeBar": False, "staticPlot": True, "responsive": True},
        className="chart",
    )


def _funnel() -> Component:
    row = [
        slot("word", "row-name"),
        html.Span(slot("bar", "bar-fill", html.I), className="bar"),
        slot("count", "row-count num"),
    ]
    return rows("funnel", row, len(_FUNNEL), "bars", "bar-row")


def _aside() -> Component:
    return rows("aside", [slot("word", "soft"), slot("count", "num strong")], len(_ASIDE), "aside", "pair")


def _ages_head(view: View) -> Component:
    edges = rows("edges", [slot("edge", "num")], AGE_BUCKETS, "age-cells", "age-edge")
    return html.Div(
        [
            html.H3([html.Span(view.words("ages"), className="main")]),
            edges,
            html.Span(view.words("overdue"), className="age-overdue"),
        ],
        className="section-head age-row",
    )


def _ages() -> Component:
    row = [
        slot("name", "row-name"),
        rows("cells", [slot("count", "num")], AGE_BUCKETS, "age-cells", "age-cell"),
        slot("overdue", "age-overdue num"),
    ]
    return rows("ages", row, AGE_ROWS, "ages", "age-row")


def _oldest() -> Component:
    row = [
        slot("word", "old-word"),
        slot("place", "old-place"),
        slot("stage", "old-stage"),
        slot("age", "old-age num"),
    ]
    return rows("oldest", row, OLDEST, "olds", "old-row")


def _funnel_rows(figures: BacklogFigures, view: View) -> list[Payload]:
    words = view.words
    widest = max((count for stage, count in figures.funnel if stage is not Stage.CLOSED), default=0)
    made = []
    for stage, count in figures.funnel:
        is_stuck = stage is figures.stuck
        shown = write.number(count)
        if stage is Stage.CLOSED:
            shown = f"{words('closed_is_today')} {shown}"
        made.append(
            {
                "row": value(state="stuck" if is_stuck else "closed" if stage is Stage.CLOSED else "plain"),
                "word": value(words(f"stage.{stage.value}")),
                "bar": value(share=_share(count, widest) if stage is not Stage.CLOSED else 0),
                "count": value(shown),
            }
        )
    return made


def _stuck(figures: BacklogFigures, view: View) -> str:
    if figures.stuck is None:
        return ""
    words = view.words
    waits = f"{words('median')} {words.duration(figures.stuck_median_s)}"
    return f"{words('stuck_stage')} {words(f'stage.{figures.stuck.value}')} · {waits}"


def _clear(figures: BacklogFigures, view: View) -> Payload:
    """When nothing will be open at this pace; nothing is said of what is empty already."""
    if not figures.open:
        return value(write.UNKNOWN)
    if not figures.clear_at:
        return value(view.words("never"), "never", tip=view.words("never"))
    tip = view.words.duration(figures.clear_at - figures.as_of)
    return value(write.day_and_time(figures.clear_at, figures.as_of, view.zone), "", tip=tip)


def _edges(figures: BacklogFigures) -> list[str]:
    hours = [write.hours(edge) for edge in figures.age_edges_h]
    return [*(f"≤{edge}" for edge in hours), f">{hours[-1]}"] if hours else []


def _age_rows(figures: BacklogFigures, view: View) -> list[Payload]:
    centres = figures.by_sub_district if len(figures.by_sub_district) > 1 else figures.by_department
    centres = centres or figures.by_sub_district
    most = max((count for row in centres for count in row.counts), default=0)
    return [
        {
            "row": value(centre=row.centre),
            "name": value(view.centre(row.centre)),
            "cells": [
                {"row": value(share=_share(count, most)), "count": value(write.number(count))} for count in row.counts
            ],
            "overdue": value(write.number(row.overdue), "overdue" if _is_behind(row, figures) else ""),
        }
        for row in centres[:AGE_ROWS]
    ]


def _is_behind(row: AgeRow, scope: BacklogFigures) -> bool:
    """Where most rows are alike none is coloured: colour is for the one that is not."""
    usual = scope.overdue / max(1, scope.open)
    return row.overdue > max(BEHIND_LEAST, BEHIND_PEERS * usual) * max(1, sum(row.counts))


def _is_overdue(due_at: float | None, figures: BacklogFigures) -> bool:
    return due_at is not None and due_at < figures.as_of


def _share(count: int, most: int) -> float:
    return round(count / most, 3) if most else 0.0
