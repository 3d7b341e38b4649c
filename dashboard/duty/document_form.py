"""The form of a handover document: what of it others may build on. A browser sends the document that it signs, so it
could send anything; what is not of this form is neither signed nor shown. What drafts leave out here may be missing.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from dashboard.door.plain_text import plain_lines
from dashboard.duty.document import Document, parse
from dashboard.records import Level, Tier

Count = Annotated[int, Meta(ge=0, le=10**9)]
Answer = Literal["", "delivered", "read", "declined", "failed", "by_voice"]  # of a unit that has not accepted


class _Incident(Struct):
    title: str
    level: Level
    drill: bool
    reported_at: str
    acknowledged: bool
    in_command: str
    offered_to: str
    late: list[Tier]


class _Report(Struct):
    title: str
    part: Literal["first", "final"]
    due_at: str
    late: bool


class _UnitOrder(Struct):
    title: str
    unit: str
    at: str
    state: Answer
    late: bool


class _Alarm(Struct):
    title: str
    level: Level
    raised_at: str


class _Shelf(Struct):
    title: str
    level: Level
    until: str
    by: str
    reason: str


class _Claim(Struct):
    title: str
    since: str
    by: str


class _Feed(Struct):
    title: str
    state: Literal["lost", "silent"]
    last: str


class _Watch(Struct, rename={"begins": "from", "ends": "to"}):
    leader: str
    chief: str
    officers: list[str]
    begins: str
    ends: str


class _Cases(Struct):
    open: Count
    overdue: Count
    supervised: Count


class _Closed(Struct):
    title: str
    closed_at: str


class _Handled(Struct):
    incidents: list[_Closed]
    alerts: Count


class _Form(Struct, rename={"begins": "from", "ends": "to"}):
    centre: str
    name: str = ""
    name_en: str = ""
    begins: str = ""
    ends: str = ""
    incidents: list[_Incident] = []
    reports: list[_Report] = []
    orders: list[_UnitOrder] = []
    unacknowledged: list[_Alarm] = []
    shelved: list[_Shelf] = []
    claimed: list[_Claim] = []
    feeds: list[_Feed] = []
    more: dict[str, Count] = {}
    cases: _Cases | None = None
    handled: _Handled | None = None
    goes: _Watch | None = None
    comes: _Watch | None = None
    notes: str = ""


def made_plain(value: Any) -> Any:
    """A document, or a part of one, whose texts are plain: what is signed is what is read."""
    if isinstance(value, str):
        return plain_lines(value)
    if isinstance(value, dict):
        return {name: made_plain(part) for name, part in value.items()}
    return [made_plain(part) for part in value] if isinstance(value, list) else value


def signable(text: str, centre: str) -> Document | None:
    """The document of a text, if a shift of this centre may sign it."""
    document = parse(text)
    try:
        form = msgspec.convert(document, _Form)
        is_plain = made_plain(document) == document
    except (msgspec.ValidationError, RecursionError):
        return None
    return document if is_plain and form.centre == centre else None
