"""The proxy before us: what it says of the browser (address, host, scheme) is believed if it was declared, else not."""

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard.exposure import Network, is_in

Environment = dict[str, Any]
Wsgi = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]


def behind(wsgi: Wsgi, trusted: tuple[Network, ...]) -> Wsgi:
    """The server as it is seen through a proxy at one of these addresses, and directly from all others."""
    if not trusted:
        return wsgi
    told: Wsgi = ProxyFix(wsgi, x_for=1, x_proto=1, x_host=1)

    def answer(environment: Environment, respond: Callable[..., Any]) -> Iterable[bytes]:
        is_proxy = is_in(trusted, str(environment.get("REMOTE_ADDR", "")))
        return (told if is_proxy else wsgi)(environment, respond)

    return answer
