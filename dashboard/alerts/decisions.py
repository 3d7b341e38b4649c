"""What people said of an alert: who took it up, gave it back, and what they found it to be. Pure, ordered by time."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from dashboard.records import Order, Verb

CLAIM_S = 900.0  # who claimed an alert and does nothing for so long has gone away: others may take it


class AlertStage(StrEnum):
    """Where an alert stands between the device's signal and a person's word."""

    NEW = "new"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    FALSE = "false"
    EXPIRED = "expired"


class Word(Struct, frozen=True, array_like=True):
    """One order on an alert."""

    at: float
    id: str
    verb: Verb
    centre: str
    into: str
    received_at: float
    by: str = ""
    actor: str = ""
    reason: str = ""


class Decision(Struct, frozen=True):
    """What all words together say; the first claim that stands and the first verdict count."""

    stage: AlertStage = AlertStage.NEW
    claimed_by: str = ""  # who has it, or had it when the verdict came
    claimed_from: str = ""  # code of the centre
    claimed_actor: str = ""
    claimed_at: float | None = None
    into: str = ""
    decided_by: str = ""
    decided_from: str = ""
    decided_at: float | None = None
    reason: str = ""
    lapsed_at: float | None = None  # when the last claim ran out


def word_of(order: Order, received_at: float) -> Word:
    """One order as a word."""
    return Word(
        at=order.at.timestamp(),
        id=order.id,
        verb=order.verb,
        centre=order.centre,
        into=order.into,
        received_at=received_at,
        by=order.by,
        actor=order.actor,
        reason=order.reason,
    )


def in_order(word: Word) -> tuple[float, str]:
    """Where a word stands among those on its alert."""
    return word.at, word.id


def decide(words: Sequence[Word], now: float) -> Decision:
    """What `words`, in order, make of an alert; a claim that is not renewed runs out."""
    claim: Word | None = None
    for word in words:
        claim = _standing(claim, word.at)
        if word.verb in (Verb.CONFIRM, Verb.MARK_FALSE):
            return _decided(claim, word)
        if word.verb is Verb.CLAIM and (claim is None or _is_same(claim, word)):
            claim = word
        elif word.verb is Verb.RELEASE and claim is not None and _is_same(claim, word):
            claim = None
    if claim is not None and _standing(claim, now) is None:
        return Decision(lapsed_at=claim.at + CLAIM_S)
    return _claimed(claim)


def _standing(claim: Word | None, at: float) -> Word | None:
    return None if claim is None or at > claim.at + CLAIM_S else claim


def _claimed(claim: Word | None) -> Decision:
    if claim is None:
        return Decision()
    return Decision(AlertStage.CLAIMED, claim.by or claim.centre, claim.centre, claim.actor, claim.at)


def _decided(claim: Word | None, verdict: Word) -> Decision:
    before = _claimed(claim)
    is_false = verdict.verb is Verb.MARK_FALSE
    return Decision(
        stage=AlertStage.FALSE if is_false else AlertStage.CONFIRMED,
        claimed_by=before.claimed_by,
        claimed_from=before.claimed_from,
        claimed_actor=before.claimed_actor,
        claimed_at=before.claimed_at,
        into="" if is_false else verdict.into,
        decided_by=verdict.by or verdict.centre,
        decided_from=verdict.centre,
        decided_at=verdict.at,
        reason=verdict.reason,
    )


def _is_same(claim: Word, word: Word) -> bool:
    """Whether a claim is given back by who made it: the account, or the centre where none is named."""
    return claim.actor == word.actor if claim.actor or word.actor else claim.centre == word.centre
