"""Walks every door with every role and with nobody: each is in the table, and opens exactly where the table says."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from callbacks import dash_calls, still_links
from callbacks.web import Web
from dashboard import messages
from dashboard.access import Permission, Role
from dashboard.access.permissions import CALLBACKS, EVENTS, GRANTS, ROUTES, SCREENS, may
from dashboard.journal import Journal
from dashboard.state_server import StateServer
from tests.callbacks import visitors

PEOPLE = [role for role in Role if role is not Role.GUEST]
TURNED_AWAY = {301, 302, 303, 401, 403}
# What a rule's variable is filled with, so that something is behind the door.
FILLED = {"name": "roster", "kind": "cases", "feed": "hikvision", "rest": "x/y", "path": "wall", "package_name": "dash",
          "filename": "theme.css", "fingerprinted_path": "x.js", "camera": "ai_camera-0"}  # fmt: skip


class Walk(NamedTuple):
    """A real district, a demonstration, and the browsers of everybody."""

    real: Web
    open: Web
    browsers: dict[Role | None, FlaskClient]


@pytest.fixture(scope="module")
def walk(state_server: StateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    from dashboard.store import connect

    connect(state_server.url).flushall()
    Journal(state_server.url)
    folder = tmp_path_factory.mktemp("walk")
    real = visitors.web(state_server.url, folder)
    demonstration = visitors.web(state_server.url, folder, visitors.demonstration())
    browsers: dict[Role | None, FlaskClient] = {role: visitors.visitor(real, role) for role in PEOPLE}
    browsers |= {None: visitors.browser(real), Role.GUEST: visitors.browser(demonstration)}
    real.follower.is_loaded = demonstration.follower.is_loaded = True
    yield Walk(real, demonstration, browsers)


def rules(web: Web) -> list[Rule]:
    return list(web.server.url_map.iter_rules())


def address(rule: Rule, web: Web) -> str:
    if rule.endpoint == "stills":
        return still_links.link(web._key, "a" * 64, time.time())

    def fill(variable: re.Match[str]) -> str:
        converter, name = variable[1] or "", variable[2]
        return converter[4:].split(",")[0].strip(" )") if converter.startswith("any(") else FILLED.get(name, "x")

    return re.sub(r"<(?:([^<>]+):)?([^<>:]+)>", fill, rule.rule)


def opens(web: Web, client: FlaskClient, rule: Rule, method: str) -> bool:
    """Whether the door let the caller in; what is behind may still say that it was called in a wrong way."""
    answer = client.open(address(rule, web), method=method, headers=visitors.ORIGIN, buffered=True)
    assert answer.status_code != 500, rule.rule
    if answer.status_code in TURNED_AWAY:
        return rule.endpoint.startswith(("signin.", "provider.")) and not is_refusal(answer)
    return True


def is_refusal(answer: Any) -> bool:
    return answer.status_code == 403 or (answer.is_json and (answer.json or {}).get("error") == "refused")


def allowed(role: Role | None, needed: Permission) -> bool:
    if needed is Permission.PUBLIC:
        return True
    return role is not None and may(role, needed)


# -- routes -----------------------------------------------------------------------------------------------


def test_every_route_stands_in_the_table(walk: Walk) -> None:
    missing = [rule.endpoint for rule in rules(walk.real) if rule.endpoint not in ROUTES]
    assert not missing, "add a row to dashboard/access/permissions.py ROUTES for each of them"


@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_every_route_opens_exactly_where_the_table_says(walk: Walk, role: Role | None) -> None:
    wrong = []
    for rule in rules(walk.real):
        needed = ROUTES[rule.endpoint]
        if needed in (Permission.TOKEN, Permission.MONITORING) or rule.endpoint == "signin.out":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if opens(walk.real, walk.browsers[role], rule, method) is not allowed(role, needed):
                wrong.append((method, rule.rule, needed))
    assert not wrong


def test_the_walk_goes_through_doors_that_exist(walk: Walk) -> None:
    """Guards the walk itself: an officer gets real answers behind most doors, not errors."""
    answers = {
        rule.endpoint: walk.browsers[Role.OFFICER].get(address(rule, walk.real), buffered=True).status_code
        for rule in rules(walk.real)
        if "GET" in (rule.methods or ())
    }
    for endpoint in ("/<path:path>", "/", "/_dash-layout", "geography", "loads", "signin.me", "_dash_assets.static"):
        assert answers[endpoint] == 200, (endpoint, answers[endpoint])


def test_a_route_without_a_row_is_shut_for_administrators_too(state_server: StateServer, tmp_path: Path) -> None:
    web = visitors.web(state_server.url, tmp_path)
    web.server.add_url_rule("/new-and-forgotten", "forgotten", lambda: "secret")
    for role in (Role.ADMINISTRATOR, Role.LEADER):
        answer = visitors.visitor(web, role, name=f"late-{role}").get("/new-and-forgotten")
        assert (answer.status_code, b"secret" in answer.data) == (403, False)


@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_every_screen_opens_exactly_where_the_table_says(walk: Walk, role: Role | None) -> None:
    for screen, needed in SCREENS.items():
        answer = walk.browsers[role].get(f"/{screen}")
        assert (answer.status_code == 200) is allowed(role, needed), screen


@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_no_other_page_is_there(walk: Walk, role: Role | None) -> None:
    for path in ("/elsewhere", "/wall/x", "/.env", "/%2e%2e/etc/passwd"):
        assert walk.browsers[role].get(path).status_code == 404


def test_what_has_a_token_of_its_own_takes_no_session(walk: Walk) -> None:
    for role in PEOPLE:
        assert walk.browsers[role].post("/api/v1/cases", json=[], headers=visitors.ORIGIN).status_code == 401


# -- Dash callbacks -----------------------------------------------------------------------------------------


def served(web: Web) -> list[str]:
    """The callbacks that run in Python."""
    web.server.test_client().get("/_dash-dependencies")
    return [output for output, callback in web.app.callback_map.items() if "callback" in callback]


def call(client: FlaskClient, web: Web, output: str) -> int:
    callback = web.app.callback_map[output]
    parts = {
        name: [{"id": each["id"], "property": each["property"], "value": None} for each in callback[name]]
        for name in ("inputs", "state")
    }
    body = {"output": output, "outputs": {"id": "x", "property": "y"}, "changedPropIds": [], **parts}
    return client.post("/_dash-update-component", json=body, headers=visitors.ORIGIN).status_code


def test_every_callback_stands_in_the_table(walk: Walk) -> None:
    outputs = served(walk.real)
    assert outputs
    missing = [output for output in outputs if dash_calls.permission(output) is None]
    assert not missing, f"add a prefix to CALLBACKS; there are {list(CALLBACKS)}"


@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_every_callback_answers_exactly_where_the_table_says(walk: Walk, role: Role | None) -> None:
    web = walk.open if role is Role.GUEST else walk.real
    for output in served(web):
        needed = dash_calls.permission(output)
        assert needed
        status = call(walk.browsers[role], web, output)
        assert (status not in TURNED_AWAY) is allowed(role, needed), (output, status)


# -- the live wire ------------------------------------------------------------------------------------------


def test_every_event_stands_in_the_table(walk: Walk) -> None:
    handlers = walk.real.socket.server.handlers
    assert set(handlers) == {messages.NAMESPACE}
    missing = set(handlers[messages.NAMESPACE]) - EVENTS.keys()
    assert not missing, "add a row to dashboard/access/permissions.py EVENTS for each of them"


@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_every_event_is_answered_exactly_where_the_table_says(walk: Walk, role: Role | None) -> None:
    web = walk.open if role is Role.GUEST else walk.real
    wire = visitors.socket(web, walk.browsers[role])
    assert wire.is_connected(messages.NAMESPACE) is allowed(role, EVENTS["connect"])
    if not wire.is_connected(messages.NAMESPACE):
        return
    for screen, needed in SCREENS.items():
        wish = {"screen": screen, "centre": "", "lang": "zh", "roster": 0}
        if allowed(role, needed) and screen not in web.live._panels:
            continue
        answer = wire.emit(messages.JOIN, wish, namespace=messages.NAMESPACE, callback=True)
        assert ("error" not in answer) is allowed(role, needed), (screen, answer)
    wire.disconnect(messages.NAMESPACE)


# -- the table itself ---------------------------------------------------------------------------------------


def test_a_wall_screen_and_a_guest_can_do_nothing_but_look() -> None:
    for role in (Role.WALL, Role.GUEST):
        assert GRANTS[role] <= {Permission.PUBLIC, Permission.SEE_WALL, Permission.SEE_DUTY, Permission.SEE_BRIEFING}


def test_no_role_has_what_a_door_asks_a_token_for() -> None:
    for grants in GRANTS.values():
        assert not grants & {Permission.TOKEN, Permission.MONITORING}
