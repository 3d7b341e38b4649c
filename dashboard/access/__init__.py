"""Access: who somebody is and where they may act. The table of permissions is in `permissions`."""

from enum import StrEnum

from msgspec import Struct

from dashboard.access.permissions import Permission, Role, may
from dashboard.district import District

__all__ = ["Permission", "Principal", "Role", "Via"]


class Via(StrEnum):
    """How somebody came in."""

    PASSWORD = "password"
    OIDC = "oidc"
    DEVICE = "device"  # a wall screen's token
    GUEST = "guest"


class Principal(Struct, frozen=True):
    """Somebody who was let in."""

    name: str  # of the account or screen: unique, what the audit trail says
    title: str  # post, and the officer's name where the account has one: what others see
    role: Role
    centre: str  # the centre whose scope this is
    session: str  # public id of the session, not its secret
    via: Via

    def may(self, permission: Permission) -> bool:
        """Whether the role grants it."""
        return may(self.role, permission)

    def covers(self, centre: str, district: District) -> bool:
        """Whether a centre is this one's own or lies below it in the tree. "" is no centre."""
        while centre and centre != self.centre:
            node = district.centres.get(centre)
            centre = node.parent if node else ""
        return bool(centre)
