"""Orders: `POST /orders`, one or a list. Each is asked for form, role and scope, then the ledger decides.

The answer names for each order what became of it: accepted, repeated, conflict (somebody was first: who, when) or
refused (why). It is given when the order is in the journal, and not before.
"""

import math
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from callbacks import identity
from callbacks.intake import problem
from callbacks.look import Looks
from callbacks.rates import Limits, Rates
from callbacks.trail import Trail
from dashboard import orders
from dashboard.access import Principal
from dashboard.access.permissions import ORDERS
from dashboard.audit.ledger import Committed, Conflict, Ledger, Proposal, Result, Unfit
from dashboard.district import District
from dashboard.follower import Follower
from dashboard.orders import OrderForm, Reason, Refused
from dashboard.orders.reach import Reach
from dashboard.orders.slots import given
from dashboard.records import moment
from dashboard.store import JournalUnavailable
from layouts.words import UNKNOWN, Words, time_of_day

MOST = 20  # orders in one request
BODY_BYTES = 1024 * 1024
PACE = Limits(requests_per_s=20.0, burst_s=3.0)  # of one officer; a whole page of cases at once is well below
_RETRY_S = 2
_FORBIDDEN = (Reason.NOT_ALLOWED, Reason.OUT_OF_SCOPE, Reason.WRONG_CENTRE)
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


class _Desk(NamedTuple):
    district: District
    follower: Follower
    ledger: Ledger
    trail: Trail
    looks: Looks
    rates: Rates
    clock: Callable[[], float]


class _Item(NamedTuple):
    """One order of a request: what it asks for, or why it goes no further."""

    id: str
    about: str
    proposal: Proposal | None = None
    refused: Refused | None = None
    said: str = ""
    form: OrderForm | None = None


def register(
    server: Flask,
    district: District,
    follower: Follower,
    ledger: Ledger,
    trail: Trail,
    looks: Looks,
    clock: Callable[[], float] = time.time,
) -> None:
    """Wire the door of orders."""
    desk = _Desk(district, follower, ledger, trail, looks, Rates({}, PACE), clock)
    server.add_url_rule("/orders", "orders", lambda: take(desk), methods=["POST"])


def take(desk: _Desk) -> Response:
    """Take what one request brings; nothing of it is kept where the answer is 503."""
    who = identity.current()
    if wait_s := desk.rates.enter(who.name, desk.clock()):
        why = f"these are more orders than anybody gives; come back in {wait_s:.1f} s"
        return problem(429, "too_many", why, Retry_After=str(math.ceil(wait_s)))
    try:
        bodies = _bodies()
    except RequestEntityTooLarge:
        return problem(413, "too_large", f"the body is larger than {BODY_BYTES} bytes")
    except ValueError as error:
        return problem(400, "malformed", str(error))
    if not desk.follower.is_current:
        return _away("not_loaded", "the situation is not loaded yet")
    try:
        return _decide(desk, who, bodies)
    except JournalUnavailable:
        return _away("journal_away", "the journal is away")


def _decide(desk: _Desk, who: Principal, bodies: Sequence[msgspec.Raw]) -> Response:
    items = _ask(desk, who, bodies)
    proposals = [item.proposal for item in items if item.proposal is not None]
    decided = iter(desk.ledger.commit(proposals) if proposals else [])
    results = [
        (_given_before(desk.ledger, item, who) or _unfit(item)) if item.proposal is None else next(decided)
        for item in items
    ]
    _put_on_record(desk.trail, who, items, results)
    words = desk.looks.current().words
    told = [_told(item, result, words, desk.district) for item, result in zip(items, results, strict=True)]
    return Response(msgspec.json.encode(told), _status(results), mimetype="application/json")


def _away(error: str, why: str) -> Response:
    return problem(503, error, f"{why}; nothing was kept. Send the same again", Retry_After=str(_RETRY_S))


# -- what is sent --------------------------------------------------------------------------------------------


def _bodies() -> list[msgspec.Raw]:
    """The orders of the request, each still as it was sent; raises ValueError for what is no list of orders."""
    request.max_content_length = BODY_BYTES
    body = request.get_data(cache=False)
    if request.mimetype != "application/json":
        raise ValueError("send application/json")
    try:
        bodies = _ITEMS.decode(body) if body.lstrip()[:1] == b"[" else [msgspec.json.decode(body, type=msgspec.Raw)]
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise ValueError("the body is not JSON") from None
    if not 1 <= len(bodies) <= MOST:
        raise ValueError(f"send 1 to {MOST} orders at once")
    return bodies


def _ask(desk: _Desk, who: Principal, bodies: Sequence[msgspec.Raw]) -> list[_Item]:
    """What each body asks for, as the situation stands now."""
    now = moment(desk.clock())
    with desk.follower.lock:
        reach = Reach(who, desk.district, desk.follower.situation)
        seen_at = desk.follower.heard_at
        return [
            _item(body, who, reach, desk.district, seen_at, now + timedelta(microseconds=place))
            for place, body in enumerate(bodies)
        ]


def _item(body: msgspec.Raw, who: Principal, reach: Reach, district: District, seen_at: float, now: Any) -> _Item:
    try:
        form = msgspec.json.decode(body, type=OrderForm)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        return _Item(_id_of(body), "order", refused=Refused(Reason.MALFORMED), said=str(error))
    about = f"{form.verb} {form.target}".strip()
    try:
        if not who.may(ORDERS[form.verb]):
            raise Refused(Reason.NOT_ALLOWED)
        order = orders.order_of(form, who, district, now)
        found = reach.find(form)
        companions = tuple(orders.companions(form, order, found.alert))
    except Refused as refused:
        return _Item(form.id, about, refused=refused, form=form)
    return _Item(form.id, about, Proposal(order, companions, who.role.value, found.seen, seen_at))


def _id_of(body: msgspec.Raw) -> str:
    """The id of what is no order otherwise, so that the sender knows which one is meant."""
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return ""
    found = sent.get("id") if isinstance(sent, dict) else None
    return found[:80] if isinstance(found, str) else ""


# -- what is answered ----------------------------------------------------------------------------------------


def _given_before(ledger: Ledger, item: _Item, who: Principal) -> Committed | None:
    """What became of an order that was taken already: things have gone on since, so it may not be fit any more."""
    form = item.form
    held = ledger.held(given(form.id)) if form is not None else None
    if form is None or held is None:
        return None
    is_same = (held.verb, held.target, held.actor) == (form.verb, orders.target_of(form), who.name)
    return Committed(form.id, held.at, held.by, held.centre, again=True) if is_same else None


def _unfit(item: _Item) -> Unfit:
    refused = item.refused or Refused(Reason.MALFORMED)
    return Unfit(item.id, refused.reason, refused.field)


def _put_on_record(trail: Trail, who: Principal, items: Sequence[_Item], results: Sequence[Result]) -> None:
    """Refusals and lost races; what was taken is on record already."""
    for item, result in zip(items, results, strict=True):
        if isinstance(result, Unfit):
            trail.refusal(who.name, item.about, f"{result.reason} {result.field}".strip(), who)
        elif isinstance(result, Conflict):
            trail.refusal(who.name, item.about, f"{result.reason}: {result.order} of {result.by}", who)


def _told(item: _Item, result: Result, words: Words, district: District) -> dict[str, Any]:
    """One result as the browser gets it."""
    if isinstance(result, Committed):
        status = "repeated" if result.again else "accepted"
        return {"id": result.id, "status": status, "by": result.by, "centre": result.centre, "at": result.at}
    if isinstance(result, Unfit):
        why = words(f"refusal.{result.reason}", f=result.field)
        said = f"{why} ({item.said})" if item.said else why
        return {"id": result.id, "status": "refused", "reason": result.reason, "field": result.field, "why": said}
    centre = district.centres.get(result.centre)
    by = f"{result.by} {words.name(centre.name, centre.name_en) if centre else ''}".strip() or words("refusal.somebody")
    at = time_of_day(result.at, district.timezone) if result.at else UNKNOWN
    why = words(f"refusal.{result.reason}", b=by, t=at)
    return {
        "id": result.id,
        "status": "conflict",
        "reason": result.reason,
        "why": why,
        "by": result.by,
        "centre": result.centre,
        "at": result.at,
        "order": result.order,
    }


def _status(results: Sequence[Result]) -> int:
    """A conflict is told first; then that something was done; then why nothing was."""
    if any(isinstance(result, Conflict) for result in results):
        return 409
    if any(isinstance(result, Committed) for result in results):
        return 200
    reasons = {result.reason for result in results if isinstance(result, Unfit)}
    return 403 if reasons & set(_FORBIDDEN) else 400
