"""Exposure: what must be so before anybody but this machine can reach the pages."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from dashboard.settings import Settings

Network = IPv4Network | IPv6Network


class Exposed(ValueError):
    """The pages would be open to others and are not fit for that; says what to do."""


def check(settings: Settings, has_account: bool) -> None:
    """Raises Exposed, naming everything that is missing, where others can reach the pages."""
    networks(settings.trusted_proxy)
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise Exposed("WALL_TLS_CERT and WALL_TLS_KEY go together: set both, or neither")
    if settings.is_loopback():
        return
    missing = []
    if settings.secret_key is None:
        missing.append("set WALL_SECRET_KEY to 32 or more random characters (openssl rand -hex 32)")
    if not settings.is_tls():
        missing.append(
            "set WALL_TLS_CERT and WALL_TLS_KEY, or WALL_TRUSTED_PROXY to the address of the proxy that serves TLS"
        )
    if not has_account:
        missing.append("make the first administrator: start once with WALL_HOST=127.0.0.1 and open the link it prints")
    if missing:
        raise Exposed(f"WALL_HOST is {settings.host}, so others reach the pages. First {'; '.join(missing)}.")


def networks(trusted: str) -> tuple[Network, ...]:
    """The networks that WALL_TRUSTED_PROXY names; raises Exposed for what is none."""
    try:
        return tuple(ip_network(each.strip(), strict=False) for each in trusted.split(",") if each.strip())
    except ValueError:
        raise Exposed(f"WALL_TRUSTED_PROXY is {trusted!r}: name addresses or networks, by commas") from None


def is_in(trusted: tuple[Network, ...], address: str) -> bool:
    """Whether an address is one of the trusted proxies'."""
    try:
        place = ip_address(address)
    except ValueError:
        return False
    place = getattr(place, "ipv4_mapped", None) or place
    return any(place in network for network in trusted)
