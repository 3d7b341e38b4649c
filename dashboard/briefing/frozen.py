"""Frozen briefings: figures, queries and stamp as they were, so that the same page is the same next year.

`briefings/<week>/<centre>-<revision>.json` in the archive's store, written once. Freezing again makes another revision.
"""

import hashlib
import re

import msgspec
from msgspec.structs import replace

from dashboard.archive.store import Store
from dashboard.briefing.model import Briefing

_NAME = re.compile(r"briefings/(\d{4}-\d\d-\d\d)/([\w-]+)-(\d{4})\.json")
_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Briefing)


class NotFrozen(ValueError):
    """What was to be frozen or read is not as it should be; the text says why."""


def freeze(store: Store, briefing: Briefing, by: str, now: float) -> Briefing:
    """Keep a briefing of a week that is over; as it is kept. Raises NotFrozen, StoreError."""
    if not briefing.is_complete:
        raise NotFrozen("the week is not over")
    # As it will be read: a whole number where a fraction may stand is that fraction.
    sealed = _DECODER.decode(_ENCODER.encode(replace(briefing, frozen_at=now, frozen_by=by, digest="")))
    sealed = replace(sealed, digest=digest(sealed))
    body = _ENCODER.encode(sealed)
    is_kept = False
    while not is_kept:  # somebody may freeze it at the same time: ours is the next revision then
        is_kept = store.write(_name(briefing.week, briefing.centre, len(revisions(store, briefing)) + 1), body)
    return sealed


def load(store: Store, week: str, centre: str) -> Briefing | None:
    """The newest revision; None where none was frozen. Raises NotFrozen where it was changed since."""
    names = [name for name in store.names(f"briefings/{week}") if _is_of(name, centre)]
    if not names:
        return None
    try:
        body = store.read(names[-1])
        briefing = _DECODER.decode(body)
    except msgspec.DecodeError as error:
        raise NotFrozen(f"{names[-1]} cannot be read ({error})") from None
    if _digest(body) != briefing.digest:
        raise NotFrozen(f"{names[-1]} was changed since it was frozen")
    return briefing


def revisions(store: Store, briefing: Briefing) -> list[str]:
    """The names under which this week and centre were frozen, oldest first."""
    return [name for name in store.names(f"briefings/{briefing.week}") if _is_of(name, briefing.centre)]


def digest(briefing: Briefing) -> str:
    """SHA-256 over all of it but itself and the notes, which may be written later."""
    return _digest(_ENCODER.encode(briefing))


def _digest(body: bytes) -> str:
    """Over what is written, not over what is made of it: a later version knows other fields, and the digest stays."""
    written = {**msgspec.json.decode(body), "digest": "", "notes": {}}
    return hashlib.sha256(_ENCODER.encode(written)).hexdigest()


def _name(week: str, centre: str, revision: int) -> str:
    return f"briefings/{week}/{centre}-{revision:04}.json"


def _is_of(name: str, centre: str) -> bool:
    found = _NAME.fullmatch(name)
    return found is not None and found[2] == centre
