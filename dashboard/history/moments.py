"""A past moment as an address names it: `?at=2026-11-20T14:32`, in the district's zone unless it names another."""

import re
from datetime import datetime, tzinfo
from typing import NamedTuple

_MOST = 40  # characters of what is said again
# In a query a plus is a space: 14:32+08:00 arrives as 14:32 08:00.
_LOST_PLUS = re.compile(r"^(.*\d) (\d\d:?\d\d)$")


class Asked(NamedTuple):
    """What an address asks for."""

    text: str
    at: float | None  # epoch seconds; None: it cannot be understood


def asked(text: str, zone: tzinfo) -> Asked:
    """The moment that somebody wrote."""
    lost = _LOST_PLUS.match(text)
    written = f"{lost[1]}+{lost[2]}" if lost and "T" in text else text
    try:
        moment = datetime.fromisoformat(written.strip())
        at = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
    except (ValueError, OverflowError):
        return Asked(text[:_MOST], None)
    return Asked(text[:_MOST], at if at >= 0 else None)
