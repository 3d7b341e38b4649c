"""Promises about the ways in, on the running product: attacked from outside, and while its processes die."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest

from dashboard.access import Role
from dashboard.audit.chain import Head, verify
from dashboard.audit.ledger import Ledger
from dashboard.journal import Cursor, Journal
from dashboard.records import Order
from dashboard.state_server import StateServer
from dashboard.store import probe
from tests.faults.attacker import Answer, Officer, ask, enrolled, order, send_form
from tests.people import PASSWORD
from tests.running import TOKEN, Running

pytestmark = pytest.mark.fault

HERE = {"lat": 22.5567, "lon": 113.8846}  # in 440306017
ELSEWHERE = "440306018"
FEEDS = '{"cameras": {"type": "hikvision", "crs": "wgs84"}}'  # with a real source there are no guests


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("attacked"), feeds=FEEDS) as running:
        yield running


@pytest.fixture(scope="module")
def officer(wall: Running) -> str:
    """The session of an officer of the whole district, and an incident to act on."""
    now = datetime.now(UTC).isoformat()
    rows = [{"id": "I1", "kind": "fire", "level": 3, "reported_at": now, "title": "仓库起火", **HERE}]
    assert wall.post("incidents", rows)[0] == 200
    token = wall.officer("attacked")
    wall.wait_for(lambda: order(wall, token, note("known")).status == 200, "the incident is not known")
    return token


def note(name: str, target: str = "test/I1", **fields: Any) -> dict[str, Any]:
    return {"id": name, "verb": "note", "target": target, "text": "x", **fields}


def url(wall: Running) -> str:
    return StateServer(wall.data_dir, 1).url


def journaled(wall: Running) -> list[Order]:
    journal, cursor, found = Journal(url(wall)), Cursor(), []
    while True:
        entries, cursor = journal.read(cursor, 1)
        if not entries:
            return found
        found += [entry.record for entry in entries if isinstance(entry.record, Order)]


def me(wall: Running, token: str) -> int:
    return ask(wall, "GET", "/me", Cookie=f"wall-session={token}").status


# -- cookies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "A" * 43, "../../etc/passwd", "wall:sessions", "a;b", '"', "A" * 100_000, "%00", "é", "0" * 32, "*"],
)
def test_no_made_up_cookie_opens_anything(wall: Running, officer: str, cookie: str) -> None:
    sent = f"wall-session={cookie}".encode().decode("latin-1")
    for path in ("/me", "/wall", "/duty", "/accounts", "/audit", "/audit/rows", "/_dash-layout", "/exports/cases.csv"):
        assert ask(wall, "GET", path, Cookie=sent).status in (400, 401, 431), path
    assert order(wall, "", note("forged"), Cookie=sent).status in (400, 401, 431)


def test_what_is_kept_of_a_session_opens_nothing(wall: Running, officer: str) -> None:
    """Its public id stands in lists and in the trail."""
    for session in wall.access().sessions():
        assert me(wall, session.id) == 401


def test_a_session_of_another_installation_opens_nothing(wall: Running, tmp_path: Path) -> None:
    other = StateServer(tmp_path, memory_mb=256)
    other.start()
    try:
        foreign = Running(tmp_path).officer("li")
    finally:
        other.stop()
    assert me(wall, foreign) == 401


# -- other sites ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "", "Sec_Fetch_Site": "cross-site"},
        {"Origin": "", "Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://evil.example", "Sec_Fetch_Site": "same-origin"},
        {"Origin": "https://evil.example", "X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https"},
    ],
    ids=str,
)
def test_no_other_site_writes_in_somebodys_session(wall: Running, officer: str, headers: dict[str, str]) -> None:
    assert order(wall, officer, note("csrf"), **headers).status == 403
    for path in ("/signout", "/signin", "/accounts", "/handover/draft", "/active", "/_dash-update-component"):
        sent = {"Cookie": f"wall-session={officer}", "Origin": wall.url} | headers
        assert ask(wall, "POST", path, b"", **{name: value for name, value in sent.items() if value}).status == 403
    assert me(wall, officer) == 200
    assert "csrf" not in {each.id for each in journaled(wall)}


@pytest.mark.parametrize(("path", "method"), [("/orders", "PUT"), ("/orders", "DELETE"), ("/accounts", "PATCH")])
def test_no_other_method_is_a_way_around(wall: Running, officer: str, path: str, method: str) -> None:
    assert ask(wall, method, path, Cookie=f"wall-session={officer}", Origin=wall.url).status == 405


@pytest.mark.parametrize("origin", ["", "null", "https://evil.example"])
def test_no_other_site_opens_the_live_wire(wall: Running, officer: str, origin: str) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13"}
    upgrade |= {"Sec_WebSocket_Key": "x3JJHMbDL1EzLkh9GBhXDw==", "Cookie": f"wall-session={officer}"}
    asked = upgrade | ({"Origin": origin} if origin else {})
    assert ask(wall, "GET", "/socket.io/?EIO=4&transport=websocket", **asked).status == 403
    assert ask(wall, "GET", "/socket.io/?EIO=4&transport=polling", **asked).status in (400, 403)


# -- orders -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field",
    [
        {"by": "局长"},
        {"actor": "wang"},
        {"at": "2020-01-01T00:00:00Z"},
        {"source": "cad"},
        {"role": "leader"},
        {"record": "incident"},
        {"__proto__": {"actor": "wang"}},
    ],
    ids=str,
)
def test_nobody_says_who_they_are_or_when_it_was(wall: Running, officer: str, field: dict[str, Any]) -> None:
    answer = order(wall, officer, note("assigned", **field))
    assert (answer.status, answer.json()[0]["reason"]) == (400, "malformed")
    assert "assigned" not in {each.id for each in journaled(wall)}


def test_an_order_says_who_gave_it_from_the_session_alone(wall: Running, officer: str) -> None:
    assert order(wall, officer, note("whose")).status == 200
    (given,) = [each for each in journaled(wall) if each.id == "whose"]
    assert (given.source, given.actor, given.centre) == ("desk", "attacked", "440306")
    assert abs(given.at.timestamp() - datetime.now(UTC).timestamp()) < 30


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.GUEST, Role.WALL)])
def test_no_role_orders_beyond_its_scope_or_its_table(wall: Running, officer: str, role: Role) -> None:
    token = wall.officer(f"far-{role}", role, ELSEWHERE)
    before = len(journaled(wall))
    fields = {"unit": "石岩-辅-019", "kind": "handled", "level": 3, "text": "x", "into": "440306", "reason": "x"}
    wanted = {
        "acknowledge": "", "classify": "kind level", "dispatch": "unit", "arrive": "unit", "note": "text",
        "close": "kind", "reopen": "", "ask_up": "into", "offer": "into",
    }  # fmt: skip
    for verb, needs in wanted.items():
        body = {"id": f"{role}-{verb}", "verb": verb, "target": "test/I1"}
        answer = order(wall, token, body | {name: fields[name] for name in needs.split()})
        assert answer.status == 403, (verb, answer.text)
    act_as = {"id": f"{role}-as", "verb": "note", "target": "test/I1", "text": "x", "centre": "440306"}
    assert order(wall, token, act_as).status == 403
    assert len(journaled(wall)) == before


def test_a_wall_screen_orders_nothing(wall: Running, officer: str) -> None:
    token = wall.officer("hall", Role.WALL)
    assert order(wall, token, note("screen")).status == 403
    for path in ("/duty", "/audit", "/accounts", "/video/x", "/exports/cases.csv", "/handovers", "/rosters"):
        assert ask(wall, "GET", path, Cookie=f"wall-session={token}").status == 403, path


def test_an_order_that_is_sent_again_is_there_once_and_nobody_elses(wall: Running, officer: str) -> None:
    first, again = order(wall, officer, note("once")), order(wall, officer, note("once"))
    assert (first.json()[0]["status"], again.json()[0]["status"]) == ("accepted", "repeated")
    assert order(wall, wall.officer("replayer"), note("once")).json()[0]["reason"] == "id_taken"
    assert order(wall, officer, note("once", text="another", target="test/I9")).status in (400, 403)
    assert [each.text for each in journaled(wall) if each.id == "once"] == ["x"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 500_000, 400),
        (b'{"a":' * 100_000, 400),
        (b'{"id": "n", "verb": "register", "kind": "fire", "level": 3, "lat": NaN, "lon": 1}', 400),
        (b'{"id": "n", "verb": "register", "kind": "fire", "level": 3, "lat": 1e999, "lon": 1}', 400),
        (b'{"id": "n\\u0000", "verb": "note", "target": "test/I1", "text": "x"}', 400),
        (b'{"id": "\\u202en", "verb": "note", "target": "test/I1", "text": "x"}', 400),
        (b'{"id": "n", "verb": "note", "target": "test/I1", "text": "\\ud800"}', 400),
        (b"\xff\xfe\x00", 400),
        (b"", 400),
        (b"null", 400),
        (b"[]", 400),
        (b"[" + b",".join([b"{}"] * 21) + b"]", 400),
        (b'"' + b"x" * (1024 * 1024) + b'"', 413),
    ],
    ids=lambda value: str(value)[:30],
)
def test_no_body_is_a_failure_of_ours(wall: Running, officer: str, body: bytes, status: int) -> None:
    answer = order(wall, officer, body)
    assert answer.status == status, answer.text[:300]
    assert me(wall, officer) == 200


def test_what_hides_in_a_text_is_taken_out(wall: Running, officer: str) -> None:
    assert order(wall, officer, note("hidden", text="a\x00b\u202ec\x1b[2Jd\u200b\n第二行")).status == 200
    (given,) = [each for each in journaled(wall) if each.id == "hidden"]
    assert given.text == "abc[2Jd\n第二行"


# -- the intake -------------------------------------------------------------------------------------------------


def test_no_source_gives_orders_or_speaks_for_another(wall: Running, officer: str) -> None:
    before = len(journaled(wall))
    bearer = {"Authorization": f"Bearer {TOKEN}", "Content_Type": "application/json"}
    forged = {"record": "order", "id": "o1", "verb": "close", "target": "test/I1", "at": "2026-11-20T00:00:00Z"}
    for kind in ("orders", "order", "../orders", "incidents", "alerts", "replies"):
        answer = ask(wall, "POST", f"/api/v1/{kind}", json.dumps([forged]).encode(), **bearer)
        assert answer.status in (403, 404, 422), (kind, answer.text)
    row = {"id": "D1", "source": "desk", "kind": "fire", "level": 3, "reported_at": datetime.now(UTC).isoformat()}
    assert ask(wall, "POST", "/api/v1/incidents", json.dumps([row | HERE]).encode(), **bearer).status == 200
    wall.wait_for(lambda: order(wall, officer, note("d1", "test/D1")).status == 200, "it is not its token's source's")
    assert order(wall, officer, note("d2", "desk/D1")).status == 400
    assert len(journaled(wall)) == before + 1


# -- names of files, ways to other sites ----------------------------------------------------------------------------


def test_no_file_name_and_no_address_makes_a_header(wall: Running, officer: str) -> None:
    auditor = wall.officer("shen", Role.AUDITOR)
    crlf = "%0d%0aSet-Cookie:%20evil=1"
    asked = [
        (officer, f"/exports/cases.csv?lang=zh{crlf}&centre=440306"),
        (auditor, f"/audit/export?form=csv{crlf}&why=x"),
        (auditor, f"/audit/export?form=csv&why=x{crlf}"),
        ("", f"/signin?next=/wall{crlf}"),
        ("", f"/wall?x={crlf}"),
        ("", f"/wall{crlf}"),
    ]
    for token, path in asked:
        answer = ask(wall, "GET", path, Accept="text/html", **({"Cookie": f"wall-session={token}"} if token else {}))
        assert "evil" not in answer.headers.get("Set-Cookie", ""), path
        assert answer.status < 500, path
        name = answer.headers.get("Content-Disposition", "")
        assert not name or re.fullmatch(r'attachment; filename="[a-z]+-\d{8}-\d{6}\.csv"', name)


@pytest.fixture(scope="module")
def li(wall: Running) -> Officer:
    return enrolled(wall, "li", Role.OFFICER)


def test_an_upload_with_a_hostile_name_is_only_a_name(wall: Running) -> None:
    administrator = wall.officer("root9", Role.ADMINISTRATOR)
    part = 'Content-Disposition: form-data; name="file"; filename="../../x\\r\\n<b>.csv"'
    body = f"--b\r\n{part}\r\n\r\nnothing\r\n--b--\r\n".encode()
    headers = {"Content_Type": "multipart/form-data; boundary=b", "Origin": wall.url}
    answer = ask(wall, "POST", "/rosters", body, Cookie=f"wall-session={administrator}", **headers)
    assert answer.status == 422 and answer.headers["Content-Type"] == "application/json"
    assert not list(wall.data_dir.rglob("x*.csv"))


WISHES = [
    "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/%09/evil.example", "\\\\evil",
    "/\n/evil.example", "javascript:alert(1)", "http:evil.example", " //evil.example", "/%2f%2fevil.example/../..",
    "data:text/html,x", "//evil.example/%2e%2e", "/\u3000/evil.example", "///evil.example", "/.//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("wish", WISHES)
def test_nobody_is_led_elsewhere(wall: Running, wish: str) -> None:
    auditor = wall.access().keeper.add(f"n{WISHES.index(wish):02}", Role.AUDITOR, "440306")
    answer = send_form(wall, f"/setup?token={auditor}&next={quote(wish)}", new=PASSWORD, again=PASSWORD)
    assert answer.status == 303
    led_to = urlsplit(urljoin(wall.url, answer.headers["Location"]))
    assert f"{led_to.scheme}://{led_to.netloc}" == wall.url
    shown = ask(wall, "GET", f"/signin?next={quote(wish)}").text
    assert not re.search(r'(href|content|action)="[^"/?][^"]*evil', shown)


# -- guessing and racing ----------------------------------------------------------------------------------------------


def test_a_name_that_is_there_is_answered_like_one_that_is_not(wall: Running, li: Officer) -> None:
    answers = [send_form(wall, "/signin", name=name, password="wrong") for name in ("li", "nobody", "' or 1=1 --")]
    shapes = {(each.status, re.sub(r'value="[^"]*"', "", each.text), each.token) for each in answers}
    assert len(shapes) == 1 and answers[0].status == 401


def test_links_that_never_were_and_links_that_were_used_look_alike(wall: Running) -> None:
    used = wall.access().keeper.add("link1", Role.AUDITOR, "440306")
    assert send_form(wall, f"/setup?token={used}", new=PASSWORD, again=PASSWORD).status == 303
    pages = [ask(wall, "GET", f"/setup?token={token}") for token in (used, "x" * 43, "")]
    assert {each.status for each in pages} == {410}
    assert len({re.sub(r"token=[^&\"]*", "", each.text) for each in pages}) == 1


def at_once(acts: list[Callable[[], Answer]]) -> list[Answer]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(act) for act in acts]]


def half_in(wall: Running, name: str) -> str:
    step = send_form(wall, "/signin", name=name, password=PASSWORD)
    assert step.status == 303 and step.headers["Location"].startswith("/signin/code"), step.text
    return step.token


def test_of_many_who_use_one_code_or_one_link_at_once_one_is_in(wall: Running) -> None:
    wang = enrolled(wall, "wang", Role.OFFICER)
    halves = [half_in(wall, "wang") for _ in range(4)]
    code = wang.code(1)
    answers = at_once([lambda half=half: send_form(wall, "/signin/code", half, code=code) for half in halves])
    assert sorted(each.status for each in answers) == [303, 401, 401, 401]
    assert sum(me(wall, each.token) == 200 for each in answers) == 1
    link = wall.access().keeper.reset_password("wang")
    words = [f"Anderes-Pferd-{number}" for number in range(4)]
    answers = at_once([lambda w=w: send_form(wall, f"/setup?token={link}", new=w, again=w) for w in words])
    assert sum(each.headers.get("Location", "").startswith("/signin/code") for each in answers) == 1


def test_an_address_that_tries_much_at_once_leaves_the_others_their_threads(wall: Running, officer: str) -> None:
    tries = [lambda n=n: send_form(wall, "/signin", name=f"guess{n}", password="x" * 100) for n in range(60)]
    with ThreadPoolExecutor(60) as pool:
        waiting = [pool.submit(each) for each in tries]
        assert me(wall, officer) == 200
        statuses = [each.result().status for each in waiting]
    assert statuses.count(429) >= 30
    assert set(statuses) <= {401, 429}


# -- the record -----------------------------------------------------------------------------------------------------


def test_the_trail_is_whole_and_knows_every_kind_of_refusal(wall: Running, officer: str) -> None:
    rows = Ledger(url(wall)).all_rows()
    fault, _ = verify(rows, Head())
    assert fault is None
    kinds = {row.kind for row in rows}
    assert {"refused", "sign_in", "sign_in_failed", "second_factor_enrolled", "link_used", "export"} <= kinds
    said = {f"{row.subject} {row.detail}" for row in rows if row.kind == "refused"}
    for part in ("another site's page", "not permitted", "out_of_scope", "not_allowed", "malformed", "id_taken"):
        assert any(part in each for each in said), part


# -- while processes die ----------------------------------------------------------------------------------------------


@pytest.fixture
def own_wall(tmp_path: Path) -> Iterator[Running]:
    with Running(tmp_path, feeds=FEEDS) as running:
        yield running


def test_guessing_a_code_ends_the_sign_in_after_five_tries(own_wall: Running) -> None:
    wall = own_wall
    zhao = enrolled(wall, "zhao", Role.OFFICER)
    half = half_in(wall, "zhao")
    guesses = [send_form(wall, "/signin/code", half, code=f"{number:06}") for number in range(6)]
    assert [each.status for each in guesses[:5]] == [401] * 5 and guesses[5].status in (303, 429)
    for token in (half, guesses[5].token):
        late = send_form(wall, "/signin/code", token, code=zhao.code(1))
        assert late.status != 200 and me(wall, late.token) == 401


def test_an_order_is_there_once_however_often_the_web_process_dies_in_its_midst(own_wall: Running) -> None:
    wall = own_wall
    now = datetime.now(UTC).isoformat()
    assert wall.post("incidents", [{"id": "I1", "kind": "fire", "level": 3, "reported_at": now, **HERE}])[0] == 200
    tokens = [wall.officer(f"o{number}") for number in range(3)]
    wall.wait_for(lambda: order(wall, tokens[0], note("known")).status == 200, "the incident is not known")
    stop, accepted = threading.Event(), []

    def give(name: str, token: str) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            while not stop.is_set():  # the same id until it is answered
                try:
                    answer = order(wall, token, note(f"{name}-{number}"))
                except OSError:
                    stop.wait(0.02)
                    continue
                if answer.status == 200:
                    accepted.append(answer.json()[0]["id"])
                    break
                assert answer.status in (429, 503), answer.text
                stop.wait(0.1)

    threads = [threading.Thread(target=give, args=(f"n{place}", token)) for place, token in enumerate(tokens)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        grown = len(accepted) + 15
        wall.wait_for(lambda grown=grown: len(accepted) >= grown, "no orders are taken")
        wall.kill("web")
    grown = len(accepted) + 5
    wall.wait_for(lambda: len(accepted) >= grown, "no orders are taken after the last death")
    stop.set()
    for thread in threads:
        thread.join()
    kept = [each.id for each in journaled(wall) if each.id.startswith("n")]
    assert not set(accepted) - set(kept), "accepted and lost"
    assert len(kept) == len(set(kept)), "kept twice"
    fault, _ = verify(Ledger(url(wall)).all_rows(), Head())
    assert fault is None


def test_nobody_is_half_in_when_the_state_server_dies_in_the_midst_of_signing_in(own_wall: Running) -> None:
    wall = own_wall
    people = [enrolled(wall, f"p{number}", Role.OFFICER) for number in range(3)]
    stop, halves, whole = threading.Event(), [], []

    def come_in(person: Officer) -> None:
        step = 0
        while not stop.is_set():
            try:
                first = send_form(wall, "/signin", name=person.name, password=PASSWORD)
                if first.status != 303 or not first.token:
                    stop.wait(0.05)
                    continue
                halves.append(first.token)
                step ^= 1
                second = send_form(wall, "/signin/code", first.token, code=person.code(step))
            except OSError:
                continue
            if second.status == 303 and second.token and "/signin" not in second.headers["Location"]:
                whole.append(second.token)

    threads = [threading.Thread(target=come_in, args=(person,), daemon=True) for person in people]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            grown = len(halves) + 4
            wall.wait_for(lambda grown=grown: len(halves) >= grown, "nobody comes in", 60)
            os.kill(wall.pid("valkey"), signal.SIGKILL)
            wall.wait_for(lambda: probe(url(wall)) == "ready", "the state server does not come back")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    wall.wait_for(wall.is_ready, "the wall does not come back")
    assert whole and halves
    assert {me(wall, token) for token in halves} == {401}
    assert {me(wall, token) for token in whole} == {200}
    partial = [each for each in wall.access().sessions() if not each.complete]
    assert all(each.second_factor is False for each in partial)
    rows = Ledger(url(wall)).all_rows()
    assert verify(rows, Head())[0] is None
    assert sum(row.kind == "sign_in" for row in rows) >= len(whole), "somebody is in whom the trail does not know"


# -- secrets --------------------------------------------------------------------------------------------------------


def test_no_secret_stands_in_a_log_or_in_the_trail(own_wall: Running) -> None:
    wall = own_wall
    li = enrolled(wall, "li", Role.OFFICER)
    half = half_in(wall, "li")
    code = li.code(1)
    inside = send_form(wall, "/signin/code", half, code=code).token
    send_form(wall, "/signin", name=PASSWORD, password=li.secret)
    wrong = "Falsches-Wort-9"
    send_form(wall, "/signin", name="li", password=wrong)
    send_form(wall, "/signin/code", half, code="271828")
    send_form(wall, "/signin/renew", inside, old="Altes-Wort-99", new="kurz", again="kurz")
    screen = wall.access().keeper.add_screen("hall", "440306")
    on_screen = send_form(wall, "/screen", token=screen).token
    send_form(wall, "/screen", token=screen[:-1])
    administrator = wall.officer("root1", Role.ADMINISTRATOR)
    shown = send_form(wall, "/accounts", administrator, act="reset_password", of="li", password=wrong).text
    found = re.search(r"token=([\w-]+)", shown)
    assert found
    order(wall, inside, b'{"id": "x", "verb": "note", "token": "' + inside.encode() + b'"}')
    ask(wall, "POST", f"/accounts?token={found[1]}", Cookie=f"wall-session={administrator}", Origin="null")
    ask(wall, "POST", "/api/v1/cases", b"x", Authorization=f"Bearer {TOKEN}x")
    command = [sys.executable, str(Path(__file__).parents[2] / "app.py"), "audit", "show", "--full", "--limit", "1000"]
    trail = subprocess.run(command, env=wall.environment, capture_output=True, text=True, check=True).stdout
    log = wall.log.read_text(encoding="utf-8")
    key = (wall.data_dir / "secret_key").read_bytes().hex()
    typed = [PASSWORD, wrong, "Altes-Wort-99", li.secret, code, "271828", screen, screen[:-1], found[1], TOKEN]
    secrets = [*typed, half, inside, on_screen, administrator, key]
    assert "sign_in_failed" in trail and len(trail.splitlines()) > 10
    for secret in secrets:
        assert secret and secret.casefold() not in trail.casefold(), secret
        assert secret.casefold() not in log.casefold(), secret
