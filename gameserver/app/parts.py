"""What a protocol brings into the services, and how its endpoints become listeners."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import attrs
from twisted.internet.interfaces import IProtocolFactory
from twisted.web.resource import IResource

from gameserver.app.lifecycle import Door
from gameserver.app.listening import Listener
from gameserver.app.services import Services
from gameserver.net.tls import TlsFactory


@attrs.define
class Parts:
    """What one protocol adds to the server.

    ``protocols`` are started before anybody is let in and stopped in order. ``pages`` are resources by path
    (``kassel/ss14``), served on the site's endpoints. ``periodic`` are done again and again, each so many seconds.
    ``matches`` return the protocol's open games as plain values, for the operators.
    """

    protocols: list[Door] = attrs.field(factory=list)
    listeners: list[Listener] = attrs.field(factory=list)
    pages: dict[str, IResource] = attrs.field(factory=dict)
    periodic: list[tuple[float, Callable[[], Awaitable[object]]]] = attrs.field(factory=list)
    matches: list[Callable[[], list[dict[str, Any]]]] = attrs.field(factory=list)

    def add(self, other: Parts) -> None:
        """Add everything another protocol brings."""
        self.protocols += other.protocols
        self.listeners += other.listeners
        self.pages |= other.pages
        self.periodic += other.periodic
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


def over_tls(services: Services, factory: IProtocolFactory) -> IProtocolFactory:
    """Return a factory that speaks TLS with the server's own certificate in front of another."""
    wrapped: IProtocolFactory = TlsFactory(services.certificates, False, factory)
    return wrapped
