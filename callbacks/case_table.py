"""The table of cases: pages of rows as the grid asks for them, one case in detail, and whether anything changed.

Whoever asks sees no more than the centre that it acts as, and that only if it is its own or lies below it.
"""

import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from callbacks import identity
from dashboard.access import Permission, Principal
from dashboard.backlog import query
from dashboard.district import District, Scope
from dashboard.follower import Follower
from layouts import case_rows, case_table, ids
from layouts.view import View
from layouts.words import Lang, Words

_THIS_PROCESS = secrets.token_hex(4)  # change numbers are those of one copy in one process


def register(app: Dash, district: District, follower: Follower, clock: Callable[[], float] = time.time) -> None:
    """Wire the table; `ids.DUTY_CENTRE` is laid out by the console."""
    centre, lang = State(ids.DUTY_CENTRE, "data"), State(ids.DUTY_CASES_LANG, "data")
    app.callback(
        output={
            "rows": Output(ids.DUTY_CASES_GRID, "getRowsResponse"),
            "note": Output(ids.DUTY_CASES_NOTE, "children"),
        },
        inputs={"request": Input(ids.DUTY_CASES_GRID, "getRowsRequest")},
        state={"chosen": State(ids.DUTY_CASES_FILTER, "data"), "centre": centre, "lang": lang},
        prevent_initial_call=True,
    )(partial(show_rows, district, follower, clock))
    app.callback(
        Output(ids.DUTY_CASES_DETAIL, "children"),
        Input(ids.DUTY_CASES_SHOWN, "data"),
        lang,
        prevent_initial_call=True,
    )(partial(show_case, district, follower, clock))
    app.callback(Output(ids.DUTY_CASES_NEWS, "data"), Input(ids.DUTY_CASES_ASK, "data"), centre, lang)(
        partial(tell_news, district, follower)
    )
    app.callback(Output(ids.DUTY_CASES_MAY, "data"), Input(ids.DUTY_CENTRE, "data"))(tell_permissions)
    _in_the_browser(app)


def _in_the_browser(app: Dash) -> None:
    """What assets/case-table.js does."""
    chosen = (
        ids.DUTY_CASES_TEXT,
        ids.DUTY_CASES_STAGES,
        ids.DUTY_CASES_ITEMS,
        ids.DUTY_CASES_DEPARTMENTS,
        ids.DUTY_CASES_PLACES,
        ids.DUTY_CASES_AGE,
        ids.DUTY_CASES_FLAGS,
    )
    app.clientside_callback(
        ClientsideFunction("cases", "choose"),
        Output(ids.DUTY_CASES_FILTER, "data"),
        *(Input(each, "value") for each in chosen),
    )
    app.clientside_callback(
        ClientsideFunction("cases", "start_over"),
        Input(ids.DUTY_CASES_FILTER, "data"),
        Input(ids.DUTY_CENTRE, "data"),
    )
    app.clientside_callback(ClientsideFunction("cases", "hear"), Input(ids.DUTY_CASES_NEWS, "data"))
    app.clientside_callback(ClientsideFunction("cases", "permit"), Input(ids.DUTY_CASES_MAY, "data"))


def show_rows(
    district: District,
    follower: Follower,
    clock: Callable[[], float],
    request: Any,
    chosen: Any,
    centre: Any,
    lang: Any,
) -> dict[str, Any]:
    """One page of rows, or none and the reason."""
    if request is None:
        return {"rows": no_update, "note": no_update}
    view, now = view_in(district, lang), clock()
    try:
        wish = query.decode(request, chosen)
        scope = scope_for(identity.current(), centre, district)
        with follower.lock:
            page = follower.situation.backlog.page(wish, scope, now)
    except query.QueryError as error:
        return {"rows": {"rowData": [], "rowCount": 0}, "note": str(error)}
    return {"rows": case_table.rows(page, view, now), "note": case_table.total(page.total, view)}


def show_case(district: District, follower: Follower, clock: Callable[[], float], key: Any, lang: Any) -> Any:
    """One case in detail, if it lies within the scope of who asks."""
    view, who = view_in(district, lang), identity.current()
    with follower.lock:
        case = follower.situation.backlog.get(key) if isinstance(key, str) else None
    if case is None or not query.is_within(case, scope_for(who, who.centre, district)):
        return view.words("cases.gone")
    return case_rows.detail(case, view, clock())


def tell_news(district: District, follower: Follower, ask: Any, centre: Any, lang: Any) -> dict[str, Any]:
    """How many cases changed since the mark that the browser was told last; a mark of another copy says nothing."""
    scope = scope_for(identity.current(), centre, district)
    last = ask.get("mark") if isinstance(ask, dict) else None
    with follower.lock:
        backlog = follower.situation.backlog
        copy = f"{_THIS_PROCESS}-{follower.epoch}-{follower.gaps}"
        known = _number(last, copy)
        changed = 0 if known is None else backlog.changed_since(known, scope)
        mark = f"{copy}:{backlog.changes}"
    text = view_in(district, lang).words("cases.changed", n=changed) if changed else ""
    return {"mark": mark, "changed": bool(changed) or known is None, "text": text}


def tell_permissions(_centre: Any) -> dict[str, bool]:
    """What who looks at the table may do with it."""
    who = identity.current()
    return {"act": who.may(Permission.ACT_CASE), "export": who.may(Permission.EXPORT)}


def scope_for(who: Principal, centre: Any, district: District) -> Scope:
    """The scope of the centre that somebody acts as, of its own where it may not act as that one."""
    is_covered = isinstance(centre, str) and centre in district.centres and who.covers(centre, district)
    return district.scope(centre if is_covered else who.centre)


def view_in(district: District, lang: Any) -> View:
    """The district in a language; any client may send any value as one."""
    return View(district, Words(Lang.EN if lang == Lang.EN else Lang.ZH), str)


def _number(mark: Any, copy: str) -> int | None:
    """The change number in a mark of this copy."""
    told, _, number = mark.partition(":") if isinstance(mark, str) else ("", "", "")
    return int(number) if told == copy and number.isascii() and number.isdigit() and len(number) <= 15 else None
