"""What a door brings into the house, and how its endpoints become listeners."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import attrs
from twisted.internet.interfaces import IProtocolFactory
from twisted.web.resource import IResource

from gameserver.lifecycle import Door
from gameserver.listening import Listener
from gameserver.net.tls import TlsFactory
from gameserver.service.house import House


@attrs.define
class Parts:
    """What one door adds to the server.

    ``doors`` are started before anybody is let in and stopped in order. ``pages`` are resources by path
    (``kassel/ss14``), served on the site's endpoints. ``chores`` are done again and again, each so many seconds.
    ``matches`` return the door's open games as plain values, for the operators.
    """

    doors: list[Door] = attrs.field(factory=list)
    listeners: list[Listener] = attrs.field(factory=list)
    pages: dict[str, IResource] = attrs.field(factory=dict)
    chores: list[tuple[float, Callable[[], Awaitable[object]]]] = attrs.field(factory=list)
    matches: list[Callable[[], list[dict[str, Any]]]] = attrs.field(factory=list)

    def add(self, other: Parts) -> None:
        """Add everything another door brings."""
        self.doors += other.doors
        self.listeners += other.listeners
        self.pages |= other.pages
        self.chores += other.chores
        self.matches += other.matches


def listen(key: str, endpoints: tuple[str, ...], factory: IProtocolFactory, hint: str) -> list[Listener]:
    """Return a listener for each endpoint of a key; ``{host}``, ``{port}``, ``{address}`` in the hint are filled."""
    listeners = []
    for endpoint in endpoints:
        port = next((part for part in endpoint.split(":")[1:2] if part.isdigit()), "?")
        host = _host(endpoint)
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        filled = hint.format(host=host, port=port, address=address)
        listeners.append(Listener(key, endpoint, factory, filled))
    return listeners


def _host(endpoint: str) -> str:
    """Return where somebody on this machine reaches an endpoint."""
    options = [part.replace("\\:", ":") for part in re.split(r"(?<!\\):", endpoint)]
    interface = next((option.removeprefix("interface=") for option in options if option.startswith("interface=")), "")
    return "127.0.0.1" if interface in ("", "0.0.0.0", "::") else interface


def over_tls(house: House, factory: IProtocolFactory) -> IProtocolFactory:
    """Return a factory that speaks TLS with the server's own certificate in front of another."""
    wrapped: IProtocolFactory = TlsFactory(house.certificates, False, factory)
    return wrapped
