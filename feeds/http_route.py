"""Orders by HTTP callback: each letter is posted as JSON to one address, which answers when it has it."""

import contextlib

import msgspec

from dashboard.records import ReplyState
from feeds.routes import Letter, RouteError, RouteSettings

_TIMEOUT_S = (2.0, 4.0)  # to connect, to answer


class Settings(RouteSettings, frozen=True, kw_only=True):
    """Where letters are posted."""

    url: str
    token: str = ""  # sent as Authorization: Bearer
    ca_file: str = ""  # empty: the system's authorities


class _Answer(msgspec.Struct):
    state: ReplyState | None = None


class Caller:
    """Posts letters over one kept connection."""

    def __init__(self, settings: Settings) -> None:
        import requests  # here: it costs each start of a process 0.1 s, and few have such a route

        self._settings = settings
        self._session = requests.Session()
        if settings.ca_file:
            self._session.verify = settings.ca_file
        if settings.token:
            self._session.headers["Authorization"] = f"Bearer {settings.token}"

    def send(self, letter: Letter) -> ReplyState | None:
        """Post one letter; an answer like {"state": "delivered"} says how far it has come already."""
        try:
            answer = self._session.post(
                self._settings.url,
                data=msgspec.json.encode(letter),
                headers={"Content-Type": "application/json", "Idempotency-Key": letter.order},
                timeout=_TIMEOUT_S,
                allow_redirects=False,
            )
        except OSError as error:  # requests.RequestException is one
            raise RouteError(f"{self._settings.name}: {error}") from error
        if not 200 <= answer.status_code < 300:
            raise RouteError(f"{self._settings.name}: the callback answered {answer.status_code}")
        with contextlib.suppress(msgspec.DecodeError):
            return msgspec.json.decode(answer.content, type=_Answer).state
        return None

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()


def open_route(settings: Settings) -> Caller:
    """A caller of that address."""
    return Caller(settings)
