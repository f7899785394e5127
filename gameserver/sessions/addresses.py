"""What an address is for those who count by it: limits, delays, queues, bans, and the list of our proxies."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def plain(address: str) -> str:
    """Return an address in its one form; what is none stays as it is.

    A socket for both families shows an IPv4 address as one of IPv6 (``::ffff:192.0.2.1``), and one of a link with
    the name of the link.
    """
    if ":" not in address:
        return address
    found = _parsed(address)
    return address if found is None else str(found)


def network_of(address: str) -> str:
    """Return whom an address counts for: itself, or the network of 64 bits that is one place in IPv6.

    Whoever has one address of such a network has all of them. A network stays what it is, and so does what is no
    address.
    """
    if ":" not in address:
        return address
    found = _parsed(address)
    if isinstance(found, IPv6Address):
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return address if found is None else str(found)


class Proxies:
    """The proxies that are believed, by their addresses."""

    def __init__(self, addresses: Iterable[str] = ()) -> None:
        self.change(addresses)

    def change(self, addresses: Iterable[str]) -> None:
        """Believe these and no others from now on."""
        self._addresses = frozenset(map(plain, addresses))

    def __contains__(self, address: object) -> bool:
        return bool(self._addresses) and isinstance(address, str) and plain(address) in self._addresses

    def __bool__(self) -> bool:
        return bool(self._addresses)
