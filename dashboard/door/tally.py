"""Tally: what became of one delivery, kept while the door works through it."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from dashboard.door.receipts import Reason, Receipt, Refusal


class Tally:
    """One delivery of so many rows; rows that are not spoken of count as accepted in the receipt."""

    def __init__(
        self,
        size: int,
        refusals: Sequence[Refusal] = (),
        dropped: Counter[str] | None = None,
        places: Sequence[int] | None = None,
    ) -> None:
        """`refusals`: rows that were not read; `places`: a row's index in the body, where some fell out."""
        self.skew_s: float | None = None  # the sender's clock against ours, by its newest live record
        self.set_aside: list[tuple[bytes, str]] = []  # for the quarantine, with why
        self.dropped = Counter[str]() if dropped is None else dropped
        self._places = range(size) if places is None else places
        self._results = ["accepted"] * size
        self._refusals = list(refusals)
        self._accepted = Counter[str]()
        self._repeated = Counter[str]()
        for refusal in refusals:
            self._results[refusal.index] = "refused"

    def accept(self, kind: str, count: int = 1) -> None:
        """So many records of a kind are in the journal now."""
        self._accepted[kind] += count

    def repeat(self, row: int, kind: str) -> None:
        """This row was in the journal before."""
        self._results[self._places[row]] = "repeated"
        self._repeated[kind] += 1

    def refuse(self, row: int, field: str, reason: Reason, why: str) -> None:
        """This row was not taken."""
        index = self._places[row]
        self._results[index] = "refused"
        self._refusals.append(Refusal(index, field, reason, why))

    def saw_live(self, at: float, now: float) -> None:
        """A record that is sent as it happens bears this time (epoch seconds)."""
        if math.isfinite(at) and (self.skew_s is None or at - now > self.skew_s):
            self.skew_s = at - now

    def totals(self, source_name: str) -> dict[str, Mapping[str, int]]:
        """What to add to the running totals, as Journal.count takes it; what is zero is left out."""
        totals: dict[str, Mapping[str, int]] = {
            "accepted": self._accepted,
            "repeated": self._repeated,
            "refused": Counter(refusal.reason.value for refusal in self._refusals),
            "dropped": self.dropped,
        }
        return {
            name: {f"{source_name}|{what}": amount for what, amount in amounts.items() if amount}
            for name, amounts in totals.items()
            if any(amounts.values())
        }

    def receipt(self) -> Receipt:
        """The answer to the sender."""
        repeated, refused = self._repeated.total(), len(self._refusals)
        return Receipt(
            len(self._results) - repeated - refused,
            repeated,
            refused,
            self._results,
            sorted(self._refusals, key=lambda refusal: refusal.index),
            dict(self.dropped),
        )
