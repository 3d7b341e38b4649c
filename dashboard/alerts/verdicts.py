"""How often a device was right: verdicts of the last 30 days, each alert once, by device."""

from msgspec import Struct

KEEP_S = 30 * 86_400.0


class Verdict(Struct, frozen=True, array_like=True):
    """What people found one alert of a device to be."""

    device: str
    at: float
    is_false: bool


class Verdicts:
    """The verdicts of all devices."""

    def __init__(self) -> None:
        """None yet."""
        self._by_alert: dict[str, Verdict] = {}
        self._tally: dict[str, list[int]] = {}  # device -> confirmed, false

    def note(self, alert: str, verdict: Verdict | None) -> bool:
        """What an alert was found to be, or no longer; whether that is news."""
        known = self._by_alert.get(alert)
        if known == verdict:
            return False
        if known is not None:
            self._count(known, -1)
            del self._by_alert[alert]
        if verdict is not None:
            self._by_alert[alert] = verdict
            self._count(verdict, 1)
        return True

    def of(self, device: str) -> tuple[int, int]:
        """How many alerts of a device were confirmed, and how many were false."""
        confirmed, false = self._tally.get(device, (0, 0))
        return confirmed, false

    def prune(self, now: float) -> None:
        """Forget what is older than 30 days."""
        for alert in [name for name, verdict in self._by_alert.items() if verdict.at < now - KEEP_S]:
            self.note(alert, None)

    def memory(self) -> dict[str, Verdict]:
        """All of it, for a successor; a live dictionary, to be encoded at once."""
        return self._by_alert

    def restore(self, memory: dict[str, Verdict]) -> None:
        """Go on from another's memory."""
        self._by_alert, self._tally = {}, {}
        for alert, verdict in memory.items():
            self.note(alert, verdict)

    def _count(self, verdict: Verdict, step: int) -> None:
        tally = self._tally.setdefault(verdict.device, [0, 0])
        tally[verdict.is_false] += step
        if not any(tally):
            del self._tally[verdict.device]
