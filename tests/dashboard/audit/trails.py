"""A trail of several days, as tests of its files need it."""

from datetime import datetime, timedelta, timezone

from dashboard.audit.ledger import Ledger

ZONE = timezone(timedelta(hours=8))
KEY = b"a key for the tests of the seal"


def moment_of(day: int, hour: int = 9) -> datetime:
    """A local hour of a day of November."""
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


def fill(ledger: Ledger, *days: int, each: int = 3) -> None:
    """So many rows on each of these days."""
    for day in days:
        for number in range(each):
            at = moment_of(day) + timedelta(minutes=number)
            ledger.note("sign_in", f"officer{number}", subject=f"{day}-{number}", at=at)
