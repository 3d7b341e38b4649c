"""An officer's side of `POST /orders`: one kept connection with a session's cookie, as a page of ours would send."""

import http.client
import json
import socket
from typing import Any
from uuid import uuid4

_TIMEOUT_S = 15.0
_TAKEN = ("accepted", "repeated")


class Officer:
    """Somebody signed in who gives orders."""

    def __init__(self, port: int, session: str) -> None:
        """`session`: the token of a session, from `Wall.officer`."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._headers = {
            "Content-Type": "application/json",
            "Cookie": f"wall-session={session}",
            "Origin": f"http://127.0.0.1:{port}",
        }

    def give(self, *orders: dict[str, Any]) -> None:
        """Give orders in one request; comes back when all are in the journal, and raises RuntimeError if one is not."""
        named = [{"id": str(uuid4()), **order} for order in orders]
        self._connection.request("POST", "/orders", json.dumps(named).encode(), self._headers)
        response = self._connection.getresponse()
        answer = response.read()
        results = json.loads(answer) if response.status in (200, 409) else []
        if len(results) != len(orders) or any(result["status"] not in _TAKEN for result in results):
            said = answer[:300].decode(errors="replace")
            raise RuntimeError(f"{orders[0]['verb']} was answered {response.status}: {said}")
