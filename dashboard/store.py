"""The connection to the state server: the only module that knows redis. What is kept there is its users' affair."""

import functools
from collections.abc import Callable
from typing import Any, Literal, ParamSpec, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

P = ParamSpec("P")
T = TypeVar("T")

Conflicted = redis.WatchError  # a watched key changed between the look and the write: look again


class JournalUnavailable(Exception):
    """The state server does not answer, or refuses to write; nothing was kept."""


def connect(url: str, timeout_s: float = 5.0) -> Any:  # a redis.Redis, whose types cannot tell bytes from str
    """A client for one process; connections are made when first used.

    No client-side retry: the callers own theirs, because only they know whether a repeat is harmless.
    """
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=2.0,
        socket_keepalive=True,
        health_check_interval=5,
        retry=Retry(NoBackoff(), 0),
        max_connections=256,
    )


def probe(url: str) -> Literal["ready", "loading", "away"]:
    """Whether a state server answers at this address; "loading": it is reading its files back."""
    try:
        connect(url, timeout_s=1.0).ping()
    except redis.BusyLoadingError:
        return "loading"
    except (redis.RedisError, OSError):
        return "away"
    return "ready"


def or_unavailable(method: Callable[P, T]) -> Callable[P, T]:
    """The method, raising JournalUnavailable for whatever the state server does wrong."""

    @functools.wraps(method)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except redis.RedisError as error:
            raise JournalUnavailable(str(error) or type(error).__name__) from error

    return guarded
