"""A source's side of the intake: one kept connection, bodies of JSON, and what became of them."""

import http.client
import json
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_TIMEOUT_S = 15.0
_RETRY_S = 0.1


@dataclass
class Sender:
    """One source with its token; on a broken connection or a 503 it tells the caller and starts a new one."""

    port: int
    token: str
    _connection: http.client.HTTPConnection | None = None

    def post(self, kind: str, body: bytes) -> dict[str, Any] | None:
        """Send one body; the receipt, or None when it was not taken as a whole and may be sent again."""
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT_S)
                self._connection.connect()
                self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Prefer": "return=minimal",  # counts and refusals, not a line for each of 20,000 fixes
            }
            self._connection.request("POST", f"/api/v1/{kind}", body, headers)
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            self._connection = None
            return None
        if response.status >= 500:
            return None
        if response.status >= 300:
            raise RuntimeError(f"the intake answered {response.status}: {answer[:300].decode(errors='replace')}")
        return json.loads(answer)  # type: ignore[no-any-return]

    def insist(self, kind: str, body: bytes) -> dict[str, Any]:
        """Send one body until it is taken."""
        while (receipt := self.post(kind, body)) is None:
            time.sleep(_RETRY_S)
        return receipt


def iso(epoch_s: float) -> str:
    """A time as the intake reads it, to the millisecond."""
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="milliseconds")


def say(**words: Any) -> None:
    """One line for the measurement that started this process."""
    print(json.dumps(words), flush=True)
