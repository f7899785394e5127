"""Who may act against whom: one rule for the site, the hub's console and the command line."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network

import attrs

from gameserver.errors import Code, GameError
from gameserver.sessions.addresses import network_of
from gameserver.sessions.players import Player, name_key

ADMINISTRATOR = "admin"

#: Roles that may moderate.
MODERATORS = frozenset({"moderator", ADMINISTRATOR})

#: Acts that nobody does to themselves: they could not undo them.
_NOT_TO_ONESELF = frozenset({"ban", "mute"})

#: Acts of administrators: they cannot be undone, or tell what is private.
ADMINISTRATORS_ACTS = frozenset({"delete", "export", "reset"})


@attrs.frozen
class Actor:
    """Who acts. ``address`` is where they are, empty where that is unknown."""

    name: str
    role: str
    address: str = ""

    @property
    def administrator(self) -> bool:
        """Whether they may act against operators."""
        return self.role == ADMINISTRATOR


#: Who sits at the command line: the machine is theirs.
COMMAND_LINE = Actor("operator", ADMINISTRATOR)


def check_person(by: Actor, act: str, name: str, role: str | None) -> None:
    """Raise ``GameError`` ``forbidden`` unless somebody may kick, mute, ban, … a player.

    ``role`` is that of the player's account, ``None`` if there is none. Operators are acted against by administrators
    alone, and nobody bans themselves.
    """
    if by.role not in MODERATORS:
        raise GameError(Code.FORBIDDEN, "Your role does not allow this.")
    if not by.administrator and role in MODERATORS:
        raise GameError(Code.FORBIDDEN, "Only an administrator can do this to an operator.")
    if not by.administrator and act in ADMINISTRATORS_ACTS:
        raise GameError(Code.FORBIDDEN, "Only an administrator can do this.")
    if act in _NOT_TO_ONESELF and by is not COMMAND_LINE and name_key(name) == name_key(by.name):
        raise GameError(Code.FORBIDDEN, f"Nobody can {act} themselves.")


def allowed(by: Actor, act: str, name: str, role: str | None) -> bool:
    """Say whether ``check_person`` lets somebody do it."""
    try:
        check_person(by, act, name, role)
    except GameError:
        return False
    return True


def check_address(by: Actor, address: str, there: Iterable[Player], *, force: bool) -> None:
    """Raise ``GameError`` ``forbidden`` unless somebody may ban an address (``canonical``).

    ``there`` are the players at that address. Where another operator is, it takes an administrator. This machine and
    one's own address are banned with ``force`` only, and that is an administrator's.
    """
    if by.role not in MODERATORS:
        raise GameError(Code.FORBIDDEN, "Your role does not allow this.")
    if not by.administrator:
        if force:
            raise GameError(Code.FORBIDDEN, "Only an administrator can insist.")
        if any(player.role in MODERATORS and player.key != name_key(by.name) for player in there):
            raise GameError(Code.FORBIDDEN, "An operator is at this address; only an administrator can ban it.")
    if force:
        return
    if _is_loopback(address):
        raise GameError(Code.FORBIDDEN, f"{address} is the server's own machine; it is banned with force only.")
    if by.address and network_of(by.address) == address:
        raise GameError(Code.FORBIDDEN, f"{address} is where you are; it is banned with force only.")


def _is_loopback(place: str) -> bool:
    network = ip_network(place)
    return network.is_loopback or IPv6Address("::1") in network


def canonical(address: str) -> str:
    """Return what is banned with an address: itself, or in IPv6 its network, whose addresses are all one place's.

    Such a network (``2001:db8::/64``) is taken as well. Raises ``GameError`` ``bad_address``.
    """
    text = address.strip()
    try:
        ip_address(text.removesuffix("/64") if ":" in text else text)
    except ValueError:
        raise GameError(Code.BAD_ADDRESS, f"{address[:80]} is no IP address.") from None
    return network_of(text.removesuffix("/64"))
