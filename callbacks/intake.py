"""Intake: `POST /api/v1/<kind>` and `/api/v1/push/<feed>`, one token a source; the door does the rest.

Every answer is JSON. What a sender did wrong is named in `error` and `why` and counted by source and reason.
"""

import hashlib
import logging
import math
import time
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from callbacks.rates import Limits, Rates
from dashboard.door import BodyRefused, Door, Pictured, Receipt, Source, contract
from dashboard.door.forms import FORMS
from dashboard.door.plain_text import shown
from dashboard.door.receipts import Reason
from dashboard.records import Fix, Record, moment
from dashboard.settings import SourceSettings
from dashboard.store import JournalUnavailable

BODY_BYTES = 8 * 1024 * 1024
_SHORTEST_TOKEN = 16
_RETRY_S = 2  # while the journal is away
_JSON_TYPES = frozenset({"", "application/json", "text/json"})
_LINE_TYPES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"})
_STATUS = {Reason.NOT_ALLOWED: 403, Reason.TOO_LARGE: 413}
_NOBODY = "nobody"  # the source's name in counters where there was no good token

Pushed = Record | Fix | Pictured

log = logging.getLogger(__name__)


class Push(NamedTuple):
    """What reads the pushes of one kind of device: body, content type and time of receipt in, records out.

    `decode` raises a ValueError for what it cannot read; `personal_fields` counts what it left behind.
    """

    decode: Callable[[bytes, str, datetime], Sequence[Pushed]]
    personal_fields: Callable[[bytes, str], Mapping[str, int]] = lambda body, content_type: {}


class _Problem(Exception):
    """The request cannot be taken; becomes the answer."""

    def __init__(self, status: int, error: str, why: str, **headers: str) -> None:
        super().__init__(why)
        self.answer = problem(status, error, why, **headers)
        self.error = error


class _Intake(NamedTuple):
    door: Door
    sources: Mapping[bytes, Source]  # by the digest of the token
    rates: Rates
    clock: Callable[[], float]
    pushes: Mapping[str, Push]
    body_bytes: int


def register(
    server: Flask,
    door: Door,
    sources: Mapping[str, SourceSettings],
    pushes: Mapping[str, Push],
    clock: Callable[[], float] = time.time,
    body_bytes: int = BODY_BYTES,
) -> None:
    """Wire the intake. `sources`: who may send, by name; `pushes`: what reads devices' pushes, by feed name.

    Raises ValueError for a token that is short or that two sources share.
    """
    by_digest = _by_digest(sources)
    for source in by_digest.values():
        door.prepare(source.crs)
    limits = {name: Limits(each.requests_per_s, each.records_per_s) for name, each in sources.items()}
    intake = _Intake(door, by_digest, Rates(limits), clock, pushes, body_bytes)
    described = msgspec.json.encode(contract.document())
    pages = Blueprint("intake", __name__, url_prefix="/api/v1")
    pages.add_url_rule("/openapi.json", "openapi", lambda: _json(200, described))
    pages.add_url_rule("/<kind>", "take", lambda kind: _guarded(intake, take, kind), methods=["POST"])
    pages.add_url_rule("/push/<feed>", "push", lambda feed: _guarded(intake, push, feed), methods=["POST"])
    pages.add_url_rule("/<path:rest>", "else", _nothing_here, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    server.register_blueprint(pages)


def take(intake: _Intake, source: Source, kind: str) -> Response:
    """Take one body of one kind."""
    if kind not in FORMS:
        raise _Problem(404, "unknown_kind", f"there is no such kind; there are {', '.join(FORMS)}")
    if request.mimetype not in _JSON_TYPES | _LINE_TYPES:
        raise _Problem(415, Reason.WRONG_TYPE, "send application/json or application/x-ndjson")
    lines = True if request.mimetype in _LINE_TYPES else None
    now = intake.clock()
    receipt = intake.door.take_json(source, kind, _body(intake.body_bytes), now, lines)
    intake.rates.charge(source.name, len(receipt.results), now)
    return _answer(receipt)


def push(intake: _Intake, source: Source, feed: str) -> Response:
    """Take what a device pushes in its own form; the feed's decoder reads it."""
    if feed not in intake.pushes:
        raise _Problem(404, "unknown_feed", "no such feed takes pushes here")
    now = intake.clock()
    body, content_type = _body(intake.body_bytes), request.content_type or ""
    device = intake.pushes[feed]
    try:
        pushed = device.decode(body, content_type, moment(now))
        left_behind = device.personal_fields(body, content_type)
    except ValueError as error:
        raise _Problem(400, Reason.UNREADABLE, shown(str(error), 300)) from None
    kinds = {_kind(each) for each in pushed}
    if source.kinds and not kinds <= set(source.kinds):
        raise _Problem(403, Reason.NOT_ALLOWED, f"{source.name} may not send {', '.join(sorted(kinds))}")
    intake.rates.charge(source.name, len(pushed), now)
    if left_behind:
        intake.door.drop(source.name, left_behind)
    fixes = [each for each in pushed if isinstance(each, Fix)]
    told = [each for each in pushed if not isinstance(each, Fix)]
    receipts = [intake.door.take_records(source.name, told, now)] if told or not fixes else []
    if fixes:
        receipts.append(intake.door.take_fix_rows(source.name, fixes, now))
    return _answer(_joined(receipts))


def problem(status: int, error: str, why: str, **headers: str) -> Response:
    """The answer to a request that is not taken."""
    answer = _json(status, msgspec.json.encode({"error": error, "why": why}))
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


def _guarded(intake: _Intake, view: Callable[[_Intake, Source, str], Response], word: str) -> Response:
    """The view's answer for a known source within its rate; every failure becomes a JSON problem."""
    name = _NOBODY
    try:
        source = _source(intake.sources)
        name = source.name
        if wait_s := intake.rates.enter(name, intake.clock()):
            why = f"{name} sends more than it may; come back in {wait_s:.1f} s"
            raise _Problem(429, Reason.TOO_MANY, why, Retry_After=str(math.ceil(wait_s)))
        return view(intake, source, word)
    except BodyRefused as refused:  # the door has counted it
        return problem(_STATUS.get(refused.reason, 400), refused.reason, refused.why)
    except _Problem as refused:
        _count(intake.door, name, refused.error)
        return refused.answer
    except RequestEntityTooLarge:
        _count(intake.door, name, Reason.TOO_LARGE)
        return problem(413, Reason.TOO_LARGE, f"the body is larger than {intake.body_bytes} bytes")
    except HTTPException as error:
        return problem(error.code or 400, "bad_request", error.description or "the request cannot be read")
    except JournalUnavailable:
        why = "the journal is away; nothing was kept. Send the same again"
        return problem(503, "journal_away", why, Retry_After=str(_RETRY_S))


def _count(door: Door, source_name: str, error: str) -> None:
    if error not in {reason.value for reason in Reason}:
        return
    try:
        door.refuse(source_name, Reason(error))
    except JournalUnavailable:
        log.warning("a refusal of %s (%s) could not be counted", source_name, error)


# -- who sends ---------------------------------------------------------------------------------------------


def _by_digest(sources: Mapping[str, SourceSettings]) -> dict[bytes, Source]:
    found: dict[bytes, Source] = {}
    for name, each in sources.items():
        token = each.token.get_secret_value()
        if len(token) < _SHORTEST_TOKEN:
            raise ValueError(f"the token of source {name} is shorter than {_SHORTEST_TOKEN} characters")
        if _digest(token) in found:
            raise ValueError(f"source {name} has the token of source {found[_digest(token)].name}")
        found[_digest(token)] = Source(name, each.crs, each.kinds)
    return found


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _source(sources: Mapping[bytes, Source]) -> Source:
    # Tokens are looked up by their digest: how long that takes says nothing about the token.
    authorization = request.authorization
    token = None
    if authorization is not None and authorization.type == "bearer":
        token = authorization.token
    elif authorization is not None and authorization.type == "basic":
        token = authorization.password  # devices that know only user and password
    source = sources.get(_digest(token)) if token else None
    if source is None:
        why = "send a token that is known here: Authorization: Bearer ..."
        raise _Problem(401, Reason.NO_TOKEN, why, WWW_Authenticate='Bearer realm="intake"')
    return source


def _kind(pushed: Pushed) -> str:
    record = pushed.record if isinstance(pushed, Pictured) else pushed
    return next((word for word, form in FORMS.items() if form.record is type(record)), "orders")


# -- what is sent --------------------------------------------------------------------------------------------


def _body(most: int) -> bytes:
    """The body as it was before it was packed; neither form may be larger than `most`."""
    request.max_content_length = most
    sent = request.get_data(cache=False)
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        return sent
    if encoding != "gzip":
        raise _Problem(415, Reason.WRONG_TYPE, "the only Content-Encoding read here is gzip")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(sent, most + 1)
    except zlib.error:
        raise _Problem(400, Reason.MALFORMED, "the body is not gzip, as Content-Encoding says") from None
    if len(body) > most:
        raise RequestEntityTooLarge
    if not unpacker.eof or unpacker.unused_data:
        raise _Problem(400, Reason.MALFORMED, "the gzip body is cut off, or more follows it")
    return body


# -- what is answered ----------------------------------------------------------------------------------------

_PLAIN_RESULTS = {word: {"status": word} for word in ("accepted", "repeated", "refused")}


def _answer(receipt: Receipt) -> Response:
    results: list[Any] = [_PLAIN_RESULTS[result] for result in receipt.results]
    if receipt.repeated:
        for index, result in enumerate(receipt.results):
            if result == "repeated":
                results[index] = {"status": "repeated", "index": index}
    for refusal in receipt.refusals:
        told = {"index": refusal.index, "field": refusal.field, "reason": refusal.reason, "why": refusal.why}
        results[refusal.index] = {"status": "refused", **told}
    if "return=minimal" in request.headers.get("Prefer", ""):
        results = [result for result in results if result["status"] != "accepted"]
    all_refused = receipt.refused and not receipt.accepted and not receipt.repeated
    answer = {
        "accepted": receipt.accepted,
        "repeated": receipt.repeated,
        "refused": receipt.refused,
        "dropped": receipt.dropped,
        "results": results,
    }
    return _json(422 if all_refused else 200, msgspec.json.encode(answer))


def _joined(receipts: Sequence[Receipt]) -> Receipt:
    """One receipt of several, one behind the other."""
    whole, *others = receipts
    for each in others:
        start = len(whole.results)
        moved = [msgspec.structs.replace(refusal, index=refusal.index + start) for refusal in each.refusals]
        whole = Receipt(
            whole.accepted + each.accepted,
            whole.repeated + each.repeated,
            whole.refused + each.refused,
            whole.results + each.results,
            whole.refusals + moved,
            dict(Counter(whole.dropped) + Counter(each.dropped)),
        )
    return whole


def _json(status: int, body: bytes) -> Response:
    return Response(body, status, mimetype="application/json")


def _nothing_here(rest: str) -> Response:
    allowed = rest in FORMS or rest.startswith("push/")
    if allowed and request.method != "POST":
        return problem(405, "method", "use POST", Allow="POST")
    return problem(404, "unknown", "nothing is here; /api/v1/openapi.json says what is")
