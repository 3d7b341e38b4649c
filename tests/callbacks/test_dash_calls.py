import json
from typing import Any

import pytest
from dash import ALL, Dash, Input, Output, State, dcc, html
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbacks import dash_calls
from dashboard.access import Permission

CALL: dict[str, Any] = {
    "output": "out.children",
    "outputs": {"id": "out", "property": "children"},
    "inputs": [{"id": "in", "property": "value", "value": "hello"}],
    "state": [{"id": "kept", "property": "data", "value": None}],
    "changedPropIds": ["in.value"],
    "parsedChangedPropsIds": ["in.value"],
}


@pytest.fixture(scope="module")
def app() -> Dash:
    app = Dash("test", server=Flask("test"))
    app.layout = html.Div([dcc.Input(id="in"), dcc.Store(id="kept"), html.P(id="out")])
    wiring = Output("out", "children"), Input("in", "value"), State("kept", "data")
    app.callback(*wiring)(lambda value, kept: f"{value}")
    app.clientside_callback("value => value", Output("kept", "data"), Input("in", "value"))
    app.server.test_client().get("/")
    return app


def read(app: Dash, body: Any, content_type: str = "application/json") -> str | int:
    """The output that a body calls for, or the status of why it does not."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    with app.server.test_request_context("/", method="POST", data=sent, content_type=content_type):
        try:
            return dash_calls.read(app.callback_map)
        except dash_calls.Malformed as malformed:
            return malformed.status


def test_a_well_formed_call_says_its_output(app: Dash) -> None:
    assert read(app, CALL) == "out.children"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 20_000,
        [],
        {},
        "x",
        5,
        None,
        {**CALL, "output": "nothing.children"},
        {**CALL, "output": 5},
        {**CALL, "output": ["out.children"]},
        {**CALL, "inputs": []},
        {**CALL, "inputs": None},
        {**CALL, "inputs": ["in"]},
        {**CALL, "inputs": [{"id": "in"}]},
        {**CALL, "inputs": [[{"id": "in", "property": 5}]]},
        {**CALL, "inputs": [[[]]]},
        {**CALL, "state": [5]},
        {**CALL, "outputs": "x"},
        {**CALL, "changedPropIds": "x"},
        {**CALL, "changedPropIds": [5]},
        {**CALL, "extra": 1},
        {**CALL, "inputs": [{"id": "in", "property": "value", "value": eval("[" * 40 + "]" * 40)}]},
    ],
)
def test_a_malformed_call_is_refused_before_dash_sees_it(app: Dash, body: Any) -> None:
    assert read(app, body) == 400


def test_a_callback_of_the_browser_alone_cannot_be_called_here(app: Dash) -> None:
    assert read(app, {**CALL, "output": "kept.data", "state": []}) == 400


def test_a_call_is_bounded_and_json(app: Dash) -> None:
    assert read(app, b" " * (dash_calls.BODY_BYTES + 1)) == 413
    assert read(app, CALL, "text/plain") == 415


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "property"]), inner),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a loaded machine
@given(st.dictionaries(st.sampled_from(list(CALL)), VALUES))
def test_whatever_stands_in_a_call_a_sentence_comes_back(changes: dict[str, Any]) -> None:
    wired = {"out.children": {"inputs": CALL["inputs"], "state": CALL["state"], "callback": print}}
    assert isinstance(dash_calls.fault(json.dumps({**CALL, **changes}).encode(), wired), str)


@pytest.mark.parametrize(
    ("output", "needed"),
    [
        ("page.children", Permission.SEE_WALL),
        ("duty-cases.getRowsResponse", Permission.SEE_DUTY),
        ("..duty-a.data...duty-b.children..", Permission.SEE_DUTY),
        ('{"index":["ALL"],"type":"duty-row"}.children', Permission.SEE_DUTY),
        ("..duty-a.data...wall-map.children..", None),  # two doors at once
        ("..duty-a.data...secret.children..", None),
        ("secret.children", None),
        ('{"index":1}.children', None),
        ("{.children", None),
        ("b654e53b29c4ac4e0f70991476c033e73d1e6e87ef5ba9fdaf4ac85a64a062ca", None),
        ("", None),
    ],
)
def test_the_ids_of_the_outputs_say_what_a_callback_needs(output: str, needed: Permission | None) -> None:
    assert dash_calls.permission(output) is needed


def test_names_of_outputs_are_read_as_dash_writes_them() -> None:
    app = Dash("names", server=Flask("names"), suppress_callback_exceptions=True)
    row = {"type": "duty-row", "index": ALL}
    app.callback(Output(row, "children"), Input("in", "value"))(lambda value: [])
    app.callback(Output("duty-a", "data"), Output("duty-b", "data"), Input("in", "value"))(lambda value: (1, 2))
    app.callback(Output("duty-a", "data", allow_duplicate=True), Input("x", "value"), prevent_initial_call=True)(int)
    app.layout = html.Div()
    app.server.test_client().get("/")
    assert {dash_calls.permission(output) for output in app.callback_map} == {Permission.SEE_DUTY}
    assert len(app.callback_map) == 3
