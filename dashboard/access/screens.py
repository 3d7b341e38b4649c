"""Wall screens: each has an identity and a token of its own, which can be taken back. They look, and that is all."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from msgspec import Struct
from msgspec.structs import replace

from dashboard.access import tokens
from dashboard.access.accounts import AccessError, Fault, clean_name
from dashboard.access.shelf import Shelf
from dashboard.store import connect

SCREENS = "wall:screens"


class Screen(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One screen."""

    name: str
    title: str
    centre: str
    made_at: float
    device: str = ""  # fingerprint of its token
    networks: tuple[str, ...] = ()  # from where it may come; none: from anywhere


class Screens:
    """All screens, as the state server keeps them."""

    def __init__(self, url: str) -> None:
        self._shelf = Shelf(connect(url), SCREENS, Screen)

    def add(self, screen: Screen) -> str:
        """Keep a new screen; its token, which is shown this once. Raises AccessError."""
        token = tokens.new()
        kept = replace(
            screen,
            name=clean_name(screen.name),
            device=tokens.fingerprint(token),
            networks=tuple(clean_network(network) for network in screen.networks),
        )

        def lay_down(old: Screen | None) -> Screen:
            if old is not None:
                raise AccessError(Fault.NAME_TAKEN, kept.name)
            return kept

        self._shelf.change(kept.name, lay_down)
        return token

    def revoke(self, name: str) -> Screen:
        """Take its token back, and forget it. Raises AccessError where there is none."""
        screen = self._shelf.take(clean_name(name))
        if screen is None:
            raise AccessError(Fault.UNKNOWN, name)
        return screen

    def find(self, name: str) -> Screen | None:
        """The screen of a name."""
        return self._shelf.get(name)

    def find_many(self, names: list[str]) -> list[Screen | None]:
        """The screens of names, in their order."""
        return self._shelf.get_many(names)

    def find_token(self, token: str) -> Screen | None:
        """The screen that a token belongs to."""
        device = tokens.fingerprint(token)
        return next((screen for screen in self._shelf.all().values() if screen.device == device), None)

    def all(self) -> list[Screen]:
        """Every screen by name."""
        return [screen for _, screen in sorted(self._shelf.all().items())]


def clean_network(network: str) -> str:
    """The one spelling of a network or address; raises AccessError for what is none."""
    try:
        return str(ip_network(network.strip(), strict=False))
    except ValueError:
        raise AccessError(Fault.BAD_NETWORK, network[:60]) from None


def is_from(networks: Sequence[str], address: str) -> bool:
    """Whether an address lies in one of the networks, or there are none to lie in."""
    if not networks:
        return True
    try:
        place = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(place, "ipv4_mapped", None)
    return any((mapped or place) in ip_network(network) for network in networks)
