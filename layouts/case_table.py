"""The table of cases on the duty console: filter bar, grid, what can be done with the cases chosen, and one in detail.

The grid asks for its pages (callbacks/case_table.py); what keys and buttons do is in assets/case-table.js.
"""

import json
from collections.abc import Sequence
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.backlog import deeds
from dashboard.backlog.query import Column, Filter, Page, Sort
from dashboard.district import District
from dashboard.orders.slots import UNDOABLE
from dashboard.records import STAGES, Verb
from layouts import ids
from layouts.case_rows import cells
from layouts.slots import both
from layouts.view import View
from layouts.words import number

BLOCK_ROWS = 100  # of one request
BLOCKS_KEPT = 4  # far more than a screen; each is asked for again when cases changed
ROW_PX, HEAD_PX = 32, 34
SOON_S = 2 * 3600
AGES_S = (86_400, 3 * 86_400, 7 * 86_400)
ACTIONS = (("u", Verb.URGE), ("s", Verb.SUPERVISE), ("h", Verb.HOLD), ("e", Verb.EXTEND), ("z", Verb.RETRACT))
_NEEDS = {Verb.HOLD: ["reason"], Verb.EXTEND: ["until", "reason"]}
_FLAGS = ("overdue", "soon", "supervised", "urged")
_COLUMNS = (  # what sorts is named in query.Column
    ("left", 138, "left"),
    ("item", 108, None),
    ("title", 140, None),
    ("stage", 62, None),
    ("urged", 98, None),
    ("supervised", 72, None),
    ("held", 72, None),
    ("department", 106, None),
    ("place", 112, None),
    ("reported", 112, None),
    ("due", 112, None),
)
_BROWSER_WORDS = ("cancel", "reason", "until", "nothing", "done", "failed", "unsent", "cannot_undo", "nothing_to_undo")
_GRID_WORDS = ("loadingOoo", "noRowsToShow", "ariaRowSelect", "ariaRowDeselect", "ariaRowToggleSelection")


def frame(view: View) -> Component:
    """The panel, laid out once, without a case in it."""
    words = view.words
    return html.Section(
        [
            html.Div(
                [
                    html.H2(both(words, "cases.table"), className="two"),
                    html.Span(id=ids.DUTY_CASES_NOTE, className="cases-note num", role="status"),
                    html.Span(className="cases-news num", **{"data-cases": "news"}),
                    _exports(view),
                ],
                className="panel-head cases-head",
            ),
            _bar(view),
            html.Div(
                [
                    _grid(view),
                    html.Aside(
                        html.P(words("cases.choose"), className="mute"),
                        id=ids.DUTY_CASES_DETAIL,
                        className="cases-detail",
                    ),
                ],
                className="cases-body",
            ),
            _actions(view),
            *(dcc.Store(id=id_) for id_ in (ids.DUTY_CASES_FILTER, ids.DUTY_CASES_SHOWN, ids.DUTY_CASES_MAY)),
            *(dcc.Store(id=id_) for id_ in (ids.DUTY_CASES_ASK, ids.DUTY_CASES_NEWS)),
            dcc.Store(id=ids.DUTY_CASES_LANG, data=words.lang.value),
        ],
        id=ids.DUTY_CASES,
        className="panel cases",
        **{"aria-label": words("cases.table"), "data-settings": json.dumps(browser(view), ensure_ascii=False)},
    )


def rows(page: Page, view: View, now: float) -> dict[str, Any]:
    """The grid's answer: one page of rows, and how many there are."""
    return {"rowData": [cells(case, view, now) for case in page.rows], "rowCount": page.total}


def total(count: int, view: View) -> str:
    """How many cases the filter finds."""
    return view.words("cases.total", n=number(count))


def browser(view: View) -> dict[str, Any]:
    """What assets/case-table.js must know: ids, keys, words."""
    words = view.words
    undoable = [verb for verb in UNDOABLE if verb in deeds.RETRACTABLE]
    return {
        "ids": {
            "grid": ids.DUTY_CASES_GRID,
            "shown": ids.DUTY_CASES_SHOWN,
            "ask": ids.DUTY_CASES_ASK,
            "text": ids.DUTY_CASES_TEXT,
        },
        "zone": view.zone.key,
        "lang": words.lang.value,
        "soon_s": SOON_S,
        "actions": {
            key: {
                "verb": verb.value,
                "word": words(f"cases.do.{verb.value}"),
                "needs": _NEEDS.get(verb, []),
                "confirm": "" if verb in (*undoable, Verb.RETRACT) else words("cases.sure"),
            }
            for key, verb in ACTIONS
        },
        "undoable": [verb.value for verb in undoable],
        "words": {**{key: words(f"cases.{key}") for key in _BROWSER_WORDS}, "offline": words("why.offline")},
    }


def describe(wish: Filter, order: Sequence[Sort], view: View) -> str:
    """A filter and an order in words, for the head of an export."""
    words = view.words
    names = [
        *(words(f"stage.{stage.value}") for stage in wish.stages),
        *(view.item(code) for code in wish.items),
        *(view.centre(code) for code in (*wish.departments, *wish.places)),
        *(words(f"cases.flag.{flag}") for flag in ("overdue", "supervised", "urged") if getattr(wish, flag)),
    ]
    if wish.due_within_s is not None:
        names.append(words("cases.flag.due_within", d=words.duration(wish.due_within_s)))
    if wish.older_than_s is not None:
        names.append(words("cases.older", d=words.duration(wish.older_than_s)))
    if wish.text:
        names.append(f"“{wish.text}”")
    sorted_by = [f"{_head(step.column, view)} {'↑' if step.direction == 'asc' else '↓'}" for step in order]
    return " · ".join([*names, *sorted_by]) or words("cases.all_open")


def _exports(view: View) -> Component:
    return html.Span(
        [
            html.A(
                view.words(f"cases.export_{kind}"), href=f"/exports/cases.{kind}", className="act", hidden=True,
                **{"data-cases": "export"},
            )
            for kind in ("csv", "xlsx")
        ],
        className="cases-exports",
    )  # fmt: skip


def _bar(view: View) -> Component:
    words, district = view.words, view.district
    stages = [{"value": stage.value, "label": words(f"stage.{stage.value}")} for stage in STAGES]
    items = [{"value": code, "label": view.item(code)} for code in district.items]
    departments = [{"value": centre.code, "label": view.centre(centre.code)} for centre in district.departments]
    ages = [{"value": str(age), "label": words("cases.older", d=words.duration(age))} for age in AGES_S]
    return html.Div(
        [
            dmc.TextInput(
                id=ids.DUTY_CASES_TEXT, size="xs", debounce=300, inputProps={"maxLength": 80}, className="cases-text",
                placeholder=words("cases.search"), **{"aria-label": words("cases.search")},
            ),
            _choice(ids.DUTY_CASES_STAGES, "stage", stages, view),
            _choice(ids.DUTY_CASES_ITEMS, "item", items, view),
            _choice(ids.DUTY_CASES_DEPARTMENTS, "department", departments, view),
            _choice(ids.DUTY_CASES_PLACES, "place", _places(district, view), view),
            dmc.Select(
                id=ids.DUTY_CASES_AGE, data=ages, size="xs", clearable=True, placeholder=words("cases.age"),
                className="cases-choice", **{"aria-label": words("cases.age")},
            ),
            dmc.ChipGroup(
                [dmc.Chip(words(f"cases.flag.{flag}"), value=flag, size="xs", radius="xs") for flag in _FLAGS],
                id=ids.DUTY_CASES_FLAGS, multiple=True, value=[],
            ),
        ],
        className="cases-bar",
        role="search",
    )  # fmt: skip


def _choice(id_: str, word: str, data: list[dict[str, Any]], view: View) -> Component:
    return dmc.MultiSelect(
        id=id_,
        data=data,
        size="xs",
        searchable=True,
        clearable=True,
        hidePickedOptions=False,
        maxDropdownHeight=420,
        placeholder=view.words(f"cases.{word}"),
        className="cases-choice",
        comboboxProps={"width": "max-content", "position": "bottom-start"},
        **{"aria-label": view.words(f"cases.{word}")},
    )


def _places(district: District, view: View) -> list[dict[str, Any]]:
    """Sub-districts, then communities under the name of theirs."""
    wide = [{"value": centre.code, "label": view.centre(centre.code)} for centre in district.sub_districts]
    groups: list[dict[str, Any]] = [{"group": view.words("scope"), "items": wide}]
    for place, centre in enumerate(district.sub_districts):
        inside = [
            {"value": community.code, "label": view.centre(community.code)}
            for community, area in zip(district.communities, district.sub_district_of.tolist(), strict=True)
            if area == place
        ]
        groups.append({"group": view.centre(centre.code), "items": inside})
    return [group for group in groups if group["items"]]


def _grid(view: View) -> Component:
    return dag.AgGrid(
        id=ids.DUTY_CASES_GRID,
        className="cases-grid",
        style={"height": "100%"},  # its own is 400 px
        rowModelType="infinite",
        getRowId="params.data.key",
        eventListeners={"cellFocused": ["caseFocused(params)"], "selectionChanged": ["casesChosen(params)"]},
        columnDefs=[_column(name, width, first, view) for name, width, first in _COLUMNS],
        defaultColDef={"sortable": False, "filter": False, "resizable": True, "suppressHeaderMenuButton": True},
        rowClassRules={f"is-{state}": f"params.data && params.data.state == '{state}'" for state in ("late", "soon")},
        dashGridOptions={
            "cacheBlockSize": BLOCK_ROWS,
            "maxBlocksInCache": BLOCKS_KEPT,
            # The grid's wrapper knows only the last request, so that a second one beside it would get the wrong rows.
            "maxConcurrentDatasourceRequests": 1,
            "blockLoadDebounceMillis": 60,
            "infiniteInitialRowCount": 1,
            "rowHeight": ROW_PX,
            "headerHeight": HEAD_PX,
            "animateRows": False,
            "multiSortKey": "ctrl",
            "enableBrowserTooltips": True,
            "rowSelection": {"mode": "multiRow", "headerCheckbox": False, "enableClickSelection": True},
            "selectionColumnDef": {"width": 40, "pinned": "left"},
            "localeText": {key: view.words(f"grid.{key}") for key in _GRID_WORDS},
        },
    )


def _column(name: str, width: int, pinned: str | None, view: View) -> dict[str, Any]:
    column: dict[str, Any] = {
        "colId": name,
        "field": name,
        "headerName": _head(name, view),
        "width": width,
        "cellClass": f"case-{name}",
        "tooltipField": name,
    }
    if name in set(Column):
        column["sortable"] = True
    if pinned:
        column |= {"pinned": pinned, "sort": "asc"}
    if name == "title":
        column |= {"flex": 1, "minWidth": width}
    return column


def _head(name: str, view: View) -> str:
    return view.words("cases.limit" if name == Column.LEFT else f"cases.{name}")


def _actions(view: View) -> Component:
    """The buttons, which are also the list of keys; the browser learns whether they may be pressed."""
    buttons = [
        html.Button(
            [html.Kbd(key.upper()), view.words(f"cases.do.{verb.value}")],
            type="button",
            className="act",
            disabled=True,
            **{"data-case-key": key},
        )
        for key, verb in ACTIONS
    ]
    chosen = html.Span(
        className="cases-chosen num", **{"data-cases": "chosen", "data-word": view.words("cases.chosen")}
    )
    result = html.Span(className="cases-result", role="status", **{"data-cases": "result"})
    return html.Div([*buttons, chosen, result], className="cases-actions", role="toolbar")
