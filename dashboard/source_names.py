"""Names of sources: what one may be called, and which names are ours. A record is known by source and id, and what our
own consoles say is believed, so nobody else may speak under these names.
"""

import unicodedata

from dashboard.records import DESK

OURS = frozenset({DESK, "courier", "sensors", "replay", "nobody", "demonstration"})
_OF_THE_DEMONSTRATION = "-demo"  # how the names of its sources end
_MOST_CHARS = 60
_JOINTS = "/|"  # stand between a source and what is its own, in keys and counters


def check(name: str) -> None:
    """Raises ValueError, with a sentence for the operator, for what no source from outside may be called."""
    spelled = unicodedata.normalize("NFKC", name).strip().casefold()
    if spelled in OURS or spelled.endswith(_OF_THE_DEMONSTRATION):
        raise ValueError(f"{name!r} is a name of wall135's own: call this source something else")
    if spelled != name.casefold() or not 1 <= len(name) <= _MOST_CHARS or not name.isprintable():
        raise ValueError(
            f"{name[:80]!r} cannot name a source: 1 to {_MOST_CHARS} plain characters, no blank at the ends"
        )
    if any(joint in name for joint in _JOINTS):
        raise ValueError(f"{name!r} cannot name a source: it must not contain {' or '.join(_JOINTS)}")
