"""Dash calls: whether one is well formed, and which permission its callback needs.

Dash itself answers 500 with a traceback in the log to each malformed one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard.access import Permission
from dashboard.access.permissions import CALLBACKS

BODY_BYTES = 256 * 1024
ENDPOINT = "/_dash-update-component"
_DEPTH = 32  # how deeply a call may be nested
_FIELDS = frozenset({"output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds", "cancelJob"})

Wired = Mapping[str, Mapping[str, Any]]  # Dash's callback_map


class Malformed(Exception):
    """The call cannot be taken; `status` says how."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def read(wired: Wired) -> str:
    """The output that the request being answered calls for; raises Malformed."""
    request.max_content_length = BODY_BYTES
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        raise Malformed(413, f"the body is larger than {BODY_BYTES} bytes") from None
    if request.mimetype != "application/json":
        raise Malformed(415, "send application/json")
    if why := fault(body, wired):
        raise Malformed(400, why)
    return str(msgspec.json.decode(body)["output"])


def fault(body: bytes, wired: Wired) -> str:
    """What is wrong with the body of a call; empty if Dash can take it."""
    try:
        call = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "the body is not JSON"
    if not isinstance(call, dict) or not call.keys() <= _FIELDS:
        return "the body is not a Dash call"
    if _is_deep(call, _DEPTH):
        return "the body is nested too deeply"
    output = call.get("output")
    callback = wired.get(output) if isinstance(output, str) else None
    if callback is None or "callback" not in callback:  # without: it runs in the browser alone
        return "there is no such output"
    changed = call.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(each, str) for each in changed):
        return "changedPropIds is not a list of names"
    if not isinstance(call.get("outputs", []), list | dict):
        return "outputs is neither a list nor an object"
    for name, wanted in (("inputs", callback["inputs"]), ("state", callback["state"])):
        if not _is_filled(call.get(name, []), wanted):
            return f"{name} is not what this output is wired to"
    return ""


def permission(output: str) -> Permission | None:
    """What a callback needs, by the ids of its outputs; None where one of them is in no table, or several differ."""
    needed = {_of_id(each) for each in _ids(output)}
    return needed.pop() if len(needed) == 1 else None


def _of_id(name: str) -> Permission | None:
    return next((needed for prefix, needed in CALLBACKS.items() if name.startswith(prefix)), None)


def _ids(output: str) -> Iterator[str]:
    """The ids in a callback's name, as Dash writes it: `id.property`, `..id.property...id.property..`, patterns."""
    parts = output[2:-2].split("...") if output.startswith("..") else [output]
    for part in parts:
        name = part.rpartition(".")[0]
        if not name.startswith("{"):
            yield name
            continue
        try:
            yield str(msgspec.json.decode(name)["type"])
        except (msgspec.MsgspecError, KeyError):
            yield ""


def _is_filled(given: Any, wanted: Sequence[Any]) -> bool:
    return isinstance(given, list) and len(given) == len(wanted) and all(map(_is_property, given))


def _is_property(given: Any) -> bool:
    if isinstance(given, list):  # a pattern's matches
        return all(isinstance(each, dict) and _is_property(each) for each in given)
    return (
        isinstance(given, dict) and isinstance(given.get("id"), str | dict) and isinstance(given.get("property"), str)
    )


def _is_deep(value: Any, most: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    if most == 0:
        return True
    return any(_is_deep(each, most - 1) for each in (value.values() if isinstance(value, dict) else value))
