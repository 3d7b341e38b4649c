"""Receipts: what the door answers, record by record, and the reasons it gives."""

from enum import StrEnum

from msgspec import Struct


class Reason(StrEnum):
    """Why the door refuses; each is one label on /metrics."""

    MALFORMED = "malformed"  # not the JSON, the type or the form that the kind asks for
    MISSING = "missing"  # a field that the kind needs
    OUT_OF_RANGE = "out_of_range"  # a number beyond what the field can be
    UNKNOWN_VALUE = "unknown_value"  # a word outside a closed list
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_SENSOR = "unknown_sensor"
    OUT_OF_AREA = "out_of_area"
    FUTURE = "future"
    CLOCK_UNSET = "clock_unset"  # a time from before 2000: the sender's clock never learnt the time
    BAD_PICTURE = "bad_picture"
    TOO_LARGE = "too_large"
    NOT_ALLOWED = "not_allowed"
    NO_TOKEN = "no_token"
    TOO_MANY = "too_many"  # over the rate of the source
    WRONG_TYPE = "wrong_type"  # a content type or encoding that the intake does not read
    UNREADABLE = "unreadable"  # a device's push that its decoder could not read


class Refusal(Struct, frozen=True):
    """One record that was not taken."""

    index: int
    field: str
    reason: Reason
    why: str  # a sentence for the person who runs the sender


class Receipt(Struct, frozen=True):
    """What became of each record of one delivery."""

    accepted: int
    repeated: int
    refused: int
    results: list[str]  # "accepted" | "repeated" | "refused", by index
    refusals: list[Refusal]
    dropped: dict[str, int]  # field -> how often it was dropped; fields nobody knows are counted as "other"


class BodyRefused(ValueError):
    """A whole delivery was refused; none of it was kept."""

    def __init__(self, reason: Reason, why: str) -> None:
        """Keep the reason as a code beside the sentence."""
        super().__init__(why)
        self.reason = reason
        self.why = why
