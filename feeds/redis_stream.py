"""A customer's own Redis or Valkey stream: each entry has a field `kind` and a field `json` in our JSON form.

We read as one consumer of a group, so that several of us share the work and the stream remembers what nobody
has finished. An entry is acknowledged when the journal has it, or when it was refused and set aside.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from typing import Any

from dashboard.door.forms import FORMS
from dashboard.door.receipts import BodyRefused, Reason
from dashboard.store import connect
from feeds.delivery import Delivery, FeedStopped
from feeds.source import FeedError, FeedLost, FeedSettings

log = logging.getLogger(__name__)

_BLOCK_MS = 1000  # well below the client's socket time-out
_START = b"0-0"

_Fields = Mapping[bytes, bytes]
_Entries = list[tuple[bytes, _Fields]]


class Settings(FeedSettings, frozen=True, kw_only=True):
    """Where the stream is, and who we are there."""

    url: str
    stream: str
    group: str = "wall135"
    consumer: str = "wall135"  # one name for each process that reads
    kind: str = ""  # what the entries are, for a stream without a field `kind`
    idle_s: float = 60.0  # another consumer's unfinished entry is ours after this long
    batch: int = 200


def decode(fields: _Fields, kind: str = "") -> tuple[str, bytes]:
    """Kind and JSON body of one entry; raises FeedError."""
    if not fields:
        raise FeedError("stream entry: it was trimmed from the stream before it was read")
    try:
        kind = fields[b"kind"].decode() if b"kind" in fields else kind
    except UnicodeDecodeError as error:
        raise FeedError("stream entry: field `kind` is not UTF-8") from error
    if kind not in FORMS:
        raise FeedError(f"stream entry: field `kind` is none of {', '.join(FORMS)}")
    if b"json" not in fields:
        raise FeedError("stream entry: field `json` is missing")
    return kind, fields[b"json"]


def fetch(settings: Settings, deliver: Delivery, stop: Event, connect_to: Callable[[str], Any] = connect) -> None:
    """Read until `stop` is set: first what we left unfinished, then what is new and what others left."""
    client = connect_to(settings.url)
    try:
        _join(client, settings)
        deliver.alive()
        while not stop.is_set() and (entries := _read(client, settings, "0")):
            _take(client, settings, deliver, entries)
        claim_at = time.monotonic()
        while not stop.is_set():
            deliver.alive()
            if time.monotonic() >= claim_at:
                for entries in _left_by_others(client, settings):
                    _take(client, settings, deliver, entries)
                claim_at = time.monotonic() + settings.idle_s / 2
            _take(client, settings, deliver, _read(client, settings, ">"))
    finally:
        client.close()


@contextmanager
def _source() -> Iterator[None]:
    """Whatever the client raises is the source's failure; the runner tries again from the start."""
    try:
        yield
    except Exception as error:
        raise FeedLost(f"the stream's server: {error or type(error).__name__}") from error


def _join(client: Any, settings: Settings) -> None:
    with _source():
        try:
            client.xgroup_create(settings.stream, settings.group, id="0", mkstream=True)
        except Exception as error:
            if not str(error).startswith("BUSYGROUP"):  # it exists already
                raise


def _read(client: Any, settings: Settings, after: str) -> _Entries:
    with _source():
        found = client.xreadgroup(
            settings.group, settings.consumer, {settings.stream: after}, count=settings.batch, block=_BLOCK_MS
        )
    return [(entry_id, fields or {}) for _, entries in found or [] for entry_id, fields in entries]


def _left_by_others(client: Any, settings: Settings) -> Iterator[_Entries]:
    cursor = _START
    while True:
        with _source():
            cursor, entries, *_ = client.xautoclaim(
                settings.stream,
                settings.group,
                settings.consumer,
                min_idle_time=int(settings.idle_s * 1000),
                start_id=cursor,
                count=settings.batch,
            )
        yield entries
        if cursor == _START:
            return


def _take(client: Any, settings: Settings, deliver: Delivery, entries: _Entries) -> None:
    for entry_id, fields in entries:
        _deliver(settings, deliver, fields)
        with _source():
            client.xack(settings.stream, settings.group, entry_id)


def _deliver(settings: Settings, deliver: Delivery, fields: _Fields) -> None:
    raw = fields.get(b"json", b"")
    try:
        kind, body = decode(fields, settings.kind)
        receipt = deliver.json(kind, body)
    except FeedStopped:
        raise
    except BodyRefused as refused:  # the door has counted it
        deliver.set_aside(raw, refused.why)
    except FeedError as error:
        deliver.refuse(str(error))
        deliver.set_aside(raw, str(error))
    except Exception as error:
        # Our mistake; all the same the entry must not come back for ever and stop all that stand behind it.
        log.exception("feed %s: an entry could not be taken", settings.name)
        deliver.refuse(f"stream entry: {type(error).__name__}")
        deliver.set_aside(raw, type(error).__name__)
    else:
        malformed = [refusal.why for refusal in receipt.refusals if refusal.reason == Reason.MALFORMED]
        if malformed:
            deliver.set_aside(raw, malformed[0])
