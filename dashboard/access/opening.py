"""What accounts need when the pages open: a way in while there is none, and a seal on what is still in plain text.

Neither keeps the pages shut: while the state server is away it is said, and the next start tries again.
"""

import logging
import sys

from dashboard.access.access import Access
from dashboard.access.one_time import PATH
from dashboard.store import JournalUnavailable

log = logging.getLogger(__name__)


def invite(access: Access, address: str) -> None:
    """While there is no account, print the one-time link that makes the first administrator."""
    try:
        token = access.first_link()
    except JournalUnavailable as error:
        log.warning("nobody could be invited to make the first account: %s", error)
        return
    if token:
        print(f"No account yet. Make the first administrator here, within a day: {address}{PATH}{token}")
        sys.stdout.flush()


def seal_secrets(access: Access) -> None:
    """Seal what an earlier version kept in plain text; whoever signs in seals their own as well."""
    try:
        sealed = access.seal_secrets()
    except JournalUnavailable as error:
        log.warning("secrets of second factors could not be looked through: %s", error)
        return
    if sealed:
        log.info("sealed the second factors of %d accounts, which an earlier version kept in plain text", sealed)
