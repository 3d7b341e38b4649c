"""Somebody with a browser who does not keep to what pages offer: any header, any body, any cookie."""

import http.client
import json
import re
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pyotp

from tests.people import PASSWORD
from tests.running import Running


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def token(self) -> str:
        """The session that it gives, if any."""
        found = re.search(r"wall-session=([^;]*)", self.headers.get("Set-Cookie", ""))
        return found[1] if found else ""

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def ask(wall: Running, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """One request with exactly these headers; `_` in a name stands for `-`. Raises OSError while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", wall.port, timeout=10)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())
    except http.client.HTTPException as error:
        raise OSError(error) from error
    finally:
        connection.close()


def send_form(wall: Running, path: str, session: str = "", /, **fields: str) -> Answer:
    """A form of our own pages."""
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Origin": wall.url}
    if session:
        headers["Cookie"] = f"wall-session={session}"
    return ask(wall, "POST", path, urlencode(fields).encode(), **headers)


def order(wall: Running, token: str, body: bytes | Any, **headers: str) -> Answer:
    """An order as the console sends it, but for these headers."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    usual = {"Content_Type": "application/json", "Origin": wall.url, "Cookie": f"wall-session={token}"}
    return ask(wall, "POST", "/orders", sent, **{name: value for name, value in (usual | headers).items() if value})


class Officer(NamedTuple):
    """Somebody with a password and an authenticator."""

    name: str
    secret: str

    def code(self, steps_ahead: int = 0) -> str:
        """What the authenticator shows, or will show."""
        totp = pyotp.TOTP(self.secret)
        return totp.at(for_time=int(time.time()), counter_offset=steps_ahead)


def enrolled(wall: Running, name: str, role: Any, centre: str = "440306") -> Officer:
    """Somebody new, made by the product's own pages: link, password, authenticator."""
    link = wall.access().keeper.add(name, role, centre, f"值班员 {name}")
    half = send_form(wall, f"/setup?token={link}", new=PASSWORD, again=PASSWORD)
    shown = ask(wall, "GET", "/signin/enrol", Cookie=f"wall-session={half.token}").text
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', shown)
    assert found, shown
    officer = Officer(name, found[1].replace(" ", ""))
    done = send_form(wall, "/signin/enrol", half.token, code=officer.code(-1))  # leaves the codes of now for later
    assert done.status == 200 and done.token
    return officer
