"""How a web process serves: gunicorn, one worker, threads.

A websocket holds a thread for as long as it lives, so the number of threads is the limit of viewers: twice as many, and
some for the pages. One worker, because a viewer's messages are numbered in one process.
"""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from dashboard.processes import collect_rarely, end_with

_SPARE_THREADS = 16


class _Application(BaseApplication):
    def __init__(self, wsgi: Callable[..., Any], options: dict[str, Any]) -> None:
        self._wsgi, self._options = wsgi, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return self._wsgi


def serve(
    wsgi: Callable[..., Any],
    start: Callable[[], None],
    host: str,
    port: int,
    clients: int,
    certificate: tuple[Path, Path] | None = None,
) -> None:
    """Serve until a signal ends it; `start` is called in the worker. `certificate`: chain and key, to serve by TLS."""

    def begin(worker: Any) -> None:
        end_with(worker.ppid, signal.SIGKILL)  # a worker that outlives its master would keep the port
        collect_rarely()
        start()

    tls = {"certfile": str(certificate[0]), "keyfile": str(certificate[1])} if certificate else {}
    _Application(
        wsgi,
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": 2 * clients + _SPARE_THREADS,
            "worker_connections": 4 * clients + 100,
            "timeout": 60,
            "graceful_timeout": 1,  # viewers come back by themselves; nobody waits for their sockets to end
            "keepalive": 30,
            "post_worker_init": begin,
            "reuse_port": False,
            "loglevel": "warning",
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # gunicorn believes no header; callbacks/proxies.py does, where it may
            **tls,
        },
    ).run()
